"""Proving the password without sending it: SCRAM (RFC 5802, 7677), and which mechanism to use.

Both sides prove that they know the password; a server that does not is refused (SECURITY 2-4). No input or output
happens here, and the only slow step, `keys`, is made to be called in a thread.
"""

import hashlib
import hmac
import secrets
import stringprep
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable

from tui_xmpp.errors import LoginRefused, StreamUnsafe
from tui_xmpp.model.frozen import frozen

_HASHES = {"SCRAM-SHA-512": "sha512", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}
"""Strongest first."""
PLAIN = "PLAIN"
LEAST_ROUNDS = 4096
MOST_ROUNDS = 1_000_000
_LEAST_SALT = 8
"""Bytes; real servers send 16 or more."""
_NO_CHANNEL_BINDING = "n,,"


def choose_mechanism(offered: Iterable[str], *, scram_only: bool) -> str:
    """The mechanism to use: the strongest SCRAM, and PLAIN only where a server has no SCRAM at all.

    `scram_only` once this account has signed in with SCRAM: who then offers none is not the same server, or not
    alone on the line. Raises StreamUnsafe.
    """
    names = set(offered)
    for mechanism in _HASHES:
        if mechanism in names:
            return mechanism
    if any(name.startswith("SCRAM-") for name in names) or scram_only:
        raise StreamUnsafe("The server no longer offers a safe way to check the password, so it was not sent.")
    if PLAIN in names:
        return PLAIN
    raise LoginRefused("The server offers no way of signing in that this program knows.")


def plain_message(username: str, password: str) -> bytes:
    """The only message of PLAIN (RFC 4616), to be sent through verified TLS alone. Raises LoginRefused."""
    return f"\0{prepared(username)}\0{prepared(password)}".encode()


@frozen
class Keys:
    """What SCRAM derives from a password (RFC 5802 §3); never logged."""

    client: bytes
    server: bytes


class Scram:
    """One exchange: `first`, then `challenged`, then `keys` (slow), `final` and at last `verify`."""

    def __init__(self, mechanism: str, username: str, password: str, *, nonce: str | None = None) -> None:
        """`nonce` only in tests with known answers. Raises LoginRefused for a password no server can have."""
        self._hash = _HASHES[mechanism]
        self._password = prepared(password).encode()
        name = prepared(username).replace("=", "=3D").replace(",", "=2C")
        self._nonce = nonce or secrets.token_urlsafe(24)
        self._first_bare = f"n={name},r={self._nonce}"
        self._challenge = ""
        self._all_nonce = ""
        self._salt = b""
        self._rounds = 0
        self._expected = b""
        self.verified = False
        """The server has proved that it knows the password."""

    def first(self) -> bytes:
        """client-first-message."""
        return (_NO_CHANNEL_BINDING + self._first_bare).encode()

    def challenged(self, message: bytes) -> None:
        """Take server-first-message. Raises StreamUnsafe for anything out of bounds."""
        if self._challenge:
            raise StreamUnsafe("The server asked for the password twice.")
        self._challenge = _text(message)
        fields = _attributes(self._challenge)
        if list(fields)[:3] != ["r", "s", "i"]:
            raise StreamUnsafe("The server asked for the password in a way that is not understood.")
        self._all_nonce = fields["r"]
        self._salt = _from_base64(fields["s"])
        rounds = fields["i"]
        if not (rounds.isascii() and rounds.isdigit() and len(rounds) <= 7):
            raise StreamUnsafe("The server asked for the password in a way that is not understood.")
        self._rounds = int(rounds)
        if not self._all_nonce.startswith(self._nonce) or len(self._all_nonce) == len(self._nonce):
            raise StreamUnsafe("The server's answer does not belong to this attempt to sign in.")
        if not LEAST_ROUNDS <= self._rounds <= MOST_ROUNDS or len(self._salt) < _LEAST_SALT:
            raise StreamUnsafe("The server asks for the password in a form that is too weak, or too costly to make.")

    def keys(self) -> Keys:
        """Derive the keys: up to a second for many rounds, outside the interpreter's lock."""
        salted = hashlib.pbkdf2_hmac(self._hash, self._password, self._salt, self._rounds)
        return Keys(self._mac(salted, b"Client Key"), self._mac(salted, b"Server Key"))

    def final(self, keys: Keys) -> bytes:
        """client-final-message, with the proof."""
        binding = b64encode(_NO_CHANNEL_BINDING.encode()).decode()
        without_proof = f"c={binding},r={self._all_nonce}"
        signed = f"{self._first_bare},{self._challenge},{without_proof}".encode()
        signature = self._mac(hashlib.new(self._hash, keys.client).digest(), signed)
        proof = bytes(a ^ b for a, b in zip(keys.client, signature, strict=True))
        self._expected = self._mac(keys.server, signed)
        return f"{without_proof},p={b64encode(proof).decode()}".encode()

    def verify(self, message: bytes) -> None:
        """Take server-final-message. Raises LoginRefused for its error, StreamUnsafe for a false or missing proof."""
        fields = _attributes(_text(message))
        if "e" in fields:
            raise LoginRefused("The server does not accept the password.")
        proof = _from_base64(fields.get("v", ""))
        if not self._expected or not hmac.compare_digest(proof, self._expected):
            raise StreamUnsafe("The server could not prove that it knows the password: it may not be the real one.")
        self.verified = True

    def _mac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self._hash)


def prepared(text: str) -> str:
    """Name or password as SASLprep makes it (RFC 4013), unassigned characters allowed. Raises LoginRefused."""
    if text.isascii() and text.isprintable() and text:
        return text
    mapped = "".join(" " if stringprep.in_table_c12(c) else c for c in text if not stringprep.in_table_b1(c))
    result = unicodedata.normalize("NFKC", mapped)
    if not result or any(_prohibited(character) for character in result) or not _direction_is_sound(result):
        raise LoginRefused("The password is empty, or has characters that no password can have.")
    return result


def _prohibited(character: str) -> bool:
    return (
        stringprep.in_table_c21_c22(character)
        or stringprep.in_table_c3(character)
        or stringprep.in_table_c4(character)
        or stringprep.in_table_c5(character)
        or stringprep.in_table_c6(character)
        or stringprep.in_table_c7(character)
        or stringprep.in_table_c8(character)
        or stringprep.in_table_c9(character)
    )


def _direction_is_sound(text: str) -> bool:
    """RFC 3454 §6: text from right to left has no letter of the other direction, and begins and ends in its own."""
    if not any(stringprep.in_table_d1(character) for character in text):
        return True
    mixed = any(stringprep.in_table_d2(character) for character in text)
    return not mixed and stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])


def _text(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError as error:
        raise StreamUnsafe("The server asked for the password in a way that is not understood.") from error


def _attributes(message: str) -> dict[str, str]:
    """`a=…,b=…` in order; each name once (RFC 5802 §5)."""
    found: dict[str, str] = {}
    for part in message.split(","):
        name, equals, value = part.partition("=")
        if len(name) != 1 or not equals or name in found:
            raise StreamUnsafe("The server asked for the password in a way that is not understood.")
        found[name] = value
    return found


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise StreamUnsafe("The server asked for the password in a way that is not understood.") from error
