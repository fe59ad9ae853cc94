"""What waits for a person's answer; capped, so that nobody can flood the list (SECURITY 26)."""

from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Values
from tui_xmpp.storage.rows import Part

MOST_PER_SENDER = 3
"""Most requests kept of one sender to one account."""

MOST_IN_ALL = 200


class _RequestRow(NamedTuple):
    id: int
    account: str
    kind: str
    sender: str
    room: str
    text: str
    password: str
    nick: str
    time: int


_SELECT = """
SELECT requests.id, accounts.address, kind, sender, room, text, password, nick, time
FROM requests JOIN accounts ON accounts.id = account_id
"""


class RequestReader(Part):
    """Reads requests."""

    def all(self) -> tuple[Request, ...]:
        """Those of all accounts, oldest first."""
        return self._read("1 ORDER BY requests.id", ())

    def get(self, request_id: int) -> Request | None:
        """One request; None: it was answered or withdrawn."""
        return next(iter(self._read("requests.id = ?", (request_id,))), None)

    def _read(self, where: str, values: Values) -> tuple[Request, ...]:
        found = self._db.all(
            _RequestRow._make,
            f"{_SELECT} WHERE {where}",
            values,
        )
        return tuple(
            Request(
                id=row.id,
                account=address(row.account),
                kind=RequestKind(row.kind),
                sender=address(row.sender),
                room=address(row.room) if row.room else None,
                text=row.text,
                password=row.password,
                nick=row.nick,
                time=row.time,
            )
            for row in found
        )


class RequestWrites(Part):
    """Writes requests."""

    def add_request(
        self,
        account: Address,
        kind: RequestKind,
        sender: Address,
        *,
        room: Address | None = None,
        text: str = "",
        password: str = "",
        nick: str = "",
        time: int = 0,
    ) -> Request | None:
        """Keep a request. None: it is there already (its text is renewed), or the sender or the list is at a limit."""
        row = rows.ensure_account(self._db, account)
        same = (row, kind, str(sender), "" if room is None else str(room))
        renewed = self._db.run(
            "UPDATE requests SET text = ?, password = ?, nick = ?"
            " WHERE account_id = ? AND kind = ? AND sender = ? AND room = ?",
            (text, password, nick, *same),
        )
        of_sender = self._db.number(
            "SELECT count(*) FROM requests WHERE account_id = ? AND sender = ?", (row, str(sender))
        )
        in_all = self._db.number("SELECT count(*) FROM requests")
        if renewed or (of_sender or 0) >= MOST_PER_SENDER or (in_all or 0) >= MOST_IN_ALL:
            return None
        request_id = self._db.insert(
            "INSERT INTO requests (account_id, kind, sender, room, text, password, nick, time)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*same, text, password, nick, time),
        )
        return RequestReader(self._db).get(request_id)

    def remove_request(self, request_id: int) -> bool:
        """Remove an answered or withdrawn request; says whether it was there."""
        return self._db.run("DELETE FROM requests WHERE id = ?", (request_id,)) > 0
