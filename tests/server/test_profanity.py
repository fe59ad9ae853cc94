"""The profanity driver: it chats with a plain client, both ways."""

from pathlib import Path

import pytest

from tests.server.plain_client import signed_in
from tests.server.profanity import Profanity, is_installed
from tests.server.prosody import Prosody, fresh_name

pytestmark = pytest.mark.skipif(not is_installed(), reason="profanity, tmux or openssl is not installed")


async def test_profanity_reads_what_is_written_to_it_and_answers(prosody: Prosody, tmp_path: Path) -> None:
    juno, theo = prosody.add_user(fresh_name("juno")), prosody.add_user(fresh_name("theo"))
    async with signed_in(str(juno), port=prosody.port, ca_file=prosody.ca_file) as client:
        with Profanity(tmp_path) as profanity:
            await profanity.start(prosody.settings(theo.local))
            profanity.type(f"/msg {juno} good morning")
            message = await client.message(lambda message: message["body"] == "good morning")
            client.send_message(mto=message["from"], mbody="slept well?", mtype="chat")
            await profanity.until_screen("slept well?")
