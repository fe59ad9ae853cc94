"""The network libraries stay out of the start, and come in a thread."""

import subprocess
import sys

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.loading import load_network


def test_the_loader_is_imported_without_any_network_library() -> None:
    heavy = "('slixmpp', 'aiodns', 'cryptography')"
    code = f"import sys, tui_xmpp.xmpp.loading; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


async def test_what_is_loaded_makes_connections_that_work(prosody: Prosody) -> None:
    alice = prosody.add_user(fresh_name())
    network = await load_network()
    party = Party.at(prosody, alice)
    connection = network.connection(prosody.settings(alice.local), party)
    opened = await connection.connect("secret")
    assert opened.own.bare == Address.parse(str(alice))
    await connection.close()
    await party.connection.close()
