"""The demonstration starts quickly, and nothing of it is left, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.demo.guest import QUICK, visiting
from tests.waiting import wait_until
from tui_xmpp.demo import Demonstration

PROGRAM = """
import os, sys, time
from tui_xmpp.demo import Demonstration
demonstration = Demonstration()
demonstration.start()
(demonstration.profile / "store").write_text("something written by the program")
print(demonstration.directory, demonstration._server.pid, flush=True)
{ending}
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own, to see what is left in it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def left_in(directory: Path) -> list[Path]:
    return list(directory.iterdir())


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended; a zombie has."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_it_leaves_no_file_and_no_process_behind(temporary: Path) -> None:
    demonstration = Demonstration(pace=QUICK)
    account, password = demonstration.start()
    pid = demonstration._server.pid
    assert pid is not None
    (demonstration.profile / "store").write_text("something written by the program")
    async with visiting(account, password) as guest:
        await demonstration.raise_curtain()
        await guest.message(lambda message: message["body"])
    await demonstration.close()
    demonstration.cleanup()
    assert not is_running(pid)
    assert left_in(temporary) == []
    demonstration.cleanup()


async def test_it_can_be_closed_before_the_cast_has_signed_in(temporary: Path) -> None:
    demonstration = Demonstration()
    demonstration.start()
    await demonstration.raise_curtain()
    await demonstration.close()
    demonstration.cleanup()
    assert left_in(temporary) == []


def test_it_can_be_cleaned_up_before_it_was_started(temporary: Path) -> None:
    Demonstration().cleanup()
    assert left_in(temporary) == []


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param("time.sleep(60)", id="kill -9"),
        pytest.param("raise SystemExit(3)", id="exit"),
        pytest.param("raise RuntimeError('crash')", id="crash"),
        pytest.param("os._exit(1)", id="hard exit"),
        pytest.param("import signal; os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", id="SIGTERM"),
    ],
)
def test_however_the_program_ends_the_server_ends_and_its_files_go(temporary: Path, ending: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(ending=ending)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with program:
        assert program.stdout is not None
        directory, pid = program.stdout.readline().decode().split()
        assert Path(directory).parent == temporary
        if "sleep" in ending and "SIGTERM" not in ending:
            assert is_running(int(pid))
            program.send_signal(signal.SIGKILL)
        program.wait(10)
        wait_until(lambda: not is_running(int(pid)), what="the server has ended")
        wait_until(lambda: not Path(directory).exists(), what="the directory has gone")


def test_neither_network_nor_screen_libraries_are_loaded_by_importing_it() -> None:
    check = "import sys, tui_xmpp.demo; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout.split()
    assert not {"slixmpp", "textual", "rich", "sqlcipher3", "aiohttp"} & set(loaded)
