"""Stanzas that no honest server passes on, given to a whole connection: nothing of them comes out, and it goes on."""

import re

import pytest

from tests.server.authority import TestAuthority
from tests.server.hostile import DOMAIN, PASSWORD, SM, HostileServer, Peer
from tests.xmpp.party import Party
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message_parts import Retraction
from tui_xmpp.model.stanzas import MessageReceived, RosterPushed, Signal, StreamBegun

VICTIM = f"victim@{DOMAIN}"
EVENT = "http://jabber.org/protocol/pubsub#event"
MARK = (
    f"<event xmlns='{EVENT}'><items node='urn:xmpp:mds:displayed:0'><item id='{{peer}}'>"
    "<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='{peer}' id='s1'/></displayed>"
    "</item></items></event>"
)
ROSTER = "<query xmlns='jabber:iq:roster'><item jid='{jid}' subscription='{subscription}' name='A&#x9b;1'/></query>"


async def session(peer: Peer) -> None:
    """Sign in, switch stream management on and answer the questions of the set-up."""
    await peer.begin_session(SM)
    for _ in range(3):
        asked = await peer.expect("<iq ([^>]*)>")
        key = re.search("id=.([^ \"']*)", asked[1])
        recipient = re.search("to=.([^ \"']*)", asked[1])
        assert key is not None
        sender = f"from='{recipient[1]}'" if recipient else ""
        peer.send(f"<iq type='result' id='{key[1]}' {sender}/>")


async def told_by(authority: TestAuthority, stanzas: str) -> list[Signal]:
    """Return what a connection tells of the stanzas that come before one last message."""

    async def script(peer: Peer) -> None:
        await session(peer)
        peer.send(stanzas + f"<message from='friend@{DOMAIN}/x' type='chat'><body>the end</body></message>")

    async with (
        HostileServer(authority, script) as server,
        Party(server.settings(), available=False, password=PASSWORD) as party,
    ):
        await party.reads("the end")
        assert party.connection.online
        begun, *told, _ = party.signals
        assert begun == StreamBegun()
        return told


@pytest.mark.parametrize(
    "stanza",
    [
        "<message from='a b@c'><body>x</body></message>",
        "<message from='@'><body>x</body></message>",
        "<message from='x@y/z' to='//'><body>x</body></message>",
        "<message from='" + "x" * 5000 + f"@{DOMAIN}'><body>x</body></message>",
        "<presence from='a@b@c'/>",
        "<presence from='@' type='subscribe'/>",
        "<presence from='room@service/&#x7f;'/>",
        "<iq from='@' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq from='@' type='result' id='1'/>",
        f"<iq from='mallory@{DOMAIN}' type='set' id='1'>{ROSTER.format(jid='m@x', subscription='both')}</iq>",
        f"<iq from='{DOMAIN}' type='set' id='1'>{ROSTER.format(jid='m@x', subscription='both')}</iq>",
        f"<iq type='set' id='1'>{ROSTER.format(jid='@', subscription='both')}</iq>",
        "<iq type='set' id='1'><query xmlns='jabber:iq:roster'/></iq>",
        f"<message from='mallory@{DOMAIN}'><sent xmlns='urn:xmpp:carbons:2'/></message>",
        f"<message from='{VICTIM}'><sent xmlns='urn:xmpp:carbons:2'/></message>",
        f"<message from='{VICTIM}'><result xmlns='urn:xmpp:mam:2' queryid='1'/></message>",
        f"<message from='{VICTIM}'><event xmlns='{EVENT}'/></message>",
        f"<message from='{VICTIM}'><event xmlns='{EVENT}'><items node='urn:xmpp:avatar:data'/></event></message>",
        f"<message from='mallory@{DOMAIN}'>{MARK.format(peer=f'bob@{DOMAIN}')}</message>",
        f"<message from='{VICTIM}/phone'>{MARK.format(peer=f'bob@{DOMAIN}')}</message>",
        f"<message from='{VICTIM}'>{MARK.format(peer='@')}</message>",
    ],
    ids=lambda stanza: stanza[:40],
)
async def test_it_is_dropped_and_the_stream_goes_on(authority: TestAuthority, stanza: str) -> None:
    assert await told_by(authority, stanza) == []


@pytest.mark.parametrize("sender", ["", f"from='{VICTIM}'"])
async def test_a_push_of_our_own_server_is_taken_and_cleaned(authority: TestAuthority, sender: str) -> None:
    query = ROSTER.format(jid=f"bob@{DOMAIN}/ignored", subscription="nonsense")
    (pushed,) = await told_by(authority, f"<iq {sender} type='set' id='1'>{query}</iq>")
    assert isinstance(pushed, RosterPushed)
    assert (str(pushed.item.address), pushed.item.name) == (f"bob@{DOMAIN}", "A1")
    assert pushed.item.subscription is Subscription.NONE


async def test_twenty_thousand_fallbacks_in_a_message_are_read_in_passing(authority: TestAuthority) -> None:
    flood = "<fallback xmlns='urn:xmpp:fallback:0'/>" * 20_000
    (message,) = await told_by(authority, f"<message from='mallory@{DOMAIN}/x'><body>hi</body>{flood}</message>")
    assert isinstance(message, MessageReceived)
    assert (message.body, len(message.fallbacks)) == ("hi", 16)


@pytest.mark.parametrize("depth", [20, 90])
async def test_operations_nested_in_each_other_are_told_as_far_as_they_make_sense(
    authority: TestAuthority, depth: int
) -> None:
    opened = "<retract xmlns='urn:xmpp:message-retract:1' id='m1'><reactions xmlns='urn:xmpp:reactions:0' id='m1'>"
    nested = opened * (depth // 2) + "</reactions></retract>" * (depth // 2)
    (message,) = await told_by(authority, f"<message from='mallory@{DOMAIN}/x'>{nested}</message>")
    assert isinstance(message, MessageReceived)
    assert (message.retraction, message.reactions) == (Retraction("m1"), None)


async def test_a_receiver_that_fails_costs_one_stanza_and_not_the_stream(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await session(peer)
        peer.send("".join(f"<message from='friend@{DOMAIN}'><body>{number}</body></message>" for number in range(3)))

    class Failing(Party):
        def receive(self, signal: Signal) -> None:
            if isinstance(signal, MessageReceived) and signal.body == "1":
                raise ValueError(signal.body)
            super().receive(signal)

    async with (
        HostileServer(authority, script) as server,
        Failing(server.settings(), available=False, password=PASSWORD) as party,
    ):
        await party.reads("2")
        assert [message.body for message in party.heard(MessageReceived)] == ["0", "2"]
