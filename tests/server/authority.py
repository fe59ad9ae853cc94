"""Certificates of every kind that a client must tell apart, from authorities that live for one test run."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tui_xmpp.demo.certificates import Authority, Certificate
from tui_xmpp.demo.prosody_config import WEB_HOST


class Kind(StrEnum):
    """What is right or wrong with a certificate."""

    GOOD = "good"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    WRONG_NAME = "wrong-name"
    UNTRUSTED = "untrusted"
    SELF_SIGNED = "self-signed"


BAD_KINDS = tuple(kind for kind in Kind if kind is not Kind.GOOD)


class TestAuthority:
    """Issues certificates of each kind; clients trust `ca_file` and nothing else."""

    __test__ = False

    def __init__(self, directory: Path) -> None:
        self._trusted = Authority(directory / "trusted", name="Trusted test authority")
        self._stranger = Authority(directory / "stranger", name="Authority that nobody trusts")

    @property
    def ca_file(self) -> Path:
        """The authority that a client should trust."""
        return self._trusted.file

    def issue(self, kind: Kind | str, domain: str) -> Certificate:
        """Issue a certificate for a domain, its room service, and its files on loopback."""
        kind = Kind(kind)
        now = datetime.now(UTC)
        name = f"{domain}-{kind}"
        domains = (domain, f"rooms.{domain}", WEB_HOST)
        match kind:
            case Kind.GOOD:
                return self._trusted.issue(name, domains)
            case Kind.EXPIRED:
                return self._trusted.issue(name, domains, start=now - timedelta(days=60), end=now - timedelta(days=1))
            case Kind.NOT_YET_VALID:
                return self._trusted.issue(name, domains, start=now + timedelta(days=1), end=now + timedelta(days=60))
            case Kind.WRONG_NAME:
                return self._trusted.issue(name, ("somebody-else.test",))
            case Kind.UNTRUSTED:
                return self._stranger.issue(name, domains)
            case Kind.SELF_SIGNED:
                return self._trusted.issue(name, domains, self_signed=True)
