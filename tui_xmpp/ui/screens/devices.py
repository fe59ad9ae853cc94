"""The devices that can read what is written: a contact's, those of a room's people, or our own; compared and judged."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import RequestFailed, TuiXmppError
from tui_xmpp.model import commands
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import DevicesLearned, Event
from tui_xmpp.model.fingerprints import compare, parse_uri
from tui_xmpp.model.omemo import Device, Trust
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import actions
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.colours import DARK_LIGHTNESS
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.ink import names_on
from tui_xmpp.ui.screens import fingerprints
from tui_xmpp.ui.screens.ask import AskText, Confirm
from tui_xmpp.ui.screens.code import CodeScreen
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.waiting import WaitingDialog
from tui_xmpp.ui.screens.words import ago
from tui_xmpp.ui.words import TRUST_WORDS, counted

_GLYPHS = {
    Trust.VERIFIED: ("✓", "bold $present"),
    Trust.TRUSTED: ("•", "$foreground-muted"),
    Trust.UNDECIDED: ("?", "bold $warning"),
    Trust.UNPROVEN: ("?", "bold $warning"),
    Trust.DISTRUSTED: ("✗", "bold $error"),
}
_TALLEST = 28
"""Rows of the panel, where there are so many."""
_BESIDE_ROWS = 16
"""Rows of the panel that are not the list: the two fingerprints, what can be done, a problem, and what is around."""
_WIDEST = 68
_MARGINS = 6
"""Columns of the panel, where there are so many, and those of them beside its text."""
_COMPARE = "Fingerprints: does the other side show these?"
_COMPARE_OWN = "Fingerprints: does your other one show these?"
_NOBODY = "No devices are known that can read encrypted messages."
_FORGOTTEN = "Forgotten. If it is still in use, it comes back as a new one."
_WHICH_LINK = "The other side shows it beside its QR code, and sends it to you on a way that you trust."
_DIFFER = "The fingerprints differ! Somebody may be reading along; that device gets nothing."
_BEGUN = "A new session begins now. What is still on its way in the old one cannot be read."


class DevicesScreen(WaitingDialog[None]):
    """A list of devices; below it the chosen one's fingerprint, beside ours, to be compared."""

    cancel_word = "Close"
    tall = True

    DEFAULT_CSS = """
    DevicesScreen #more { height: 1; margin-left: -1; }
    DevicesScreen Panel.-narrow #more { margin-left: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.DEVICES)]

    def __init__(
        self,
        engine: Facade,
        account: Address,
        people: Sequence[Address],
        title: str,
        clock: Clock | None = None,
        *,
        room: ChatKey | None = None,
    ) -> None:
        super().__init__(title)
        self._engine = engine
        self._account = account
        self._people = tuple(people)
        self._room = room
        self._clock = clock or Clock()
        self._rows = Rows(id="devices")
        self._facts = Plain("", id="fingerprint")
        self._more = (
            Hint("trust_device", "Trust"),
            Hint("reset_session", "Reset"),
            Hint("forget_device", "Forget"),
            Hint("remove_device", "Remove"),
            Hint("rename_device", "Rename"),
        )
        self._stop: Callable[[], None] = lambda: None

    def body(self) -> Iterable[Widget]:
        """The list, what there is to compare, and what is done less often."""
        yield self._rows
        yield self._facts
        yield Horizontal(*self._more, id="more")

    def keys(self) -> Sequence[Hint]:
        """What can be done."""
        return (
            Hint("verify_device", "Verify"),
            Hint("distrust_device", "Distrust"),
            Hint("show_code", "QR"),
            Hint("compare_link", "Paste"),
            Hint("cancel", self.cancel_word),
        )

    def on_mount(self) -> None:
        """Show what is known, and ask for what is not."""
        self._stop = self._engine.subscribe(self._hear)
        self._show()
        self._rows.focus()
        self.run_worker(self._learn(), exit_on_error=False)

    def on_resize(self) -> None:
        """Leave room for what is compared, and for what may go wrong, below a list of any length."""
        rows = _BESIDE_ROWS if fingerprints.fit_beside(self._width) else _BESIDE_ROWS + fingerprints.LINES
        self._rows.styles.max_height = max(min(self.size.height, _TALLEST) - rows, 2)
        self._show_chosen()

    def on_unmount(self) -> None:
        """Stop listening."""
        self._stop()

    async def _learn(self) -> None:
        try:
            if self._room is not None:
                self._people = await self._engine.learn_people(self._room) or self._people
                self._show()
            for person in self._people:
                await self._learn_one(person)
        except TuiXmppError as error:
            self.panel.show_error(error)

    async def _learn_one(self, person: Address) -> None:
        try:
            await self._engine.learn_devices(self._account, person)
        except RequestFailed as error:
            # The servers of the others may answer.
            self.panel.show_error(error)

    def _hear(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, DevicesLearned) and event.address in self._people for event in events):
            self.call_later(self._show)

    # The list

    def _devices(self) -> list[Device]:
        found = [device for person in self._people for device in self._engine.devices(self._account, person)]
        return sorted(found, key=lambda device: (device.address, not device.own, not device.listed))

    def _show(self) -> None:
        several = self._room is not None
        self._rows.show_rows([self._row(device, several=several) for device in self._devices()])
        self._show_chosen()

    def _row(self, device: Device, *, several: bool) -> Row:
        glyph, style = _GLYPHS[device.trust]
        words = "this device" if device.own else TRUST_WORDS[device.trust]
        who = f"{device.address.shown}  " if several else ""
        name = device.label or f"device {device.id}"
        was_listed = device.trust is not Trust.UNPROVEN
        gone = "" if device.listed or device.own else "not in use any more" if was_listed else "not in their list"
        seen = f"first seen {ago(device.first_seen, self._clock)}, last {ago(device.last_seen, self._clock)}"
        return Row(
            f"{device.address}#{device.id}",
            f"{who}{name}",
            glyph=glyph,
            glyph_style=style,
            beside=words,
            right=gone,
            below=(seen,),
        )

    def _chosen(self) -> Device | None:
        chosen = self._rows.chosen
        return next((each for each in self._devices() if f"{each.address}#{each.id}" == chosen), None)

    def on_option_list_option_highlighted(self) -> None:
        """Show another device's fingerprint."""
        self._show_chosen()

    def _show_chosen(self) -> None:
        device = self._chosen()
        self._offer(device)
        if device is None:
            self._facts.update(plain(_NOBODY))
            return
        lightness = names_on(self.app) or DARK_LIGHTNESS
        ours = next((each for each in self._engine.devices(self._account, self._account) if each.own), None)
        if ours is None or device.own:
            words = plain("Fingerprint", "$foreground-muted")
            self._facts.update(Content("\n").join([words, fingerprints.one(device, lightness)]))
            return
        question = _COMPARE_OWN if device.address == self._account else _COMPARE
        both = fingerprints.beside(device, ours, lightness, self._width)
        self._facts.update(Content("\n").join([plain(question, "$foreground-muted"), both]))

    @property
    def _width(self) -> int:
        return min(self.size.width, _WIDEST) - _MARGINS

    def _offer(self, device: Device | None) -> None:
        """Show what can be done with a device."""
        is_other = device is not None and not device.own
        can = {
            "remove_device": device is not None and is_other and device.address == self._account,
            "rename_device": device is not None and device.own,
        }
        for hint in self._more:
            hint.display = can.get(hint.action, is_other)

    # What can be done

    def action_verify_device(self) -> None:
        """The fingerprints are the same."""
        self._judge(Trust.VERIFIED)

    def action_trust_device(self) -> None:
        """Trust it without comparing."""
        self._judge(Trust.TRUSTED)

    def action_distrust_device(self) -> None:
        """Send it nothing."""
        self._judge(Trust.DISTRUSTED)

    def _judge(self, trust: Trust) -> None:
        """Decide on the chosen device."""
        device = self._chosen()
        if device is None or device.own:
            return
        if not device.fingerprint:
            self.panel.show_problem("Its fingerprint is not known yet.")
            return
        self._do(commands.SetTrust(self._account, device.address, device.id, trust))

    def action_forget_device(self) -> None:
        """Forget the chosen device."""
        device = self._chosen()
        if device is not None and not device.own:
            self._do(commands.ForgetDevice(self._account, device.address, device.id), done=_FORGOTTEN)

    def action_reset_session(self) -> None:
        """Begin a new session with the chosen device."""
        device = self._chosen()
        if device is not None and not device.own:
            self._do(commands.ResetSession(self._account, device.address, device.id), done=_BEGUN)

    async def action_remove_device(self) -> None:
        """Remove another device of our own, if the person is sure."""
        device = self._chosen()
        if device is None or device.own or device.address != self._account:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._do(commands.RemoveDevice(self._account, device.id))

        words = "Nobody encrypts to it any more. A device that is still in use adds itself again."
        await self.app.push_screen(Confirm("Remove this device?", words, "Remove", "Keep"), answered)

    async def action_rename_device(self) -> None:
        """Rename this device."""
        ours = next((each for each in self._engine.devices(self._account, self._account) if each.own), None)

        def named(label: str | None) -> None:
            if label is not None and clean_line(label):
                self._do(commands.RenameDevice(self._account, label))

        await self.app.push_screen(AskText("Rename this device", "Name", ours.label if ours else ""), named)

    async def action_show_code(self) -> None:
        """Show our fingerprints to be read by another's camera."""
        ours = self._engine.devices(self._account, self._account)
        known = {each.id: each.fingerprint for each in ours if each.fingerprint and (each.own or each.listed)}
        if known:
            await self.app.push_screen(
                CodeScreen(self._account, known, next((each.id for each in ours if each.own), 0))
            )

    async def action_compare_link(self) -> None:
        """Compare with a link that the other side shows."""

        def pasted(text: str | None) -> None:
            if text:
                self._compare(text)

        await self.app.push_screen(AskText("Compare a link", "Link", text=_WHICH_LINK), pasted)

    def _compare(self, text: str) -> None:
        """Verify the devices whose fingerprints a link tells; one that differs is never trusted by it."""
        read = parse_uri(text)
        if read is None:
            self.panel.show_problem("This is no whole xmpp: link with fingerprints.")
            return
        address, told = read
        if address not in self._people:
            self.panel.show_problem(f"This link has the fingerprints of {address.shown}, who is not meant here.")
            return
        devices = self._engine.devices(self._account, address)
        compared = compare(told, {each.id: each.fingerprint for each in devices})
        this = {each.id for each in devices if each.own}
        judged = [
            commands.SetTrust(self._account, address, device, trust)
            for found, trust in ((compared.same, Trust.VERIFIED), (compared.different, Trust.DISTRUSTED))
            for device in set(found) - this
        ]
        if compared.different:
            self._do(*judged, problem=_DIFFER)
        elif not compared.same:
            self.panel.show_problem("None of the devices in the link are known here.")
        else:
            count = counted(len(compared.same), "device")
            self._do(*judged, done=f"The fingerprints are the same: {count} verified.")

    def _do(self, *wishes: commands.Command, done: str = "", problem: str = "") -> None:
        """Have wishes fulfilled one after the other, and say how that went."""

        def fulfilled(_: None) -> None:
            self.panel.show_progress(done)
            self.panel.show_problem(problem)
            self._show()

        self.wait_for("Waiting for the server…", self._fulfil(wishes), fulfilled, about=str(wishes))

    async def _fulfil(self, wishes: Sequence[commands.Command]) -> None:
        for wish in wishes:
            await self._engine.do(wish)
