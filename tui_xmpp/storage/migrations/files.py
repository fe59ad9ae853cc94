"""Files that go out."""

STATEMENTS: tuple[str, ...] = (
    # What an own message carries. `path` is empty for what was pasted: that is in `content`, and nowhere else, until
    # the server has it. `changed` is the time in ns of the file's last change when it was chosen.
    """
    CREATE TABLE uploads (
        message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
        name TEXT NOT NULL,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        secrecy TEXT NOT NULL,
        link TEXT NOT NULL DEFAULT '',
        content TEXT
    ) STRICT
    """,
    # Whoever brings the news that a message has arrived, nothing more is to be uploaded for it.
    """
    CREATE TRIGGER uploads_arrived AFTER UPDATE OF delivery ON messages
    WHEN new.delivery BETWEEN 1 AND 3 AND new.delivery <> old.delivery BEGIN
        UPDATE uploads SET content = NULL WHERE message_id = new.id AND content IS NOT NULL;
    END
    """,
)
