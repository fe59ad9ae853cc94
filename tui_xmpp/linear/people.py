"""Contacts and who is here, when asked for: nobody is told of each coming and going."""

from itertools import groupby

from tui_xmpp.errors import AddressError
from tui_xmpp.linear.chats import open_chat
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import AddContact, EditContact, RemoveContact, SetPresence
from tui_xmpp.model.contact import Availability, Contact
from tui_xmpp.model.room import Affiliation, Occupant, Role
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fuzzy import match
from tui_xmpp.ui.screens.words import address_with_warning
from tui_xmpp.ui.words import PRESENCE_WORDS, STANDING, counted

_MOST_CONTACTS = 50
_MOST_PEOPLE = 100
_STATES = {
    "here": Availability.ONLINE, "online": Availability.ONLINE, "chat": Availability.CHAT,
    "away": Availability.AWAY, "xa": Availability.XA, "busy": Availability.DND, "dnd": Availability.DND,
}  # fmt: skip


async def say_contacts(talk: Talk, rest: str) -> None:
    """Say who of the contacts is here; “all” says the others, too, and a name only those who are called so."""
    everybody = talk.engine.contacts()
    states = {contact: talk.engine.presence(contact.account, contact.address) for contact in everybody}
    if rest and rest != "all":
        found = [contact for contact in everybody if match(rest, f"{contact.title} {contact.address}")]
    else:
        found = [each for each in everybody if rest or states[each].availability is not Availability.OFFLINE]
    here = sum(1 for state in states.values() if state.availability is not Availability.OFFLINE)
    talk.say(f"{counted(len(everybody), 'contact')}, {here} here.")
    for contact in found[:_MOST_CONTACTS]:
        state = states[contact]
        status = f": {clean_line(state.status)}" if state.status else ""
        waits = ", does not show you yet" if contact.asked else ""
        talk.say(f"{_name(contact)}, {PRESENCE_WORDS[state.availability]}{waits}{status}{talk.whose(contact.account)}")
    if len(found) > _MOST_CONTACTS:
        talk.say(f"And {len(found) - _MOST_CONTACTS} more; a name after /contacts narrows them down.")


def _name(contact: Contact) -> str:
    title, address = clean_line(contact.title), address_with_warning(contact.address)
    return f"{title}, {address}" if title != address else address


async def who(talk: Talk, rest: str) -> None:
    """Say who is in the room, or how the other one is; a name narrows it down."""
    key = talk.key
    if key is None or talk.kind() is not ChatKind.ROOM:
        await say_contacts(talk, rest or (str(key.peer.bare) if key is not None else ""))
        return
    people = sorted(talk.engine.occupants(key), key=_standing)
    found = [each for each in people if not rest or match(rest, each.nick)]
    talk.say(f"{counted(len(people), 'person', 'people')} here.")
    for standing, members in groupby(found[:_MOST_PEOPLE], key=lambda each: STANDING[each.affiliation]):
        talk.say(f"{standing}: {', '.join(_occupant(each) for each in members)}")
    if len(found) > _MOST_PEOPLE:
        talk.say(f"And {len(found) - _MOST_PEOPLE} more.")


def _standing(occupant: Occupant) -> tuple[int, str]:
    return min(tuple(Affiliation).index(occupant.affiliation), 3), occupant.nick.casefold()


def _occupant(occupant: Occupant) -> str:
    words = [clean_line(occupant.nick)]
    words += ["you"] if occupant.own else []
    words += ["moderates"] if occupant.role is Role.MODERATOR else []
    words += ["may only read"] if occupant.role is Role.VISITOR else []
    words += [PRESENCE_WORDS[occupant.availability]] if occupant.availability is not Availability.ONLINE else []
    words += [clean_line(occupant.status)] if occupant.status else []
    return words[0] + (f" ({', '.join(words[1:])})" if words[1:] else "")


async def set_presence(talk: Talk, rest: str) -> None:
    """Tell others that you are here, away or busy; words of your own may follow."""
    word, _, status = rest.partition(" ")
    state = _STATES.get(word.lower())
    if state is None:
        talk.say(f"Write one of {', '.join(_STATES)}, and then what you want others to read.")
        return
    talk.wish(SetPresence(None, state, status.strip()), f"You are {PRESENCE_WORDS[state]}.")


async def add(talk: Talk, rest: str) -> None:
    """Put an address, or the open chat's, into the contact list; a name for it may follow."""
    address, _, name = rest.partition(" ")
    account = talk.account()
    if account is None or (not address and (talk.key is None or talk.kind() is ChatKind.ROOM)):
        talk.say("Whom? /add name@server and a name for them.")
        return
    try:
        who = Address.parse(address).bare if address or talk.key is None else talk.key.peer.bare
    except AddressError as problem:
        talk.say(problem.message)
        return
    if await talk.do(AddContact(account, who, name.strip())):
        talk.say(f"{who.shown} is a contact, and is asked to show you when they are here.")
        if talk.key != ChatKey(account, who):
            await open_chat(talk, ChatKey(account, who))


async def rename(talk: Talk, rest: str) -> None:
    """Give the open chat's contact another name."""
    contact = _open_contact(talk)
    if contact is not None and rest:
        talk.wish(EditContact(contact.account, contact.address, rest, contact.groups), f"Called {clean_line(rest)}.")
    elif contact is not None:
        talk.say("How? /rename and the name.")


async def remove(talk: Talk, _rest: str) -> None:
    """Remove the open chat's contact from the list; the history stays."""
    contact = _open_contact(talk)
    if contact is not None and await talk.sure(
        f"Remove {_name(contact)}? They will not see any more when you are here."
    ):
        talk.wish(RemoveContact(contact.account, contact.address), "Removed.")


def _open_contact(talk: Talk) -> Contact | None:
    contact = talk.engine.contact(talk.key.account, talk.key.peer) if talk.key is not None else None
    if contact is None:
        talk.say("The open chat is none with a contact.")
    return contact
