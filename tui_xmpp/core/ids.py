"""Names for our own stanzas."""

import uuid


def fresh_id() -> str:
    """A name that no other stanza has and nobody can guess."""
    return str(uuid.uuid4())
