"""The contact lists (RFC 6121 §2) as the servers last told them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Contact, Subscription
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Value
from tui_xmpp.storage.rows import Part

if TYPE_CHECKING:
    from tui_xmpp.model.stanzas import RosterItem
    from tui_xmpp.storage.values import RosterChange


class _ContactRow(NamedTuple):
    account_id: int
    account: str
    address: str
    name: str
    subscription: str
    asked: int


class _GroupRow(NamedTuple):
    account_id: int
    address: str
    name: str


_SELECT = """
SELECT account_id, accounts.address, contacts.address, name, subscription, asked
FROM contacts JOIN accounts ON accounts.id = account_id
"""
_SELECT_GROUPS = "SELECT account_id, address, name FROM contact_groups"


class ContactReader(Part):
    """Reads contacts."""

    def all(self, account: Address | None = None) -> tuple[Contact, ...]:
        """The contacts of one account or of all, sorted by what lists show."""
        found = self._read("WHERE accounts.address = ?", (str(account),)) if account is not None else self._read("", ())
        return tuple(sorted(found, key=lambda contact: (contact.title.casefold(), str(contact.address))))

    def get(self, account: Address, contact: Address) -> Contact | None:
        """One contact; None: the address is not in the account's list."""
        found = self._read(
            "WHERE accounts.address = ? AND contacts.address = ?",
            (str(account), str(contact)),
            " WHERE address = ?",
            (str(contact),),
        )
        return next(iter(found), None)

    def roster_version(self, account: Address) -> str:
        """Version of the list that the store has (RFC 6121 §2.6); empty: none is known."""
        return self._db.text("SELECT roster_version FROM accounts WHERE address = ?", (str(account),)) or ""

    def _read(
        self, where: str, values: tuple[Value, ...], groups_where: str = "", groups_values: tuple[Value, ...] = ()
    ) -> list[Contact]:
        groups: dict[tuple[int, str], list[str]] = defaultdict(list)
        group_rows = self._db.all(
            _GroupRow._make,
            f"{_SELECT_GROUPS}{groups_where} ORDER BY account_id, address, place",
            groups_values,
        )
        for row in group_rows:
            groups[row.account_id, row.address].append(row.name)
        found = self._db.all(
            _ContactRow._make,
            f"{_SELECT} {where}",
            values,
        )
        return [
            Contact(
                account=address(row.account),
                address=address(row.address),
                name=row.name,
                groups=tuple(groups.get((row.account_id, row.address), ())),
                subscription=Subscription(row.subscription),
                asked=bool(row.asked),
            )
            for row in found
        ]


class ContactWrites(Part):
    """Writes contacts."""

    def replace_roster(self, account: Address, items: Iterable["RosterItem"], version: str = "") -> "RosterChange":
        """Make the account's list what the server says it is; returns what is different now."""
        before = {contact.address: contact for contact in ContactReader(self._db).all(account)}
        wanted = {item.address: item for item in items if not item.removed}
        changed = tuple(
            self.upsert_contact(account, item)
            for item in wanted.values()
            if before.get(item.address) != _contact(account, item)
        )
        removed = tuple(contact for contact in before if contact not in wanted)
        for contact in removed:
            self.remove_contact(account, contact)
        self.set_roster_version(account, version)
        from tui_xmpp.storage.values import RosterChange

        return RosterChange(changed, removed)

    def upsert_contact(self, account: Address, item: "RosterItem", version: str | None = None) -> Contact:
        """Add or change one contact; `version` is the list's new version where a push tells it."""
        row = rows.ensure_account(self._db, account)
        contact = _contact(account, item)
        self._db.run(
            "INSERT INTO contacts (account_id, address, name, subscription, asked) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET name = excluded.name, subscription = excluded.subscription,"
            " asked = excluded.asked",
            (row, str(contact.address), contact.name, contact.subscription, int(contact.asked)),
        )
        self._db.run("DELETE FROM contact_groups WHERE account_id = ? AND address = ?", (row, str(contact.address)))
        if contact.groups:
            self._db.many(
                "INSERT INTO contact_groups (account_id, address, place, name) VALUES (?, ?, ?, ?)",
                [(row, str(contact.address), place, group) for place, group in enumerate(contact.groups)],
            )
        if version is not None:
            self.set_roster_version(account, version)
        return contact

    def remove_contact(self, account: Address, contact: Address, version: str | None = None) -> bool:
        """Take one contact off the list; says whether it was on it. Its chat stays."""
        removed = self._db.run(
            "DELETE FROM contacts WHERE account_id = ? AND address = ?",
            (rows.account_id(self._db, account), str(contact)),
        )
        if version is not None:
            self.set_roster_version(account, version)
        return removed > 0

    def set_roster_version(self, account: Address, version: str) -> None:
        """Remember the version of the list that the store has."""
        row = rows.ensure_account(self._db, account)
        self._db.run("UPDATE accounts SET roster_version = ? WHERE id = ?", (version, row))


def _contact(account: Address, item: "RosterItem") -> Contact:
    return Contact(account, item.address, item.name, item.groups, item.subscription, item.asked)
