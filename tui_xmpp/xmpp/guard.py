"""The guard in front of everything that reads XML from a server: bytes in, checked top-level elements out.

An honest stream is one element that lasts as long as the connection, with small, shallow stanzas in it and nothing
but tags and text (RFC 6120 §11.1). Whatever else comes is an attack on the parser or on those behind it (SECURITY 6),
and raises `StreamUnsafe` from inside the parser, before an element has been built.
"""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from tui_xmpp.errors import NoChatServer, StreamUnsafe
from tui_xmpp.xmpp.names import tag

STREAMS = "http://etherx.jabber.org/streams"
STREAM = tag(STREAMS, "stream")

STANZA_LIMIT = 1024 * 1024
"""Most bytes of one stanza once signed in."""
EARLY_LIMIT = 64 * 1024
"""Most bytes of one element before that; nothing honest comes near."""
TAG_LIMIT = 64 * 1024
"""Most bytes of one tag with its attributes. expat looks at an unfinished tag anew with every read."""
DEPTH_LIMIT = 100
"""Deepest nesting within a stanza; the library walks stanzas by recursion."""
ELEMENT_LIMIT = 50_000
"""Most elements in one stanza; what walks them must not hold up the screen."""
NAME_LIMIT = 10_000
"""Most distinct names and prefixes in one stream; expat keeps each for as long as it lives."""

_TOO_MANY_NAMES = "The server makes up ever new names."


class Guard:
    """Parses one XML stream. `feed` never builds more than the limits allow, and never recurses."""

    def __init__(self, limit: int = EARLY_LIMIT) -> None:
        self.limit = limit
        self.header: dict[str, str] | None = None
        """Attributes of the server's `<stream:stream>`, once it has come."""
        self.ended = False
        """The server has closed its stream."""
        self._held = b""
        """The beginning of a tag whose end has not come yet."""
        self._done: list[Element] = []
        self._builder = TreeBuilder()
        self._depth = 0
        self._fed = 0
        self._start = 0
        self._elements = 0
        self._silent = 0
        self._names: dict[str, str] = {}
        self._prefixes: dict[str | None, str] = {}
        self._parser = self._new_parser()

    def feed(self, data: bytes) -> list[Element]:
        """Parse a piece of the stream; returns the stanzas that it completed. Raises StreamUnsafe."""
        if self.ended:
            return []
        data = self._held + data
        whole = _whole(data)
        data, self._held = data[:whole], data[whole:]
        if len(self._held) > TAG_LIMIT:
            raise StreamUnsafe("The server sent a tag too long to be taken in.")
        self._fed += len(data)
        self._silent += len(data)
        try:
            self._parser.Parse(data)
        except expat.ExpatError as error:
            if not self.ended:
                kind = NoChatServer if self.header is None else StreamUnsafe
                raise kind("The server sent something that is not XML.") from error
        if self._depth > 1 and self._fed - self._start > self.limit:
            raise StreamUnsafe("The server sent a message too large to be taken in.")
        if self._silent > TAG_LIMIT:
            raise StreamUnsafe("The server sent a tag too long to be taken in.")
        if len(self._prefixes) > NAME_LIMIT:
            raise StreamUnsafe(_TOO_MANY_NAMES)
        done, self._done = self._done, []
        return done

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8", "}", None)
        parser.buffer_text = True
        parser.StartElementHandler = self._element_started
        parser.EndElementHandler = self._element_ended
        parser.CharacterDataHandler = self._text
        # Counted after each piece: every element of every stanza declares one.
        parser.StartNamespaceDeclHandler = self._prefixes.setdefault
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.CommentHandler = _refuse
        parser.ProcessingInstructionHandler = _refuse
        parser.StartCdataSectionHandler = _refuse
        parser.SkippedEntityHandler = _refuse
        return parser

    def _element_started(self, name: str, attributes: dict[str, str]) -> None:
        self._silent = 0
        self._depth += 1
        if self._depth == 1:
            if self._name(name) != STREAM:
                raise NoChatServer("This is not a chat server: it answered with something else.")
            self.header = {self._name(key): value for key, value in attributes.items()}
            return
        if self._depth == 2:
            self._start = self._parser.CurrentByteIndex
            self._elements = 0
            self._builder = TreeBuilder()
        self._elements += 1
        if self._depth > DEPTH_LIMIT + 1 or self._elements > ELEMENT_LIMIT:
            raise StreamUnsafe("The server sent a message nested too deep or in too many pieces.")
        known = self._names
        tag = known.get(name) or self._name(name)
        if attributes:
            attributes = {known.get(key) or self._name(key): value for key, value in attributes.items()}
        self._builder.start(tag, attributes)

    def _element_ended(self, name: str) -> None:
        self._silent = 0
        self._depth -= 1
        if self._depth == 0:
            self.ended = True
            return
        self._builder.end(self._names.get(name) or self._name(name))
        if self._depth == 1:
            if self._parser.CurrentByteIndex - self._start > self.limit:
                raise StreamUnsafe("The server sent a message too large to be taken in.")
            self._done.append(self._builder.close())

    def _text(self, text: str) -> None:
        self._silent = 0
        if self._depth > 1:
            self._builder.data(text)
        elif text.strip():
            raise StreamUnsafe("The server sent text between the messages.")

    def _name(self, name: str) -> str:
        """A name as ElementTree writes it; the same string object for the same name."""
        known = self._names.get(name)
        if known is None:
            if len(self._names) >= NAME_LIMIT:
                raise StreamUnsafe(_TOO_MANY_NAMES)
            known = self._names[name] = "{" + name if "}" in name else name
        return known


def _whole(data: bytes) -> int:
    """How much of the data ends in no unfinished tag or reference.

    Newer versions of expat, and older ones with their distribution's fixes, hold back what they have seen a part of
    until twice as much has come, which on a quiet stream may be minutes; not every Python can turn that off. What is
    only given to them whole they do not hold back.
    """
    begin = max(data.rfind(b"<"), data.rfind(b"&", data.rfind(b";") + 1))
    return len(data) if begin < 0 or (data[begin] == _TAG and data.find(b">", begin) >= 0) else begin


_TAG = ord("<")


def _refuse(*_: object) -> None:
    raise StreamUnsafe("The server sent a part of XML that is forbidden in chats.")
