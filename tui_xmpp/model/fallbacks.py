"""Where the fallback parts of a body lie once the body has been cleaned (XEP-0428 §2.2)."""

from collections.abc import Iterable
from itertools import accumulate, pairwise

from tui_xmpp.model.message_parts import Fallback
from tui_xmpp.model.text import BODY_LIMIT, clean


def fitted(fallbacks: Iterable[Fallback], raw: str, cleaned: str) -> tuple[Fallback, ...]:
    """Return those whose range lies within the raw body, moved to where it lies in `cleaned`, which is `clean(raw)`.

    Senders count the characters that they sent (XEP-0426), and cleaning takes some out. Dropped are ranges that are
    empty or reach beyond the end, and all ranges where one of them cuts through what cleaning sees as a whole, as the
    middle of an emoji: nobody could say where they lie then. What is dropped is shown, and nothing is lost.
    """
    whole = [one for one in fallbacks if one.end is None]
    ranges = [one for one in fallbacks if one.end is not None and 0 <= one.start < one.end <= len(raw)]
    if cleaned == raw or not ranges:
        return (*whole, *ranges)
    text = raw if len(raw) <= BODY_LIMIT else raw[: BODY_LIMIT - 1] + "…"
    places = [(one.namespace, min(one.start, len(text)), min(one.end or 0, len(text))) for one in ranges]
    edges = sorted({0, len(text), *(start for _, start, _ in places), *(end for _, _, end in places)})
    pieces = [clean(text[start:end]) for start, end in pairwise(edges)]
    if "".join(pieces) != cleaned:
        return tuple(whole)
    moved = dict(zip(edges, accumulate(map(len, pieces), initial=0), strict=True))
    fallen = (Fallback(namespace, moved[start], moved[end]) for namespace, start, end in places)
    return (*whole, *(one for one in fallen if one.start < (one.end or 0)))
