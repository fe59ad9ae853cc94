"""What is done with messages, of the third version: replies, reactions, tombstones, and what waits for something."""

STATEMENTS: tuple[str, ...] = (
    # Bits of `storage.beside`: what the tables below have of a message, so that a plain one costs no look there.
    "ALTER TABLE messages ADD COLUMN beside INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE versions ADD COLUMN whole TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE versions ADD COLUMN mentions_us INTEGER NOT NULL DEFAULT 0",
    """
    UPDATE versions SET mentions_us = (SELECT messages.mentions_us FROM messages WHERE messages.id = message_id)
    """,
    # The body as it came, where a part was cut that is there for other clients (XEP-0428).
    """
    CREATE TABLE whole_texts (
        message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
        body TEXT NOT NULL
    ) STRICT
    """,
    # `archive_id` says whose id a target is; 0: the message's own, or its origin-id.
    """
    CREATE TABLE replies (
        message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        archive_id INTEGER NOT NULL,
        target TEXT NOT NULL,
        quoted TEXT NOT NULL,
        original_id INTEGER REFERENCES messages ON DELETE SET NULL
    ) STRICT
    """,
    "CREATE INDEX replies_target ON replies (chat_id, target)",
    "CREATE INDEX replies_original ON replies (original_id) WHERE original_id IS NOT NULL",
    # One set for each author, as a JSON list; `uses` is a JSON object of when each emoji was first used by them, and
    # `earlier` a JSON list of the ids of our own sets before.
    """
    CREATE TABLE reactions (
        message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
        author TEXT NOT NULL,
        nick TEXT NOT NULL,
        time INTEGER NOT NULL,
        stanza_id TEXT NOT NULL,
        emojis TEXT NOT NULL,
        uses TEXT NOT NULL,
        earlier TEXT NOT NULL,
        PRIMARY KEY (message_id, author)
    ) STRICT, WITHOUT ROWID
    """,
    # Also of what was deleted here alone. `trace` tells another arrival of the lost text from other messages, and is
    # too short to tell the text; -1: the text was never known.
    """
    CREATE TABLE tombstones (
        message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
        time INTEGER NOT NULL,
        moderated INTEGER NOT NULL,
        moderator TEXT NOT NULL,
        reason TEXT NOT NULL,
        stanza_id TEXT NOT NULL,
        trace INTEGER NOT NULL
    ) STRICT
    """,
    # What came before the message that it is about.
    """
    CREATE TABLE held_operations (
        id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        archive_id INTEGER NOT NULL DEFAULT 0,
        target TEXT NOT NULL,
        change TEXT NOT NULL,
        direction TEXT NOT NULL,
        sender TEXT NOT NULL,
        nick TEXT NOT NULL DEFAULT '',
        occupant_id TEXT NOT NULL,
        time INTEGER NOT NULL,
        stanza_id TEXT NOT NULL,
        encryption TEXT NOT NULL,
        body TEXT NOT NULL,
        whole TEXT NOT NULL DEFAULT '',
        mentions_us INTEGER NOT NULL DEFAULT 0,
        moderator TEXT NOT NULL DEFAULT '',
        not_before INTEGER NOT NULL DEFAULT 0,
        from_archive INTEGER NOT NULL DEFAULT 0,
        UNIQUE (chat_id, target, change, archive_id, sender, occupant_id, stanza_id, time, body)
    ) STRICT
    """,
    """
    INSERT INTO held_operations (chat_id, target, change, direction, sender, occupant_id, time, stanza_id, encryption,
                                 body)
    SELECT chat_id, replaces, 'correction', CASE WHEN sender = accounts.address THEN 'out' ELSE 'in' END, sender,
           occupant_id, time, stanza_id, encryption, body
    FROM pending_corrections JOIN chats ON chats.id = chat_id JOIN accounts ON accounts.id = account_id
    ORDER BY pending_corrections.id
    """,
    "DROP TABLE pending_corrections",
    # What we did and the server is not known to have, in the order in which it was done; `undo` takes it back.
    """
    CREATE TABLE outgoing (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
        change TEXT NOT NULL,
        stanza_id TEXT NOT NULL,
        time INTEGER NOT NULL,
        body TEXT NOT NULL,
        undo TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX outgoing_message ON outgoing (message_id)",
    "CREATE INDEX outgoing_chat ON outgoing (chat_id, stanza_id)",
)
