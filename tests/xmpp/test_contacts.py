"""Contact list, subscriptions and presence on a real server."""

import pytest
from slixmpp.xmlstream import StanzaBase

from tests.server.authority import TestAuthority
from tests.server.hostile import PASSWORD, HostileServer, Peer
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability, Subscription
from tui_xmpp.model.stanzas import (
    PresenceReceived,
    RosterItem,
    RosterPushed,
    SubscriptionAction,
    SubscriptionReceived,
)
from tui_xmpp.xmpp import disco
from tui_xmpp.xmpp.parse_roster import roster_set


async def befriend(a: Party, b: Party) -> None:
    """Let both see each other."""
    alice, bob = a.address.bare, b.address.bare
    a.connection.subscribe(bob)
    await b.hears(SubscriptionReceived, lambda signal: signal.action is SubscriptionAction.SUBSCRIBE)
    b.connection.answer_subscription(alice, accept=True)
    b.connection.subscribe(alice)
    await a.hears(SubscriptionReceived, lambda signal: signal.action is SubscriptionAction.SUBSCRIBE)
    a.connection.answer_subscription(bob, accept=True)
    await a.hears(RosterPushed, lambda signal: signal.item.subscription is Subscription.BOTH)
    await b.hears(RosterPushed, lambda signal: signal.item.subscription is Subscription.BOTH)


async def test_a_contact_is_added_changed_and_removed_and_every_device_hears_of_it(prosody: Prosody) -> None:
    account, bob = prosody.add_user(fresh_name()), Address.parse("bob@elsewhere.test")
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        item = RosterItem(bob, "Bob <&> 'Bobby'", ("Friends", "Choir"))
        await desk.connection.set_roster_item(item)
        (stored,) = await desk.connection.roster()
        assert (stored.address, stored.name, sorted(stored.groups)) == (bob, item.name, ["Choir", "Friends"])
        assert (stored.subscription, stored.asked, stored.removed) == (Subscription.NONE, False, False)
        pushed = await phone.hears(RosterPushed)
        assert (pushed.item.address, pushed.item.name) == (bob, item.name)
        await desk.connection.set_roster_item(RosterItem(bob, "Robert"))
        await phone.hears(RosterPushed, lambda signal: signal.item.name == "Robert" and not signal.item.groups)
        await desk.connection.remove_roster_item(bob)
        await phone.hears(RosterPushed, lambda signal: signal.item.removed and signal.item.address == bob)
        assert await desk.connection.roster() == ()


async def test_a_change_that_the_server_pushes_is_answered_once(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as party:
        pushes: list[str] = []
        answers: list[str] = []

        def incoming(stanza: StanzaBase) -> StanzaBase:
            if stanza.xml.get("type") == "set":
                pushes.append(stanza.xml.get("id", ""))
            return stanza

        def outgoing(stanza: StanzaBase) -> StanzaBase:
            if stanza.xml.get("type") in {"result", "error"}:
                answers.append(stanza.xml.get("id", ""))
            return stanza

        party.connection._client.add_filter("in", incoming)
        party.connection._client.add_filter("out_sync", outgoing)
        await party.connection.set_roster_item(RosterItem(Address.parse("bob@elsewhere.test")))
        await party.hears(RosterPushed)
        await party.connection.roster()
        assert [answers.count(push) for push in pushes] == [1]


async def test_what_is_pushed_right_behind_the_list_counts_more_than_the_list(authority: TestAuthority) -> None:
    bob, carol, dave = (Address.parse(f"{name}@elsewhere.test") for name in ("bob", "carol", "dave"))
    listed = (RosterItem(bob), RosterItem(carol, subscription=Subscription.BOTH))
    pushed = (RosterItem(bob, subscription=Subscription.BOTH), RosterItem(carol, removed=True), RosterItem(dave))

    async def script(peer: Peer) -> None:
        await peer.begin_session()
        for _ in range(3):
            match = await peer.expect("<iq [^>]*?id=.([^ \"']*).[^>]*>")
            peer.send(f"<iq type='error' id='{match[1]}'/>")
        asked = await peer.expect("<iq [^>]*?id=.([^ \"']*).[^>]*><query xmlns=.jabber:iq:roster")
        pushes = (f"<iq type='set' id='push'>{query(item)}</iq>" for item in pushed)
        peer.send(f"<iq type='result' id='{asked[1]}'>{query(*listed)}</iq>" + "".join(pushes))

    async with (
        HostileServer(authority, script) as server,
        Party(server.settings(), available=False, password=PASSWORD) as party,
    ):
        items = {item.address: item.subscription for item in await party.connection.roster()}
        assert items == {bob: Subscription.BOTH, dave: Subscription.NONE}
        assert party.connection._roster.sees_us(bob)
        assert not party.connection._roster.sees_us(carol)


def query(*items: RosterItem) -> str:
    """Contacts as a server writes them."""
    listed = (
        f"<item jid='{one.address}' subscription='{'remove' if one.removed else one.subscription}'/>" for one in items
    )
    return f"<query xmlns='jabber:iq:roster'>{''.join(listed)}</query>"


async def test_a_subscription_is_asked_for_and_accepted_and_presence_flows(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        a.connection.subscribe(bob)
        asked = await b.hears(SubscriptionReceived)
        assert (asked.sender, asked.action) == (alice, SubscriptionAction.SUBSCRIBE)
        await a.hears(RosterPushed, lambda signal: signal.item.asked)
        b.connection.answer_subscription(alice, accept=True)
        await a.hears(SubscriptionReceived, lambda signal: signal.action is SubscriptionAction.SUBSCRIBED)
        await a.hears(
            PresenceReceived, lambda signal: signal.sender == b.address and signal.availability is Availability.ONLINE
        )
        b.connection.send_presence(Availability.DND, "in a meeting")
        busy = await a.hears(PresenceReceived, lambda signal: signal.availability is Availability.DND)
        assert (busy.sender, busy.status) == (b.address, "in a meeting")
        await b.connection.close()
        await a.hears(
            PresenceReceived, lambda signal: signal.sender == b.address and signal.availability is Availability.OFFLINE
        )


async def test_a_subscription_is_never_accepted_by_itself_and_can_be_declined(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        a.connection.subscribe(bob)
        await b.hears(SubscriptionReceived)
        await b.connection.roster()
        assert not a.heard(SubscriptionReceived)
        b.connection.answer_subscription(alice, accept=False)
        refused = await a.hears(SubscriptionReceived)
        assert refused.action is SubscriptionAction.UNSUBSCRIBED


async def test_the_other_device_of_the_account_is_seen_but_not_our_own_reflection(prosody: Prosody) -> None:
    account = prosody.add_user(fresh_name())
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        seen = await desk.hears(PresenceReceived, lambda signal: signal.sender == phone.address)
        assert seen.availability is Availability.ONLINE
        assert not desk.heard(PresenceReceived, lambda signal: signal.sender == desk.address)


async def test_a_stranger_cannot_push_a_contact_nor_ask_what_we_are(prosody: Prosody) -> None:
    """CVE-2015-8688: Prosody passes requests between accounts on."""
    victim, mallory = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, victim) as v, Party.at(prosody, mallory) as m:
        m.connection._requests._seconds = 1
        with pytest.raises(RequestFailed) as silence:
            await m.connection._requests.set(roster_set(RosterItem(mallory, "Your bank")), v.address)
        assert silence.value.condition == "remote-server-timeout"
        with pytest.raises(RequestFailed) as refused:
            await disco.ask_info(m.connection._requests, v.address)
        with pytest.raises(RequestFailed) as nobody:
            await disco.ask_info(m.connection._requests, victim.with_resource("nobody"))
        assert (refused.value.condition, refused.value.message) == (nobody.value.condition, nobody.value.message)
        assert not v.heard(RosterPushed)
        assert await v.connection.roster() == ()


async def test_a_contact_who_sees_us_may_ask_what_we_can_do(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await befriend(a, b)
        info = await disco.ask_info(b.connection._requests, a.address)
        assert [(one.category, one.type, one.name) for one in info.identities] == [("client", "console", "tui-xmpp")]
        assert set(disco.FEATURES) <= info.features
        assert "http://jabber.org/protocol/caps" in info.features
        assert not {"jabber:iq:version", "urn:xmpp:time", "jabber:iq:last"} & info.features


async def test_without_a_stream_wishes_are_unavailable(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as party:
        await party.connection.close()
        await until(lambda: not party.connection.online)
        with pytest.raises(Unavailable):
            await party.connection.roster()
        with pytest.raises(Unavailable):
            party.say(Address.parse("bob@chat.test"), "x")
        with pytest.raises(Unavailable):
            party.connection.send_presence(Availability.ONLINE, "")
