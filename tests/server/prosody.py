"""A real Prosody for the tests, with accounts on demand."""

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from tests.server import admin_shell
from tests.server.authority import Kind, TestAuthority
from tui_xmpp.demo.prosody_config import LOOPBACK, ServerPlan, quoted
from tui_xmpp.demo.server import PrivateServer
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address

_counter = itertools.count(1)


def fresh_name(prefix: str = "user") -> str:
    """A name that no other test of this run has used; for accounts and rooms on the shared server."""
    return f"{prefix}{next(_counter)}"


class Prosody:
    """One server: `domain` with registration, archive, carbons, PEP and bookmarks, and rooms at `rooms.<domain>`.

    `host_modules` and `room_modules` are loaded beside those; `settings` is further global configuration in Lua;
    `certificate` is a `Kind` that tests of TLS choose.
    """

    host = LOOPBACK

    def __init__(
        self,
        directory: Path,
        *,
        storage: str = "memory",
        certificate: Kind | str = Kind.GOOD,
        domain: str = "chat.test",
        extra_modules: Iterable[str] = (),
        room_modules: Iterable[str] = ("muc_moderation",),
        registration: bool = True,
        settings: str = "",
        largest_file: int = 10 * 1024 * 1024,
        authority: TestAuthority | None = None,
    ) -> None:
        self.authority = TestAuthority(directory / "authority") if authority is None else authority
        plan = ServerPlan(
            domain=domain,
            storage=storage,
            registration=registration,
            host_modules=("admin_shell", *extra_modules),
            room_modules=tuple(room_modules),
            settings=settings,
            admins=(f"admin@{domain}",),
            largest_file=largest_file,
        )
        self._server = PrivateServer(plan, directory, self.authority.issue(certificate, domain))
        self.directory = directory
        self.domain = domain
        self.rooms = plan.rooms

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self.authority.ca_file

    @property
    def port(self) -> int:
        """The port for STARTTLS."""
        return self._server.port

    @property
    def tls_port(self) -> int:
        """The port for direct TLS."""
        return self._server.tls_port

    @property
    def web_port(self) -> int:
        """The port where files are put and fetched over HTTPS."""
        return self._server.web_port

    @property
    def uploaded(self) -> list[Path]:
        """The files that were put here and are whole."""
        return [file for file in self.directory.glob("data/*/http_file_share/*") if file.suffix == ".bin"]

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._server.pid

    @property
    def log(self) -> str:
        """What the server has logged."""
        return (self.directory / "prosody.log").read_text(errors="replace")

    def start(self) -> "Prosody":
        """Start; returns when the ports are open."""
        self._server.start()
        return self

    def stop(self) -> None:
        """End in an orderly way: clients are told."""
        self._server.stop()

    def kill(self) -> None:
        """End as a crash would."""
        self._server.kill()

    def restart(self) -> None:
        """Stop and start on the same ports. With memory storage all accounts are gone."""
        self._server.restart()

    def shell(self, command: str) -> str:
        """Run a command of Prosody's admin shell (`user:list("chat.test")`); `>` first gives plain Lua."""
        return admin_shell.run(self.directory / "admin.sock", command)

    def add_user(self, name: str, password: str = "secret") -> Address:
        """Create an account and return its bare address."""
        address = Address(self.domain, name)
        self.shell(f"user:create({quoted(str(address))}, {quoted(password)})")
        return address

    def archived(self, owner: Address) -> list[str]:
        """What the server's own storage has in the archive of an account or a room: stanzas, oldest first, as XML."""
        store = "muc_log" if owner.domain == self.rooms else "archive"
        kept = self.shell(
            f">local s = require 'core.storagemanager'.open({quoted(owner.domain)}, '{store}', 'archive') "
            f"local t = {{}} for _, item in s:find({quoted(owner.local)}, {{}}) do t[#t + 1] = tostring(item) end "
            "return table.concat(t, '\\n')"
        )
        return re.split(r"\n(?=<message )", kept.removeprefix("Result: "))

    def invite(self, function: str, *arguments: str) -> str:
        """Have `mod_invites` make an invitation (`create_account`, `create_contact`); returns the link."""
        lua = ", ".join(arguments)
        said = self.shell(
            f'> return require "core.modulemanager".get_module("{self.domain}", "invites").{function}({lua}).uri'
        )
        return next(word.strip('"') for word in said.split() if "preauth=" in word)

    def has_user(self, name: str) -> bool:
        """Whether there is such an account."""
        return f"{name}@{self.domain}" in self.shell(f"user:list({quoted(self.domain)})").split()

    def remove_user(self, name: str) -> None:
        """Delete an account."""
        self.shell(f"user:delete({quoted(f'{name}@{self.domain}')})")

    def room(self, name: str | None = None) -> Address:
        """The address of a room that nobody has used yet."""
        return Address(self.rooms, name or fresh_name("room"))

    def settings(self, name: str, *, tls: TlsMode = TlsMode.STARTTLS, port: int | None = None) -> AccountSettings:
        """Settings with which the account signs in; `port` for a proxy in front of the server."""
        own_port = self.tls_port if tls is TlsMode.DIRECT else self.port
        return AccountSettings(
            address=Address(self.domain, name),
            host=self.host,
            port=own_port if port is None else port,
            tls=tls,
            ca_file=self.ca_file,
        )
