"""Encrypted files (XEP-0454): AES-256 in GCM, the key in the link's fragment, the tag behind the data (SECURITY 35).

Streams are worked on piece by piece, so a file of any size takes the same memory; each piece in a thread, so that the
screen does not wait.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from tui_xmpp.errors import FileTampered, TransferFailed
from tui_xmpp.model.frozen import frozen

TAG = 16
"""Bytes of the tag, which an encrypted file is longer by."""
_KEY = 32
_IV, _OLD_IV = 12, 16
_FRAGMENT = re.compile(rf"(?P<iv>[0-9a-f]{{{2 * _IV}}}|[0-9a-f]{{{2 * _OLD_IV}}})(?P<key>[0-9a-f]{{{2 * _KEY}}})")
MOST = 2**36 - 32
"""Bytes that one key and IV can encrypt (NIST SP 800-38D §5.2.1.1)."""


@frozen
class FileKey:
    """Key and IV of one file; never printed."""

    key: bytes = field(repr=False)
    iv: bytes = field(repr=False)

    @property
    def fragment(self) -> str:
        """What stands behind the # of an `aesgcm:` link (XEP-0454 §3)."""
        return f"{self.iv.hex()}{self.key.hex()}"


def new_key() -> FileKey:
    """A key and an IV that no other file has."""
    return FileKey(secrets.token_bytes(_KEY), secrets.token_bytes(_IV))


def key_in(fragment: str) -> FileKey:
    """The key in a link's fragment; some clients write an IV of 16 bytes. Raises TransferFailed if there is none."""
    found = _FRAGMENT.fullmatch(fragment.lower())
    if found is None:
        raise TransferFailed("Its link holds no key that it could be decrypted with.")
    return FileKey(bytes.fromhex(found["key"]), bytes.fromhex(found["iv"]))


async def encrypt(stream: AsyncIterable[bytes], key: FileKey) -> AsyncGenerator[bytes, None]:
    """The encrypted file; use each key once. What comes out is `TAG` bytes longer than what goes in."""
    encryptor = Cipher(AES(key.key), GCM(key.iv)).encryptor()
    async for piece in stream:
        yield await asyncio.to_thread(encryptor.update, piece)
    yield encryptor.finalize() + encryptor.tag


async def decrypt(stream: AsyncIterable[bytes], key: FileKey) -> AsyncGenerator[bytes, None]:
    """The file in clear, whose end alone says whether it is genuine: raises FileTampered there.

    Until it has ended without an error, nothing of what was given out may be used.
    """
    decryptor = Cipher(AES(key.key), GCM(key.iv)).decryptor()
    held = b""
    """The last bytes that came: the tag, unless more follow."""
    async for piece in stream:
        held += piece
        if len(held) > TAG:
            yield await asyncio.to_thread(decryptor.update, held[:-TAG])
            held = held[-TAG:]
    if len(held) < TAG:
        raise FileTampered("It is too short to be an encrypted file. Nothing of it was kept.")
    try:
        yield decryptor.finalize_with_tag(held)
    except InvalidTag as error:
        raise FileTampered(
            "It is not what its sender encrypted: somebody changed it, or a part is missing. Nothing of it was kept."
        ) from error
