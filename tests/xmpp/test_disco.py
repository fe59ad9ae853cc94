import asyncio
import base64
import hashlib
from xml.etree.ElementTree import Element, SubElement

from slixmpp.stanza import Presence
from slixmpp.xmlstream import StanzaBase

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tests.xmpp.wire import OWN, ROOM, RecordingLine, stanza
from tui_xmpp.model.stanzas import PresenceReceived
from tui_xmpp.xmpp import disco, names
from tui_xmpp.xmpp.iq import Requests

INFO = "http://jabber.org/protocol/disco#info"
CAPS = names.tag(names.CAPS, "c")


def test_names_and_features_of_others_are_cleaned_and_bounded() -> None:
    identity = "<identity category='conference' type='text' name='a&#x9b;b'/>"
    query = stanza(f"<iq><query xmlns='{INFO}'>{identity}</query></iq>")[0]
    for number in range(5000):
        SubElement(query, names.tag(names.DISCO_INFO, "feature"), {"var": f"f{number}"})
    info = disco.parse_info(query)
    assert (info.identities[0].name, len(info.features)) == ("ab", 1000)


def test_a_list_of_items_leaves_out_bad_addresses_and_doubles_and_ends_at_its_limit() -> None:
    addresses = (ROOM, "@", ROOM, "", "b@rooms.chat.test", "c@rooms.chat.test")
    items = "".join(f"<item jid='{address}' name='n'/>" for address in addresses)
    query = stanza(f"<iq><query xmlns='http://jabber.org/protocol/disco#items'>{items}<item/></query></iq>")[0]
    assert [str(address) for address, _ in disco.parse_items(query, 2)] == [str(ROOM), "b@rooms.chat.test"]


async def test_asking_for_items_asks_for_no_more_than_is_taken() -> None:
    line = RecordingLine()
    requests = Requests(line, 0.01)
    await asyncio.gather(disco.ask_items(requests, OWN.bare, 500), return_exceptions=True)
    assert [element.text for element in line.sent[0].iter(names.tag(names.RSM, "max"))] == ["500"]


async def test_presence_carries_the_hash_of_exactly_what_we_answer(prosody: Prosody) -> None:
    account = prosody.add_user(fresh_name())
    seen: list[Element] = []

    async with Party.at(prosody, account) as phone:
        client = phone.connection._client
        deliver = client.deliver

        def watch(xml: Element) -> None:
            seen.append(xml)
            deliver(xml)

        client.deliver = watch  # type: ignore[method-assign]  # all that comes, as it comes
        async with Party.at(prosody, account) as desk:

            def shown() -> list[Element]:
                return [caps for one in seen if one.get("from") == str(desk.address) for caps in one.findall(CAPS)]

            await until(shown, what="the capabilities of the desk")
            ver = shown()[0].get("ver", "")
            node = f"{shown()[0].get('node')}#{ver}"
            query = Element(names.tag(names.DISCO_INFO, "query"), {"node": node})
            answer = (await phone.connection._requests.get(query, desk.address))[0]
            info = disco.parse_info(answer)
            text = "".join(f"{one.category}/{one.type}//{one.name}<" for one in info.identities)
            text += "".join(f"{feature}<" for feature in sorted(info.features))
            assert base64.b64encode(hashlib.sha1(text.encode()).digest()).decode() == ver
            assert set(disco.FEATURES) <= info.features
            assert names.FORM not in info.features


async def test_nobody_is_asked_what_they_can_do_just_for_coming_into_sight(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    asked: list[Element] = []

    def watch(sent: StanzaBase) -> StanzaBase:
        if sent.xml.find(names.tag(names.DISCO_INFO, "query")) is not None:
            asked.append(sent.xml)
        return sent

    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        a.connection._client.add_filter("out_sync", watch)
        capabilities = f"<c xmlns='{names.CAPS}' hash='sha-1' node='urn:unknown' ver='q07IKJEyjvHSyhy//CH0CxmKi8w='/>"
        presence = Presence(b.connection._client, xml=stanza(f"<presence to='{a.address}'>{capabilities}</presence>"))
        b.connection._client.send(presence, use_filters=False)  # they would put our own hash in
        await a.hears(PresenceReceived, lambda presence: presence.sender == b.address)
        await a.connection.roster()
        a.say(b.address, "the end")
        await b.reads("the end")
        assert [one for one in asked if one.get("type") == "get"] == []
