"""Text that is drawn as it is: the only way in which a screen shows words."""

from textual.content import Content
from textual.widgets import Static

from tui_xmpp.model.text import clean


def plain(text: str, style: str = "") -> Content:
    """Return text as drawable content, cleaned once more (SECURITY 21); `style` may name theme variables.

    Textual reads a `str` as markup nearly everywhere, so that a contact called `[/foo]` crashes the program; and it
    takes no control character out. What is made here is safe in both respects.
    """
    return Content.styled(clean(text), style) if style else Content(clean(text))


class Plain(Static):
    """A paragraph that is never read as markup."""

    def __init__(self, text: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(_content(text), id=id, classes=classes, markup=False)

    def show(self, text: str | Content) -> None:
        """Show another text; an empty one takes no room."""
        content = _content(text)
        self.display = bool(content)
        self.update(content)


def _content(text: str | Content) -> Content:
    return plain(text) if isinstance(text, str) else text
