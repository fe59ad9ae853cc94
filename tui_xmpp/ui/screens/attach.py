"""Sending a file: which one, and then once what it is, to whom it goes and how."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.sending import SendFile
from tui_xmpp.ui import actions, typed_paths
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import Field, Line
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.words import LOCK, chat_title, size_words

_MOST_OFFERED = 6
_IN_CLEAR = "not encrypted: all servers on the way, and whoever gets its link, can read it"
_HELD = f"{LOCK} held until it can be encrypted"
_SEALED = f"{LOCK} encrypted, so that only they can read it; the server sees how large it is"


class PathLine(Line):
    """A line for a path, which Tab completes."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.PATH)]

    def action_complete_path(self) -> None:
        """Write as much of the path as is certain; where nothing is, go on to the next field."""
        found = typed_paths.going_on(self.value, 1_000)
        longer = typed_paths.common(found)
        if len(longer) > len(self.value):
            self.value = longer
            self.cursor_position = len(longer)
        elif not found or found == [self.value]:
            self.screen.focus_next()


class AttachDialog(Dialog[SendFile | None]):
    """Asks once before a file goes out; without a path, for that first."""

    confirm_word = "Send"

    def __init__(self, engine: Facade, key: ChatKey, path: str = "") -> None:
        super().__init__("Send a file")
        self._engine = engine
        self._key = key
        self._path = path
        self._typed: str | None = None
        """What was written since; None: the path that was named elsewhere, which a line may not be able to hold."""
        self._line = PathLine(path, placeholder="~/Pictures/bread.jpg", id="path")
        self._field = Field("File", self._line)
        self._offers = Plain("", id="offers", classes="-muted")
        self._facts = Plain("", id="facts")
        self._encrypted = engine.security(key).state in {Security.ON, Security.BLOCKED}

    def body(self) -> Iterable[Widget]:
        """The path, what it leads to, to whom it goes and how."""
        yield self._field
        yield self._offers
        yield self._facts
        yield Plain(self._whom())

    def keys(self) -> tuple[Hint, ...]:
        """Sending it, or not."""
        return Hint("confirm", "Send"), Hint("cancel", "Cancel")

    def on_mount(self) -> None:
        """Show what is known; where a file was named, there is only to be confirmed."""
        known = bool(self._path) and not self._problem()
        self._field.display = not known
        self._show()
        (self.query_one("#confirm") if known else self._line).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another path."""
        self._typed = event.value
        self._field.show_problem("")
        self._show()

    async def action_confirm(self) -> None:
        """Send it as it is now."""
        problem = self._problem()
        if problem:
            self._field.display = True
            self._field.show_problem(problem)
            self._line.focus()
            return
        self.dismiss(SendFile(self._key, self._named(), self._encrypted))

    def _named(self) -> str:
        return self._path if self._typed is None else typed_paths.named(self._typed)

    def _show(self) -> None:
        text, path = self._typed or "", self._named()
        size = typed_paths.size_of(path)
        facts = Content.assemble(plain(Path(path).name, "bold"), plain(f", {size_words(size or 0)}"))
        self._facts.show("" if size is None else facts)
        offers = typed_paths.going_on(text, _MOST_OFFERED + 1) if text and size is None else []
        names = [typed_paths.last_part(offer) for offer in offers]
        self._offers.show("  ".join(names[:_MOST_OFFERED]) + ("  …" if len(names) > _MOST_OFFERED else ""))

    def _problem(self) -> str:
        """Why this cannot be sent; empty: it can."""
        size = typed_paths.size_of(self._named())
        if size is None:
            return "There is no such file."
        return "" if size else "The file is empty."

    def _whom(self) -> Content:
        chat = self._engine.chat(self._key)
        name = chat_title(chat) if chat is not None else self._key.peer.shown
        is_room = chat is not None and chat.kind is ChatKind.ROOM
        whom = f"To everybody in {name}, " if is_room else f"To {name}, "
        match self._engine.security(self._key).state:
            case Security.ON:
                return Content.assemble(plain(whom), plain(_SEALED, "$present"))
            case Security.BLOCKED:
                return Content.assemble(plain(whom), plain(_HELD, "$warning"))
            case _:
                return Content.assemble(plain(whom), plain(_IN_CLEAR, "$warning"))
