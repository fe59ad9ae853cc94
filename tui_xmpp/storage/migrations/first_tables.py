"""The first tables. Times and positions are µs since the epoch; addresses are normalised text."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE,
        roster_version TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    # The preview is a copy of the last text, so that the chat list is read without touching the messages.
    """
    CREATE TABLE chats (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        peer TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '',
        open INTEGER NOT NULL DEFAULT 0,
        muted INTEGER NOT NULL DEFAULT 0,
        draft TEXT NOT NULL DEFAULT '',
        activity INTEGER NOT NULL DEFAULT 0,
        read_position INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0,
        mentions INTEGER NOT NULL DEFAULT 0,
        preview_id INTEGER NOT NULL DEFAULT 0,
        preview_position INTEGER NOT NULL DEFAULT 0,
        preview_text TEXT NOT NULL DEFAULT '',
        preview_sender TEXT NOT NULL DEFAULT '',
        preview_own INTEGER NOT NULL DEFAULT 0,
        preview_time INTEGER NOT NULL DEFAULT 0,
        preview_delivery INTEGER NOT NULL DEFAULT 0,
        UNIQUE (account_id, peer)
    ) STRICT
    """,
    # The id is (first position << 10 | slot), so that ordering by id is ordering by time over all chats.
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        position INTEGER NOT NULL,
        time INTEGER NOT NULL,
        direction TEXT NOT NULL,
        kind TEXT NOT NULL,
        sender TEXT NOT NULL,
        nick TEXT NOT NULL,
        occupant_id TEXT NOT NULL,
        body TEXT NOT NULL,
        delivery INTEGER NOT NULL,
        encryption TEXT NOT NULL,
        stanza_id TEXT NOT NULL,
        origin_id TEXT NOT NULL,
        edited INTEGER NOT NULL DEFAULT 0,
        mentions_us INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX messages_order ON messages (chat_id, position, id)",
    "CREATE INDEX messages_stanza_id ON messages (chat_id, stanza_id) WHERE stanza_id <> ''",
    """
    CREATE INDEX messages_origin_id ON messages (chat_id, origin_id)
    WHERE origin_id <> '' AND origin_id <> stanza_id
    """,
    "CREATE INDEX messages_unread ON messages (chat_id, position, mentions_us) WHERE unread = 1",
    "CREATE INDEX messages_pending ON messages (chat_id) WHERE delivery = 0",
    """
    CREATE INDEX messages_not_displayed ON messages (chat_id, position)
    WHERE direction = 'out' AND delivery < 3
    """,
    # Every text a corrected message had, the first one included; the newest is also messages.body.
    """
    CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
        time INTEGER NOT NULL,
        body TEXT NOT NULL,
        stanza_id TEXT NOT NULL,
        first INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX versions_message ON versions (message_id)",
    "CREATE INDEX versions_stanza_id ON versions (stanza_id) WHERE stanza_id <> ''",
    """
    CREATE TABLE pending_corrections (
        id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        replaces TEXT NOT NULL,
        sender TEXT NOT NULL,
        occupant_id TEXT NOT NULL,
        body TEXT NOT NULL,
        time INTEGER NOT NULL,
        stanza_id TEXT NOT NULL,
        encryption TEXT NOT NULL,
        UNIQUE (chat_id, replaces, sender, occupant_id, stanza_id, time, body)
    ) STRICT
    """,
    # An archive as one account sees it; peer '' is the whole of it, else what a query `with` that address gives.
    """
    CREATE TABLE archives (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        address TEXT NOT NULL,
        UNIQUE (account_id, address)
    ) STRICT
    """,
    """
    CREATE TABLE archive_ids (
        archive_id INTEGER NOT NULL REFERENCES archives ON DELETE CASCADE,
        id TEXT NOT NULL,
        message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
        PRIMARY KEY (archive_id, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX archive_ids_message ON archive_ids (message_id, archive_id)",
    """
    CREATE TABLE spans (
        id INTEGER PRIMARY KEY,
        archive_id INTEGER NOT NULL REFERENCES archives ON DELETE CASCADE,
        peer TEXT NOT NULL,
        place INTEGER NOT NULL,
        oldest_id TEXT NOT NULL,
        newest_id TEXT NOT NULL,
        oldest_position INTEGER NOT NULL DEFAULT 0,
        newest_position INTEGER NOT NULL DEFAULT 0,
        begins INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX spans_archive ON spans (archive_id, peer, place)",
    """
    CREATE TABLE contacts (
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        address TEXT NOT NULL,
        name TEXT NOT NULL,
        subscription TEXT NOT NULL,
        asked INTEGER NOT NULL,
        PRIMARY KEY (account_id, address)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE contact_groups (
        account_id INTEGER NOT NULL,
        address TEXT NOT NULL,
        place INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (account_id, address, place),
        FOREIGN KEY (account_id, address) REFERENCES contacts ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE bookmarks (
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        room TEXT NOT NULL,
        name TEXT NOT NULL,
        nick TEXT NOT NULL,
        password TEXT NOT NULL,
        autojoin INTEGER NOT NULL,
        extensions TEXT NOT NULL,
        PRIMARY KEY (account_id, room)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE room_state (
        chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
        name TEXT NOT NULL DEFAULT '',
        subject TEXT NOT NULL DEFAULT '',
        subject_by TEXT NOT NULL DEFAULT '',
        private INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    """
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        kind TEXT NOT NULL,
        sender TEXT NOT NULL,
        room TEXT NOT NULL,
        text TEXT NOT NULL,
        password TEXT NOT NULL,
        nick TEXT NOT NULL,
        time INTEGER NOT NULL,
        UNIQUE (account_id, kind, sender, room)
    ) STRICT
    """,
    # The search index holds no text of its own; the triggers keep it in step.
    """
    CREATE VIRTUAL TABLE messages_text USING fts5 (
        body, content='messages', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER messages_text_added AFTER INSERT ON messages BEGIN
        INSERT INTO messages_text (rowid, body) VALUES (new.id, new.body);
    END
    """,
    """
    CREATE TRIGGER messages_text_changed AFTER UPDATE OF body ON messages WHEN old.body <> new.body BEGIN
        INSERT INTO messages_text (messages_text, rowid, body) VALUES ('delete', old.id, old.body);
        INSERT INTO messages_text (rowid, body) VALUES (new.id, new.body);
    END
    """,
    """
    CREATE TRIGGER messages_text_removed AFTER DELETE ON messages BEGIN
        INSERT INTO messages_text (messages_text, rowid, body) VALUES ('delete', old.id, old.body);
    END
    """,
)
