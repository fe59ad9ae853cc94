"""One member of the cast on stage: what it can do, and what it hears. What it says is decided elsewhere."""

import asyncio
from collections.abc import Callable
from xml.etree.ElementTree import Element

from tui_xmpp.demo import elements
from tui_xmpp.demo.elements import CLIENT, CORRECTION, DELAY, DISCO, MARKERS, PING, RECEIPTS
from tui_xmpp.demo.pace import Pace
from tui_xmpp.demo.script.people import GUEST_ADDRESS, Person
from tui_xmpp.demo.wire import Endpoint, Wire
from tui_xmpp.model.frozen import frozen

_RESOURCE = "stage"
_ABOUT_EARLIER = (
    f"{{{CORRECTION}}}replace",
    f"{{{elements.RETRACTION}}}retract",
    f"{{{elements.REACTIONS}}}reactions",
)


@frozen
class Heard:
    """A text that somebody said to us, or in a room where we are."""

    sender: str
    """Full address; in a room the occupant's."""
    text: str
    id: str
    in_room: bool
    private: bool
    """A private message of a room's occupant."""
    wants_receipt: bool
    markable: bool
    archive_id: str = ""
    """What the room calls it (XEP-0359), for what was said in one."""

    @property
    def room(self) -> str:
        """The room's address, for what was said in one."""
        return self.sender.partition("/")[0]

    @property
    def nick(self) -> str:
        """The nickname, for what was said in a room."""
        return self.sender.partition("/")[2]


class Bot:
    """A small client. `hearers` are told of each text, `watchers` of each (room, nickname) that is there."""

    def __init__(self, person: Person, pace: Pace) -> None:
        self.person = person
        self.hearers: list[Callable[[Heard], None]] = []
        self.watchers: list[Callable[[str, str], None]] = []
        self.guest_is_here = asyncio.Event()
        """The guest is online, and lets us see it."""
        self.accepted = asyncio.Event()
        """The guest has let us see their presence."""
        self._pace = pace
        self._wire: Wire | None = None
        self._reflected: dict[str, asyncio.Future[str]] = {}
        """What rooms call our messages, by the id that we gave them."""

    async def enter(self, endpoint: Endpoint, password: str) -> None:
        """Sign in and appear. Raises ConnectionFailed."""
        self._wire = await Wire.open(endpoint, self.person.local, password, _RESOURCE)
        self._send(elements.roster_request())
        shown = [elements.element("show", text=self.person.show)] if self.person.show else []
        self._send(elements.presence(*shown, elements.element("status", text=self.person.status)))

    async def listen(self) -> None:
        """Take what comes until the stream ends."""
        if self._wire is not None:
            async for stanza in self._wire.stanzas():
                self._take(stanza)

    async def leave(self) -> None:
        """Sign out."""
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    def join(self, room: str) -> None:
        """Enter a room under one's own name."""
        self._send(elements.presence(elements.entering(), to=f"{room}/{self.person.name}"))

    async def write(
        self, to: str, text: str, *, kind: str = "chat", private: bool = False, answers: Element | None = None
    ) -> str:
        """Type for as long as the text takes, then send it; returns its id."""
        extra = [elements.private_in_room()] if private else []
        self._send(elements.message(to, kind, elements.chat_state("composing"), *extra))
        await self._pace.typing(text)
        return self.say(to, text, kind=kind, private=private, answers=answers)

    def say(
        self,
        to: str,
        text: str,
        *,
        kind: str = "chat",
        private: bool = False,
        instead_of: str = "",
        answers: Element | None = None,
    ) -> str:
        """Send a text at once, as a correction of `instead_of` where given; returns its id."""
        children = [elements.body(text), elements.chat_state("active")]
        if kind == "chat":
            children += [elements.receipt_request(), elements.markable()]
        if private:
            children.append(elements.private_in_room())
        if instead_of:
            children.append(elements.correction_of(instead_of))
        if answers is not None:
            children.append(answers)
        identifier = elements.new_id()
        if kind == "groupchat":
            self._reflected[identifier] = asyncio.get_running_loop().create_future()
        self._send(elements.message(to, kind, *children, identifier=identifier))
        return identifier

    async def archive_id(self, identifier: str) -> str:
        """What the room calls a message of ours, as soon as it has come back."""
        return await self._reflected[identifier]

    def react(self, to: str, kind: str, identifier: str, *emojis: str) -> None:
        """Put emojis under a message, in place of those before."""
        self._send(elements.message(to, kind, elements.reactions(identifier, *emojis), elements.to_be_kept()))

    def take_back(self, to: str, kind: str, identifier: str) -> None:
        """Take a message of ours back."""
        words = elements.body("I took a message back that your program still shows.")
        fallback = elements.fallback_for(elements.RETRACTION)
        self._send(elements.message(to, kind, words, elements.retraction_of(identifier), fallback))

    def acknowledge(self, heard: Heard) -> None:
        """Say that it has arrived, where that was asked."""
        if heard.wants_receipt:
            self._send(elements.message(heard.sender, "chat", elements.receipt(heard.id)))

    def mark_read(self, heard: Heard) -> None:
        """Say that it has been read, where that was asked."""
        if heard.markable:
            self._send(elements.message(heard.sender, "chat", elements.displayed(heard.id)))

    def ask_to_be_added(self, text: str) -> None:
        """Ask the guest to see their presence."""
        status, name = elements.element("status", text=text), elements.nickname(self.person.name)
        self._send(elements.presence(status, name, to=GUEST_ADDRESS, type="subscribe"))

    def invite(self, room: str, reason: str) -> None:
        """Invite the guest into a room."""
        self._send(elements.message(room, "normal", elements.invitation(GUEST_ADDRESS, reason)))

    def _send(self, stanza: Element) -> None:
        if self._wire is not None:
            self._wire.send(stanza)

    def _take(self, stanza: Element) -> None:
        match stanza.tag.rpartition("}")[2]:
            case "message":
                self._take_message(stanza)
            case "presence":
                self._take_presence(stanza)
            case "iq" if stanza.get("type") in {"get", "set"}:
                self._answer(stanza)

    def _take_message(self, stanza: Element) -> None:
        kind, sender = stanza.get("type", "normal"), stanza.get("from", "")
        text = stanza.findtext(f"{{{CLIENT}}}body")
        if not text or kind not in {"chat", "normal", "groupchat"} or _is_old(stanza, kind):
            return
        name = stanza.find(f"{{{elements.STABLE_IDS}}}stanza-id[@by='{sender.partition('/')[0]}']")
        archive_id = name.get("id", "") if name is not None else ""
        waiting = self._reflected.get(stanza.get("id", "")) if kind == "groupchat" else None
        if waiting is not None and not waiting.done():
            waiting.set_result(archive_id)
        heard = Heard(
            sender=sender,
            text=elements.own_words(stanza, text),
            id=stanza.get("id", ""),
            in_room=kind == "groupchat",
            private=stanza.find(f"{{{elements.MUC_USER}}}x") is not None,
            wants_receipt=stanza.find(f"{{{RECEIPTS}}}request") is not None,
            markable=stanza.find(f"{{{MARKERS}}}markable") is not None,
            archive_id=archive_id,
        )
        if heard.nick != self.person.name:
            for hear in self.hearers:
                hear(heard)

    def _take_presence(self, stanza: Element) -> None:
        sender = stanza.get("from", "")
        address, _, resource = sender.partition("/")
        match stanza.get("type"):
            case "subscribe":
                self._send(elements.presence(to=address, type="subscribed"))
            case "subscribed" if address == GUEST_ADDRESS:
                self.accepted.set()
            case None if stanza.find(f"{{{elements.MUC_USER}}}x") is not None:
                for watch in list(self.watchers):
                    watch(address, resource)
            case None if address == GUEST_ADDRESS:
                self.guest_is_here.set()

    def _answer(self, request: Element) -> None:
        question = request[0].tag if len(request) else ""
        if question == f"{{{DISCO}}}query":
            self._send(elements.answer_to(request, elements.what_i_can(self.person.name)))
        elif question == f"{{{PING}}}ping":
            self._send(elements.answer_to(request))
        else:
            self._send(elements.answer_to(request, elements.not_understood(), kind="error"))


def _is_old(stanza: Element, kind: str) -> bool:
    """What is about an earlier message, and what was said in a room before; a chat's delayed message is new to us."""
    is_history = kind == "groupchat" and stanza.find(f"{{{DELAY}}}delay") is not None
    return is_history or any(stanza.find(tag) is not None for tag in _ABOUT_EARLIER)
