"""Sorts the stanzas of one client to those who read them, in stream order.

Messages and presence go straight to their readers: the library has nothing for them that is used here, loses what has
no body, answers by itself, and costs most of the time in a flood. Of its requests and answers it keeps its own.
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

_SLIXMPPS_OWN = "Roster Update"


def take_stanzas(client: "SafeClient", message: Reader, presence: Reader, answer: Reader, roster_push: Reader) -> None:
    """Register the readers with a client, for the whole of its life."""
    client.read_with(names.MESSAGE, _guarded(message))
    client.read_with(names.PRESENCE, _guarded(presence))
    client.remove_handler(_SLIXMPPS_OWN)
    for name, matches, reader in (("answer", is_answer, answer), ("roster push", is_roster_push, roster_push)):
        client.register_handler(Callback(f"tui-xmpp {name}", _Matching(matches), _handler(reader)))


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


def _guarded(reader: Reader) -> Reader:
    """Return a reader that never raises: the stream goes on, whatever is wrong with a stanza."""

    def read(stanza: Element) -> None:
        try:
            reader(stanza)
        except Exception:
            log.exception("a stanza could not be handled")

    return read


def _handler(reader: Reader) -> Callable[[StanzaBase], None]:
    """Return a handler that never raises: slixmpp would tell what was raised to the stanza's sender."""
    read = _guarded(reader)
    return lambda stanza: read(stanza.xml)
