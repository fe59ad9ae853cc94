"""A small story for the screen's tests and pictures: a real store and a real engine, and a clock that stands still.

Sunday 22 November 2026, 10:43. Alice has two accounts; the kitchen is planning the weekend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.engines import MemoryKeeper
from tests.quiet_web import quiet_web
from tests.ui.quiet_line import QuietNetwork, Standing
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Availability, Subscription
from tui_xmpp.model.message import Delivery, Direction, MessageKind
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.room import Affiliation, Bookmark
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.themes import DARK

NOW = datetime(2026, 11, 22, 10, 43, tzinfo=UTC)


def address(text: str) -> Address:
    """An address."""
    return Address.parse(text)


HOME = address("alice@home.example")
WORK = address("alice@work.example")
MARA = address("mara@home.example")
INES = address("ines@home.example")
KOFI = address("kofi@far.example")
NOOR = address("noor@far.example")
JUNO = address("juno@home.example")
THEO = address("theo@far.example")
KITCHEN = address("kitchen@rooms.home.example")
DEV = address("xmpp-dev@rooms.far.example")

KITCHEN_KEY = ChatKey(HOME, KITCHEN)
MARA_KEY = ChatKey(HOME, MARA)


def at(days_ago: int, hour: int, minute: int, second: int = 0) -> int:
    """A moment in µs since the epoch."""
    moment = NOW.replace(hour=hour, minute=minute, second=second) - timedelta(days=days_ago)
    return int(moment.timestamp() * 1_000_000)


def frozen_clock() -> Clock:
    """It is always 10:43."""
    return Clock(lambda: NOW, UTC)


def roster() -> tuple[RosterItem, ...]:
    """Alice's contacts at home."""
    both = Subscription.BOTH
    return (
        RosterItem(MARA, "Mara", ("Friends",), both),
        RosterItem(KOFI, "Kofi", ("Friends",), both),
        RosterItem(INES, "Ines", ("Friends",), both),
        RosterItem(NOOR, "Noor", ("Friends",), both),
        RosterItem(JUNO, "Juno", ("Family",), both),
        RosterItem(address("oma@home.example"), "Oma", ("Family",), both),
        RosterItem(address("printer@home.example"), "", (), Subscription.NONE, asked=True),
    )


def theirs(key: ChatKey, kind: ChatKind, sender: Address, body: str, time: int, **more: object) -> NewMessage:
    """A message from somebody else."""
    mentions = bool(more.get("mentions"))
    message_kind = MessageKind.SUBJECT if more.get("subject") else MessageKind.TEXT
    return NewMessage(
        key, kind, Direction.IN, sender, body, time, message_kind, sender.resource,
        mentions_us=mentions, stanza_id=f"in-{time}",
    )  # fmt: skip


def ours(key: ChatKey, kind: ChatKind, body: str, time: int, delivery: Delivery = Delivery.SENT) -> NewMessage:
    """A message of Alice's."""
    return NewMessage(
        key, kind, Direction.OUT, key.account, body, time, delivery=delivery, stanza_id=f"out-{time}",
        origin_id=f"out-{time}",
    )  # fmt: skip


def said(nick: str, body: str, time: int, **more: object) -> NewMessage:
    """Something said in the kitchen."""
    return theirs(KITCHEN_KEY, ChatKind.ROOM, KITCHEN.with_resource(nick), body, time, **more)


def kitchen() -> Sequence[NewMessage]:
    """The talk in the kitchen."""
    own = "Then it is decided. I bring wine."
    return (
        said("Mara", "The oven is fixed. bold claim, I know.\nPizza tomorrow?", at(1, 18, 2)),
        said("Juno", "I have dough since Thursday, it must go.", at(1, 18, 5)),
        said(
            "Juno",
            "And flour 🌾, and the good tomatoes from the market, the ones that Kofi praised so much.",
            at(1, 18, 5, 30),
        ),
        said("Mara", "weekend plans, and who washes up", at(1, 18, 9), subject=True),
        said("Theo", "/me looks for the pizza stone", at(0, 9, 15)),
        ours(KITCHEN_KEY, ChatKind.ROOM, own, at(0, 10, 38)),
        said("Juno", "who brings bread? @Alice you live next to the bakery", at(0, 10, 41), mentions=True),
        said("Theo", "日本のパン屋 is closed on Sundays 🥐", at(0, 10, 42)),
    )


def tell(writes: Writes) -> None:
    """Write the story into the store."""
    for account in (HOME, WORK):
        writes.ensure_account(account)
    writes.replace_roster(HOME, roster())
    contact, room = ChatKind.CONTACT, ChatKind.ROOM
    kofi, ines = ChatKey(HOME, KOFI), ChatKey(HOME, INES)
    dev = ChatKey(WORK, DEV)
    messages = (
        theirs(kofi, contact, KOFI, "photo.jpg 1.2 MB", at(2, 20, 0)),
        theirs(ines, contact, INES, "could you water the plants?", at(1, 9, 12)),
        ours(ines, contact, "done, all of them", at(1, 11, 40), Delivery.DISPLAYED),
        theirs(ines, contact, INES, "you are a treasure", at(1, 11, 42)),
        ours(ines, contact, "thanks!", at(1, 11, 50), Delivery.DELIVERED),
        theirs(dev, room, DEV.with_resource("Theo"), "0.4 is out", at(0, 10, 30)),
        *kitchen(),
        theirs(MARA_KEY, contact, MARA, "are you there?", at(0, 10, 41)),
        theirs(MARA_KEY, contact, MARA, "see you at seven then", at(0, 10, 42, 20)),
    )
    for message in messages:
        writes.add_message(message)
        if message.key == ines or message.key == kofi:
            writes.mark_read(message.key)
    for key in (KITCHEN_KEY, MARA_KEY, kofi, ines, dev):
        writes.set_open(key, True)
    writes.set_title(KITCHEN_KEY, "Kitchen")
    writes.set_room_state(KITCHEN_KEY, name="Kitchen", subject="weekend plans, and who washes up", subject_by="Mara")
    writes.replace_bookmarks(HOME, (Bookmark(KITCHEN, "Kitchen", "Alice", autojoin=True),))
    writes.replace_bookmarks(WORK, (Bookmark(DEV, "xmpp-dev", "alice", autojoin=False),))
    writes.add_request(HOME, RequestKind.SUBSCRIPTION, THEO, text="we met at the market", time=at(0, 8, 0))


def standing() -> Standing:
    """Who is there, once the line is up."""
    here, away, gone = Availability.ONLINE, Availability.AWAY, Availability.OFFLINE
    return Standing(
        roster=roster(),
        presences={MARA: (here, "cooking"), KOFI: (away, "back at 3"), JUNO: (here, ""), INES: (gone, "")},
        rooms={
            KITCHEN: (
                ("Mara", Affiliation.OWNER, here, ""),
                ("Juno", Affiliation.ADMIN, here, "chef"),
                ("Alice", Affiliation.MEMBER, here, ""),
                ("Theo", Affiliation.MEMBER, here, ""),
                ("Ines", Affiliation.MEMBER, away, ""),
            )
        },
    )


@dataclass
class Scene:
    """The engine on its store; `network` is there for the tests that want the line to be up."""

    store: Store
    engine: Engine
    path: Path
    network: QuietNetwork
    keeper: MemoryKeeper

    def app(
        self, *, open_at: Address | None = None, theme: str = DARK.name, appearance: Appearance | None = None
    ) -> TuiXmppApp:
        """The app on this engine."""
        return TuiXmppApp(self.engine, clock=frozen_clock(), open_at=open_at, theme=theme, appearance=appearance)


async def make_scene(directory: Path) -> Scene:
    """Tell the story in a fresh store."""
    store = Store.open(directory / "chat.db")
    await store.write(tell)
    network = QuietNetwork(standing())

    async def load() -> Network:
        return network

    keeper = MemoryKeeper({HOME: "secret", WORK: "secret"})
    settings = (AccountSettings(HOME, nickname="Alice"), AccountSettings(WORK))
    return Scene(
        store, Engine(store, settings, load, keeper, load_web=quiet_web), directory / "chat.db", network, keeper
    )
