"""The log: what gets into it, what never does, and who may read it."""

import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_xmpp import logs, redaction

LOGGERS = ("", "tui_xmpp", "slixmpp", "py.warnings")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A path for the log; afterwards everything global is as before."""
    before = {name: (logging.getLogger(name).level, logging.getLogger(name).handlers[:]) for name in LOGGERS}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning, logging.raiseExceptions
    hidden = set(redaction._hidden)
    yield tmp_path / "state" / "tui-xmpp.log"
    logs.stop()
    logging.captureWarnings(capture=False)
    for name, (level, handlers) in before.items():
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).handlers[:] = handlers
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning, logging.raiseExceptions = hooks
    redaction._hidden.clear()
    redaction._hidden.update(hidden)


def test_only_the_owner_can_read_the_log_and_its_directory(log: Path) -> None:
    log.parent.mkdir(mode=0o755)
    log.touch(mode=0o644)
    logs.start(log)
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.parent.stat().st_mode & 0o777 == 0o700


def test_a_record_is_a_line_with_time_level_and_source(log: Path) -> None:
    logs.start(log)
    logging.getLogger("tui_xmpp.core.session").warning("the line is down")
    time, level, rest = log.read_text().split(maxsplit=2)
    assert time.endswith("Z")
    assert time[10] == "T"
    assert level == "WARNING"
    assert rest == "tui_xmpp.core.session: the line is down\n"


def test_no_text_can_pose_as_a_record_or_steer_the_terminal(log: Path) -> None:
    logs.start(log)
    logging.getLogger("tui_xmpp").warning("nick: %s", "Eve\n2031-01-01T00:00:00Z CRITICAL x: gone\r\x1b[2J\u202e")
    lines = log.read_text().splitlines()
    assert len(lines) == 3
    assert lines[1] == "    2031-01-01T00:00:00Z CRITICAL x: gone"
    assert "\x1b" not in log.read_text()
    assert "\u202e" not in log.read_text()


EVERYONES_WARNINGS = "tui_xmpp-WARNING slixmpp-WARNING asyncio-WARNING omemo-WARNING"
EVERYONES_INFO = "slixmpp-INFO slixmpp-WARNING asyncio-INFO asyncio-WARNING omemo-INFO omemo-WARNING"


@pytest.mark.parametrize(
    ("detail", "seen"),
    [
        (logs.Detail.WARNING, EVERYONES_WARNINGS),
        (logs.Detail.INFO, f"tui_xmpp-INFO {EVERYONES_WARNINGS}"),
        (logs.Detail.DEBUG, f"tui_xmpp-DEBUG tui_xmpp-INFO tui_xmpp-WARNING {EVERYONES_INFO}"),
        (logs.Detail.STANZAS, f"tui_xmpp-DEBUG tui_xmpp-INFO tui_xmpp-WARNING slixmpp-DEBUG {EVERYONES_INFO}"),
    ],
)
def test_debug_of_libraries_is_never_logged_but_for_stanzas_on_request(
    log: Path, detail: logs.Detail, seen: str
) -> None:
    logs.start(log, detail)
    for name in ("tui_xmpp.core", "slixmpp.xmlstream.xmlstream", "asyncio", "omemo"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            short = name.partition(".")[0]
            logging.getLogger(name).log(level, "%s-%s", short, logging.getLevelName(level))
    assert [line.split()[-1] for line in log.read_text().splitlines()] == seen.split()


@pytest.mark.parametrize(
    ("text", "kept", "cut"),
    [
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>",
            "mechanism='PLAIN'",
            "AGEA",
        ),
        ("<response xmlns='sasl'>Yz1iaXdz</response>", "<response", "Yz1i"),
        ("<challenge>cj1meWtv</challenge>", "</challenge>", "cj1m"),
        ("<success>dj1ybUY5</success>", "<success>", "dj1y"),
        ("<s:auth mechanism='X'>AGEAYg==", "mechanism='X'", "AGEA"),
        ("b'<auth mechanism=\\'PLAIN\\'>AGEAYg==</auth>'", "PLAIN", "AGEA"),
        ("<initial-response>AGEAYg==</initial-response>", "<initial-response>", "AGEA"),
        ("<query xmlns='jabber:iq:register'><username>a</username><password>s3cret!</password>", "<username>a", "s3cr"),
        ("<field var='password'><value>s3cret!</value></field>", "var='password'", "s3cr"),
        ("<x xmlns='jabber:x:conference' jid='r@c' password='s3cret!'/>", "jid='r@c'", "s3cr"),
        ('<token token="s3cret!" expiry="1"/>', 'expiry="1"', "s3cr"),
        ("<message to='a@b'><body>meet me at ten</body><thread>t1</thread></message>", "<thread>t1", "ten"),
        ("<body xml:lang='en'>meet &lt;me&gt; at\nten</body>", "xml:lang", "ten"),
        ("<body><![CDATA[at <ten>]]></body>", "</body>", "ten"),
        ("<html><body><p>at <span style='x'>ten</span></p></body></html>", "style='x'", "ten"),
        ("aesgcm://h/x.jpg#0123456789abcdef ok", "aesgcm://h/x.jpg# ok", "0123456789abcdef"),
        ("<auth/><status>away</status>", "<status>away</status>", "\0"),
        ("a < b and b > c", "a < b and b > c", "\0"),
    ],
)
def test_what_the_protocol_marks_as_secret_is_cut(text: str, kept: str, cut: str) -> None:
    result = redaction.redact(text)
    assert cut not in result
    assert kept in result.replace(redaction.GAP, "")


@pytest.mark.parametrize("form", ["{}", "'{}'", "x{}x"])
@pytest.mark.parametrize("password", ["correct horse", "a<b&\"c'd", "pass\\word", "pässwörd", "p\u200bass"])
def test_a_password_that_passed_through_is_cut_wherever_it_turns_up(log: Path, password: str, form: str) -> None:
    from base64 import b64encode
    from html import escape

    logs.start(log)
    redaction.hide(password)
    wrote = [password, repr(password), repr(password.encode()), escape(password), b64encode(password.encode()).decode()]
    for text in wrote:
        logging.getLogger("tui_xmpp").warning("%s", form.format(text))
        assert redaction.redact(form.format(text)).count(redaction.GAP) >= 1
    assert password not in log.read_text()
    assert log.read_text().count(redaction.GAP) == len(wrote)


def test_a_password_in_an_exception_is_cut_from_the_trace(log: Path) -> None:
    logs.start(log)
    redaction.hide("correct horse")
    try:
        raise ValueError("login with correct horse failed")
    except ValueError:
        logging.getLogger("tui_xmpp").exception("crash")
    text = log.read_text()
    assert "ValueError: login with [redacted] failed" in text
    assert "correct horse" not in text


def test_the_file_is_put_aside_when_it_is_full_and_few_are_kept(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LIMIT", 1000)
    logs.start(log)
    for number in range(100):
        logging.getLogger("tui_xmpp").warning("%03d %s", number, "x" * 80)
    names = sorted(path.name for path in log.parent.iterdir())
    assert names == ["tui-xmpp.log", *(f"tui-xmpp.log.{number}" for number in range(1, logs.OLD_FILES + 1))]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in log.parent.iterdir())
    assert "099" in log.read_text()


def test_when_another_process_has_put_the_file_aside_the_new_one_is_used(log: Path) -> None:
    logs.start(log)
    logging.getLogger("tui_xmpp").warning("first")
    log.rename(log.with_suffix(".log.1"))
    log.touch()
    logging.getLogger("tui_xmpp").warning("second")
    assert "second" in log.read_text()
    assert "first" not in log.read_text()


def test_errors_that_nobody_caught_go_to_the_log_and_nothing_to_stderr(tmp_path: Path) -> None:
    log = tmp_path / "state" / "log"
    program = f"""
import asyncio, logging, sys, threading, warnings
from pathlib import Path
from tui_xmpp import logs
logs.start(Path({str(log)!r}))
warnings.warn("from a warning")
thread = threading.Thread(target=lambda: [][0]); thread.start(); thread.join()
class Broken:
    def __del__(self): raise KeyError("from a finaliser")
Broken()
async def lost():
    asyncio.get_running_loop().call_soon(lambda: {{}}["from a callback"]); await asyncio.sleep(0)
asyncio.run(lost())
logging.getLogger("slixmpp.any").error("from a library")
logging.getLogger("tui_xmpp").error("with %d %d", "wrong arguments")
raise RuntimeError("from the program")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout == ""
    text = log.read_text()
    for trace in ("a warning", "list index out of range", "a finaliser", "a callback", "a library", "the program"):
        assert trace in text
