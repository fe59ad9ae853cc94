"""A profile as after some months: many contacts in groups, a few open chats, many messages; for the benchmarks."""

from functools import partial
from pathlib import Path

from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Direction
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes

GROUPS = 10
CHATS = 10
_BEGIN = 1_750_000_000_000_000
_APART = 90_000_000
"""µs between messages."""
_AT_ONCE = 5_000
_WORDS = "The words of a message, which are enough for a line or two of the history on most screens."


def contact(domain: str, number: int) -> RosterItem:
    """One of the contacts; the first in the list is number 0."""
    group = f"Group {number % GROUPS}"
    return RosterItem(Address(domain, f"c{number:04}"), f"Contact {number:04}", (group,), Subscription.BOTH)


def text(number: int) -> str:
    """What the message with this number says."""
    return f"Message {number}. {_WORDS}"


async def fill(database: Path, account: AccountSettings, *, contacts: int, messages: int) -> None:
    """Write a store at `database`, with `messages` spread over the chats with the first contacts."""
    store = Store.open(database)
    own, domain = account.address, account.address.domain

    def people(writes: Writes) -> None:
        writes.ensure_account(own)
        writes.replace_roster(own, tuple(contact(domain, number) for number in range(contacts)))

    await store.write(people)
    for first in range(0, messages, _AT_ONCE):
        await store.write(partial(_talk, own, range(first, min(first + _AT_ONCE, messages))))
    await store.write(partial(_open_and_read, own))
    await store.close()


def _open_and_read(own: Address, writes: Writes) -> None:
    for number in range(CHATS):
        key = ChatKey(own, contact(own.domain, number).address)
        writes.set_open(key, open=True)
        writes.mark_read(key)


def _talk(own: Address, numbers: range, writes: Writes) -> None:
    for number in numbers:
        peer = contact(own.domain, number % CHATS).address
        ours = number % 3 == 0
        writes.add_message(
            NewMessage(
                key=ChatKey(own, peer),
                kind=ChatKind.CONTACT,
                direction=Direction.OUT if ours else Direction.IN,
                sender=own if ours else peer,
                body=text(number),
                time=_BEGIN + number * _APART,
                stanza_id=f"m{number}",
                archive_ids=((own, f"a{number}"),),
            )
        )
