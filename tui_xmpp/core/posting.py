"""One text sent for another process of the same person (`tui-xmpp send`), which hears what becomes of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tui_xmpp.core.hub import Hub
from tui_xmpp.core.outbox_queue import State
from tui_xmpp.core.session import Session
from tui_xmpp.core.visit import MUC
from tui_xmpp.core.wording import REFUSED
from tui_xmpp.errors import ConnectionFailed, MustEncrypt, NotConfirmed, RequestFailed, TuiXmppError, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.letter import Letter
from tui_xmpp.model.message import Delivery, Message

_LOOK = 5.0
"""Seconds for the answer to a question that is not worth the whole patience."""


async def post(session: Session, letter: Letter, patience: float) -> bool:
    """Send it and return when the server has it, or the room has passed it on; False: it is for a room without us.

    It is sent as if it were written here. Raises MustEncrypt, ConnectionFailed, RequestFailed or Unavailable when it
    was not sent, and then it is not kept to be sent later; NotConfirmed when nobody knows within `patience` seconds.
    """
    news, outbox, message_id = _News(session.context.hub), session.outbox, 0
    try:
        async with asyncio.timeout(patience):
            await news.until(lambda: session.context.online)
            place = await _place(session, letter)
            if place is None:
                return False
            key, kind = place
            held = next((one.held for one in outbox.queue if one.key == key and one.held), "")
            if held:
                raise MustEncrypt(f"A message before it is held back. {held}")
            message_id = await outbox.send(key, kind, letter.body, in_clear=letter.in_clear)
            await news.until(lambda: has_arrived(session.context.store.messages.get(message_id)))
            if kind is ChatKind.CONTACT:
                await _hear_refusal(session, message_id)
    except TimeoutError:
        if message_id and not await _withdraw(session, message_id):
            raise NotConfirmed(f"The server did not confirm the message within {patience:g} seconds.") from None
        raise ConnectionFailed(f"It could not be sent within {patience:g} seconds; nothing was sent.") from None
    except asyncio.CancelledError:
        if message_id and not await _withdraw(session, message_id):
            raise NotConfirmed("tui-xmpp was closed before the server confirmed the message.") from None
        raise
    except TuiXmppError:
        if message_id:
            await _withdraw(session, message_id)
        raise
    finally:
        news.stop()
    return True


def has_arrived(message: Message | None) -> bool:
    """Whether an own message is at the server. Raises what keeps it from getting there."""
    if message is None:
        raise RequestFailed("It was deleted before it went out.", title="Not sent")
    if message.delivery is Delivery.FAILED:
        raise RequestFailed(message.error or REFUSED)
    if message.delivery is Delivery.PENDING and message.error:
        raise MustEncrypt(message.error)
    return message.delivery is not Delivery.PENDING


async def _place(session: Session, letter: Letter) -> tuple[ChatKey, ChatKind] | None:
    """The chat that it belongs to; None: it is for a room in which we are not."""
    own, bare = session.context.own, letter.recipient.bare
    key = ChatKey(own, bare)
    room = session.rooms.known(bare)
    if room is not None and room.wanted:
        is_to_all = letter.recipient.is_bare
        return (key, ChatKind.ROOM) if is_to_all else (ChatKey(own, letter.recipient), ChatKind.PRIVATE)
    if letter.is_to_room or session.chats.kind(key) is ChatKind.ROOM:
        return None
    is_known = session.contacts.get(bare) is not None or session.chats.is_open(key) or bare.domain == own.domain
    if not is_known and bare.local and await _is_room(session, bare):
        return None
    return key, ChatKind.CONTACT


async def _is_room(session: Session, address: Address) -> bool:
    with suppress(TimeoutError, RequestFailed):
        async with asyncio.timeout(_LOOK):
            return MUC in (await session.context.line().room_info(address)).features
    return False


async def _hear_refusal(session: Session, message_id: int) -> None:
    """Raise what our own server has refused by now: it answers in order (RFC 6120 §10.1)."""
    with suppress(TimeoutError, RequestFailed, Unavailable):
        async with asyncio.timeout(_LOOK):
            await session.context.line().room_info(Address(session.context.own.domain))
    await session.context.pen.settled()
    has_arrived(session.context.store.messages.get(message_id))


async def _withdraw(session: Session, message_id: int) -> bool:
    """Delete the message, if it has not been written yet; false: it has been."""
    queued = session.outbox.queue.message(message_id)
    if queued is None or queued.state not in {State.FRESH, State.CLOSING} or not isinstance(queued.what, Message):
        return False
    session.outbox.drop(queued.what)
    await session.context.pen.settled()
    return True


class _News:
    """Wakes up whoever waits for something each time that anything has happened."""

    def __init__(self, hub: Hub) -> None:
        self._happened = asyncio.Event()
        self.stop = hub.subscribe(lambda _events: self._happened.set())

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return when it holds."""
        while not holds():
            self._happened.clear()
            await self._happened.wait()
