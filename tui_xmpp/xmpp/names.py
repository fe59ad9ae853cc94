"""XML namespaces and qualified names used on the wire, each named once."""

CLIENT = "jabber:client"
STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
ROSTER = "jabber:iq:roster"
PRIVATE_STORAGE = "jabber:iq:private"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
CAPS = "http://jabber.org/protocol/caps"
RSM = "http://jabber.org/protocol/rsm"
FORM = "jabber:x:data"
PING = "urn:xmpp:ping"
DELAY = "urn:xmpp:delay"
FORWARD = "urn:xmpp:forward:0"
CARBONS = "urn:xmpp:carbons:2"
ARCHIVE = "urn:xmpp:mam:2"
CHAT_STATES = "http://jabber.org/protocol/chatstates"
RECEIPTS = "urn:xmpp:receipts"
MARKERS = "urn:xmpp:chat-markers:0"
CORRECTION = "urn:xmpp:message-correct:0"
STABLE_IDS = "urn:xmpp:sid:0"
OCCUPANT_IDS = "urn:xmpp:occupant-id:0"
HINTS = "urn:xmpp:hints"
ENCRYPTION = "urn:xmpp:eme:0"
NICK = "http://jabber.org/protocol/nick"
ROOM = "http://jabber.org/protocol/muc"
ROOM_USER = "http://jabber.org/protocol/muc#user"
ROOM_ADMIN = "http://jabber.org/protocol/muc#admin"
ROOM_OWNER = "http://jabber.org/protocol/muc#owner"
DIRECT_INVITATION = "jabber:x:conference"
PUBSUB = "http://jabber.org/protocol/pubsub"
PUBSUB_EVENT = "http://jabber.org/protocol/pubsub#event"
PUBSUB_OWNER = "http://jabber.org/protocol/pubsub#owner"
PUBSUB_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options"
PUBSUB_NODE_CONFIG = "http://jabber.org/protocol/pubsub#node_config"
BOOKMARKS = "urn:xmpp:bookmarks:1"
LEGACY_BOOKMARKS = "storage:bookmarks"

OMEMO_LEGACY = "eu.siacs.conversations.axolotl"
OMEMO = "urn:xmpp:omemo:2"
OPENPGP_LEGACY = "jabber:x:encrypted"
OPENPGP = "urn:xmpp:openpgp:0"


def tag(namespace: str, name: str) -> str:
    """Return the qualified name as ElementTree writes it."""
    return f"{{{namespace}}}{name}"


MESSAGE = tag(CLIENT, "message")
PRESENCE = tag(CLIENT, "presence")
IQ = tag(CLIENT, "iq")
