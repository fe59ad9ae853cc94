"""When a message is encrypted, to which devices, and what is thought of new ones (SECURITY 29, 30, 34); pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.omemo import ChatEncryption, ChatSecurity, Device, EncryptionWish, OmemoVersion, Security, Trust


class Course(Enum):
    """What is done with a message that is to go out."""

    PLAIN = auto()
    ENCRYPT = auto()
    HOLD = auto()
    """Neither: a person must decide."""


@frozen
class Circumstances:
    """What is known of a chat when a message is to go out."""

    kind: ChatKind
    wish: EncryptionWish
    """The chat's own, else the account's."""
    begun: bool
    """It was encrypted before."""
    is_private_room: bool = False
    """Members-only, and everybody sees everybody's address."""
    people: tuple[Address, ...] = ()
    """Whom it is for: the contact, or all who belong to the room, without ourselves."""
    reachable: frozenset[Address] = frozenset()
    """Those of them who have devices that are written to."""
    withheld: frozenset[Trust] = frozenset()
    """What is thought of their devices that are not."""
    decided: bool = False
    """A person has looked at their devices, see `is_decided`."""


@frozen
class Decision:
    """The course, and for HOLD why, in people's words."""

    course: Course
    reason: str = ""


_PLAIN = Decision(Course.PLAIN)
_ENCRYPT = Decision(Course.ENCRYPT)
_PRIVATE = "Private messages in rooms cannot be encrypted."
_OPEN_ROOM = "This room is not a private group any more, so nothing can be encrypted here."
_NO_DEVICE = "The other side has no device that can read encrypted messages."
_UNDECIDED = "There are new devices that you have not decided on yet."
_DISTRUSTED = "You trust none of the devices that it would go to."
_NOBODY = "Nobody here has a device that can read encrypted messages."


def decide(now: Circumstances) -> Decision:
    """Decide on the course. What was encrypted once never goes out in clear but by a person's wish (SECURITY 29)."""
    if now.wish is EncryptionWish.NEVER:
        return _PLAIN
    must = must_be(now.kind, now.wish, begun=now.begun, decided=now.decided)
    if now.kind is ChatKind.PRIVATE:
        return Decision(Course.HOLD, _PRIVATE) if must else _PLAIN
    if now.kind is ChatKind.ROOM and not now.is_private_room:
        return Decision(Course.HOLD, _OPEN_ROOM) if must else _PLAIN
    if must:
        return _ENCRYPT if now.reachable else Decision(Course.HOLD, _why_nobody(now))
    # A room changes over when nobody is shut out by it.
    return _ENCRYPT if now.people and now.reachable.issuperset(now.people) else _PLAIN


def _why_nobody(now: Circumstances) -> str:
    return why_refused(now.withheld) or (_NOBODY if now.kind is ChatKind.ROOM else _NO_DEVICE)


def why_refused(withheld: frozenset[Trust]) -> str:
    """Why devices are not written to, where that is a person's doing; else empty."""
    if Trust.UNDECIDED in withheld:
        return _UNDECIDED
    return _DISTRUSTED if Trust.DISTRUSTED in withheld else ""


def posture(
    kind: ChatKind,
    kept: ChatEncryption,
    wish: EncryptionWish,
    devices: Sequence[Device],
    *,
    is_possible: bool,
    reaches_all: Callable[[], bool],
) -> ChatSecurity:
    """How what is written in a chat goes out, by what is known now; `devices` are all that others in it ever had."""
    must = must_be(kind, wish, begun=kept.begun, decided=is_decided(devices))
    devices = [device for device in devices if device.listed]
    known = [device for device in devices if device.fingerprint]
    waiting = sum(device.trust is Trust.UNDECIDED for device in known)
    sent_to = [device for device in known if device.trust.is_sent_to]
    if wish is EncryptionWish.NEVER:
        state = Security.OFF
    elif must:
        refused = bool(withheld(devices)) and not candidates(devices)
        state = Security.ON if is_possible and not refused else Security.BLOCKED
    else:
        state = Security.ON if is_possible and reaches_all() else Security.NONE
    all_verified = bool(sent_to) and all(device.trust is Trust.VERIFIED for device in sent_to)
    return ChatSecurity(state, kept.wish, is_possible, verified=all_verified and not waiting, undecided=waiting)


def must_be(kind: ChatKind, wish: EncryptionWish, *, begun: bool, decided: bool) -> bool:
    """Whether a chat that may be encrypted is not written to in clear.

    Whoever has compared or refused keys of a contact counts on them, though nothing was said yet. In a room one of many
    members says nothing about the others.
    """
    return begun or wish is EncryptionWish.ALWAYS or (kind is ChatKind.CONTACT and decided)


def is_decided(devices: Iterable[Device]) -> bool:
    """Whether a person has decided on one of these devices, listed still or not; undecided are those after a first."""
    blind = {Trust.TRUSTED, Trust.UNPROVEN}
    return any(device.fingerprint and not device.own and device.trust not in blind for device in devices)


def withheld(devices: Iterable[Device]) -> frozenset[Trust]:
    """What is thought of the listed devices that are not written to."""
    return frozenset(device.trust for device in devices if device.listed and is_proven(device) and not _may(device))


def is_proven(device: Device | None) -> bool:
    """Whether a key is known to be this device's: its owner has published it, or a person has compared it."""
    return device is not None and bool(device.fingerprint) and device.trust is not Trust.UNPROVEN


def proves_what_came_before(device: Device) -> bool:
    """Whether what came with a device's key before it was proven is marked anew, by what is thought of it now.

    Refusing a device says nothing of what it wrote before.
    """
    return is_proven(device) and device.trust is not Trust.DISTRUSTED


def mine(device: Device) -> Device:
    """The device, marked as this very program."""
    return replace(device, own=True, trust=Trust.VERIFIED)


def is_anothers(sender: Address, device: Device | None, holders: Iterable[Device]) -> bool:
    """Whether a key that begins a session is not the sender's; `holders` are devices that have it (SECURITY 31).

    The old version does not say inside who wrote: whoever gets hold of a first message, which has all that a session
    needs, could send it as their own. Who publishes a key is believed; of the others who came first, though that may
    have been the thief: it is all that can be known then.
    """
    return not is_proven(device) and any(holder.address != sender for holder in holders)


def needs_people(kind: ChatKind, wish: EncryptionWish, *, is_private_room: bool) -> bool:
    """Whether it has to be known who has devices before a course can be decided on."""
    if wish is EncryptionWish.NEVER or kind is ChatKind.PRIVATE:
        return False
    return kind is ChatKind.CONTACT or is_private_room


def wish_of(chat: ChatEncryption, account: EncryptionWish) -> EncryptionWish:
    """What counts for a chat."""
    return chat.wish or account


def trust_of_new(devices: Iterable[Device], holders: Iterable[Device] = ()) -> Trust:
    """What is thought of a new device of somebody with these: blind trust, until one was verified (SECURITY 30).

    Somebody else's proven devices with the same key, `holders`, make it doubtful: anybody can publish what another has.
    """
    doubtful = any(device.trust is Trust.VERIFIED for device in devices) or any(is_proven(each) for each in holders)
    return Trust.UNDECIDED if doubtful else Trust.TRUSTED


def version_for(device: Device) -> OmemoVersion:
    """The version to speak with a device: the new one where it is listed for that."""
    return OmemoVersion.TWO if OmemoVersion.TWO in device.listed else OmemoVersion.LEGACY


def candidates(devices: Iterable[Device]) -> tuple[Device, ...]:
    """The devices to encrypt to, as far as their keys are known: listed, and not refused or waiting for a decision."""
    return tuple(
        device for device in devices if device.listed and not device.own and (not is_proven(device) or _may(device))
    )


def _may(device: Device) -> bool:
    return device.trust.is_sent_to


def least(trusts: Iterable[Trust]) -> Trust:
    """The least trusted of the devices that a message went to; with none it is as good as undecided."""
    order = (Trust.DISTRUSTED, Trust.UNPROVEN, Trust.UNDECIDED, Trust.TRUSTED, Trust.VERIFIED)
    return min(trusts, key=order.index, default=Trust.UNDECIDED)


def missing(people: Sequence[Address], sent: Mapping[Address, int]) -> tuple[Address, ...]:
    """Who of the people gets nothing, since none of their devices could be encrypted to."""
    return tuple(person for person in people if not sent.get(person))
