"""Where a file is to go; and before it is asked for, what is known of it and who learns that one asks."""

from collections.abc import Iterable
from pathlib import Path

from textual.content import Content
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TransferFailed, TuiXmppError
from tui_xmpp.model.files import MOST_UNTOLD, FileFacts, SaveFile
from tui_xmpp.model.message import Message
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.looking import off_loop
from tui_xmpp.ui.saving import place_for
from tui_xmpp.ui.screens.attach import PathLine
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.fields import Field
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.waiting import WaitingDialog
from tui_xmpp.ui.words import place_words, size_words

_ASKING = "Size: asking its server…"
_NOT_TOLD = "Size: not told"
_NOT_ASKED = "Size: not known before it is fetched"


class SaveFileDialog(WaitingDialog[SaveFile | None]):
    """Gives back the wish to save a file, which is opened afterwards where that was what the person wanted."""

    def __init__(self, engine: Facade, message: Message, facts: FileFacts, *, opens: bool = False) -> None:
        super().__init__("Save and open the file" if opens else "Save the file")
        self._engine = engine
        self._message = message
        self._facts = facts
        self._word = "Open" if opens else "Save"
        self._told: int | None = None
        self._about = Plain(self._known(_NOT_ASKED if facts.foreign else _ASKING), id="about")
        self._folder = engine.download_folder
        self._line = PathLine(place_words(self._folder / facts.name), id="place")
        self._field = Field("Save as", self._line)

    def body(self) -> Iterable[Widget]:
        """The file, what is known of it, and where it goes."""
        yield self._about
        yield self._field
        if self._facts.foreign:
            words = f"Whoever runs {clean_line(self._facts.host)} learns your network address, and that you fetch it."
            yield Plain(words, classes="-warning")

    def _known(self, size: str) -> Content:
        """What is known of the file, in three lines."""
        kind = "An encrypted file" if self._facts.encrypted else "A file that is not encrypted,"
        rest = f"\n{kind} on {clean_line(self._facts.host)}\n{size}"
        return Content.assemble(plain(clean_line(self._facts.name), "bold"), plain(rest, "$text-muted"))

    def keys(self) -> tuple[Hint, ...]:
        """What Enter does, in a word, and leaving it."""
        return Hint("confirm", self._word), Hint("cancel", self.cancel_word)

    def on_mount(self) -> None:
        """Ask how large it is, unless that would tell a stranger something."""
        self._line.cursor_position = len(self._line.value)
        if not self._facts.foreign:
            self.run_worker(self._ask_size(), group="size", exclusive=True, exit_on_error=False)

    async def _ask_size(self) -> None:
        try:
            self._told = await self._engine.size_of_file(self._message, self._facts.link)
        except TuiXmppError as error:
            self._about.show(self._known(_NOT_TOLD))
            self.panel.show_error(error)
        else:
            words = _NOT_TOLD if not self._told else f"Size: {size_words(self._told)}"
            self._about.show(self._known(words))

    def on_input_changed(self) -> None:
        """Another place: take back what was wrong with the last one."""
        self._field.show_problem("")

    async def action_confirm(self) -> None:
        """Give back what is wanted, if there is a place for it."""
        self.wait_for("Waiting for the disk…", self._look(self._line.value), self._give_back, about=self._line.value)

    async def _look(self, text: str) -> tuple[str, Path | str]:
        """What was written, and the place that is meant or what is wrong with it."""
        try:
            return text, await off_loop(place_for, text.strip(), self._folder, self._facts.name)
        except TransferFailed as problem:
            return text, problem.message

    def _give_back(self, looked: tuple[str, Path | str]) -> None:
        text, place = looked
        if text != self._line.value:
            return  # another place is wanted by now
        if isinstance(place, str):
            self._field.show_problem(place)
            self._line.focus()
        else:
            chat, number, most = self._message.chat, self._message.id, self._told or MOST_UNTOLD
            self.dismiss(SaveFile(chat, number, self._facts.link, place, most))
