"""Service discovery (XEP-0030): asking others, and which features we show.

slixmpp's plugins answer questions and put the hash into presence (XEP-0115). What they would ask by themselves,
every stranger and every occupant who shows capabilities, is taken out (SECURITY 27).
"""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

import slixmpp.plugins.xep_0004
import slixmpp.plugins.xep_0030
import slixmpp.plugins.xep_0115
import slixmpp.plugins.xep_0128
import slixmpp.plugins.xep_0199  # noqa: F401 - loaded with this module, so that making a connection costs little
from slixmpp.jid import JID

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.omemo.nodes import DEVICE_NODES

if TYPE_CHECKING:
    from tui_xmpp.xmpp.client import SafeClient

FEATURES = (
    names.BOOKMARKS + "+notify",
    names.CHAT_STATES,
    names.CORRECTION,
    names.DELAY,
    names.DIRECT_INVITATION,
    names.DISPLAYED + "+notify",
    names.FALLBACK,
    names.MARKERS,
    names.MODERATION,
    names.REACTIONS,
    names.RECEIPTS,
    names.REPLY,
    names.RETRACTION,
    names.ROOM,
    names.STABLE_IDS,
    names.STYLING,
    *(f"{node}+notify" for node in DEVICE_NODES),
)
"""What we understand beside slixmpp's plugins; `+notify` asks for events of that node of ours (XEP-0163 §4)."""

CAPS_NODE = "urn:x-tui-xmpp"
"""Names this software in capabilities (XEP-0115 §4)."""

_INFO_QUERY = names.tag(names.DISCO_INFO, "query")
_IDENTITY = names.tag(names.DISCO_INFO, "identity")
_FEATURE = names.tag(names.DISCO_INFO, "feature")
_ITEMS_QUERY = names.tag(names.DISCO_ITEMS, "query")
_ITEM = names.tag(names.DISCO_ITEMS, "item")
_SET = names.tag(names.RSM, "set")
_MAX = names.tag(names.RSM, "max")

_FEATURES_LIMIT = 1000
"""Most features taken from one answer."""


@frozen
class Identity:
    """What kind of thing an entity says it is (XEP-0030 §3.1)."""

    category: str
    type: str
    name: str = ""


@frozen
class Info:
    """An answer to disco#info."""

    identities: tuple[Identity, ...]
    features: frozenset[str]


def install(client: "SafeClient") -> None:
    """Let a client answer questions about itself and show its capabilities; pings are answered too (XEP-0199)."""
    client.register_plugin("xep_0030", {"use_cache": False})  # or anybody could fill it unasked
    client.register_plugin("xep_0115", {"caps_node": CAPS_NODE})
    client.register_plugin("xep_0199")
    client.remove_handler("Entity Capabilities")
    discovery = client.plugin["xep_0030"]

    def describe(_jid: JID) -> None:
        """Say what we are; for each session, since slixmpp keeps it by our full address."""
        discovery.add_identity(category="client", itype="console", name="tui-xmpp")
        discovery.del_feature(feature=names.FORM)  # slixmpp claims it for us, but nobody here fills in a form
        for feature in FEATURES:
            discovery.add_feature(feature)

    client.add_event_handler("session_bind", describe)


async def refresh_capabilities(client: "SafeClient") -> None:
    """Compute the hash of our features for the next presence (XEP-0115 §5); to be called when they have changed."""
    await client.plugin["xep_0115"].update_caps(broadcast=False)


async def ask_info(requests: Requests, address: Address) -> Info:
    """Ask an entity what it is and what it can do. Raises RequestFailed."""
    query = (await requests.get(Element(_INFO_QUERY), address)).find(_INFO_QUERY)
    return Info((), frozenset()) if query is None else parse_info(query)


async def ask_items(requests: Requests, address: Address, limit: int) -> tuple[tuple[Address, str], ...]:
    """Ask an entity for what belongs to it: address and name, at most `limit`. Raises RequestFailed.

    The limit is asked for too (XEP-0059), since a list of ten thousand rooms is more than one stanza may hold here.
    """
    payload = Element(_ITEMS_QUERY)
    SubElement(SubElement(payload, _SET), _MAX).text = str(limit)
    query = (await requests.get(payload, address)).find(_ITEMS_QUERY)
    return () if query is None else parse_items(query, limit)


def parse_info(query: Element) -> Info:
    """Read the answer to disco#info."""
    identities = tuple(
        Identity(item.get("category", ""), item.get("type", ""), clean_line(item.get("name", "")))
        for item in query.findall(_IDENTITY)[:_FEATURES_LIMIT]
    )
    features = frozenset(feature.get("var", "") for feature in query.findall(_FEATURE)[:_FEATURES_LIMIT])
    return Info(identities, features)


def parse_items(query: Element, limit: int) -> tuple[tuple[Address, str], ...]:
    """Read the answer to disco#items; items with a bad address and doubles are left out."""
    items: dict[Address, str] = {}
    for item in query.iterfind(_ITEM):
        address = parse.address(item.get("jid"))
        if address is not None and len(items) < limit:
            items.setdefault(address, clean_line(item.get("name", "")))
    return tuple(items.items())
