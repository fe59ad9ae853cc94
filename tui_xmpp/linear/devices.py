"""The devices that messages are encrypted to, said with their fingerprints and judged; and encryption as a whole."""

from collections.abc import Sequence

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.linear.talk import Talk, problem_words
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import ForgetDevice, RemoveDevice, ResetSession, SetEncryption, SetTrust
from tui_xmpp.model.fingerprints import compare as compare_fingerprints
from tui_xmpp.model.fingerprints import groups, parse_uri, uri
from tui_xmpp.model.omemo import Device, EncryptionWish, Trust
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.words import ago
from tui_xmpp.ui.words import TRUST_WORDS

_WISHES = {
    "always": EncryptionWish.ALWAYS,
    "on": EncryptionWish.WHEN_POSSIBLE,
    "off": EncryptionWish.NEVER,
    "default": None,
}


async def say_devices(talk: Talk, rest: str) -> None:
    """Say the devices of the open chat's people, or with “me” your own, with their fingerprints and numbers."""
    account = talk.account()
    if account is None:
        talk.say("There is no account yet.")
        return
    key = None if rest == "me" else talk.key
    people = (account,) if key is None else talk.engine.people(key) or (account,)
    try:
        if key is not None:
            people = await talk.engine.learn_people(key) or people
        for person in people:
            await talk.engine.learn_devices(account, person)
    except TuiXmppError as problem:
        talk.say(problem_words(problem))
    _say(talk, account, people)


def _say(talk: Talk, account: Address, people: Sequence[Address]) -> None:
    found = [device for person in people for device in talk.engine.devices(account, person)]
    found.sort(key=lambda device: (device.address, not device.own, not device.listed))
    talk.offered.devices, talk.offered.account = tuple(found), account
    if not found:
        talk.say("No devices are known that can read encrypted messages.")
        return
    for number, device in enumerate(found, 1):
        state = "this device" if device.own else TRUST_WORDS[device.trust]
        gone = "" if device.listed or device.own else ", not in use any more"
        seen = f"first seen {ago(device.first_seen, talk.clock)}, last {ago(device.last_seen, talk.clock)}"
        talk.say(f"{number}. {device.address.shown}, {_name(device)}: {state}{gone}; {seen}")
        talk.say(f"Fingerprint {' '.join(groups(device.fingerprint))}" if device.fingerprint else "No fingerprint yet.")
    talk.say("Compare the fingerprints by another way than this, then /verify and a number. /trust and /distrust, too.")


def _name(device: Device) -> str:
    return clean_line(device.label) or f"device {device.id}"


def _chosen(talk: Talk, rest: str) -> Device | None:
    found = talk.offered.devices
    if rest.isdecimal() and 0 < int(rest[:6]) <= len(found):
        return found[int(rest[:6]) - 1]
    talk.say("Which device? /devices says them; then write the number.")
    return None


async def verify(talk: Talk, rest: str) -> None:
    """Say that you have compared a device's fingerprint, and it is the same."""
    await _judge(talk, rest, Trust.VERIFIED)


async def trust(talk: Talk, rest: str) -> None:
    """Trust a device without a comparison."""
    await _judge(talk, rest, Trust.TRUSTED)


async def distrust(talk: Talk, rest: str) -> None:
    """Send a device nothing, and show nothing of it."""
    await _judge(talk, rest, Trust.DISTRUSTED)


async def _judge(talk: Talk, rest: str, judgement: Trust) -> None:
    device, account = _chosen(talk, rest), talk.offered.account
    if device is None or account is None:
        return
    if device.own:
        talk.say("That is this device.")
    elif await talk.do(SetTrust(account, device.address, device.id, judgement)):
        talk.say(f"{device.address.shown}, {_name(device)}: {TRUST_WORDS[judgement]}.")


async def code(talk: Talk, _rest: str) -> None:
    """Say the link with the fingerprints of your devices, for others to compare with."""
    account = talk.account()
    ours = talk.engine.devices(account, account) if account is not None else ()
    known = {each.id: each.fingerprint for each in ours if each.fingerprint and (each.own or each.listed)}
    if account is None or not known:
        talk.say("This account has no devices for encryption yet.")
    else:
        talk.say(uri(account, known))


async def compare(talk: Talk, rest: str) -> None:
    """Compare with the link that somebody's program shows; what is the same is verified, what differs gets nothing."""
    account, found = talk.account(), parse_uri(rest)
    if account is None or found is None:
        talk.say("Which link? It begins with xmpp: and holds fingerprints; the other side’s program shows it.")
        return
    address, told = found
    people = (account,) if talk.key is None else (account, *talk.engine.people(talk.key))
    if address not in people:
        talk.say(f"{address.shown} does not read what is written here; go to a chat with them first.")
        return
    known = {each.id: each for each in talk.engine.devices(account, address) if each.fingerprint and not each.own}
    result = compare_fingerprints(told, {each.id: each.fingerprint for each in known.values()})
    for device in result.same:
        if await talk.do(SetTrust(account, address, device, Trust.VERIFIED)):
            talk.say(f"{_name(known[device])}: the same, {TRUST_WORDS[Trust.VERIFIED]}.")
    for device in result.different:
        if await talk.do(SetTrust(account, address, device, Trust.DISTRUSTED)):
            talk.say(
                f"{_name(known[device])}: the fingerprints differ! Somebody may be reading along; it gets nothing."
            )
    if not result.same and not result.different:
        talk.say("None of the devices in the link are known here.")


async def forget(talk: Talk, rest: str) -> None:
    """Forget a device; if it is still in use it comes back as a new one."""
    device, account = _chosen(talk, rest), talk.offered.account
    if device is not None and account is not None and await talk.sure(f"Forget {_name(device)}?"):
        talk.wish(ForgetDevice(account, device.address, device.id), "Forgotten.")


async def reset(talk: Talk, rest: str) -> None:
    """Begin a new session with a device, where messages from or to it cannot be read."""
    device, account = _chosen(talk, rest), talk.offered.account
    if device is not None and account is not None:
        talk.wish(ResetSession(account, device.address, device.id), "A new session is begun.")


async def remove_device(talk: Talk, rest: str) -> None:
    """Take another device of your own off the list: nobody encrypts to it any more."""
    device, account = _chosen(talk, rest), talk.offered.account
    if device is None or account is None:
        return
    if device.own or device.address != account:
        talk.say("Only another device of your own can be removed; /devices me says them.")
    elif await talk.sure(f"Remove {_name(device)}? Nobody encrypts to it any more."):
        talk.wish(RemoveDevice(account, device.id), "Removed.")


async def encryption(talk: Talk, rest: str) -> None:
    """Choose when messages of the open chat are encrypted: always, on (when possible), off, default (the account's)."""
    key = talk.key
    if key is None or rest not in _WISHES:
        talk.say(f"Write one of {', '.join(_WISHES)}, in a chat.")
        return
    wish = _WISHES[rest]
    words = "From now on everything written here goes out in clear; all servers on the way can read it. Switch it off?"
    if wish is not EncryptionWish.NEVER or await talk.sure(words):
        talk.wish(SetEncryption(key, wish), "Set.")
