"""A real ejabberd for the tests: what works on one server only is not interoperable.

It runs without distribution, hence without `epmd` and beside any other Erlang node, and is told what to do over its
HTTP interface. It starts in about 1.5 s.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.server.authority import Kind, TestAuthority
from tests.server.ejabberd_config import EjabberdPorts, Options, configuration
from tests.server.prosody import fresh_name
from tui_xmpp.demo.prosody_config import LOOPBACK
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address

_START_TIMEOUT = 30.0
_STOP_TIMEOUT = 10.0
_POLL = 0.02

_LEASH = 'spawn(fun() -> eof = io:get_line(""), erlang:halt() end)'
"""Ends the node when the pipe to its standard input closes, that is, when the test run dies."""


class Ejabberd:
    """One server for `domain`, with the same face as `Prosody` as far as it goes."""

    host = LOOPBACK

    def __init__(
        self,
        directory: Path,
        *,
        certificate: Kind | str = Kind.GOOD,
        domain: str = "chat.test",
        registration: bool = True,
        authority: TestAuthority | None = None,
        resumable: int = 300,
        lasting_rooms: bool = False,
    ) -> None:
        self.directory = directory
        self.domain = domain
        self.rooms = f"rooms.{domain}"
        self.authority = TestAuthority(directory / "authority") if authority is None else authority
        self._options = Options(registration, resumable, lasting_rooms)
        issued = self.authority.issue(certificate, domain)
        self._certificate = directory / "server.pem"
        self._certificate.parent.mkdir(parents=True, exist_ok=True)
        self._certificate.write_text(issued.certificate.read_text() + issued.key.read_text())
        self._ports = _free_ports()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self.authority.ca_file

    @property
    def port(self) -> int:
        """The port for STARTTLS."""
        return self._ports.starttls

    @property
    def tls_port(self) -> int:
        """The port for direct TLS."""
        return self._ports.direct

    @property
    def web_port(self) -> int:
        """The port where files are put and fetched over HTTPS."""
        return self._ports.web

    @property
    def uploaded(self) -> list[Path]:
        """The files that were put here."""
        return [file for file in (self.directory / "uploads").rglob("*") if file.is_file()]

    @property
    def log(self) -> str:
        """What the server has logged and printed."""
        files = (self.directory / "ejabberd.log", self.directory / "output")
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())

    def start(self) -> "Ejabberd":
        """Start; returns when it answers. Raises RuntimeError with its log."""
        config = self.directory / "ejabberd.yml"
        settings = configuration(self.domain, self._certificate, self._ports, self._options)
        config.write_text(json.dumps(settings))
        environment = {
            **os.environ,
            "EJABBERD_CONFIG_PATH": str(config),
            "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
            "ERL_CRASH_DUMP": str(self.directory / "crash.dump"),
            "ERL_LIBS": str(_libraries()),
            "HOME": str(self.directory),
        }
        mnesia = self.directory / "mnesia"
        command = ["erl", "-noshell", "-mnesia", "dir", f'"{mnesia}"', "-eval", _LEASH, "-s", "ejabberd"]
        with (self.directory / "output").open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=self.directory, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError):
                self.command("status")
                return self
            time.sleep(_POLL)
        self.kill()
        raise RuntimeError(f"ejabberd did not start: {self.log}")

    def stop(self) -> None:
        """End in an orderly way: clients are told."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_TIMEOUT)
        self.kill()

    def kill(self) -> None:
        """End as a crash would."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process = None

    def restart(self) -> None:
        """Stop and start on the same ports; accounts and archives stay."""
        self.stop()
        self.start()

    def command(self, name: str, **arguments: str) -> object:
        """Run an `ejabberdctl` command over HTTP. Raises OSError when it is refused or nobody answers."""
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self._ports.api}/api/{name}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            result: object = json.load(answer)
            return result

    def add_user(self, name: str, password: str = "secret") -> Address:
        """Create an account and return its bare address."""
        self.command("register", user=name, host=self.domain, password=password)
        return Address(self.domain, name)

    def has_user(self, name: str) -> bool:
        """Whether there is such an account."""
        return self.command("check_account", user=name, host=self.domain) == 0

    def remove_user(self, name: str) -> None:
        """Delete an account."""
        self.command("unregister", user=name, host=self.domain)

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


def is_installed() -> bool:
    """Whether this computer has ejabberd as Debian packages it."""
    return shutil.which("erl") is not None and shutil.which("ejabberdctl") is not None


def _libraries() -> Path:
    """The directory that holds Debian's Erlang libraries, which depends on the processor."""
    return next(Path("/usr/lib").glob("*/ejabberd-*/ebin/ejabberd.app")).parents[2]


def _free_ports() -> EjabberdPorts:
    with socket.socket() as first, socket.socket() as second, socket.socket() as third, socket.socket() as fourth:
        sockets = (first, second, third, fourth)
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return EjabberdPorts(*(each.getsockname()[1] for each in sockets))
