"""What others ask of us unbidden: to see our presence, to come into a room (SECURITY 26)."""

import logging
from collections.abc import Callable

from tui_xmpp.core.clock import now
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.events import ProblemRaised, RequestAdded, RequestRemoved
from tui_xmpp.model.message_parts import Invitation
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.model.stanzas import SubscriptionAction, SubscriptionReceived
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


class Requests:
    """The requests to one account; the store keeps only so many of each sender and in all."""

    def __init__(self, context: Context, contacts: Contacts) -> None:
        self._context = context
        self._contacts = contacts
        self._new_devices: list[Request] = []
        """Requests that a transaction has added and nobody was told of yet."""

    # What comes in

    def subscription(self, signal: SubscriptionReceived) -> None:
        """Somebody asks to see our presence, or takes back, or answers what we asked."""
        sender = signal.sender.bare
        contact = self._contacts.get(sender)
        match signal.action:
            case SubscriptionAction.SUBSCRIBE:
                self._asked(signal)
            case SubscriptionAction.UNSUBSCRIBE:
                self.settled(sender)
            case SubscriptionAction.UNSUBSCRIBED:
                if contact is not None and contact.asked:
                    text = f"{contact.title} does not let you see when they are here."
                    self._context.hub.publish(ProblemRaised(self._context.own, "Request declined", text))
            case SubscriptionAction.SUBSCRIBED:
                log.info("%s lets us see their presence", sender)

    def _asked(self, signal: SubscriptionReceived) -> None:
        """Ask a person, unless we asked them ourselves: then the way back needs no question.

        Whether we did is known when all is written that our server has told before.
        """
        own, sender, time = self._context.own, signal.sender.bare, now()

        def add(writes: Writes) -> tuple[bool, Request | None]:
            contact = writes.contacts.get(own, sender)
            if contact is not None and (contact.asked or contact.subscription is not Subscription.NONE):
                return True, None
            kind, text, nick = RequestKind.SUBSCRIPTION, signal.status, signal.nick
            return False, writes.add_request(own, kind, sender, text=text, nick=nick, time=time)

        def added(result: tuple[bool, Request | None]) -> None:
            is_answered, request = result
            if is_answered and self._context.online:
                self._context.line().answer_subscription(sender, accept=True)
            self._added(request)

        self._context.pen.write_soon(add, added)

    def invitation(self, invitation: Invitation) -> None:
        """Somebody invites us into a room that we are not in."""
        inviter = invitation.inviter if invitation.inviter is not None else invitation.room
        self._add(
            RequestKind.INVITATION,
            inviter.bare,
            room=invitation.room,
            text=invitation.reason,
            password=invitation.password,
            # Most rooms name the inviter by nickname only.
            nick=clean_line(inviter.resource) if inviter.bare == invitation.room else "",
        )

    def _add(
        self,
        kind: RequestKind,
        sender: Address,
        *,
        room: Address | None = None,
        text: str = "",
        password: str = "",
        nick: str = "",
    ) -> None:
        own, time = self._context.own, now()

        def add(writes: Writes) -> Request | None:
            return writes.add_request(own, kind, sender, room=room, text=text, password=password, nick=nick, time=time)

        self._context.pen.write_soon(add, self._added)

    def _added(self, request: Request | None) -> None:
        if request is not None:
            self._context.hub.publish(RequestAdded(request))

    def device_in(self, writes: Writes, owner: Address, device: int) -> None:
        """Somebody has a new device that must be decided on; in the transaction that learns of it."""
        writes.ask_about(self._context.own, owner, device)
        request = writes.add_request(self._context.own, RequestKind.DEVICE, owner, time=now())
        if request is not None:
            self._new_devices.append(request)

    def look_for_devices(self) -> None:
        """Tell of what `device_in` has added, now that it is on disk."""
        new, self._new_devices = self._new_devices, []
        for request in new:
            self._added(request)

    def devices_settled(self, owner: Address) -> None:
        """Nothing is left to decide on somebody's devices."""
        self._remove(RequestKind.DEVICE, owner, None)

    def settled(self, sender: Address, room: Address | None = None) -> None:
        """What this sender asked needs no answer any more: taken back, or answered by another of our clients."""
        self._remove(RequestKind.SUBSCRIPTION if room is None else RequestKind.INVITATION, sender, room)

    def asked_ourselves(self, sender: Address) -> None:
        """We ask to see somebody, or see them already: if they ask for the same, that needs no question any more.

        What they ask may come before our server has told us of what we ask ourselves.
        """

        def answered(numbers: tuple[int, ...]) -> None:
            self._gone(numbers)
            if numbers and self._context.online:
                self._context.line().answer_subscription(sender, accept=True)

        self._remove(RequestKind.SUBSCRIPTION, sender, None, answered)

    def _remove(
        self,
        kind: RequestKind,
        sender: Address,
        room: Address | None,
        then: Callable[[tuple[int, ...]], None] | None = None,
    ) -> None:
        own = self._context.own

        def remove(writes: Writes) -> tuple[int, ...]:
            over = tuple(
                request.id
                for request in writes.requests.all()
                if request.account == own
                and request.kind is kind
                and (request.sender == sender if room is None else request.room == room)
            )
            for number in over:
                writes.remove_request(number)
            return over

        self._context.pen.write_soon(remove, self._gone if then is None else then)

    def _gone(self, numbers: tuple[int, ...]) -> None:
        for number in numbers:
            self._context.hub.publish(RequestRemoved(number))

    # Wishes

    async def answer_subscription(self, request: Request, *, accept: bool) -> None:
        """Let somebody see our presence and ask to see theirs, or decline."""
        self._context.line().answer_subscription(request.sender, accept)
        await self.remove(request)
        contact = self._contacts.get(request.sender)
        if accept and (contact is None or not (contact.subscription.we_see_them or contact.asked)):
            await self._contacts.add(request.sender, request.nick if contact is None else contact.name, ())

    def decline_invitation(self, request: Request) -> None:
        """Tell the room that we do not come."""
        if request.room is None:
            raise RequestFailed("The invitation names no room.")
        inviter = request.sender
        if inviter == request.room:
            if not request.nick:
                return
            inviter = request.room.with_resource(request.nick)
        self._context.line().decline_invitation(request.room, inviter)

    async def remove(self, request: Request) -> None:
        """Take an answered request off the list."""
        await self._context.pen.write(lambda writes: writes.remove_request(request.id))
        self._context.hub.publish(RequestRemoved(request.id))
