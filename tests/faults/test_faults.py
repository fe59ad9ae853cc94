"""Whatever happens to lines, servers and clients: nothing is lost, nothing comes twice, nothing is out of order."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.faults import FAULTS, crash, restart
from tests.faults.ordeal import Ordeal, suffer
from tests.server.authority import TestAuthority
from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody

FIXED = 20260

CHOSEN = [int(seed) for seed in os.environ.get("TUI_XMPP_SEEDS", "").split()]
"""Seeds in place of the usual ones, to see again what a random one has shown."""

RANDOM = [secrets.randbelow(1_000_000) for _ in range(3)]

PROSODY = """
smacks_hibernation_time = 2
muc_room_default_persistent = true
"""

EJABBERD = tuple(fault for fault in FAULTS if fault not in {crash, restart})
"""Faults at which ejabberd itself loses nothing. It writes archives to disk some seconds after it has acknowledged the
messages; and one that is under way when it stops, or when it gives up a stream, can be in the sender's archive and
never come to the recipient's. So lost streams are held for long here."""

ENCRYPTED = tuple(fault for fault in FAULTS if fault is not crash)
"""Without the server's own death: killed between its two archives, Prosody has a message for the sender and never for
the recipient (`test_server_loss` proves it), and the larger the message, the likelier that is."""

needs_ejabberd = pytest.mark.skipif(not is_installed(), reason="ejabberd is not installed")


@pytest.fixture(params=["internal", "sql"])
def prosody_home(request: pytest.FixtureRequest, prosody_factory: ProsodyFactory) -> Prosody:
    storage: str = request.param
    return prosody_factory(storage=storage, settings=PROSODY)


@pytest.fixture
def ejabberd_home(server_directory: Path, authority: TestAuthority, tmp_path: Path) -> Iterator[Ejabberd]:
    server = Ejabberd(tmp_path / "ejabberd", authority=authority, resumable=300, lasting_rooms=True).start()
    yield server
    server.stop()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED])
async def test_a_few_faults(prosody_home: Prosody, tmp_path: Path, seed: int) -> None:
    await suffer(prosody_home, tmp_path, Ordeal(25, 6, seed, archived=prosody_home.archived))


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED, *RANDOM])
async def test_many_faults(prosody_home: Prosody, tmp_path: Path, seed: int) -> None:
    await suffer(prosody_home, tmp_path, Ordeal(500, 25, seed, archived=prosody_home.archived))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED])
async def test_a_few_faults_encrypted(prosody_home: Prosody, tmp_path: Path, seed: int) -> None:
    await suffer(prosody_home, tmp_path, Ordeal(40, 6, seed, ENCRYPTED, encrypted=True))


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED, *RANDOM])
async def test_many_faults_encrypted(prosody_home: Prosody, tmp_path: Path, seed: int) -> None:
    await suffer(prosody_home, tmp_path, Ordeal(200, 20, seed, ENCRYPTED, encrypted=True))


@needs_ejabberd
@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED])
async def test_a_few_faults_on_ejabberd(ejabberd_home: Ejabberd, tmp_path: Path, seed: int) -> None:
    await suffer(ejabberd_home, tmp_path, Ordeal(25, 6, seed, EJABBERD))


@needs_ejabberd
@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED, *RANDOM])
async def test_many_faults_on_ejabberd(ejabberd_home: Ejabberd, tmp_path: Path, seed: int) -> None:
    await suffer(ejabberd_home, tmp_path, Ordeal(500, 25, seed, EJABBERD))


@needs_ejabberd
@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED])
async def test_a_few_faults_encrypted_on_ejabberd(ejabberd_home: Ejabberd, tmp_path: Path, seed: int) -> None:
    await suffer(ejabberd_home, tmp_path, Ordeal(25, 6, seed, EJABBERD, encrypted=True))


@needs_ejabberd
@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", CHOSEN or [FIXED])
async def test_many_faults_encrypted_on_ejabberd(ejabberd_home: Ejabberd, tmp_path: Path, seed: int) -> None:
    await suffer(ejabberd_home, tmp_path, Ordeal(200, 20, seed, EJABBERD, encrypted=True))
