"""The one change made to a class of slixmpp: an error in a handler of ours is nobody else's business.

By default slixmpp answers the sender of any stanza whose handler fails with an error that carries text, in rooms too.
It has to be changed at the root of all stanzas, since forwarded and decrypted ones are made in many places.
"""

import logging

from slixmpp.exceptions import XMPPError
from slixmpp.stanza import Iq
from slixmpp.stanza.rootstanza import RootStanza

from tui_xmpp.errors import Unavailable

_log = logging.getLogger(__name__)


def keep_failures_to_ourselves() -> None:
    """Log a handler's failure; only requests get an answer, which says no more than its condition."""
    RootStanza.exception = _failed  # type: ignore[method-assign]  # see the module's docstring


def _failed(stanza: RootStanza, error: Exception) -> None:
    deliberate = isinstance(error, XMPPError)
    if not deliberate:
        _log.error("a handler failed on a stanza of kind %s", stanza.name, exc_info=error)
    if not isinstance(stanza, Iq) or stanza.xml.get("type") not in {"get", "set"}:
        return
    reply = stanza.reply()  # type: ignore[no-untyped-call]  # slixmpp has no types there
    reply["id"] = stanza.xml.get("id", "")
    reply["error"]["condition"] = error.condition if isinstance(error, XMPPError) else "internal-server-error"
    try:
        reply.send()
    except Unavailable:
        _log.debug("the line was gone before a request could be answered")
