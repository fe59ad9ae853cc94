"""The app's part that changes clothes: themes that come with the program, a person's own, compact form, symbols."""

from collections.abc import Sequence

from textual.app import App
from textual.filter import LineFilter
from textual.theme import Theme

from tui_xmpp.ui import themes
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.spelling import Spelling
from tui_xmpp.ui.wishes import Say, Tone

LOOK_EVERY = 1.0
"""Seconds between two looks at the folder with themes; one costs about 30 µs."""


class Wearing(App[int]):
    """An app that can be dressed."""

    _symbols: LineFilter | None = None
    _own_themes: tuple[str, ...] = ()
    _worn: str = themes.DARK.name
    """The theme that was wished for; while its file cannot be used, another is worn."""

    def wear(self, theme: str, appearance: Appearance) -> None:
        """Dress for the first picture; a theme of a person's own is read before it."""
        for one in themes.THEMES:
            self.register_theme(one)
        self._problems: tuple[str, ...] = ()
        self._folder = None
        if appearance.themes is not None:
            from tui_xmpp.ui.user_themes import ThemeFolder

            self._folder = ThemeFolder(appearance.themes)
            self._read_themes()
        self._worn = theme
        self.theme = theme if theme in self.theme_names else themes.DARK.name
        self.spelling = Spelling(appearance.spelling)
        self.set_class(appearance.compact, "-compact")
        self.set_class(appearance.vim, "-vim")
        if appearance.ascii:
            from tui_xmpp.ui.symbols import Ascii

            self._symbols = Ascii(appearance.encoding)

    @property
    def theme_names(self) -> tuple[str, ...]:
        """The themes to choose from: those of the program, then a person's own."""
        return (*(theme.name for theme in themes.THEMES), *self._own_themes)

    def choose_theme(self, name: str) -> None:
        """Wear a theme because a person wants it."""
        self._worn = name
        self.theme = name

    def watch_themes(self) -> None:
        """Say what was wrong with a theme at the start, and look for changes from now on."""
        self._say_problems()
        if self._folder is not None:
            self.set_interval(LOOK_EVERY, self._look_at_themes)

    def get_css_variables(self) -> dict[str, str]:
        """The colours that rules name; while the app is being made none, as it is in no theme of ours yet."""
        return super().get_css_variables() if hasattr(self, "stylesheet") else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; before there is anything, the rules are not read for nothing."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colour names, for themes that do not have them."""
        return themes.DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What is done to each line before it is drawn."""
        filters = super().get_line_filters()
        return filters if self._symbols is None else [*filters, self._symbols]

    def _look_at_themes(self) -> None:
        if self._read_themes():
            self._say_problems()

    def _read_themes(self) -> bool:
        """Take in what has changed; whether anything has."""
        found = self._folder.read_if_changed() if self._folder is not None else None
        if found is None:
            return False
        for theme in found.themes:
            self._take(theme)
        self._own_themes = tuple(theme.name for theme in found.themes)
        self._problems = found.problems
        return True

    def _take(self, theme: Theme) -> None:
        changed = theme != self.get_theme(theme.name)
        self.register_theme(theme)
        if not changed or theme.name != self._worn:
            return
        if self.theme == theme.name:
            self.mutate_reactive(Wearing.theme)
        elif self.is_running:
            self.theme = theme.name

    def _say_problems(self) -> None:
        if self._problems:
            self.post_message(Say(self._problems[0], Tone.WARNING))
