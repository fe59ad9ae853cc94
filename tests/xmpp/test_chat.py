"""Two people, one of them with two devices, on a real server."""

from contextlib import AsyncExitStack

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.model.stanzas import ChatState, MessageReceived, MessageType, Outgoing, Route, StanzaAcked


async def test_a_message_arrives_with_its_ids_and_the_answer_comes_back(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        id_ = a.say(bob, "Hello & <welcome>")
        message = await b.reads("Hello & <welcome>")
        assert (message.sender, message.recipient, message.route) == (a.address, bob, Route.LIVE)
        assert (message.id, message.origin_id, message.type) == (id_, id_, MessageType.CHAT)
        assert [stanza_id.by for stanza_id in message.stanza_ids] == [bob]
        b.say(a.address, "Thanks")
        assert (await a.reads("Thanks")).sender == b.address
        await a.hears(StanzaAcked, lambda acked: acked.stanza_id == id_)


async def test_connecting_tells_the_features_of_account_and_server_and_how_safe_the_line_is(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        opened = alice.opened
        assert opened is not None
        assert not opened.resumed
        assert "urn:xmpp:mam:2" in opened.features
        assert "http://jabber.org/protocol/pubsub#publish-options" in opened.features
        assert "urn:xmpp:carbons:2" in opened.server_features
        assert "TLS" in opened.security
        assert opened.peer == "127.0.0.1"
        assert alice.connection.online


async def test_typing_receipts_and_markers_go_both_ways(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        a.connection.send(Outgoing(b.address, MessageType.CHAT, "t1", chat_state=ChatState.COMPOSING, no_store=True))
        typing = await b.hears(MessageReceived)
        assert (typing.body, typing.chat_state, typing.no_store) == (None, ChatState.COMPOSING, True)
        a.connection.send(
            Outgoing(b.address, MessageType.CHAT, "m1", body="read me", request_receipt=True, markable=True,
                     chat_state=ChatState.ACTIVE)
        )  # fmt: skip
        message = await b.reads("read me")
        assert (message.receipt_request, message.markable) == (True, True)
        b.connection.send(Outgoing(a.address, MessageType.CHAT, "r1", receipt_for="m1"))
        b.connection.send(Outgoing(a.address, MessageType.CHAT, "d1", displayed="m1"))
        await a.hears(MessageReceived, lambda message: message.receipt_for == "m1")
        await a.hears(MessageReceived, lambda message: message.displayed == "m1")


async def test_a_second_device_of_the_same_account_sees_both_sides_of_a_chat(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(Party.at(prosody, alice))
        phone = await stack.enter_async_context(Party.at(prosody, alice))
        b = await stack.enter_async_context(Party.at(prosody, bob))
        desk.say(bob, "from the desk")
        await b.reads("from the desk")
        sent = await phone.reads("from the desk")
        assert (sent.route, sent.sender, sent.recipient, sent.outer_sender) == (
            Route.CARBON_SENT,
            desk.address,
            bob,
            alice,
        )
        b.say(desk.address, "to the desk")
        received = await phone.reads("to the desk")
        assert (received.route, received.sender, received.recipient) == (Route.CARBON_RECEIVED, b.address, desk.address)
        await desk.reads("to the desk")
        assert not desk.heard(MessageReceived, lambda message: message.route is Route.CARBON_SENT)


async def test_characters_that_xml_forbids_do_not_end_the_stream(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        a.say(bob, "a\x00b\x1b[31m\ud800\uffffc")
        await b.reads("ab[31mc")
        a.say(bob, "still here")
        await b.reads("still here")


async def test_messages_keep_their_order(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        for number in range(200):
            a.say(bob, str(number))
        await b.reads("199")
        assert [message.body for message in b.heard(MessageReceived)] == [str(number) for number in range(200)]
        await until(lambda: len(a.heard(StanzaAcked)) >= 200, what="all acknowledgements")


async def test_what_was_sent_while_we_were_away_comes_with_its_time(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a:
        a.say(bob, "for later")
        await a.hears(StanzaAcked)
    async with Party.at(prosody, bob) as b:
        message = await b.reads("for later")
        assert message.delay is not None
        assert message.delay_by == bob.bare or str(message.delay_by) == prosody.domain


async def test_a_message_to_nobody_comes_back_as_an_error_in_peoples_words(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        id_ = alice.say(prosody.room().bare.with_resource("x"), "anyone?")
        error = await alice.hears(MessageReceived, lambda message: message.type is MessageType.ERROR)
        assert (error.id, bool(error.error), bool(error.error_condition)) == (id_, True, True)
