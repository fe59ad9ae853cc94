"""Whose key wrote what: what is thought of a message follows what turns out of the key that it was written with."""

STATEMENTS: tuple[str, ...] = (
    # The id of a device names no key: as long as nothing is proven, anybody can write with another one under it.
    """
    CREATE TABLE device_keys (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
        address TEXT NOT NULL,
        device INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        UNIQUE (account_id, fingerprint, address, device)
    ) STRICT
    """,
    # 0: not encrypted, our own, or from before this step.
    "ALTER TABLE messages ADD COLUMN key_id INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE held_operations ADD COLUMN key_id INTEGER NOT NULL DEFAULT 0",
    # A person was told of the device, and has not said yet what is to become of it.
    "ALTER TABLE devices ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX messages_unproven ON messages (key_id) WHERE trust = 'unproven'",
)
