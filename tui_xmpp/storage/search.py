"""Finding messages. The index is read from its newest entry down, so that the first page costs what it shows."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.folding import words
from tui_xmpp.model.search import SearchHit, SearchPage, SearchQuery, Term, marks
from tui_xmpp.storage import rows
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.database import Connection, Value
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.positions import first_id
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.search_index import OWN, chat_fact, has_fact

_LAST_ID = 2**63 - 1
_ROUNDS = 20
"""Most pages of the index read for one page of hits, where many are of accounts that are not shown."""

_INDEXED = """
SELECT rowid FROM messages_text WHERE messages_text MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
"""
_DATED = "SELECT id FROM messages WHERE id >= ? AND id < ? AND body <> '' ORDER BY id DESC LIMIT ?"


class SearchReader(Part):
    """Finds messages."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._chats: list[tuple[int, Chat]] = []
        self._version: tuple[int | None, int | None] | None = None
        """Of the database, when the chats were read: what others have written, and what this connection has."""

    def find(
        self, query: SearchQuery, limit: int, *, before: int | None = None, accounts: Sequence[Address] | None = None
    ) -> SearchPage:
        """The newest `limit` messages that fit; `before` is the `next` of the page before.

        Only chats of `accounts` are looked at, if given. Dates are compared with the message's place in the history.
        """
        expression = None if query.is_empty else self._expression(query)
        if expression is None:
            return SearchPage()
        lowest = 0 if query.after is None else first_id(query.after)
        highest = _LAST_ID if query.before is None else first_id(query.before)
        highest = highest if before is None else min(highest, before)
        messages = MessageReader(self._db)
        hits: list[SearchHit] = []
        for _ in range(_ROUNDS):
            ids = self._ids(expression, lowest, highest, limit)
            for message in messages.by_ids(ids):
                if accounts is None or message.chat.account in accounts:
                    hits.append(SearchHit(message, marks(message.body, query)))
                    if len(hits) == limit:
                        return SearchPage(tuple(hits), message.id)
            if len(ids) < limit:
                return SearchPage(tuple(hits))
            highest = ids[-1]
        return SearchPage(tuple(hits), highest)

    def _ids(self, expression: str, lowest: int, highest: int, limit: int) -> list[int]:
        if not expression:
            return self._db.numbers(_DATED, (lowest, highest, limit))
        values: tuple[Value, ...] = (expression, lowest, highest, limit)
        return self._db.numbers(_INDEXED, values)

    def _expression(self, query: SearchQuery) -> str | None:
        """The query in the language of FTS5; empty: only dates are asked for; None: nothing can fit.

        Every text stands in quotes, where only the quote itself means something, and there is none in a folded term.
        """
        parts = [f"body : ({_all(map(_phrase, query.terms))})"] if query.terms else []
        parts += [f'facts : "{has_fact(carried)}"' for carried in sorted(query.has)]
        if query.own:
            parts.append(f'facts : "{OWN}"')
        if query.chat is not None:
            chat = rows.chat_id(self._db, query.chat)
            if chat is None:
                return None
            parts.append(_in_chats([chat]))
        known = self._known() if query.places or query.senders else []
        if query.places:
            chats = [chat for chat, row in known if all(_is_called(row, term) for term in query.places)]
            if not chats:
                return None
            parts.append(_in_chats(chats))
        parts += [_by(sender, known) for sender in query.senders]
        return _all(f"({part})" for part in parts)

    def _known(self) -> list[tuple[int, Chat]]:
        """Every chat with its row; read once while nobody writes, for a person types several letters a second."""
        version = self._db.number("PRAGMA data_version"), self._db.number("SELECT total_changes()")
        if version != self._version:
            ids = rows.chat_ids(self._db)
            self._chats = [(ids[str(chat.key)], chat) for chat in ChatReader(self._db).all()]
            self._version = version
        return self._chats


def _by(sender: Term, known: Iterable[tuple[int, Chat]]) -> str:
    """Said under this name in a room, or by a contact who is called so."""
    chats = [chat for chat, row in known if row.kind is ChatKind.CONTACT and _is_called(row, sender)]
    who = f"who : {_phrase(sender)}"
    return f'({who}) OR ({_in_chats(chats)} NOT facts : "{OWN}")' if chats else who


def _is_called(chat: Chat, term: Term) -> bool:
    """Whether a word of the chat's title or of its address before the @ begins so, or the whole address."""
    if str(chat.key.peer).startswith(term.text):
        return True
    called = chat.title.partition("@")[0]  # who is not a contact is called by the address
    return re.search(rf"(?<![^\W_]){re.escape(term.text)}", _names(called, chat.key.peer.local)) is not None


@lru_cache(maxsize=4096)
def _names(title: str, local: str) -> str:
    return " ".join(words(f"{title} {local}").split())


def _in_chats(chats: Iterable[int]) -> str:
    facts = " OR ".join(f'"{chat_fact(chat)}"' for chat in chats)
    return f"facts : ({facts})"


def _phrase(term: Term) -> str:
    text = term.text.replace('"', " ")
    return f'"{text}" *' if term.prefix else f'"{text}"'


def _all(parts: Iterable[str]) -> str:
    return " AND ".join(parts)
