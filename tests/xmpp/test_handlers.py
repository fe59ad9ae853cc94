"""Asking fewer handlers must find the same ones."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import pytest
from slixmpp import ClientXMPP
from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.handler.base import BaseHandler
from slixmpp.xmlstream.matcher import MatcherId, MatchXPath, StanzaPath

from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.handlers import Handlers
from tui_xmpp.xmpp.tamed import TamedClient

PLUGINS = [
    4, 30, 45, 50, 54, 59, 60, 66, 77, 84, 85, 92, 115, 153, 163, 172, 184, 191, 199, 202, 203, 224, 249, 280, 297, 308,
    313, 333, 334, 352, 359, 380, 402, 424, 425, 428, 444, 461, 490,
]  # fmt: skip
PAYLOADS = [
    "",
    "<body>hello</body>",
    "<subject>s</subject>",
    "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    "<query xmlns='jabber:iq:roster'/>",
    "<query xmlns='jabber:iq:version'/>",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "<query xmlns='http://jabber.org/protocol/disco#items'/>",
    "<query xmlns='jabber:iq:register'/>",
    "<ping xmlns='urn:xmpp:ping'/>",
    "<time xmlns='urn:xmpp:time'/>",
    "<command xmlns='http://jabber.org/protocol/commands' action='execute' node='x'/>",
    "<block xmlns='urn:xmpp:blocking'><item jid='x@y'/></block>",
    "<unblock xmlns='urn:xmpp:blocking'/>",
    "<result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'/></result>",
    "<fin xmlns='urn:xmpp:mam:2'/>",
    "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></sent>",
    "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received>",
    "<received xmlns='urn:xmpp:receipts' id='1'/>",
    "<request xmlns='urn:xmpp:receipts'/>",
    "<received xmlns='urn:xmpp:chat-markers:0' id='1'/>",
    "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>",
    "<active xmlns='http://jabber.org/protocol/chatstates'/>",
    "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><item id='1'/></items></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><retract id='1'/></items></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='n'/></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><delete node='n'/></event>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x>",
    "<x xmlns='jabber:x:conference' jid='r@s'/>",
    "<x xmlns='jabber:x:data' type='form'/>",
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>",
    "<x xmlns='vcard-temp:x:update'><photo/></x>",
    "<replace xmlns='urn:xmpp:message-correct:0' id='1'/>",
    "<reactions xmlns='urn:xmpp:reactions:0' id='1'/>",
    "<attention xmlns='urn:xmpp:attention:0'/>",
    "<retract xmlns='urn:xmpp:message-retract:1' id='1'/>",
    "<nick xmlns='http://jabber.org/protocol/nick'>n</nick>",
]
KINDS = {
    "message": ("", " type='chat'", " type='groupchat'", " type='error'"),
    "presence": ("", " type='unavailable'", " type='subscribe'", " type='error'"),
    "iq": (" type='get'", " type='set'", " type='result'", " type='error'"),
}


class Loaded(TamedClient):
    """With every plugin that may ever be used, keeping its handlers in sight."""

    def __init__(self) -> None:
        self.all: list[BaseHandler] = []
        super().__init__(Address("chat.test", "me"))
        for plugin in PLUGINS:
            self.register_plugin(f"xep_{plugin:04}")

    @property
    def online(self) -> bool:
        return True

    def register_handler(
        self, handler: BaseHandler, before: BaseHandler | None = None, after: BaseHandler | None = None
    ) -> None:
        self.all.append(handler)
        super().register_handler(handler, before, after)


def stanzas() -> Iterator[Element]:
    for name, types in KINDS.items():
        for kind in types:
            for payload in PAYLOADS:
                yield fromstring(f"<{name} xmlns='jabber:client' from='a@b/c' id='7'{kind}>{payload}</{name}>")


async def test_the_same_handlers_match_as_when_all_are_asked() -> None:
    client = Loaded()
    assert len(client.all) > 50
    found = 0
    for xml in stanzas():
        stanza = client._build_stanza(xml)
        for_all = [handler.name for handler in client.all if handler.name not in GONE and handler.match(stanza)]
        ours = [handler.name for handler in client._handlers._matching(stanza)]
        assert ours == for_all
        found += len(ours)
    assert found > 200


GONE = {"Stream Features", "STARTTLS Proceed", "SASL Success", "SASL Failure", "SASL Challenge", "Stream Error"}


async def test_nothing_of_slixmpps_negotiation_is_left() -> None:
    client = Loaded()
    names = {entry.handler.name for entry in client._handlers._entries}
    assert not names & GONE
    assert {handler.name for handler in client.all} >= GONE
    for connect in (client.connect, client.reconnect):
        with pytest.raises(RuntimeError):
            connect()


def stanza(text: str = "<iq xmlns='jabber:client' type='result' id='7'/>") -> StanzaBase:
    return StanzaBase(xml=fromstring(text))


def test_answers_are_found_by_their_id_and_once() -> None:
    handlers = Handlers()
    seen: list[StanzaBase] = []
    for number in ("6", "7"):
        handlers.add(Callback(f"r{number}", MatcherId(number), seen.append, once=True))
    assert handlers.run(stanza())
    assert not handlers.run(stanza())
    assert len(seen) == 1
    assert handlers.remove("r6")
    assert not handlers.remove("r6")


def test_a_handler_that_fails_does_not_stop_the_next() -> None:
    handlers = Handlers()
    seen: list[StanzaBase] = []

    class Raises(StanzaPath):
        def match(self, stanza: StanzaBase) -> bool:
            raise ValueError

    def fail(_: StanzaBase) -> None:
        raise ValueError

    handlers.add(Callback("match fails", Raises("iq"), seen.append))
    handlers.add(Callback("run fails", MatchXPath("{jabber:client}iq"), fail))
    handlers.add(Callback("fine", MatchXPath("{jabber:client}iq"), seen.append))
    assert handlers.run(stanza())
    assert len(seen) == 1


async def test_our_own_client_is_still_slixmpps() -> None:
    assert isinstance(Loaded(), ClientXMPP)
