"""What is read where, and for how long messages are kept."""

STATEMENTS: tuple[str, ...] = (
    # Read here, and our other devices have not been told so yet.
    "ALTER TABLE chats ADD COLUMN untold INTEGER NOT NULL DEFAULT 0",
    # The newest message whose sender asked to be told when it is read, and was not told yet; '' is none.
    "ALTER TABLE chats ADD COLUMN marker_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE chats ADD COLUMN marker_position INTEGER NOT NULL DEFAULT 0",
    # NULL: as the settings say; 0: for ever.
    "ALTER TABLE chats ADD COLUMN keep_days INTEGER",
    # Sent before this, messages were let go because they are not kept for so long; 0: none were.
    "ALTER TABLE chats ADD COLUMN cut INTEGER NOT NULL DEFAULT 0",
    # When the newest was sent of those that a person deleted; what is older never comes back. 0: none were.
    "ALTER TABLE chats ADD COLUMN deleted_until INTEGER NOT NULL DEFAULT 0",
    # How far the account's devices have read, as the server has it; `waiting` names a message not stored yet.
    """
    CREATE TABLE displayed_marks (
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        peer TEXT NOT NULL,
        id TEXT NOT NULL DEFAULT '',
        position INTEGER NOT NULL DEFAULT 0,
        waiting TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (account_id, peer)
    ) STRICT, WITHOUT ROWID
    """,
    # The ids of what a person deleted last, so that it is known again should it come once more. An archive's id has
    # no sender, others have one.
    """
    CREATE TABLE forgotten (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        name TEXT NOT NULL,
        sender TEXT NOT NULL,
        PRIMARY KEY (chat_id, name, sender)
    ) STRICT, WITHOUT ROWID
    """,
)
