"""The search index of the second version: folded text, who spoke, and facts to filter by; holds no text of its own."""

STATEMENTS: tuple[str, ...] = (
    "DROP TRIGGER messages_text_added",
    "DROP TRIGGER messages_text_changed",
    "DROP TRIGGER messages_text_removed",
    "DROP TABLE messages_text",
    # The rows are made by `storage.search_index`, for SQL cannot fold. Without a prefix index the first letters of
    # a word would gather every message that has a word beginning so, before the newest one could be told.
    """
    CREATE VIRTUAL TABLE messages_text USING fts5 (
        body, who, facts, content='', contentless_delete=1, prefix='2 3',
        tokenize='unicode61 remove_diacritics 0 categories ''L* M* N* Co'''
    )
    """,
    # What is no longer said is not found any more, whoever changes it; the new text is put in by who wrote it.
    """
    CREATE TRIGGER messages_text_changed AFTER UPDATE OF body ON messages WHEN old.body <> new.body BEGIN
        DELETE FROM messages_text WHERE rowid = old.id;
    END
    """,
    """
    CREATE TRIGGER messages_text_removed AFTER DELETE ON messages BEGIN
        DELETE FROM messages_text WHERE rowid = old.id;
    END
    """,
)
