"""Entering a room by its address; also what follows when the room refused."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import AddressError, RoomRefusal
from tui_xmpp.model import commands
from tui_xmpp.model.address import Address
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.browse_rooms import BrowseRooms
from tui_xmpp.ui.screens.choosing import AccountChoice, read_address
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.waiting import WaitingDialog

_TITLES = {
    RoomRefusal.PASSWORD: "The room asks for a password",
    RoomRefusal.NICKNAME_TAKEN: "The nickname is taken",
    RoomRefusal.NICKNAME_INVALID: "The nickname is not accepted",
}

_PARTS = frozenset("@./")
"""What only stands in whole addresses and in names of servers."""


class JoinRoomDialog(WaitingDialog[commands.JoinRoom | None]):
    """Room, nickname and password; F2 looks through the rooms of the server.

    After a refusal it is opened once more with the problem in words and the cursor where something can be done.
    """

    confirm_word = "Join"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.ROOM)]

    def __init__(
        self,
        engine: Facade,
        account: Address | None,
        room: str = "",
        problem: str = "",
        refusal: RoomRefusal | None = None,
        nick: str = "",
    ) -> None:
        super().__init__(_TITLES.get(refusal, "Join a room") if refusal is not None else "Join a room")
        self._engine = engine
        self._account = AccountChoice(engine, account)
        self._problem = problem
        self._refusal = refusal
        self._room = LineField("Room", room, placeholder="a name, or room@rooms.server", id="room")
        self._nick = LineField("Nickname", nick, placeholder="yours, if left empty", id="nick")
        self._password = LineField("Password", placeholder="if the room has one", password=True, id="password")

    def body(self) -> Iterable[Widget]:
        """The fields."""
        yield from self._account.field()
        yield self._room
        yield self._nick
        yield self._password
        if self._refusal is None:
            yield Plain("A room that does not exist yet is created.", classes="-muted")

    def keys(self) -> tuple[Hint, ...]:
        """Join, browse, leave."""
        confirm, cancel = super().keys()
        return confirm, Hint("browse_rooms", "Browse rooms"), cancel

    def on_mount(self) -> None:
        """Say what went wrong where it can be mended."""
        field = self._to_mend()
        if self._problem and self._refusal in _TITLES:
            field.show_problem(self._problem)
        elif self._problem:
            self.panel.show_problem(self._problem)
        field.line.focus()

    def _to_mend(self) -> LineField:
        if self._refusal is RoomRefusal.PASSWORD:
            return self._password
        if self._refusal in {RoomRefusal.NICKNAME_TAKEN, RoomRefusal.NICKNAME_INVALID}:
            return self._nick
        return self._nick if self._room.text and self._refusal is None else self._room

    async def action_confirm(self) -> None:
        """Make a bare name the address of a room of the account's own server; then check, and give the wish back."""
        account, name = self._account.account, self._room.text
        if account is None or not name or set(name) & _PARTS:
            self._give_back()
            return

        def told(services: tuple[Address, ...]) -> None:
            if (self._account.account, self._room.text) != (account, name):
                return  # something else is wanted by now
            if services:
                self._room.line.value = f"{name}@{services[0]}"
            self._give_back()

        words = f"Asking {Address(account.domain).shown} where its rooms are…"
        self.wait_for(words, self._engine.room_services(account), told)

    def _give_back(self) -> None:
        account = self._account.account
        look = f"{key_of(self.app, 'browse_rooms')} shows the rooms of your server."
        room = read_address(
            self._room,
            missing=f"Which room? Its address looks like room@rooms.server. {look}",
            local_part=f"A room's address has a name before the @. {look}",
        )
        if room is None:
            return
        if account is None:
            self.panel.show_problem("There is no account yet.")
            return
        nick = self._nick.text
        if self._refusal in {RoomRefusal.NICKNAME_TAKEN, RoomRefusal.NICKNAME_INVALID} and not nick:
            self._nick.refuse("Choose another nickname.")
            return
        try:
            nick = room.with_resource(nick).resource if nick else ""
        except AddressError as error:
            self._nick.refuse(error.message)
            return
        self.dismiss(commands.JoinRoom(account, room, nick, self._password.text))

    def action_browse_rooms(self) -> None:
        """Choose from the rooms that the server tells of."""
        account = self._account.account
        if account is None:
            self.panel.show_problem("There is no account yet.")
            return

        def chosen(room: Address | None) -> None:
            if room is not None:
                self._room.line.value = str(room)
                self._nick.line.focus()

        self.app.push_screen(BrowseRooms(self._engine, account), chosen)
