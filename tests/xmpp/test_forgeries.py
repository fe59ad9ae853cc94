"""Forged stanzas that a real server passes on, sent by a second real client (SECURITY 9 to 12)."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.stanzas import BookmarksChanged, MessageReceived, OccupantReceived, PresenceReceived
from tui_xmpp.model.text import clean
from tui_xmpp.xmpp.archive import _Open

INNER = "<message xmlns='jabber:client' from='{bank}' to='{victim}' type='chat'><body>send money</body></message>"
DELAY = "<delay xmlns='urn:xmpp:delay' stamp='2023-01-01T00:00:00Z'/>"
FORWARDED = f"<forwarded xmlns='urn:xmpp:forward:0'>{DELAY}{INNER}</forwarded>"
CARBON = f"<received xmlns='urn:xmpp:carbons:2'>{FORWARDED}</received>"
SENT_CARBON = f"<sent xmlns='urn:xmpp:carbons:2'>{FORWARDED}</sent>".replace(
    "from='{bank}' to='{victim}'", "from='{victim}' to='{bank}'"
)
RESULT = f"<result xmlns='urn:xmpp:mam:2' queryid='{{query}}' id='1'>{FORWARDED}</result>"
EVENT = (
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'>"
    "<item id='trap@rooms.chat.test'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'/></item></items></event>"
)


def forged(payload: str, victim: object, query: str = "") -> Element:
    filled = payload.format(victim=victim, bank="bank@chat.test", query=query)
    return fromstring(f"<message xmlns='jabber:client' to='{victim}' type='chat'>{filled}</message>")


@pytest.mark.parametrize("payload", [CARBON, SENT_CARBON, RESULT, EVENT], ids=["carbon", "sent", "result", "event"])
async def test_what_only_our_server_may_send_is_dropped_when_somebody_else_sends_it(
    prosody: Prosody, payload: str
) -> None:
    victim, mallory = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, victim) as v, Party.at(prosody, mallory) as m:
        m.connection._line.send(forged(payload, v.address))
        m.say(v.address, "the end")
        await v.reads("the end")
        assert [message.body for message in v.heard(MessageReceived)] == ["the end"]
        assert not v.heard(BookmarksChanged)


async def test_a_result_with_the_right_query_id_from_a_stranger_stays_out_of_the_page(prosody: Prosody) -> None:
    """The worst case: the attacker knows the id of the open query."""
    victim, mallory = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, victim) as v, Party.at(prosody, mallory) as m:
        archives = v.connection._archives
        known = archives._open["known"] = _Open(ArchiveQuery())
        m.connection._line.send(forged(RESULT, v.address, "known"))
        m.say(v.address, "the end")
        await v.reads("the end")
        assert known.messages == []


async def test_presence_that_pretends_to_be_a_rooms_does_not_become_a_contacts(prosody: Prosody) -> None:
    victim, mallory = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, victim) as v, Party.at(prosody, mallory) as m:
        user = "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
        presence = fromstring(f"<presence xmlns='jabber:client' to='{v.address}'>{user}</presence>")
        m.connection._line.send(presence)
        m.say(v.address, "the end")
        await v.reads("the end")
        assert not v.heard(PresenceReceived, lambda presence: presence.sender.bare == mallory)
        assert not v.heard(OccupantReceived)
        assert not v.connection._rooms.includes(mallory)


@pytest.mark.parametrize(
    "body",
    [
        "\x9b31m",
        "\u202egpj.exe",
        "[/foo]",
        "[@click=app.quit]x[/]",
        "e" + "\u0301" * 5000,
        "\U000e0041" * 50,
        "]]>&<!--",
    ],
)
async def test_hostile_texts_arrive_cleaned(prosody: Prosody, body: str) -> None:
    victim, mallory = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, victim) as v, Party.at(prosody, mallory) as m:
        m.say(v.address, body)
        message = await v.hears(MessageReceived)
        assert message.body == clean(body)
