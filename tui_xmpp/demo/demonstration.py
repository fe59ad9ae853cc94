"""The demonstration as the command line uses it: a server, an account, a cast, and an end that leaves no trace."""

import asyncio
import atexit
import shutil
import ssl
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui_xmpp.demo import stage
from tui_xmpp.demo.certificates import Authority
from tui_xmpp.demo.prosody_config import ServerPlan, quoted
from tui_xmpp.demo.script.people import DOMAIN, GUEST
from tui_xmpp.demo.server import PrivateServer
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address

if TYPE_CHECKING:
    from tui_xmpp.demo.play import Play


class Demonstration:
    """A private server with a guest's account, and a cast that comes on stage when the curtain is raised.

    In order: `start`, then on the event loop `raise_curtain` and `close`, and `cleanup` last. However this process
    ends, the server ends with it, and `directory` goes with all that is in it.
    """

    def __init__(self, *, pace: float = 1.0) -> None:
        """`pace` stretches every pause of the cast; less than 1 is faster, for tests."""
        self._pace = pace
        self.directory = Path(tempfile.mkdtemp(prefix="tui-xmpp-demo-"))
        """All that the demonstration writes."""
        atexit.register(self.cleanup)
        authority = Authority(self.directory / "certificates")
        self._ca_file = authority.file
        self._stage = stage.build(datetime.now().astimezone())
        plan = ServerPlan(
            domain=DOMAIN,
            host_modules=("stage",),
            remove_directory=self.directory,
            settings=f"stage_file = {quoted(self.directory / 'stage.json')}",
        )
        certificate = authority.issue("server", plan.domains)
        self._server = PrivateServer(plan, self.directory / "server", certificate)
        self._play: Play | None = None

    @property
    def profile(self) -> Path:
        """A fresh directory for the guest's settings, data and log."""
        profile = self.directory / "profile"
        profile.mkdir(mode=0o700, exist_ok=True)
        return profile

    def start(self) -> tuple[AccountSettings, str]:
        """Start the server; return the guest's account and its password. Takes about 0.2 s.

        Raises ServerNotStarted.
        """
        (self.directory / "stage.json").write_text(self._stage.to_json())
        self._server.start()
        account = AccountSettings(
            address=Address(DOMAIN, GUEST),
            host=self._server.host,
            port=self._server.tls_port,
            tls=TlsMode.DIRECT,
            ca_file=self._ca_file,
            nickname=GUEST,
        )
        return account, self._stage.accounts[GUEST]

    async def raise_curtain(self) -> None:
        """Bring the cast on stage, on the running loop; returns before they have signed in.

        They begin to act when the guest has come online.
        """
        # In a thread: each import would hold up the screen for some milliseconds.
        self._play = await asyncio.to_thread(self._rehearse)
        self._play.begin()

    async def close(self) -> None:
        """Send the cast home. Safe to call at any time."""
        if self._play is not None:
            await self._play.close()
            self._play = None

    def cleanup(self) -> None:
        """End the server and remove every file. Safe to call twice; called at exit in any case."""
        self._server.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        atexit.unregister(self.cleanup)

    def _rehearse(self) -> "Play":
        from tui_xmpp.demo.pace import Pace
        from tui_xmpp.demo.play import Play
        from tui_xmpp.demo.wire import Endpoint

        context = ssl.create_default_context(cafile=str(self._ca_file))
        endpoint = Endpoint(self._server.host, self._server.tls_port, DOMAIN, context)
        return Play(endpoint, self._stage.accounts, Pace(self._pace))
