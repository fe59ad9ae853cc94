"""Two people talk, through two engines and a real server."""

import pytest

from tests.engines import Client, befriend, make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import (
    AddContact,
    AnswerRequest,
    CloseChat,
    Disconnect,
    EditContact,
    MarkRead,
    OpenChat,
    RemoveContact,
    SaveDraft,
    SendMessage,
    SetPresence,
    SetTyping,
)
from tui_xmpp.model.contact import Availability, Presence, Subscription
from tui_xmpp.model.events import ChatChanged, ChatClosed, ContactRemoved, MessageAdded, PresenceChanged, RequestAdded
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.model.request import RequestKind

pytestmark = pytest.mark.timeout(90)


def deliveries(client: Client, peer: Address) -> list[Delivery]:
    return [message.delivery for message in client.history(peer)]


async def test_a_message_is_painted_at_once_and_arrives_with_a_receipt(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await alice.say(bob.account, "who brings bread?")
        assert alice.bodies(bob.account) == ["who brings bread?"]
        await bob.until(lambda: bob.bodies(alice.account) == ["who brings bread?"])
        await alice.until(lambda: deliveries(alice, bob.account) == [Delivery.DELIVERED])
        (arrived,) = bob.history(alice.account)
        assert arrived.direction is Direction.IN
        assert arrived.sender == alice.account
        (chat,) = bob.engine.chats()
        assert (chat.unread, chat.in_contacts) == (1, True)
        await bob.until(lambda: [event.live for event in bob.told(MessageAdded)] == [True])


async def test_reading_tells_the_sender_that_asked(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await alice.say(bob.account, "one")
        await alice.say(bob.account, "two")
        await bob.until(lambda: bob.bodies(alice.account) == ["one", "two"])
        await bob.do(MarkRead(bob.key(alice.account)))
        await alice.until(lambda: deliveries(alice, bob.account) == [Delivery.DISPLAYED, Delivery.DISPLAYED])
        assert bob.engine.chats()[0].unread == 0
        assert bob.engine.first_unread(bob.key(alice.account)) is None


async def test_a_stranger_learns_nothing_from_us(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as eve, make_engine(prosody, fresh_name()) as bob:
        await eve.say(bob.account, "are you there?")
        await bob.until(lambda: bob.bodies(eve.account) == ["are you there?"])
        await bob.do(MarkRead(bob.key(eve.account)))
        await bob.do(SetTyping(bob.key(eve.account), typing=True))
        # What Bob says next comes after whatever he would have told before.
        await bob.say(eve.account, "who is asking?")
        await eve.until(lambda: "who is asking?" in eve.bodies(bob.account))
        assert deliveries(eve, bob.account)[0] is Delivery.SENT
        assert eve.engine.typing(eve.key(bob.account)) == ()
        (chat,) = bob.engine.chats()
        assert not chat.in_contacts
        assert chat.title == str(eve.account)


async def test_typing_is_seen_and_ends_with_the_message(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        key = bob.key(alice.account)
        await alice.do(SetTyping(alice.key(bob.account), typing=True))
        await bob.until(lambda: bob.engine.typing(key) == (alice.account.local,))
        await alice.do(SetTyping(alice.key(bob.account), typing=False))
        await bob.until(lambda: bob.engine.typing(key) == ())
        await alice.do(SetTyping(alice.key(bob.account), typing=True))
        await bob.until(lambda: bob.engine.typing(key) != ())
        await alice.say(bob.account, "bread")
        await bob.until(lambda: bob.bodies(alice.account) == ["bread"])
        await bob.until(lambda: bob.engine.typing(key) == ())


async def test_who_goes_offline_types_no_longer(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        key = bob.key(alice.account)
        await alice.do(SetTyping(alice.key(bob.account), typing=True))
        await bob.until(lambda: bob.engine.typing(key) != ())
        await alice.do(Disconnect(alice.account))
        await bob.until(lambda: bob.engine.presence(bob.account, alice.account).availability is Availability.OFFLINE)
        assert bob.engine.typing(key) == ()


async def test_a_request_is_asked_once_and_its_acceptance_lets_both_see_each_other(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.do(AddContact(alice.account, bob.account, name="Bobby", groups=("Friends",)))
        await bob.until(lambda: bob.engine.requests())
        (request,) = bob.engine.requests()
        assert (request.kind, request.sender) == (RequestKind.SUBSCRIPTION, alice.account)
        await bob.until(lambda: [event.request for event in bob.told(RequestAdded)] == [request])
        contact = alice.engine.contact(alice.account, bob.account)
        assert contact is not None
        assert contact.asked
        assert (contact.name, contact.groups) == ("Bobby", ("Friends",))
        await bob.do(SetPresence(None, Availability.AWAY, "lunch"))
        await bob.do(AnswerRequest(request.id, accept=True))
        assert bob.engine.requests() == ()
        away = Presence(Availability.AWAY, "lunch")
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) == away)
        # Alice asked first, so the way back needs no question of hers.
        await bob.until(lambda: bob.engine.presence(bob.account, alice.account).availability is Availability.ONLINE)
        assert alice.engine.requests() == ()
        with pytest.raises(RequestFailed):
            await bob.do(AnswerRequest(request.id, accept=True))


async def test_a_declined_request_is_gone_and_shows_nothing(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.do(AddContact(alice.account, bob.account))
        await bob.until(lambda: bob.engine.requests())
        await bob.do(AnswerRequest(bob.engine.requests()[0].id, accept=False))
        assert bob.engine.requests() == ()

        def answered() -> bool:
            contact = alice.engine.contact(alice.account, bob.account)
            return contact is not None and not contact.asked

        await alice.until(answered)
        assert alice.engine.presence(alice.account, bob.account) == Presence()
        assert bob.engine.contact(bob.account, alice.account) is None


async def test_presence_follows_the_contact(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        async with make_engine(prosody, fresh_name()) as bob:
            await befriend(alice, bob)
            name = bob.account
            await alice.until(lambda: alice.engine.presence(alice.account, name).availability is Availability.ONLINE)
            await bob.do(SetPresence(bob.account, Availability.DND, "in a [meeting]"))
            busy = Presence(Availability.DND, "in a [meeting]")
            await alice.until(lambda: alice.engine.presence(alice.account, name) == busy)
            assert bob.engine.own_presence(bob.account) == busy
        await alice.until(lambda: alice.engine.presence(alice.account, name) == Presence())
        await alice.until(lambda: alice.told(PresenceChanged)[-1].presence == Presence())


async def test_contacts_are_renamed_regrouped_and_removed(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        bob = prosody.add_user(fresh_name())
        await alice.do(AddContact(alice.account, bob))
        await alice.until(lambda: alice.engine.contact(alice.account, bob))
        await alice.do(OpenChat(alice.key(bob)))
        await alice.do(EditContact(alice.account, bob, "Bob\x1b[31m", ("Work", "Work", " ")))

        def renamed() -> bool:
            contact = alice.engine.contact(alice.account, bob)
            return contact is not None and (contact.name, contact.groups) == ("Bob[31m", ("Work",))

        await alice.until(renamed)
        await alice.until(lambda: alice.told(ChatChanged)[-1].chat.title == "Bob[31m")
        await alice.do(RemoveContact(alice.account, bob))
        await alice.until(lambda: alice.engine.contact(alice.account, bob) is None)
        await alice.until(lambda: alice.told(ContactRemoved)[-1].address == bob)
        assert not alice.engine.chats()[0].in_contacts


async def test_nobody_adds_themselves(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        with pytest.raises(RequestFailed, match="your own address"):
            await alice.do(AddContact(alice.account, alice.account))


async def test_what_cannot_be_delivered_says_why(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        nobody = Address(prosody.domain, fresh_name("nobody"))
        await alice.say(nobody, "hello?")
        await alice.until(lambda: deliveries(alice, nobody) == [Delivery.FAILED])
        assert alice.history(nobody)[0].error


async def test_what_came_while_we_were_away_is_backlog(prosody: Prosody) -> None:
    name = fresh_name()
    bob = prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as alice:
        await alice.say(bob, "one")
        await alice.say(bob, "two")
        await alice.until(lambda: deliveries(alice, bob) == [Delivery.SENT, Delivery.SENT])
        async with make_engine(prosody, name) as client:
            await client.until(lambda: client.bodies(alice.account) == ["one", "two"])
            await client.until(lambda: [event.live for event in client.told(MessageAdded)] == [False, False])
            assert client.engine.chats()[0].unread == 2


async def test_notes_to_oneself_are_kept_once(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        await alice.say(alice.account, "buy bread")
        await alice.until(lambda: deliveries(alice, alice.account) == [Delivery.SENT])
        await alice.say(alice.account, "and butter")
        await alice.until(lambda: deliveries(alice, alice.account) == [Delivery.SENT, Delivery.SENT])
        assert alice.bodies(alice.account) == ["buy bread", "and butter"]
        assert alice.engine.chats()[0].unread == 0


@pytest.mark.parametrize("body", ["", "  \n", "\x1b", "x" * 70_000])
async def test_what_is_no_message_is_not_sent(prosody: Prosody, body: str) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        with pytest.raises(RequestFailed):
            await alice.do(SendMessage(alice.key(Address(prosody.domain, "bob")), body))
        assert alice.engine.chats() == ()


async def test_characters_that_would_end_the_stream_are_taken_out(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.say(bob.account, "a\x00b\ud800c\uffffd <&> ]]>")
        await bob.until(lambda: bob.bodies(alice.account) == ["abcd <&> ]]>"])


async def test_drafts_and_closed_chats_are_kept(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        key = alice.key(Address(prosody.domain, "bob"))
        await alice.do(OpenChat(key))
        await alice.do(SaveDraft(key, "half a thou"))
        assert alice.engine.chats()[0].draft == "half a thou"
        await alice.do(CloseChat(key))
        assert alice.engine.chats() == ()
        await alice.until(lambda: [event.key for event in alice.told(ChatClosed)] == [key])
        chat = alice.engine.chat(key)
        assert chat is not None
        assert chat.draft == "half a thou"


async def test_a_closed_chat_comes_back_with_the_next_message(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.say(bob.account, "one")
        await bob.until(lambda: bob.engine.chats())
        await bob.do(CloseChat(bob.key(alice.account)))
        await alice.say(bob.account, "two")
        await bob.until(lambda: bob.engine.chats())
        assert bob.bodies(alice.account) == ["one", "two"]


async def test_without_a_line_wishes_to_the_server_are_refused_in_plain_words(prosody: Prosody) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, name) as first:
        directory = first.path.parent
        client = make_client(prosody, name, directory, store="offline")
        try:
            with pytest.raises(Unavailable, match="not connected"):
                await client.do(AddContact(client.account, Address(prosody.domain, "bob")))
        finally:
            await client.close()


async def test_a_subscription_seen_from_both_sides_is_whole(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await until(lambda: alice.engine.contacts() and bob.engine.contacts())
        assert [contact.subscription for contact in alice.engine.contacts()] == [Subscription.BOTH]
