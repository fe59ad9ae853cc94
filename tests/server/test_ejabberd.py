"""The test ejabberd itself."""

from pathlib import Path

import pytest

from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.plain_client import LoginFailed, signed_in

pytestmark = pytest.mark.skipif(not is_installed(), reason="ejabberd is not installed")


async def test_it_starts_takes_accounts_and_accepts_their_login_also_after_a_restart(tmp_path: Path) -> None:
    server = Ejabberd(tmp_path).start()
    try:
        juno, theo = server.add_user("juno"), server.add_user("theo")
        server.restart()
        async with (
            signed_in(str(juno), port=server.port, ca_file=server.ca_file) as sender,
            signed_in(str(theo), port=server.port, ca_file=server.ca_file) as receiver,
        ):
            sender.send_message(mto=receiver.boundjid, mbody="hello", mtype="chat")
            await receiver.message(lambda message: message["body"] == "hello")
        with pytest.raises(LoginFailed, match="password"):
            async with signed_in(str(juno), port=server.port, ca_file=server.ca_file, password="wrong"):
                pass
    finally:
        server.stop()
