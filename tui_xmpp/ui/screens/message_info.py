"""All that is known of one message: who sent it, when, how it travelled, its ids, and every text that it had."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.model.record import Version
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import actions
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.screens.dialog import Dialog, Hint, Page
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.words import DELIVERY_WORDS, address_with_warning, travelled
from tui_xmpp.ui.words import YOU, counted, tombstone_words

_LABEL = 12
"""Cells of the column of labels."""

_TEXTS = 20
"""Most texts shown beside the first; a sender may correct as often as they want."""


class Facts(Plain):
    """Labels and values in two columns; a long value hangs in its own."""

    def __init__(self, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._facts = facts

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for another width."""
        self.update(Content("\n").join(self._lines(max(_LABEL, event.size.width - _LABEL))))

    def _lines(self, width: int) -> Iterable[Content]:
        for label, value in self._facts:
            for number, line in enumerate(plain(value).wrap(width)):
                yield Content.assemble(_muted(f"{'' if number else label:<{_LABEL}}"), line)


class MessageInfo(Dialog[None]):
    """A page that scrolls."""

    AUTO_FOCUS = "#facts"
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.INFO)]
    cancel_word = "Close"
    tall = True
    DEFAULT_CSS = """
    #facts { height: 1fr; scrollbar-size-vertical: 1; scrollbar-color: $rule; scrollbar-background: $surface; }
    #facts > Plain { margin-bottom: 1; }
    """

    def __init__(self, engine: Facade, clock: Clock, message: Message, voices: Voices) -> None:
        super().__init__("Message")
        self._engine = engine
        self._clock = clock
        self._message = message
        self._voices = voices

    def body(self) -> Iterable[Widget]:
        """Facts, then texts."""
        yield Page(*self._parts(), id="facts")

    def keys(self) -> Sequence[Hint]:
        """The XML, and a way out."""
        return (
            Hint("show_xml", "XML"),
            Hint("cancel", self.cancel_word),
        )

    def action_show_xml(self) -> None:
        """Show the message as the archive has it."""
        self.run_worker(self._show_raw(), name="raw", exclusive=True, exit_on_error=False)

    async def _show_raw(self) -> None:
        self.panel.show_progress("Asking the archive…")
        self.panel.show_problem("")
        try:
            xml = await self._engine.raw_stanza(self._message.id)
        except TuiXmppError as error:
            self.panel.show_error(error)
            return
        finally:
            self.panel.show_progress("")
        facts = self.query_one("#facts", Page)
        await facts.query(".-raw").remove()
        raw = Plain(Content.assemble(_muted("As it travelled:"), "\n", plain(xml)), classes="-raw")
        await facts.mount(raw)
        raw.scroll_visible(top=True, animate=False)

    def _parts(self) -> Iterable[Widget]:
        message = self._message
        versions = self._engine.versions(message.id)
        if message.body and not versions:
            yield Plain(without_keys(message.body))
        for number, version in enumerate(versions, 1):
            if number == 1 or number > len(versions) - _TEXTS:
                yield Plain(self._version(number, len(versions), version))
            elif number == 2:
                yield Plain(_muted(f"({counted(len(versions) - _TEXTS - 1, 'text')} between)"))
        yield Facts([(label, clean_line(value)) for label, value in self._facts() if value])
        whole = self._engine.whole_text(message.id)
        if whole and whole != message.body:
            heading = _muted("As it came, with the words for programs that do not know answers or reactions:")
            yield Plain(Content.assemble(heading, "\n", plain(without_keys(whole))))

    def _version(self, number: int, count: int, version: Version) -> Content:
        what = "First text" if number == 1 else "Text now" if number == count else f"Text {number}"
        return Content.assemble(
            _muted(f"{what}, {self._moment(version.time)}"), "\n", plain(without_keys(version.body))
        )

    def _facts(self) -> Iterable[tuple[str, str]]:
        message, voices = self._message, self._voices
        own = message.direction is Direction.OUT
        yield "From", f"{voices.name(message)} ({address_with_warning(message.sender)})"
        yield "Sent", self._moment(message.time)
        if own and message.kind is MessageKind.TEXT:
            words = DELIVERY_WORDS[message.delivery]
            yield "Delivery", f"{words}: {message.error}" if message.error else words
        if message.waiting:
            yield "", "What was changed about it waits to be sent."
        yield "Travelled", travelled(message)
        if message.tombstone is not None:
            yield "Gone", f"{tombstone_words(message.tombstone, voices.name(message))}"
            yield "", self._moment(message.tombstone.time)
        if message.reply is not None:
            name, _ = voices.quoted(message.reply)
            yield "Answers", f"{name}: {message.reply.text}" if name else message.reply.text
        for number, reaction in enumerate(message.reactions):
            who = [*([YOU] if reaction.own else []), *(voices.reactor(nick) for nick in reaction.nicks)]
            yield "" if number else "Reactions", f"{clean_line(reaction.emoji)} {', '.join(filter(None, who))}"
        yield "Stanza id", message.stanza_id
        if message.origin_id != message.stanza_id:
            yield "Origin id", message.origin_id
        if message.device:
            yield "Device", f"{message.device} (OMEMO)"
        yield "Occupant id", message.occupant_id

    def _moment(self, time: int) -> str:
        moment = self._clock.local(time)
        return f"{moment.day} {moment:%B %Y, %H:%M:%S}"


def _muted(text: str) -> Content:
    return plain(text, "$foreground-muted")
