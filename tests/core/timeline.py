"""A small world for an engine: what two chats said in which order, the archives that have it, and the ways it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from tests.core.line import QuietLine
from tests.core.signals import BOB, CAROL, DAVE, OWN, OWN_HERE, OWN_THERE, ROOM
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction, StanzaId
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing, Route

ALICE = ROOM.with_resource("Alice")
SECOND = 1_000_000
BEGIN = 1_790_000_000 * SECOND
REPLY = "urn:xmpp:reply:0"
EMOJIS = ("👍", "❤", "🎉", "😀", "🙏")


class Who(Enum):
    """Who does something."""

    HERE = auto()
    """We, with the engine that is tested."""
    PHONE = auto()
    """We, with another device."""
    BOB = auto()
    """The contact; in the room Carol."""
    DAVE = auto()
    """Somebody else in the room; of a contact there is only one."""


class What(Enum):
    """What is done."""

    TEXT = auto()
    REPLY = auto()
    CORRECTION = auto()
    RETRACTION = auto()
    REACTIONS = auto()
    MODERATION = auto()
    FORGERY = auto()
    """Somebody takes back what another one said."""


@dataclass(frozen=True)
class Happening:
    """One thing that happens; `target` is the number of what it is about."""

    number: int
    in_room: bool
    who: Who
    what: What
    target: int | None = None

    @property
    def time(self) -> int:
        """When it happens, µs since the epoch."""
        return BEGIN + self.number * SECOND

    @property
    def archive(self) -> Address:
        """The archive that keeps it."""
        return ROOM if self.in_room else OWN

    @property
    def archive_id(self) -> str:
        """Its id there, which says nothing of the order."""
        return f"{self.number * 7919 % 10007:05}{'r' if self.in_room else 'c'}{self.number}"

    @property
    def text(self) -> str:
        """What it says, which nothing else does; some of it names us."""
        return f"word{self.number}" + (" Alice" if self.number % 4 == 2 else "")

    @property
    def emojis(self) -> tuple[str, ...]:
        """A set of reactions."""
        return tuple(emoji for bit, emoji in enumerate(EMOJIS) if self.number >> bit & 1)


@dataclass
class World:
    """What has happened, and the archives that have it."""

    happenings: Sequence[Happening]
    tombstones: bool
    """Whether archives put a tombstone for what was taken back."""
    said: dict[int, MessageReceived] = field(default_factory=dict)
    """By number, as it came live to whoever it was sent to."""
    gone: dict[int, Retraction] = field(default_factory=dict)

    def name(self, happening: Happening, target: int) -> str:
        """What an operation calls the message that it is about."""
        if happening.in_room and happening.what is not What.CORRECTION:
            return self.happenings[target].archive_id
        return self.said[target].id

    def happen(self, happening: Happening, sent: Outgoing | None = None) -> MessageReceived:
        """Something is said; `sent` by the engine itself, or by others."""
        message = self._said(happening) if sent is None else self._sent(happening, sent)
        self.said[happening.number] = message
        retraction, target = message.retraction, happening.target
        if retraction is not None and target is not None and happening.what is not What.FORGERY:
            self.gone.setdefault(target, replace(retraction, of="", stamp=happening.time))
        return message

    def _envelope(self, happening: Happening) -> MessageReceived:
        ours = happening.who in {Who.HERE, Who.PHONE}
        if not happening.in_room:
            sender, recipient = (OWN_THERE, BOB.bare) if ours else (BOB, OWN_HERE)
            route, outer = (Route.CARBON_SENT, OWN) if ours else (Route.LIVE, BOB)
            ids = () if ours else (StanzaId(OWN, happening.archive_id),)
            return MessageReceived(route, outer, sender, recipient, MessageType.CHAT, stanza_ids=ids)
        nick = {Who.BOB: CAROL, Who.DAVE: DAVE}.get(happening.who, ALICE)
        occupant_id = "" if happening.what is What.MODERATION else nick.resource.lower()
        sender = ROOM if happening.what is What.MODERATION else nick
        return MessageReceived(
            Route.LIVE,
            sender,
            sender,
            OWN_HERE,
            MessageType.GROUPCHAT,
            occupant_id=occupant_id,
            stanza_ids=(StanzaId(ROOM, happening.archive_id),),
        )

    def _sent(self, happening: Happening, sent: Outgoing) -> MessageReceived:
        return replace(
            self._envelope(happening),
            id=sent.id,
            origin_id=sent.origin_id,
            body="Something was taken back." if sent.retracts else sent.body,
            replaces=sent.replaces,
            reactions=sent.reactions,
            reply_to=sent.reply_to,
            retraction=Retraction(sent.retracts) if sent.retracts else None,
            fallbacks=(Fallback("urn:xmpp:message-retract:1"),) if sent.retracts else sent.fallbacks,
        )

    def _said(self, happening: Happening) -> MessageReceived:
        message = replace(self._envelope(happening), id=f"id{happening.number}", body=happening.text)
        target = happening.target
        if target is None:
            return message
        name = self.name(happening, target)
        match happening.what:
            case What.REPLY:
                quoted = f"> {self.happenings[target].text}\n"
                return replace(
                    message,
                    body=quoted + happening.text,
                    reply_to=ReplyTo(name),
                    fallbacks=(Fallback(REPLY, 0, len(quoted)),),
                )
            case What.CORRECTION:
                return replace(message, replaces=name)
            case What.REACTIONS:
                return replace(message, body=None, reactions=Reactions(name, happening.emojis))
            case What.MODERATION:
                return replace(
                    message, body=None, retraction=Retraction(name, moderated=True, by=DAVE, reason=happening.text)
                )
            case _:
                return replace(message, body=None, retraction=Retraction(name))

    def archived(self, happening: Happening) -> MessageReceived:
        """The same as an archive has it now."""
        message = self.said[happening.number]
        gone = self.gone.get(happening.number) if self.tombstones else None
        if gone is not None:
            message = replace(
                message, body=None, reply_to=None, replaces="", fallbacks=(), tombstone=gone, reactions=None
            )
        return replace(
            message,
            route=Route.ARCHIVE,
            outer_sender=happening.archive,
            archive_id=happening.archive_id,
            stanza_ids=(),
            delay=happening.time,
            delay_by=None,
        )

    def kept(self, archive: Address) -> Iterator[Happening]:
        """What an archive has, oldest first."""
        return (one for one in self.happenings if one.archive == archive and one.number in self.said)


class WorldLine(QuietLine):
    """A line on which the world's archives answer, in pages of two."""

    PAGE = 2

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """One page, backwards."""
        kept = list(self._world.kept(query.archive or OWN))
        end = len(kept)
        if query.before:
            end = next(index for index, one in enumerate(kept) if one.archive_id == query.before)
        page = kept[max(0, end - self.PAGE) : end]
        ids = [one.archive_id for one in page] or [""]
        messages = tuple(self._world.archived(one) for one in page)
        return ArchivePage(messages, ids[0], ids[-1], complete=end <= self.PAGE)
