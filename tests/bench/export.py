"""What an export costs: time, size and the most memory, for stores of growing size.

    python -m tests.bench.export [--messages 10000 100000 1000000] [--chats 500]

Each is a process of its own, as the shell starts it; all chats are written to a directory.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import machine
from tui_xmpp.export.format import Format


def main() -> None:
    """Make stores and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--chats", type=int, default=500)
    asked = parser.parse_args()
    print(machine.description())
    for messages in asked.messages:
        with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as name:
            directory = Path(name)
            _fill(directory / "data" / "chat.db", asked.chats, messages)
            for form in Format:
                _measure(directory, form, messages)


def _fill(path: Path, chats: int, messages: int) -> None:
    """In a process of its own: Linux counts the memory of the process that starts another as that one's."""
    options = ["--chats", str(chats), "--messages", str(messages)]
    subprocess.run([sys.executable, "-m", "tests.bench.fill", str(path), *options], check=True)


def _measure(directory: Path, form: Format, messages: int) -> None:
    output = directory / form.value
    command = [sys.executable, "-m", "tui_xmpp", "export", "--data", str(directory / "data")]
    environment = {**os.environ, "HOME": str(directory)}
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, "--format", form.value, "-o", str(output)], env=environment, stderr=subprocess.PIPE
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - begun
        said = process.stderr.read().decode() if process.stderr is not None else ""
    if process.returncode != 0:
        raise SystemExit(said)
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    processor = usage.ru_utime + usage.ru_stime
    print(
        f"{messages:>9,} messages  {form.value:<8} {took:7.2f} s  {processor:7.2f} s of the processor  "
        f"{size / 2**20:7.1f} MiB written  {usage.ru_maxrss / 1024:6.1f} MiB of memory at most"
    )


if __name__ == "__main__":
    main()
