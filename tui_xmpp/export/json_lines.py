"""A chat as JSON Lines: everything that is stored of a message in one line, for programs."""

import json
import re
from collections.abc import Iterable, Iterator

from tui_xmpp.export.calendar import iso
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.message import Tombstone
from tui_xmpp.model.record import Record

# What ends a line for some readers, moves a terminal's cursor or turns the direction of writing. Ids come as others
# made them; nobody cleans them.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def pieces(chat: Chat, records: Iterable[Record]) -> Iterator[str]:
    """A line for each message, with every one of `format.FIELDS`."""
    account, peer, kind = str(chat.key.account), str(chat.key.peer), chat.kind.value
    for record in records:
        message = record.message
        fields = {
            "account": account,
            "chat": peer,
            "chat_kind": kind,
            "chat_title": chat.title,
            "id": message.id,
            "time": iso(message.time),
            "direction": message.direction.value,
            "sender": str(message.sender),
            "nick": message.nick,
            "occupant_id": message.occupant_id,
            "kind": message.kind.value,
            "body": message.body,
            "edits": [{"time": iso(version.time), "body": version.body} for version in record.versions],
            "delivery": message.delivery.name.lower(),
            "error": message.error,
            "encryption": message.encryption.value,
            "mentions_me": message.mentions_us,
            "unstyled": message.unstyled,
            "stanza_id": message.stanza_id,
            "origin_id": message.origin_id,
            "reply": None if message.reply is None else {"id": message.reply.message_id, "text": message.reply.text},
            "reactions": [
                {"emoji": reaction.emoji, "nicks": list(reaction.nicks), "own": reaction.own}
                for reaction in message.reactions
            ],
            "retracted": _retracted(message.tombstone),
            "archive_ids": [{"archive": str(archive), "id": name} for archive, name in record.archive_ids],
        }
        yield _UNSAFE.sub(_escaped, json.dumps(fields, ensure_ascii=False)) + "\n"


def _retracted(tombstone: Tombstone | None) -> dict[str, str | bool] | None:
    if tombstone is None:
        return None
    return {
        "time": iso(tombstone.time),
        "moderated": tombstone.moderated,
        "by": tombstone.by,
        "reason": tombstone.reason,
    }


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
