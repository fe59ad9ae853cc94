"""A private, real Prosody on loopback, as a child of this process that cannot outlive it."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tui_xmpp.demo.certificates import Certificate
from tui_xmpp.demo.prosody_config import LOOPBACK, Ports, ServerPlan, configuration
from tui_xmpp.errors import TuiXmppError

_START_TIMEOUT = 20.0
_STOP_TIMEOUT = 5.0
_PORT_TRIES = 5
_POLL = 0.005
_LAST_WORDS = 400
"""Characters of its output that an error message quotes."""


class ServerNotStarted(TuiXmppError):
    """The private server did not start; the message ends with what it said."""

    title = "The private server did not start"


class PrivateServer:
    """One Prosody in a directory of its own. Ports are chosen at the first start and kept by later ones."""

    host = LOOPBACK

    def __init__(self, plan: ServerPlan, directory: Path, certificate: Certificate) -> None:
        self.plan = plan
        self.directory = directory
        self.certificate = certificate
        self._ports: Ports | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port for STARTTLS."""
        return self._chosen_ports.starttls

    @property
    def tls_port(self) -> int:
        """The port for direct TLS."""
        return self._chosen_ports.direct

    @property
    def web_port(self) -> int:
        """The port where files are put and fetched over HTTPS."""
        return self._chosen_ports.web

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start and return when the ports are open (about 0.2 s). Raises ServerNotStarted."""
        for _ in range(_PORT_TRIES):
            ports = self._ports or _free_ports()
            if self._launch(ports):
                self._ports = ports
                return
            self.stop()
        raise ServerNotStarted("No free port was found on this computer.")

    def stop(self) -> None:
        """End it in an orderly way; kills it where that takes too long. Safe to call twice.

        It is told by the end of its standard input (see `plugins/mod_leash.lua`), since Prosody sleeps up to a second
        over a signal.
        """
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_TIMEOUT)
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def restart(self) -> None:
        """Stop, and start again on the same ports."""
        self.stop()
        self.start()

    @property
    def _chosen_ports(self) -> Ports:
        if self._ports is None:
            raise ServerNotStarted("The private server has not been started.")
        return self._ports

    def _launch(self, ports: Ports) -> bool:
        """Run Prosody on these ports; False when one of them was taken meanwhile."""
        if self._process is not None:
            raise ServerNotStarted("The private server is running already.")
        program = shutil.which("prosody")
        if program is None:
            raise ServerNotStarted("Prosody is not installed.")
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        ready = self.directory / "ready"
        ready.unlink(missing_ok=True)
        config = self.directory / "prosody.cfg.lua"
        config.write_text(configuration(self.plan, self.directory, ports, self.certificate))
        with (self.directory / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [program, "-F", "--config", str(config)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env={**os.environ, "PROSODY_CONFIG": str(config)},
                start_new_session=True,  # Ctrl+C in the terminal is for us alone
            )
        return self._wait_until_ready(self._process, ready)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], ready: Path) -> bool:
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                return ready.read_text() == "ready"
            if process.poll() is not None:
                break
            time.sleep(_POLL)
        self.kill()
        raise ServerNotStarted(f"Prosody ended or hung while starting: {self._last_words()}")

    def _last_words(self) -> str:
        for name in ("output", "prosody.log"):
            with contextlib.suppress(OSError):
                text = " ".join((self.directory / name).read_text(errors="replace").replace("*", " ").split())
                if text:
                    return text[-_LAST_WORDS:]
        return "it said nothing."


def _free_ports() -> Ports:
    """Three ports that were free a moment ago; another process may still be faster, hence the tries of `start`."""
    with socket.socket() as first, socket.socket() as second, socket.socket() as third:
        sockets = (first, second, third)
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return Ports(*(each.getsockname()[1] for each in sockets))
