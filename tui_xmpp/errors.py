"""Every failure that a person may be told about.

    TuiXmppError
    ├── ConfigError            a settings file that cannot be used (file and line)
    ├── AddressError           text that is not an XMPP address (RFC 7622)
    ├── StorageError           the store cannot be opened or written
    │   ├── StoreBusy            another process has it
    │   ├── StoreLocked          the store is encrypted, and its key is missing or wrong
    │   └── NoKeyring            there is no keyring to keep its key in
    ├── NetworkError           no usable connection
    │   ├── ConnectionFailed     worth trying again by itself
    │   │   └── NobodyThere        the server is down, and its computer says so at once
    │   ├── LoginRefused         a person must act: password, account
    │   ├── CertificateRejected  a person must act: the server could not prove who it is
    │   └── StreamUnsafe         the server broke a rule that protects the account
    ├── RequestFailed          the server or a contact answered with an error
    │   ├── RoomRefused          a room would not let us in, or not do what was asked
    │   ├── UploadRefused        a server would not take a file
    │   └── RegistrationRefused  a server would not register the account
    ├── MustEncrypt            a message that may not go out in clear cannot be encrypted
    ├── TransferFailed         a file did not come, did not go out, or could not be written
    │   └── FileTampered         an encrypted file was changed on its way
    ├── FileUnreadable         a file that is to go out cannot be read, or is not the one that was chosen
    ├── NotConfirmed           a message went out, and nobody knows whether it arrived
    └── Unavailable            it needs a connection, and there is none now

Each carries a short title and one sentence in people's words; the log has the traceback.
"""

from enum import StrEnum
from pathlib import Path


class TuiXmppError(Exception):
    """The root: a title of a few words and a message of a sentence, both fit to be shown."""

    title = "Something went wrong"

    def __init__(self, message: str, *, title: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if title is not None:
            self.title = title


class ConfigError(TuiXmppError):
    """A settings file that cannot be used; says the file and, where known, the line."""

    title = "The settings cannot be read"

    def __init__(self, message: str, *, path: Path | None = None, line: int | None = None) -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}, line {line}: "
        super().__init__(where + message)
        self.path = path
        self.line = line


class AddressError(TuiXmppError):
    """Text that is not an XMPP address."""

    title = "Not an address"


class StorageError(TuiXmppError):
    """The store cannot be opened or written."""

    title = "The local store is not usable"


class StoreBusy(StorageError):
    """Another process writes the store; it can be read."""

    title = "Already running"


class StoreLocked(StorageError):
    """The store is encrypted and cannot be opened with what there is; it is left as it is."""

    title = "The store is locked"


class NoKeyring(StorageError):
    """There is no keyring on this system, or none that keeps secrets secret."""

    title = "No keyring"


class NetworkError(TuiXmppError):
    """No usable connection."""

    title = "Not connected"


class ConnectionFailed(NetworkError):
    """The server was not reached or the line was lost; trying again may help."""

    title = "Cannot reach the server"


class NobodyThere(ConnectionFailed):
    """The server's computer answered that nothing runs there: it is down, or just being restarted."""


class LoginRefused(NetworkError):
    """The server does not accept the account or the password; trying again alone will not help."""

    title = "Sign-in refused"


class CertificateRejected(NetworkError):
    """The server's certificate is not valid for the address; the message says why."""

    title = "The server's certificate is not valid"


class StreamUnsafe(NetworkError):
    """The server skipped or stripped a protection, or sent what no honest server sends."""

    title = "The connection is not safe"


class NoChatServer(StreamUnsafe):
    """What answers does not speak the protocol: another program, or the sign-in page of a network."""


class RequestFailed(TuiXmppError):
    """An error answer; `condition` is the defined condition of RFC 6120 §8.3.3."""

    title = "The server refused"

    def __init__(self, message: str, *, condition: str = "undefined-condition", title: str | None = None) -> None:
        super().__init__(message, title=title)
        self.condition = condition


class RoomRefusal(StrEnum):
    """Why a room did not let us in (XEP-0045 §7.2)."""

    NICKNAME_TAKEN = "nickname-taken"
    PASSWORD = "password"  # noqa: S105 (no password)
    MEMBERS_ONLY = "members-only"
    BANNED = "banned"
    FULL = "full"
    LOCKED = "locked"
    NOT_FOUND = "not-found"
    NICKNAME_INVALID = "nickname-invalid"
    NOT_ALLOWED = "not-allowed"
    GONE = "gone"
    OTHER = "other"


class RoomRefused(RequestFailed):
    """A room would not let us in, or would not do what was asked."""

    title = "The room refused"

    def __init__(self, message: str, *, refusal: RoomRefusal, condition: str = "undefined-condition") -> None:
        super().__init__(message, condition=condition)
        self.refusal = refusal


class UploadRefused(RequestFailed):
    """A server would not take a file (XEP-0363 §5); `again` is when it may be asked once more, µs, if it says."""

    title = "Not uploaded"

    def __init__(self, message: str, *, condition: str = "undefined-condition", again: int | None = None) -> None:
        super().__init__(message, condition=condition)
        self.again = again


class RegistrationRefused(RequestFailed):
    """The server would not register the account (XEP-0077)."""

    title = "Registration refused"


class MustEncrypt(TuiXmppError):
    """A message may not go out in clear, and cannot be encrypted now; nothing was sent."""

    title = "Not sent, for it must be encrypted"


class TransferFailed(TuiXmppError):
    """A file did not come whole, did not go out, or could not be written; nothing half is left."""

    title = "The file did not come"


class FileTampered(TransferFailed):
    """An encrypted file is not what its sender encrypted (XEP-0454 §3): nothing of it may be used."""

    title = "The file was changed on its way"


class FileUnreadable(TuiXmppError):
    """A file of ours cannot be read, or is not any more what it was when it was chosen."""

    title = "Not sent"


class NotConfirmed(TuiXmppError):
    """A message went out, but the server did not say that it has it."""

    title = "Not confirmed"


class Unavailable(TuiXmppError):
    """The wish needs a connection, and there is none now."""

    title = "Not connected"
