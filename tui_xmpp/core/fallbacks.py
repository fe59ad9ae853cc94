"""Which part of a body is only there for clients without a feature (XEP-0428), and so is not shown here.

Only what stands for something that is shown in another way is cut (SECURITY 18): the quotation of an answer, since the
answer is drawn with its original; the sentence that comes with a reaction or a retraction.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tui_xmpp.model.message_parts import Fallback
from tui_xmpp.model.stanzas import MessageReceived
from tui_xmpp.model.text import BODY_LIMIT

REPLY = "urn:xmpp:reply:0"
_UNSAID = ""
"""Before version 0.2 the element did not say what it is for."""
_REACTIONS = frozenset({"urn:xmpp:reactions:0", _UNSAID})
_RETRACTION = frozenset(
    {
        "urn:xmpp:message-retract:1",
        "urn:xmpp:message-retract:0",
        "urn:xmpp:message-moderate:1",
        "urn:xmpp:message-moderate:0",
        _UNSAID,
    }
)

QUOTED_LINES = 10
QUOTED_CHARACTERS = 500
"""Most of an original that an answer quotes for clients that know no answers."""


class Shown(NamedTuple):
    """A body in two parts."""

    text: str
    """What is shown."""
    quoted: str
    """What was cut as a quotation, without its marks."""


def shown(message: MessageReceived, *, is_answer: bool) -> Shown:
    """Cut what of a message's body stands for what is drawn in another way; `is_answer` if it is drawn with a quote.

    An answer of which nothing would be left is shown as it is.
    """
    body = message.body or ""
    if not message.fallbacks:
        return Shown(body, "")
    if message.reactions is not None:
        body, _ = _cut(body, _of(message, _REACTIONS))
    if message.retraction is not None:
        body, _ = _cut(body, _of(message, _RETRACTION))
    if body != (message.body or "") or not is_answer:
        return Shown(body, "")
    rest, cut = _cut(body, _of(message, frozenset({REPLY})))
    return Shown(rest.lstrip("\n"), _without_marks(cut)) if cut and rest.strip() else Shown(body, "")


def quotation(original: str) -> str:
    """An original as an answer quotes it, each line behind a mark, for clients that know no answers."""
    cut = original[:QUOTED_CHARACTERS]
    lines = cut.split("\n")
    more = len(lines) > QUOTED_LINES or len(cut) < len(original)
    return "".join(f"> {line}\n" for line in [*lines[:QUOTED_LINES], *(["…"] if more else [])])


def with_quotation(body: str, original: str) -> tuple[str, tuple[Fallback, ...]]:
    """An answer as it goes out, and which part of it is the quotation; without one where there is no room for it."""
    before = quotation(original) if original else ""
    if not before or len(before) + len(body) > BODY_LIMIT:
        return body, ()
    return before + body, (Fallback(REPLY, 0, len(before)),)


def _of(message: MessageReceived, namespaces: frozenset[str]) -> Iterable[Fallback]:
    return (fallback for fallback in message.fallbacks if fallback.namespace in namespaces)


def _cut(body: str, fallbacks: Iterable[Fallback]) -> tuple[str, str]:
    """What is left of a body, and what was cut."""
    left, cut, at = "", "", 0
    ranges = ((fallback.start, len(body) if fallback.end is None else fallback.end) for fallback in fallbacks)
    for start, end in sorted(ranges):
        left += body[at : max(at, start)]
        cut += body[max(at, start) : max(at, end)]
        at = max(at, end)
    return left + body[at:], cut


def _without_marks(quoted: str) -> str:
    lines = (line.removeprefix(">").removeprefix(" ") for line in quoted.split("\n"))
    return "\n".join(lines).strip()
