"""What asks a person something unbidden, said once and answered by number."""

from collections.abc import Sequence

from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.commands import AnswerRequest
from tui_xmpp.model.omemo import Device
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.screens.words import LOOK_ALIKE_WARNING, address_with_warning, ago, request_meaning, request_warning


def request_line(request: Request, devices: Sequence[Device], clock: Clock) -> str:
    """One request in full: addresses first, claims later (SECURITY 22)."""
    who = address_with_warning(request.sender)
    warning = f" {LOOK_ALIKE_WARNING}" if request.sender.is_look_alike else ""
    claim = f", who says to be “{clean_line(request.nick)}”," if request.nick else ""
    match request.kind:
        case RequestKind.INVITATION:
            room = address_with_warning(request.room) if request.room is not None else "a room"
            what = f"invites you to {room}"
        case RequestKind.DEVICE if request.sender == request.account:
            who, what = "Your account", "has a new device; /devices me says its fingerprint"
        case RequestKind.DEVICE:
            what = "has a new device; /devices says its fingerprint in their chat"
        case RequestKind.SUBSCRIPTION:
            what = "asks to see when you are here"
    unlisted = request_warning(request, devices)
    what += f" ({unlisted})" if unlisted else ""
    text = f": {clean_line(request.text)}" if request.text else ""
    since = f" ({ago(request.time, clock)})" if request.time else ""
    return (
        f"Request {request.id}: {who}{claim} {what}{text}{since}.{warning} "
        f"/accept {request.id} or /decline {request.id}."
    )


async def say_requests(talk: Talk, _rest: str) -> None:
    """Say who waits for an answer, and what answering does."""
    requests = talk.engine.requests()
    if not requests:
        talk.say("Nobody waits for an answer.")
    for request in requests:
        devices = talk.engine.devices(request.account, request.sender)
        talk.say(request_line(request, devices, talk.clock), request_meaning(request))


async def accept(talk: Talk, rest: str) -> None:
    """Accept a request."""
    _answer(talk, rest, accept=True)


async def decline(talk: Talk, rest: str) -> None:
    """Decline a request."""
    _answer(talk, rest, accept=False)


def _answer(talk: Talk, rest: str, *, accept: bool) -> None:
    """What strangers ask is only answered by its number, on purpose."""
    requests = {str(request.id): request for request in talk.engine.requests()}
    if rest not in requests:
        talk.say("Which request? Write its number; /requests says all of them.")
        return
    done = "Accepted." if accept else "Declined."
    talk.wish(AnswerRequest(requests[rest].id, accept), done)
