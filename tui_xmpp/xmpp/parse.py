"""The small readings that all stanza parsers share: addresses, times, texts, errors; none of them raises.

What cannot be read gives None or nothing at all, and is logged where a stanza is dropped for it.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from xml.etree.ElementTree import Element

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.conditions import plain_words

log = logging.getLogger(__name__)

IDENTIFIER_LIMIT = 1024
"""Longest id that is taken; a longer one counts as missing, since a cut one would match nothing."""

_PLAIN_LABEL = r"(?!xn--)[a-z0-9-]{1,63}"
_PLAIN_ADDRESS = re.compile(rf"(?:([a-z0-9._+-]+)@)?({_PLAIN_LABEL}(?:\.{_PLAIN_LABEL})*)(?:/([A-Za-z0-9_.+-]+))?")
_PLAIN_LIMIT = 256
"""Addresses in which there is nothing to normalise: most of all that come, and far quicker to read."""

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,9})\s*")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_ERROR = names.tag(names.CLIENT, "error")
_ERROR_TEXT = names.tag(names.STANZA_ERRORS, "text")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@lru_cache(maxsize=4096)
def address(text: str | None) -> Address | None:
    """Return the address that a text names; None for none and for a bad one. Remembers the last ones."""
    if not text:
        return None
    plain = _PLAIN_ADDRESS.fullmatch(text)
    if plain is not None and len(text) < _PLAIN_LIMIT:
        return Address(plain[2], plain[1] or "", plain[3] or "")
    try:
        return Address.parse(text)
    except AddressError:
        log.info("a bad address was ignored: %.80r", text)
        return None


def occupant_nick(text: str | None, room: Address) -> str:
    """Return a nickname as the resource of an occupant's address would have it; empty when it cannot be one."""
    if not text:
        return ""
    try:
        return room.with_resource(text).resource
    except AddressError:
        return ""


def identifier(text: str | None) -> str:
    """Return an id as it came; empty for none and for one of absurd length."""
    return text if text and len(text) <= IDENTIFIER_LIMIT else ""


def number(text: str | None, default: int, low: int, high: int) -> int:
    """Return a decimal number within bounds, else the default."""
    written = _NUMBER.fullmatch(text) if text and len(text) < 20 else None
    value = int(written[1]) if written is not None else default
    return value if low <= value <= high else default


def flag(text: str | None) -> bool:
    """Return whether an XML Schema boolean says true."""
    return text in {"true", "1"}


def timestamp(text: str | None) -> int | None:
    """Return µs since the epoch of a time by XEP-0082 §3.2, None for what is none; no zone counts as UTC."""
    if not text or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None


def written_time(microseconds: int) -> str:
    """Return a time as XEP-0082 §3.2 writes it, in UTC; absurd ones are clamped to the years 1970 to 9999."""
    microseconds = max(0, min(microseconds, 253_402_300_799_000_000))
    return (_EPOCH + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def line(element: Element | None) -> str:
    """Return an element's own text cleaned for one line; empty without the element."""
    return clean_line(element.text or "") if element is not None else ""


def child_line(parent: Element, tag: str) -> str:
    """Return the text of the first child of that name, cleaned for one line."""
    return line(parent.find(tag))


def preferred(elements: list[Element]) -> Element | None:
    """Return the one of several language versions to show: the one without a language, else the first."""
    for element in elements:
        if _LANG not in element.attrib:
            return element
    return elements[0] if elements else None


def error(stanza: Element) -> tuple[str, str]:
    """Return the defined condition of a stanza of type error and what to tell people (RFC 6120 §8.3).

    The condition is `undefined-condition` where the stanza gives none.
    """
    element = stanza.find(_ERROR)
    if element is None:
        return "undefined-condition", plain_words("undefined-condition")
    condition = next(_conditions(element), "undefined-condition")
    return condition, plain_words(condition, child_line(element, _ERROR_TEXT))


def error_text(stanza: Element) -> str:
    """Return the text that the other side put into an error stanza, cleaned; mostly empty."""
    return child_line(stanza, f"{_ERROR}/{_ERROR_TEXT}")


def _conditions(element: Element) -> Iterator[str]:
    for child in element:
        namespace, _, name = child.tag[1:].rpartition("}")
        if namespace == names.STANZA_ERRORS and name != "text":
            yield clean_line(name, limit=80)
