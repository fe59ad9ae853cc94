"""Sorts the stanzas of one client to those who read them, in stream order.

Few handlers with next to nothing to match take the place of slixmpp's own for messages, presence and the roster,
which lose what has no body, answer by themselves, and cost most of the time in a flood.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher.base import MatcherBase

from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.parse_roster import QUERY as ROSTER_QUERY

if TYPE_CHECKING:
    from tui_xmpp.xmpp.client import SafeClient

log = logging.getLogger(__name__)

Reader = Callable[[Element], None]

_SLIXMPPS_OWN = ("IM", "IMError", "Presence", "Roster Update")


def take_stanzas(client: "SafeClient", message: Reader, presence: Reader, answer: Reader, roster_push: Reader) -> None:
    """Register the readers with a client, for the whole of its life."""
    for name in _SLIXMPPS_OWN:
        client.remove_handler(name)
    for name, matches, reader in (
        ("message", is_message, message),
        ("presence", is_presence, presence),
        ("answer", is_answer, answer),
        ("roster push", is_roster_push, roster_push),
    ):
        client.register_handler(Callback(f"tui-xmpp {name}", _Matching(matches), _guarded(reader)))


def is_message(stanza: Element) -> bool:
    """Whether it is any message."""
    return stanza.tag == names.MESSAGE


def is_presence(stanza: Element) -> bool:
    """Whether it is any presence."""
    return stanza.tag == names.PRESENCE


def is_answer(stanza: Element) -> bool:
    """Whether it answers a request."""
    return stanza.tag == names.IQ and stanza.get("type") in {"result", "error"}


def is_request(stanza: Element) -> bool:
    """Whether it asks for an answer."""
    return stanza.tag == names.IQ and stanza.get("type") in {"get", "set"}


def is_roster_push(stanza: Element) -> bool:
    """Whether it claims to be a change of the contact list."""
    return stanza.tag == names.IQ and stanza.get("type") == "set" and stanza.find(ROSTER_QUERY) is not None


class _Matching(MatcherBase):
    """Matches by a plain function on the stanza's XML."""

    def __init__(self, matches: Callable[[Element], bool]) -> None:
        super().__init__(matches)
        self._matches = matches

    def match(self, xml: StanzaBase) -> bool:
        """Whether the handler wants the stanza."""
        return self._matches(xml.xml)


def _guarded(reader: Reader) -> Callable[[StanzaBase], None]:
    """Return a handler that never raises: slixmpp would tell what was raised to the stanza's sender."""

    def handle(stanza: StanzaBase) -> None:
        try:
            reader(stanza.xml)
        except Exception:
            log.exception("a stanza could not be handled")

    return handle
