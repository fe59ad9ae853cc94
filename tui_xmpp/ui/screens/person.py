"""One person in a room: who it is, and what can be done."""

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import AddressError
from tui_xmpp.model import commands
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.room import Affiliation, Occupant
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.add_contact import AddContactDialog
from tui_xmpp.ui.screens.ask import AskText, Confirm
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.powers import Power, powers
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.waiting import WaitingDialog
from tui_xmpp.ui.screens.wishes import ChatWanted
from tui_xmpp.ui.screens.words import (
    AFFILIATION_WORDS,
    LOOK_ALIKE_WARNING,
    PRESENCE_STYLES,
    ROLE_WORDS,
    address_with_warning,
)
from tui_xmpp.ui.words import PRESENCE, PRESENCE_WORDS

_POWER_WORDS = {
    Power.KICK: "Kick out of the room",
    Power.BAN: "Ban from the room",
    Power.MAKE_MEMBER: "Make a member",
    Power.MAKE_GUEST: "Take the standing away",
    Power.MAKE_ADMIN: "Make an admin",
}
_NEW_STANDING = {
    Power.MAKE_MEMBER: Affiliation.MEMBER,
    Power.MAKE_GUEST: Affiliation.NONE,
    Power.MAKE_ADMIN: Affiliation.ADMIN,
}


class PersonScreen(WaitingDialog[None]):
    """What is known of an occupant, and a list of what can be done; Enter does it."""

    confirm_word = "Do it"
    cancel_word = "Close"

    def __init__(self, engine: Facade, key: ChatKey, occupant: Occupant) -> None:
        super().__init__(clean_line(occupant.nick) or "no name")
        self._engine = engine
        self._key = key
        self._occupant = occupant
        self._rows = Rows(id="actions")

    def body(self) -> Iterable[Widget]:
        """What is known, then what can be done."""
        address = self._occupant.address
        yield Plain(Content("\n").join(self._facts()))
        if address is not None and address.is_look_alike:
            yield Plain(LOOK_ALIKE_WARNING, classes="-warning")
        yield self._rows

    def on_mount(self) -> None:
        """Show what can be done."""
        rows = list(self._actions())
        self._rows.show_rows(rows)
        if rows:
            self._rows.focus()
        else:
            self._rows.display = False
            self.query_one("#confirm").display = False
            self.query_one("#cancel", Hint).focus()

    def _facts(self) -> Iterable[Content]:
        occupant = self._occupant
        state = occupant.availability
        presence = Content.assemble(plain(PRESENCE[state], PRESENCE_STYLES[state]), " ", plain(PRESENCE_WORDS[state]))
        if occupant.status:
            presence = Content.assemble(presence, plain(f"  {clean_line(occupant.status)}", "$foreground-muted"))
        yield presence
        shown = address_with_warning(occupant.address) if occupant.address is not None else "hidden by the room"
        yield _fact("Address", shown)
        yield _fact("Standing", f"{AFFILIATION_WORDS[occupant.affiliation]}, {ROLE_WORDS[occupant.role]}")
        if occupant.own:
            yield _fact("", "This is you.")

    def _actions(self) -> Iterable[Row]:
        occupant = self._occupant
        if not occupant.own:
            yield Row("private", "Write a private message", glyph="›", glyph_style="$accent")
        if occupant.address is not None and self._may_add():
            yield Row("add", "Add to contacts", glyph="›", glyph_style="$accent")
        own = next((other for other in self._engine.occupants(self._key) if other.own), None)
        for power in powers(own, occupant):
            style = "$error" if power in {Power.KICK, Power.BAN} else "$warning"
            yield Row(power.value, _POWER_WORDS[power], glyph="›", glyph_style=style)

    def _may_add(self) -> bool:
        address = self._occupant.address
        account = self._key.account
        return address is not None and address != account and self._engine.contact(account, address) is None

    async def action_confirm(self) -> None:
        """Do what is chosen."""
        if self._rows.chosen is not None:
            await self._act(self._rows.chosen)

    async def _act(self, action: str) -> None:
        if action == "private":
            self._write()
        elif action == "add":
            address = self._occupant.address
            dialog = AddContactDialog(self._engine, self._key.account, str(address) if address else "")
            await self.app.push_screen(dialog, self._do)
        else:
            await self._exercise(Power(action))

    def _write(self) -> None:
        try:
            peer = self._key.peer.with_resource(self._occupant.nick)
        except AddressError as error:
            self.panel.show_error(error)
            return
        self.app.post_message(ChatWanted(ChatKey(self._key.account, peer)))
        self.dismiss()

    async def _exercise(self, power: Power) -> None:
        nick = clean_line(self._occupant.nick)
        if power is Power.KICK:

            def kick(reason: str | None) -> None:
                if reason is not None:
                    self._do(commands.Kick(self._key, self._occupant.nick, reason))

            dialog = AskText(f"Kick {nick}?", "Reason", placeholder="if you want to give one", yes="Kick")
            await self.app.push_screen(dialog, kick)
        elif power is Power.BAN:
            question = f"{nick} leaves the room and cannot come back until an admin lifts the ban."
            await self.app.push_screen(
                Confirm(f"Ban {nick}?", question, "Ban", "Leave it"), self._confirmed(Affiliation.OUTCAST)
            )
        elif power is Power.MAKE_ADMIN:
            question = f"{nick} can then name members, ban and unban, as long as an owner does not take it back."
            await self.app.push_screen(
                Confirm(f"Make {nick} an admin?", question, "Make admin", "Leave it"),
                self._confirmed(Affiliation.ADMIN),
            )
        else:
            self._set(_NEW_STANDING[power])

    def _confirmed(self, affiliation: Affiliation) -> Callable[[bool | None], None]:
        def answered(yes: bool | None) -> None:
            if yes:
                self._set(affiliation)

        return answered

    def _set(self, affiliation: Affiliation) -> None:
        address = self._occupant.address
        if address is not None:
            self._do(commands.SetAffiliation(self._key, address, affiliation))

    def _do(self, command: commands.Command | None) -> None:
        """Hand a wish to the engine and close; stay and say why if it is refused."""
        if command is not None:
            self.wait_for("Waiting for the server…", self._engine.do(command), lambda _: self.dismiss())


def _fact(label: str, value: str) -> Content:
    return Content.assemble(plain(f"{label:<13}", "$foreground-muted"), plain(value))
