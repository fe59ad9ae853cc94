"""An account: what a person set, and how its line to the server is doing."""

from enum import StrEnum
from pathlib import Path

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.omemo import EncryptionWish


class TlsMode(StrEnum):
    """How the connection is secured; there is no way to turn it off."""

    AUTO = "auto"
    STARTTLS = "starttls"
    DIRECT = "direct"


@frozen
class AccountSettings:
    """One `[[accounts]]` table of the settings file; never holds the password."""

    address: Address
    """The bare address, which is also the account's name everywhere."""
    password_command: tuple[str, ...] = ()
    """A command whose first line of output is the password; empty: the keyring, else asked at each start."""
    host: str = ""
    """Host to connect to; empty: looked up in DNS (SRV) for the address's domain."""
    port: int = 0
    """Port, used with `host`; 0: 5222, or 5223 with direct TLS."""
    tls: TlsMode = TlsMode.AUTO
    ca_file: Path | None = None
    """An authority of one's own, trusted in place of the system's."""
    nickname: str = ""
    """Nickname for rooms; empty: the local part of the address."""
    enabled: bool = True
    encryption: EncryptionWish = EncryptionWish.WHEN_POSSIBLE
    """When messages are encrypted, unless a chat has a wish of its own."""

    @property
    def room_nickname(self) -> str:
        """The nickname to use in rooms where none was chosen."""
        return self.nickname or self.address.local or self.address.domain


class AccountStatus(StrEnum):
    """Where an account's session stands."""

    OFFLINE = "offline"
    """By choice: disabled, or not started yet."""
    CONNECTING = "connecting"
    ONLINE = "online"
    WAITING = "waiting"
    """The line is down; the next try comes by itself."""
    NEEDS_PASSWORD = "needs-password"  # noqa: S105 (no password)
    FAILED = "failed"
    """A person must act; `AccountState.problem` says on what."""


@frozen
class AccountState:
    """What the screen shows of an account."""

    address: Address
    status: AccountStatus
    problem: str = ""
    """One sentence in people's words when WAITING or FAILED."""
    retry_in: float = 0.0
    """Seconds until the next try when WAITING."""
