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
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.sending import SendFile
from tui_xmpp.ui import actions, typed_paths
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.looking import off_loop
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
        self.run_worker(self._complete(self.value), group="complete", exclusive=True, exit_on_error=False)

    async def _complete(self, begun: str) -> None:
        found = await off_loop(typed_paths.going_on, begun, 1_000)
        if self.value != begun:
            return
        longer = typed_paths.common(found)
        if len(longer) > len(self.value):
            self.value = longer
            self.cursor_position = len(longer)
        elif not found or found == [self.value]:
            self.screen.focus_next()


@frozen
class _Looked:
    """What a path has led to."""

    path: str
    size: int | None
    offers: list[str]
    """How it may go on where it leads to no file."""

    @property
    def problem(self) -> str:
        """Why this cannot be sent; empty: it can."""
        if self.size is None:
            return "There is no such file."
        return "" if self.size else "The file is empty."


def _look(path: str, typed: str | None) -> _Looked:
    """Look where a path leads, or else one that was typed; blocks."""
    path = path if typed is None else typed_paths.named(typed)
    size = typed_paths.size_of(path)
    return _Looked(path, size, typed_paths.going_on(typed, _MOST_OFFERED + 1) if typed and size is None else [])


class AttachDialog(Dialog[SendFile | None]):
    """Asks once before a file goes out; without a path, for that first.

    All that is known of the file comes when its disk tells it.
    """

    confirm_word = "Send"

    def __init__(self, engine: Facade, key: ChatKey, path: str = "", *, typed: bool = False) -> None:
        """`typed`: the path is as somebody wrote it, and what that means is still to be found out."""
        super().__init__("Send a file")
        self._engine = engine
        self._key = key
        self._path = path
        self._typed = path if typed else None
        """What was written; None: the path that was named elsewhere, which a line may not be able to hold."""
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
        self._field.display = not self._path
        (self.query_one("#confirm") if self._path else self._line).focus()
        self.run_worker(self._show(), group="look", exclusive=True, exit_on_error=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another path."""
        self._typed = event.value
        self._field.show_problem("")
        self.run_worker(self._show(), group="look", exclusive=True, exit_on_error=False)

    async def action_confirm(self) -> None:
        """Send it as it is now."""
        self.run_worker(self._send(), group="send", exclusive=True, exit_on_error=False)

    async def _send(self) -> None:
        typed = self._typed
        looked = await off_loop(_look, self._path, typed)
        if typed != self._typed:
            return
        if looked.problem:
            self._ask_path()
            self._field.show_problem(looked.problem)
        else:
            self.dismiss(SendFile(self._key, looked.path, self._encrypted))

    async def _show(self) -> None:
        looked = await off_loop(_look, self._path, self._typed)
        facts = Content.assemble(plain(Path(looked.path).name, "bold"), plain(f", {size_words(looked.size or 0)}"))
        self._facts.show("" if looked.size is None else facts)
        names = [typed_paths.last_part(offer) for offer in looked.offers]
        self._offers.show("  ".join(names[:_MOST_OFFERED]) + ("  …" if len(names) > _MOST_OFFERED else ""))
        if looked.problem and not self._field.display:
            self._ask_path()

    def _ask_path(self) -> None:
        self._field.display = True
        self._line.focus()

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
