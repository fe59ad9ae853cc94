"""Keeping a key under a passphrase: scrypt (RFC 7914) makes of it what wraps the key (AES key wrap, RFC 3394).

SQLCipher could derive its key from the passphrase itself. But then another passphrase would mean to write the whole
store anew, and PBKDF2 is cheap to try on graphics cards, where scrypt wants 64 MiB for each try.
"""

import hashlib
import secrets
from dataclasses import field, replace

from tui_xmpp.model.frozen import frozen

COST, _BLOCK, _PARALLEL = 2**16, 8, 1
"""64 MiB, and 0.15 to 0.3 s at each start on the machine where the other figures were measured."""

_LIMIT = 2**30
"""Most bytes of memory that a key file may ask for; one from elsewhere could ask for any amount."""

_SALT_SIZE = 16


class WrongPassphrase(Exception):
    """The passphrase does not unwrap the key."""


@frozen
class Wrapped:
    """A key that a passphrase opens."""

    wrapped: bytes = field(repr=False)
    salt: bytes
    cost: int
    block: int = _BLOCK
    parallel: int = _PARALLEL

    def __post_init__(self) -> None:
        """Raise ValueError for costs that no key was ever wrapped with."""
        power_of_two = self.cost > 1 and self.cost & (self.cost - 1) == 0
        if not power_of_two or self.block < 1 or self.parallel < 1 or self._memory > _LIMIT or self.parallel > 64:
            raise ValueError("the costs of the passphrase are out of bounds")

    @property
    def _memory(self) -> int:
        return 128 * self.block * (self.cost + self.parallel + 2)

    def unwrap(self, passphrase: str) -> bytes:
        """The key. Takes a while on purpose. Raises WrongPassphrase."""
        from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

        try:
            return aes_key_unwrap(self._derive(passphrase), self.wrapped)
        except InvalidUnwrap as error:
            raise WrongPassphrase from error

    def _derive(self, passphrase: str) -> bytes:
        return hashlib.scrypt(
            passphrase.encode(errors="surrogatepass"),
            salt=self.salt,
            n=self.cost,
            r=self.block,
            p=self.parallel,
            maxmem=self._memory + 2**20,
            dklen=32,
        )


def wrap(key: bytes, passphrase: str) -> Wrapped:
    """Wrap a key with a passphrase. Takes a while on purpose."""
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    empty = Wrapped(b"", secrets.token_bytes(_SALT_SIZE), COST)
    return replace(empty, wrapped=aes_key_wrap(empty._derive(passphrase), key))  # noqa: SLF001 (its own)
