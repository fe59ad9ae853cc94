"""What an export can look like. Loaded at every start, to read the command line; the writers are not."""

from enum import StrEnum


class Format(StrEnum):
    """A form to write chats in."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSONL = "jsonl"

    @property
    def suffix(self) -> str:
        """How the names of its files end."""
        return ".md" if self is Format.MARKDOWN else f".{self.value}"


FIELDS = {
    "account": "own address",
    "chat": "address of the contact or room; in a room's private chat room/nickname",
    "chat_kind": "contact, room or private",
    "chat_title": "name of the contact or room",
    "id": "number of the message in the local store",
    "time": "when it was sent: ISO 8601, UTC, microseconds",
    "direction": "in, or out for own messages from any device",
    "sender": "address of the sender; in rooms room/nickname",
    "nick": "nickname in the room at that time, else empty",
    "occupant_id": "the room's id of the sender (XEP-0421), else empty",
    "kind": "text, or subject where body is a room's new subject",
    "body": "the text as it stands now",
    "edits": "list of every text that it had, the first one first, each with time and body; empty: never edited",
    "delivery": "pending, sent, delivered, displayed or failed",
    "error": "why it failed, else empty",
    "encryption": "none, omemo or unreadable",
    "mentions_me": "whether it names oneself: true or false",
    "unstyled": "whether its sender wants the text to be shown as it is (XEP-0393): true or false",
    "stanza_id": "id attribute of the message stanza",
    "origin_id": "origin-id (XEP-0359), else empty",
    "reply": "what it answers, with id (number in the local store, or null) and text; null: nothing",
    "reactions": "list of emojis in the order of their first use, each with emoji, nicks of others, and own",
    "retracted": "when and how it was taken back, with time, moderated, by and reason; null: it was not",
    "archive_ids": "list of the archives that have it, each with archive (its address) and id (XEP-0313)",
}
"""Fields of a line of JSON and what they hold. Scripts rely on them: there may be more, never fewer or other ones."""
