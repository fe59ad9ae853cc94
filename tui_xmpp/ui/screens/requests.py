"""Everything that asks something unbidden, in one list: nothing pops up over typing."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import DevicesLearned, Event, RequestAdded, RequestRemoved
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.ui import actions
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.waiting import WaitingDialog
from tui_xmpp.ui.screens.wishes import ChatWanted
from tui_xmpp.ui.screens.words import (
    LOOK_ALIKE_WARNING,
    address_with_warning,
    ago,
    request_meaning,
    request_title,
    request_warning,
)
from tui_xmpp.ui.words import ROOM


class RequestsScreen(WaitingDialog[None]):
    """The list: a accepts, x declines, Enter shows all of one request; it closes when the last one is answered."""

    cancel_word = "Close"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.REQUESTS)]

    def __init__(self, engine: Facade, clock: Clock | None = None) -> None:
        super().__init__("Requests")
        self._engine = engine
        self._clock = clock or Clock()
        self._rows = Rows(id="requests")
        self._nothing = Plain("Nobody waits for an answer.", classes="-muted")
        self._stop: Callable[[], None] = lambda: None
        self._answered = False
        """Something was answered here."""
        self._entered: ChatKey | None = None
        """The room that was accepted last; it is shown when the list closes."""

    def body(self) -> Iterable[Widget]:
        """The list, or that there is nothing."""
        yield self._rows
        yield self._nothing

    def keys(self) -> Sequence[Hint]:
        """Accept, decline, look closer, leave."""
        return (
            Hint("accept", "Accept"),
            Hint("decline", "Decline"),
            Hint("confirm", "Details"),
            Hint("cancel", self.cancel_word),
        )

    def on_mount(self) -> None:
        """Show the list and keep it up to date."""
        self._stop = self._engine.subscribe(self._hear)
        self._show()
        self._rows.focus()

    def on_unmount(self) -> None:
        """Stop listening."""
        self._stop()

    def _hear(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, RequestAdded | RequestRemoved | DevicesLearned) for event in events):
            self.call_later(self._show)

    def _show(self) -> None:
        requests = self._engine.requests()
        if self._answered and not requests:
            if self.is_current:
                self._close()
            return
        several = len(self._engine.accounts()) > 1
        self._rows.show_rows(
            [_row(request, self._warning(request), self._clock, several=several) for request in requests]
        )
        self._rows.display = bool(requests)
        self._nothing.display = not requests
        for key in ("accept", "decline", "confirm"):
            self.query_one(f"#{key}").display = bool(requests)

    def _warning(self, request: Request) -> str:
        return request_warning(request, self._engine.devices(request.account, request.sender))

    def _chosen(self) -> Request | None:
        chosen = self._rows.chosen
        return next((request for request in self._engine.requests() if str(request.id) == chosen), None)

    def action_accept(self) -> None:
        """Accept the chosen request."""
        self._answer_chosen(accept=True)

    def action_decline(self) -> None:
        """Decline it."""
        self._answer_chosen(accept=False)

    def _answer_chosen(self, *, accept: bool) -> None:
        request = self._chosen()
        if request is not None:
            self._answer(request, accept=accept)

    def _answer(self, request: Request, *, accept: bool) -> None:
        def answered(_: None) -> None:
            self._answered = True
            if accept and request.kind is RequestKind.INVITATION and request.room is not None:
                self._entered = ChatKey(request.account, request.room)
            self._show()

        answer = commands.AnswerRequest(request.id, accept)
        words = f"Answering {request.sender.shown}…"
        self.wait_for(words, self._engine.do(answer), answered, about=str(request.id))

    async def action_cancel(self) -> None:
        """Close the list."""
        self._close()

    def _close(self) -> None:
        """Go to the room that was entered, if one was."""
        if self._entered is not None:
            self.app.post_message(ChatWanted(self._entered))
        self.dismiss()

    async def action_confirm(self) -> None:
        """Show all of the chosen request."""
        request = self._chosen()
        if request is None:
            return

        def answered(accept: bool | None) -> None:
            if accept is not None:
                self._answer(request, accept=accept)

        await self.app.push_screen(RequestDetails(request, self._warning(request), self._clock), answered)


class RequestDetails(Dialog[bool | None]):
    """One request in full; gives back the answer, or None."""

    cancel_word = "Back"
    AUTO_FOCUS = "#cancel"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.REQUESTS)]

    def __init__(self, request: Request, warning: str, clock: Clock) -> None:
        super().__init__(request_title(request))
        self._request = request
        self._warning = warning
        self._clock = clock

    def body(self) -> Iterable[Widget]:
        """Who, what it means, their words, since when."""
        request = self._request
        yield Plain(Content("\n").join(_facts(request, self._clock)))
        if request.sender.is_look_alike or (request.room is not None and request.room.is_look_alike):
            yield Plain(LOOK_ALIKE_WARNING, classes="-warning")
        if self._warning:
            yield Plain(f"⚠ A new device is {self._warning}.", classes="-warning")
        if request.text:
            yield Plain(request.text)
        yield Plain(request_meaning(request), classes="-muted")

    def keys(self) -> Sequence[Hint]:
        """Accept, decline, back."""
        return (
            Hint("accept", "Accept"),
            Hint("decline", "Decline"),
            Hint("cancel", self.cancel_word),
        )

    def action_accept(self) -> None:
        """Give back that it is accepted."""
        self.dismiss(result=True)

    def action_decline(self) -> None:
        """Give back that it is declined."""
        self.dismiss(result=False)

    async def action_confirm(self) -> None:
        """Enter alone answers nothing: what strangers ask is declined or accepted on purpose."""

    async def action_cancel(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _facts(request: Request, clock: Clock) -> Iterable[Content]:
    """A line for each thing that is known; addresses first, claims later."""
    if request.kind is RequestKind.INVITATION:
        yield _fact("From", address_with_warning(request.sender))
        if request.room is not None:
            yield _fact("Room", address_with_warning(request.room))
    else:
        yield _fact("Address", address_with_warning(request.sender))
    if request.nick:
        yield _fact("Says to be", request.nick)
    if request.sender != request.account:
        yield _fact("To", request.account.shown)
    yield _fact("Asked", ago(request.time, clock))


def _fact(label: str, value: str) -> Content:
    return Content.assemble(plain(f"{label:<13}", "$foreground-muted"), plain(value))


def _row(request: Request, warning: str, clock: Clock, *, several: bool) -> Row:
    """Address first, whatever name they claim (SECURITY 22)."""
    address = address_with_warning(request.sender)
    if request.kind is RequestKind.INVITATION:
        room = address_with_warning(request.room) if request.room is not None else "a room"
        glyph, beside, asks = ROOM, "invites you", room
    elif request.kind is RequestKind.DEVICE:
        own = request.sender == request.account
        glyph, beside, asks = (
            "🔑",
            "you have a new device" if own else "has a new device",
            f"⚠ {warning}" if warning else "",
        )
    else:
        glyph, beside, asks = "?", "asks to see you", f"says to be “{request.nick}”" if request.nick else ""
    suspicious = (
        "⚠ the address may imitate another" if request.kind is not RequestKind.DEVICE and "⚠" in address + asks else ""
    )
    account = f"to {request.account.shown}" if several else ""
    return Row(
        str(request.id),
        address,
        glyph=glyph,
        glyph_style="bold $warning",
        beside=beside,
        right=ago(request.time, clock),
        below=(asks, suspicious, request.text, account),
        strong=True,
    )
