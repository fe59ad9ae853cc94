"""End-to-end encryption: keys, devices and trust, what is still to be opened, and how each message travelled."""

STATEMENTS: tuple[str, ...] = (
    # Which device wrote a message and what was thought of it then; `seal` knows the ciphertext when it comes again.
    "ALTER TABLE messages ADD COLUMN device INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE messages ADD COLUMN trust TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN seal TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE held_operations ADD COLUMN device INTEGER NOT NULL DEFAULT 0",
    # What the libraries keep, JSON: one row for each key.
    """
    CREATE TABLE omemo_keys (
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (account_id, name)
    ) STRICT, WITHOUT ROWID
    """,
    # `listed` are bits: 1 in the list of the old version, 2 in that of the new one.
    """
    CREATE TABLE devices (
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        address TEXT NOT NULL,
        id INTEGER NOT NULL,
        fingerprint TEXT NOT NULL DEFAULT '',
        trust TEXT NOT NULL DEFAULT 'undecided',
        label TEXT NOT NULL DEFAULT '',
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        listed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account_id, address, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX devices_id ON devices (account_id, id)",
    # Encrypted messages that are stored but not opened yet; their rows in `messages` are hidden.
    """
    CREATE TABLE sealed (
        message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        archive TEXT NOT NULL,
        position INTEGER NOT NULL,
        author TEXT NOT NULL,
        counts_unread INTEGER NOT NULL,
        xml TEXT NOT NULL,
        route TEXT NOT NULL,
        outer_sender TEXT,
        delay INTEGER,
        delay_by TEXT,
        archive_id TEXT NOT NULL,
        mark TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sealed_order ON sealed (account_id, position, message_id)",
    # What a person wants of a chat, and since when it is encrypted (0: it is not), which only a person can undo.
    """
    CREATE TABLE chat_encryption (
        chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
        wish TEXT NOT NULL DEFAULT '',
        begun INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    # Real addresses of the people of non-anonymous rooms, also of those who have left (XEP-0421).
    """
    CREATE TABLE room_people (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        occupant_id TEXT NOT NULL,
        address TEXT NOT NULL,
        PRIMARY KEY (chat_id, occupant_id)
    ) STRICT, WITHOUT ROWID
    """,
)
