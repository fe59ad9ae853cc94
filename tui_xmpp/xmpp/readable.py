"""A stanza as text for people: indented, cleaned, and of a size that can be looked at."""

from copy import deepcopy
from xml.etree.ElementTree import Element, indent

from slixmpp.xmlstream import tostring

from tui_xmpp.model.text import clean


def readable(stanza: Element) -> str:
    """Return the XML of a stanza that the guard has let through, so that it is not too deep for this."""
    shown = deepcopy(stanza)
    indent(shown)
    return clean(tostring(shown, xmlns="jabber:client"))
