"""Two clients of one account stay in step."""

from functools import partial

import pytest

from tests.engines import Client, befriend, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact, AnswerRequest, EditContact, MarkRead
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message import Delivery, Direction


def is_whole(client: Client, peer: Address, whole: list[str]) -> bool:
    return client.bodies(peer) == whole


pytestmark = pytest.mark.timeout(90)


async def test_what_the_other_client_sends_and_gets_is_seen_here(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        make_engine(prosody, name) as desk,
        make_engine(prosody, name, store="phone") as phone,
        make_engine(prosody, fresh_name()) as bob,
    ):
        await befriend(desk, bob)
        await desk.say(bob.account, "from the desk")
        await bob.until(lambda: bob.bodies(desk.account) == ["from the desk"])
        await bob.say(desk.account, "an answer")
        await phone.until(lambda: "an answer" in phone.bodies(bob.account))
        await phone.say(bob.account, "from the phone")
        whole = ["from the desk", "an answer", "from the phone"]
        for client in (desk, phone):
            await until(partial(is_whole, client, bob.account, whole))
            directions = [message.direction for message in client.history(bob.account)]
            assert directions == [Direction.OUT, Direction.IN, Direction.OUT]
        await bob.until(lambda: len(bob.bodies(desk.account)) == 3)
        await desk.until(lambda: all(m.delivery is Delivery.DELIVERED for m in desk.history(bob.account)[::2]))
        # The receipts for what the other one sent reach both.
        await phone.until(lambda: all(m.delivery is Delivery.DELIVERED for m in phone.history(bob.account)[::2]))
        assert all(event.live for event in (*desk.told(MessageAdded), *phone.told(MessageAdded)))


async def test_what_was_answered_there_is_read_here(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        make_engine(prosody, name) as desk,
        make_engine(prosody, name, store="phone") as phone,
        make_engine(prosody, fresh_name()) as bob,
    ):
        await befriend(desk, bob)
        await bob.say(desk.account, "one")
        await bob.say(desk.account, "two")
        await desk.until(lambda: desk.engine.chats() and desk.engine.chats()[0].unread == 2)
        await phone.until(lambda: phone.engine.chats() and phone.engine.chats()[0].unread == 2)
        await phone.say(bob.account, "answer")
        await desk.until(lambda: desk.engine.chats()[0].unread == 0)


async def test_what_was_read_there_is_read_here(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        make_engine(prosody, name) as desk,
        make_engine(prosody, name, store="phone") as phone,
        make_engine(prosody, fresh_name()) as bob,
    ):
        await befriend(desk, bob)
        await bob.say(desk.account, "one")
        await desk.until(lambda: desk.engine.chats() and desk.engine.chats()[0].unread == 1)
        await phone.until(lambda: phone.engine.chats() and phone.engine.chats()[0].unread == 1)
        await phone.do(MarkRead(phone.key(bob.account)))
        await desk.until(lambda: desk.engine.chats()[0].unread == 0)


async def test_a_request_answered_there_is_gone_here_and_the_contact_is_here(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        make_engine(prosody, name) as desk,
        make_engine(prosody, name, store="phone") as phone,
        make_engine(prosody, fresh_name()) as bob,
    ):
        await bob.do(AddContact(bob.account, desk.account))
        await desk.until(desk.engine.requests)
        await phone.until(phone.engine.requests)
        await phone.do(AnswerRequest(phone.engine.requests()[0].id, accept=True))
        await desk.until(lambda: desk.engine.requests() == ())
        await phone.do(EditContact(phone.account, bob.account, "Bobby", ("Friends",)))

        def named() -> bool:
            contact = desk.engine.contact(desk.account, bob.account)
            return contact is not None and (contact.name, contact.groups) == ("Bobby", ("Friends",))

        await desk.until(named)
