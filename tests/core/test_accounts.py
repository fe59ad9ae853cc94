"""Accounts: several at once, added, removed, registered, tried."""

from pathlib import Path

import pytest

from tests.engines import Client, MemoryKeeper, make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.errors import LoginRefused, RequestFailed
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import SendMessage, SetPresence
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.events import AccountChanged, AccountRemoved

pytestmark = pytest.mark.timeout(90)


async def test_several_accounts_talk_side_by_side(prosody: Prosody, tmp_path: Path) -> None:
    home, work = prosody.add_user(fresh_name("home")), prosody.add_user(fresh_name("work"))
    keeper = MemoryKeeper({home: "secret", work: "secret"})
    settings = [prosody.settings(home.local), prosody.settings(work.local)]
    client = Client(settings, tmp_path / "two.db", keeper)
    await client.engine.start()
    async with make_engine(prosody, fresh_name()) as bob:
        await client.online()
        assert [state.address for state in client.engine.accounts()] == [home, work]
        await client.do(SendMessage(ChatKey(home, bob.account), "from home"))
        await client.do(SendMessage(ChatKey(work, bob.account), "from work"))
        await bob.until(lambda: bob.bodies(home) == ["from home"])
        await bob.until(lambda: bob.bodies(work) == ["from work"])
        await bob.say(work, "to work")
        key = ChatKey(work, bob.account)
        await client.until(lambda: [m.body for m in client.engine.newest(key, 9)] == ["from work", "to work"])
        assert [m.body for m in client.engine.newest(ChatKey(home, bob.account), 9)] == ["from home"]
        assert {chat.key.account for chat in client.engine.chats()} == {home, work}
        await client.do(SetPresence(None, Availability.AWAY, "out"))
        assert {client.engine.own_presence(account).status for account in (home, work)} == {"out"}
    await client.close()


async def test_two_accounts_of_one_person_may_write_to_each_other(prosody: Prosody, tmp_path: Path) -> None:
    home, work = prosody.add_user(fresh_name("home")), prosody.add_user(fresh_name("work"))
    keeper = MemoryKeeper({home: "secret", work: "secret"})
    settings = [prosody.settings(home.local), prosody.settings(work.local)]
    client = Client(settings, tmp_path / "two.db", keeper)
    await client.engine.start()
    await client.online()
    await client.do(SendMessage(ChatKey(home, work), "to the other"))
    await client.until(lambda: [m.body for m in client.engine.newest(ChatKey(work, home), 9)] == ["to the other"])
    assert [m.body for m in client.engine.newest(ChatKey(home, work), 9)] == ["to the other"]
    await client.close()


async def test_an_account_is_registered_added_and_removed(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    keeper = MemoryKeeper()
    client = Client([], tmp_path / "new.db", keeper)
    await client.engine.start()
    assert client.engine.accounts() == ()
    settings = prosody.settings(name)
    registration = await client.engine.open_registration(settings)
    assert {"username", "password"} <= {field.name for field in registration.form.fields}
    address = await registration.submit({"username": (name,), "password": ("secret",)})
    await registration.close()
    assert address == settings.address
    await client.engine.check_account(settings, "secret")
    kept = await client.engine.add_account(settings, "secret")
    assert kept == "The password is in the test's memory."
    await client.online()
    assert keeper.saved[address] == settings
    assert client.engine.settings(address) == settings
    await client.until(lambda: {event.state.address for event in client.told(AccountChanged)} == {address})
    await client.do(SendMessage(ChatKey(address, address), "a note"))
    await client.engine.remove_account(address)
    assert client.engine.accounts() == ()
    assert client.engine.chats() == ()
    assert keeper.passwords == {}
    await client.until(lambda: client.told(AccountRemoved))
    await client.close()


async def test_a_trial_with_a_wrong_password_says_so(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    client = make_client(prosody, name, tmp_path)
    with pytest.raises(LoginRefused):
        await client.engine.check_account(prosody.settings(name), "wrong")
    await client.engine.check_account(prosody.settings(name), "secret")
    assert client.status() is AccountStatus.OFFLINE
    await client.close()


async def test_a_password_that_is_not_remembered_still_connects_now(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    keeper = MemoryKeeper()
    client = Client([], tmp_path / "new.db", keeper)
    await client.engine.start()
    await client.engine.add_account(prosody.settings(name), "secret", remember=False)
    await client.online()
    assert keeper.passwords == {}
    await client.close()


async def test_offline_is_a_presence_too(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        await alice.do(SetPresence(alice.account, Availability.OFFLINE))
        assert alice.status() is AccountStatus.OFFLINE
        await alice.do(SetPresence(alice.account, Availability.CHAT))
        await alice.online()


async def test_an_account_that_is_not_there_is_said_so(prosody: Prosody, tmp_path: Path) -> None:
    client = Client([], tmp_path / "none.db", MemoryKeeper())
    nobody = prosody.settings("nobody").address
    with pytest.raises(RequestFailed, match="no account"):
        await client.do(SendMessage(ChatKey(nobody, nobody), "x"))
    await client.close()


async def test_an_account_added_while_the_network_loads_is_connected_once(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    client = Client([], tmp_path / "new.db", MemoryKeeper())
    await client.engine.start()
    await client.engine.add_account(prosody.settings(name), "secret")
    await client.online()
    assert prosody.shell("c2s:show()").count(f"{name}@{prosody.domain}") == 1
    await client.close()
