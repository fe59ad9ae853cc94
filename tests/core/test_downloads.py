"""Files that messages link to: what is said of them, and what becomes of them (SECURITY 24, 27)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.signals import BOB, CAROL, IN_ROOM, OWN, ROOM, TEXT, feed, in_room, session
from tests.engines import Client, MemoryKeeper
from tests.quiet_web import QuietWeb
from tests.waiting import until
from tui_xmpp.core.ports import Web
from tui_xmpp.errors import FileTampered, TransferFailed
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.events import FileChanged
from tui_xmpp.model.files import MOST_UNTOLD, FileState, SaveFile, Stage, StopFile, Trust
from tui_xmpp.model.message import Message
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.stanzas import RosterItem, RosterPushed
from tui_xmpp.xmpp.loading import load_network

LINK = "https://files.far.test/1/photo.jpg"
PLACE = Path("/nowhere/photo.jpg")


class SlowWeb(QuietWeb):
    """A web whose file comes when the test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trust = Trust()
        self.go = asyncio.Event()
        self.problem: Exception | None = None
        self.left = False
        """Somebody was no longer waiting for the file."""

    async def size_of(self, link: str, trust: Trust) -> int | None:
        self.asked.append(link)
        return 10

    async def save(
        self, link: str, trust: Trust, place: Path, *, most: int, tell: Callable[[int, int | None], None]
    ) -> Path:
        self.asked.append(link)
        self.trust = trust
        tell(4, 10)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.left = True
            raise
        if self.problem is not None:
            raise self.problem
        return place


@pytest.fixture
def web() -> SlowWeb:
    return SlowWeb()


@pytest.fixture
async def alice(tmp_path: Path, web: SlowWeb) -> AsyncIterator[Client]:
    async def load() -> Web:
        return web

    settings = AccountSettings(OWN, host="10.0.0.7", ca_file=tmp_path / "ca", encryption=EncryptionWish.NEVER)
    client = Client([settings], tmp_path / "alice.db", MemoryKeeper(), load_network, load)
    yield client
    await client.close()


async def came(client: Client, body: str = LINK) -> Message:
    """Bob sends a link."""
    await feed(client, replace(TEXT, body=body))
    return client.history(BOB.bare)[-1]


def saving(message: Message, link: str = LINK) -> SaveFile:
    return SaveFile(message.chat, message.id, link, PLACE, MOST_UNTOLD)


def state(client: Client, message: Message) -> FileState | None:
    return client.engine.file_state(message, LINK)


async def add_bob(client: Client) -> None:
    await feed(client, RosterPushed(RosterItem(BOB.bare, "Bob", (), Subscription.BOTH)))
    await until(lambda: client.engine.contact(OWN, BOB.bare) is not None)


async def test_nothing_is_fetched_before_somebody_asks(alice: Client, web: SlowWeb) -> None:
    message = await came(alice, f"look {LINK}")
    assert [facts.name for facts in alice.engine.files(message)] == ["photo.jpg"]
    assert alice.engine.file_state(message, LINK) is None
    assert web.asked == []


async def test_a_file_is_on_its_way_and_then_saved(alice: Client, web: SlowWeb) -> None:
    message = await came(alice)
    wish = asyncio.ensure_future(alice.do(saving(message)))
    await until(lambda: state(alice, message) == FileState(Stage.COMING, 4, 10))
    with pytest.raises(TransferFailed, match="on its way already"):
        await alice.do(saving(message))
    web.go.set()
    await wish
    assert state(alice, message) == FileState(Stage.SAVED, place=PLACE)
    await until(lambda: alice.told(FileChanged)[-1:] == [FileChanged(message.chat, message.id)])
    assert len(alice.told(FileChanged)) >= 2


async def test_why_a_file_was_not_saved_is_kept_until_it_is_tried_again(alice: Client, web: SlowWeb) -> None:
    message = await came(alice)
    web.go.set()
    web.problem = FileTampered("Somebody changed it.")
    with pytest.raises(FileTampered):
        await alice.do(saving(message))
    assert state(alice, message) == FileState(Stage.FAILED, problem="Somebody changed it.")
    web.problem = None
    await alice.do(saving(message))
    assert state(alice, message) == FileState(Stage.SAVED, place=PLACE)


async def test_a_file_can_be_stopped_and_is_then_as_if_nobody_had_asked(alice: Client, web: SlowWeb) -> None:
    message = await came(alice)
    wish = asyncio.ensure_future(alice.do(saving(message)))
    await until(lambda: state(alice, message) is not None)
    await alice.do(StopFile(message.chat, message.id, LINK))
    await wish
    assert state(alice, message) is None
    assert web.left
    await alice.do(StopFile(message.chat, message.id, LINK))


async def test_a_file_comes_though_who_asked_has_gone_but_not_when_the_program_ends(
    tmp_path: Path, alice: Client, web: SlowWeb
) -> None:
    message = await came(alice)
    wish = asyncio.ensure_future(alice.do(saving(message)))
    await until(lambda: state(alice, message) is not None)
    wish.cancel()
    await asyncio.wait((wish,))
    now = state(alice, message)
    assert now is not None
    assert now.stage is Stage.COMING
    await alice.engine.close()
    assert web.left


async def test_an_unforeseen_error_leaves_no_file_on_its_way(alice: Client, web: SlowWeb) -> None:
    message = await came(alice)
    web.go.set()
    web.problem = ZeroDivisionError()
    await alice.do(saving(message))
    assert state(alice, message) is None


async def test_a_strangers_server_and_any_in_a_room_learn_who_fetches_a_contacts_does_not_matter(
    alice: Client,
) -> None:
    message = await came(alice)
    assert alice.engine.files(message)[0].foreign
    own = await came(alice, "https://upload.chat.test/1/photo.jpg https://10.0.0.7/2/photo.jpg")
    assert [facts.foreign for facts in alice.engine.files(own)] == [False, False]
    evil = await came(alice, "https://evilchat.test/1/photo.jpg https://chat.test.evil.test/2/photo.jpg")
    assert [facts.foreign for facts in alice.engine.files(evil)] == [True, True]
    await add_bob(alice)
    assert not alice.engine.files(message)[0].foreign
    in_room(alice)
    await feed(alice, replace(IN_ROOM, body=LINK))
    assert CAROL.bare == ROOM
    assert alice.engine.files(alice.history(ROOM)[-1])[0].foreign


async def test_the_accounts_authority_goes_along_for_its_own_server(alice: Client, web: SlowWeb) -> None:
    message = await came(alice)
    web.go.set()
    await alice.do(saving(message))
    trust = session(alice).downloads.trust
    assert web.trust == trust
    assert trust.ca_file is not None
    own = ("chat.test", "UPLOAD.chat.test.", "10.0.0.7")
    assert [host for host in (*own, "far.test", "xchat.test", "") if trust.owns(host)] == [*own]


async def test_a_server_on_this_computer_and_hosts_that_our_server_names_are_its_own(alice: Client) -> None:
    downloads = session(alice).downloads
    assert not downloads.trust.owns("localhost")
    downloads._context.web_hosts.add("files.provider.test")
    assert downloads.trust.owns("files.provider.test")
    assert not downloads.trust.vouches("files.provider.test")
    downloads._context.web_hosts.add("localhost")
    assert not downloads.trust.vouches("localhost")
    assert not downloads.trust.owns("127.0.0.1")
    downloads._context.settings = replace(downloads._context.settings, host="127.0.0.1")
    assert downloads.trust.vouches("localhost")
    assert not downloads.trust.owns("evil.localhost")


async def test_a_key_is_in_no_text_that_is_made_of_a_wish_or_of_what_is_known(alice: Client) -> None:
    link = f"aesgcm://files.far.test/1/photo.jpg#{'ab' * 44}"
    message = await came(alice, link)
    facts = alice.engine.files(message)
    assert facts[0].encrypted
    assert facts[0].link == link
    stop = StopFile(message.chat, message.id, link)
    assert "abab" not in f"{saving(message, link)!r} {stop!r} {facts!r}"
