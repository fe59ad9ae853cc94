"""A file on a real server: put there by another client, sent as a link, and fetched by ours (XEP-0363, XEP-0454)."""

import asyncio
import ssl
import urllib.request
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from slixmpp import JID

from tests.engines import Client, make_engine
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.errors import FileTampered, TransferFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.files import MOST_UNTOLD, FileState, SaveFile, Stage
from tui_xmpp.model.message import Message
from tui_xmpp.web.sealed_file import new_key

BODY = bytes(range(256)) * 4000


async def put(client: PlainClient, server: Prosody, name: str, data: bytes) -> str:
    """Upload a file; returns where it can be fetched."""
    plugin = client.plugin["xep_0363"]
    answer = await plugin.request_slot(JID(f"files.{server.domain}"), name, len(data), "image/jpeg")
    slot = answer["http_upload_slot"]
    headers = {header["name"]: header["value"] for header in slot["put"]["headers"]}
    context = ssl.create_default_context(cafile=str(server.ca_file))

    def send() -> None:
        request = urllib.request.Request(slot["put"]["url"], data, headers, method="PUT")
        with urllib.request.urlopen(request, context=context) as done:
            assert done.status == 201

    await asyncio.to_thread(send)
    return str(slot["get"]["url"])


async def came(client: Client, other: PlainClient, link: str) -> Message:
    """The other side sends a link."""
    other.send_message(mto=JID(str(client.account)), mbody=link, mtype="chat")
    sender = Address.parse(other.boundjid.bare)
    await client.until(lambda: link in client.bodies(sender))
    return client.history(sender)[-1]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def saving(message: Message, link: str, folder: Path) -> SaveFile:
    return SaveFile(message.chat, message.id, link, folder / "dough.jpg", MOST_UNTOLD)


@pytest.mark.parametrize("encrypted", [True, False])
async def test_a_file_on_prosody_is_fetched_as_it_was(prosody: Prosody, tmp_path: Path, encrypted: bool) -> None:
    mara = prosody.add_user(fresh_name("mara"))
    async with (
        make_engine(prosody, fresh_name("alice")) as alice,
        signed_in(str(mara), port=prosody.port, ca_file=prosody.ca_file, plugins=("xep_0363",)) as other,
    ):
        key = new_key()
        data = AESGCM(key.key).encrypt(key.iv, BODY, None) if encrypted else BODY
        url = await put(other, prosody, "dough.jpg", data)
        link = f"{url.replace('https://', 'aesgcm://')}#{key.fragment}" if encrypted else url
        message = await came(alice, other, link)
        assert [facts.encrypted for facts in alice.engine.files(message)] == [encrypted]
        assert await alice.engine.size_of_file(message, link) == len(BODY)
        await alice.do(saving(message, link, tmp_path))
        place = tmp_path / "dough.jpg"
        assert alice.engine.file_state(message, link) == FileState(Stage.SAVED, place=place)
        assert place.read_bytes() == BODY
        if encrypted:
            wrong = f"{link[:-2]}{'00' if link[-2:] != '00' else '11'}"
            message = await came(alice, other, wrong)
            with pytest.raises(FileTampered):
                await alice.do(saving(message, wrong, tmp_path))
        else:
            gone = f"{url.rsplit('/', 2)[0]}/gone/dough.jpg"
            message = await came(alice, other, gone)
            with pytest.raises(TransferFailed):
                await alice.do(saving(message, gone, tmp_path))
        assert names_in(tmp_path) == ["dough.jpg"]
