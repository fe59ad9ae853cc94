"""What a server means when it ends a stream with an error, in people's words (RFC 6120 §4.9.3)."""

from xml.etree.ElementTree import Element

from tui_xmpp.errors import ConnectionFailed, LoginRefused, NetworkError
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp.guard import STREAMS
from tui_xmpp.xmpp.names import tag

STREAM_ERROR = tag(STREAMS, "error")
_CONDITIONS = "urn:ietf:params:xml:ns:xmpp-streams"
_TEXT_LIMIT = 200

_WORDS = {
    "conflict": "This account was opened by the same program elsewhere.",
    "connection-timeout": "The server gave up waiting for this computer.",
    "host-gone": "The server no longer serves this address.",
    "host-unknown": "The server does not serve this address.",
    "internal-server-error": "The server has a problem of its own.",
    "policy-violation": "The server ended the connection because of its rules.",
    "remote-connection-failed": "The server cannot reach a service that it needs.",
    "reset": "The server asks to connect anew.",
    "resource-constraint": "The server is too busy now.",
    "see-other-host": "The server sent us to another host, which is not followed.",
    "system-shutdown": "The server is shutting down.",
    "undefined-condition": "The server ended the connection.",
}


def condition(error: Element) -> str:
    """The defined condition of a `<stream:error>`; `undefined-condition` where there is none."""
    for child in error:
        namespace, _, name = child.tag.removeprefix("{").partition("}")
        if namespace == _CONDITIONS and name != "text":
            return name
    return "undefined-condition"


def plain_reason(error: Element) -> str:
    """A sentence for people, with the server's own text in quotation marks where it gave one."""
    words = _WORDS.get(condition(error), _WORDS["undefined-condition"])
    text = clean_line(error.findtext(tag(_CONDITIONS, "text"), ""), limit=_TEXT_LIMIT)
    return f"{words} (“{text}”)" if text else words


def stream_error(error: Element) -> NetworkError:
    """The exception for a stream error that came while signing in."""
    if condition(error) == "not-authorized":
        return LoginRefused(plain_reason(error))
    return ConnectionFailed(plain_reason(error))
