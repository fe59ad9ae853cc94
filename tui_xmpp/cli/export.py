"""`tui-xmpp export`: what is stored of a chat, or of all, written down for people or programs."""

import itertools
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Protocol, TextIO

from tui_xmpp.cli.exits import NoSuchAccount, NothingToExport, WhichChat
from tui_xmpp.cli.export_options import STANDARD_OUTPUT, ExportWish
from tui_xmpp.export.calendar import Calendar
from tui_xmpp.export.document import pieces
from tui_xmpp.export.names import file_name
from tui_xmpp.export.target import CannotWrite, cannot_write, check_free, private_folder, writing
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.record import Record

_EARLIEST, _LATEST = -(2**63), 2**63 - 1
"""Before and after every time that can be stored."""


class History(Protocol):
    """Where messages come from: the store."""

    def chats(self) -> Sequence[Chat]:
        """Every chat, on the list or not."""
        ...

    def records(self, key: ChatKey, since: int, until: int) -> Iterator[Record]:
        """The messages of a chat sent from `since` on and before `until` (µs), in order."""
        ...


@frozen
class Exported:
    """What was written where."""

    messages: int
    chats: int
    place: Path | None
    """None: standard output."""

    def __str__(self) -> str:
        messages = "1 message" if self.messages == 1 else f"{self.messages:,} messages"
        chats = "1 chat" if self.chats == 1 else f"{self.chats:,} chats"
        return f"{messages} of {chats} written to {self.place}."


class ReaderGone(Exception):
    """Whoever read our standard output has had enough (EPIPE)."""


def clean_up_when_ended() -> None:
    """Let a signal end the process as it ends any other, but not before half a file has been removed."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


def export(history: History, wish: ExportWish) -> Exported:
    """Write what was wished for. Raises TuiXmppError, ReaderGone, and what the history raises."""
    chats = _chosen(history.chats(), wish)
    found = ((chat, records) for chat in chats if (records := _records(history, chat, wish)) is not None)
    one = len(wish.chats) == 1
    if wish.output == STANDARD_OUTPUT or (one and wish.output is None):
        exported = _to_standard_output(found, wish)
    elif one and wish.output is not None and not _is_folder(wish.output):
        exported = _to_file(found, Path(wish.output), wish)
    else:
        folder = Path(wish.output or f"tui-xmpp-export-{datetime.now().astimezone():%Y-%m-%d}")
        exported = _to_folder(found, chats, folder, wish)
    if not exported.chats:
        named = f" with {chats[0].key.peer.shown}" if one else ""
        within = "" if wish.since is None and wish.until is None else " from that time"
        raise NothingToExport(f"There are no messages{named}{within}.")
    return exported


_Found = Iterable[tuple[Chat, Iterator[Record]]]


def _chosen(chats: Sequence[Chat], wish: ExportWish) -> list[Chat]:
    if not chats:
        raise NothingToExport("Nothing is stored yet.")
    if wish.account is not None:
        chats = [chat for chat in chats if chat.key.account == wish.account.bare]
        if not chats:
            raise NoSuchAccount(f"Nothing is stored of an account {wish.account.bare.shown}.")
    if not wish.chats:
        return list(chats)
    known = Counter(chat.key.peer for chat in chats)
    for address in wish.chats:
        if not known[address]:
            raise NothingToExport(f"There is no chat with {address.shown}.")
        if known[address] > 1:
            accounts = ", ".join(chat.key.account.shown for chat in chats if chat.key.peer == address)
            raise WhichChat(f"Several accounts have a chat with {address.shown}; add --account: {accounts}.")
    return [next(chat for chat in chats if chat.key.peer == address) for address in wish.chats]


def _records(history: History, chat: Chat, wish: ExportWish) -> Iterator[Record] | None:
    """The messages of a chat; None: there are none."""
    since = _EARLIEST if wish.since is None else wish.since
    until = _LATEST if wish.until is None else wish.until
    records = history.records(chat.key, since, until)
    first = next(records, None)
    return None if first is None else itertools.chain([first], records)


def _is_folder(output: str) -> bool:
    return output.endswith("/") or Path(output).is_dir()


def _to_standard_output(found: _Found, wish: ExportWish) -> Exported:
    with _standard_output() as stream:
        written = [_write(stream, chat, records, wish) for chat, records in found]
    return Exported(sum(written), len(written), None)


def _to_file(found: _Found, path: Path, wish: ExportWish) -> Exported:
    written = []
    for chat, records in found:
        with writing(path, force=wish.force) as stream:
            written.append(_write(stream, chat, records, wish))
    return Exported(sum(written), len(written), path)


def _to_folder(found: _Found, chats: list[Chat], folder: Path, wish: ExportWish) -> Exported:
    paths = {
        chat.key: folder / file_name(chat.key.account) / f"{file_name(chat.key.peer)}{wish.form.suffix}"
        for chat in chats
    }
    for path in paths.values():
        if path.parent.is_symlink():
            raise CannotWrite(f"{path.parent} leads elsewhere.")
        check_free(path, force=wish.force)
    written = []
    for chat, records in found:
        path = paths[chat.key]
        private_folder(folder)
        private_folder(path.parent)
        with writing(path, force=wish.force) as stream:
            written.append(_write(stream, chat, records, wish))
    return Exported(sum(written), len(written), folder)


def _write(stream: TextIO, chat: Chat, records: Iterator[Record], wish: ExportWish) -> int:
    """Write one chat; returns the number of its messages."""
    counted = _Counted(records)
    stream.writelines(pieces(wish.form, chat, counted, Calendar()))
    return counted.number


class _Counted:
    """Records, and how many of them were taken."""

    def __init__(self, records: Iterator[Record]) -> None:
        self.number = 0
        self._records = records

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.number += 1
            yield record


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """Standard output in UTF-8, whatever the locale. Raises CannotWrite, ReaderGone."""
    if sys.stdout is None:
        raise CannotWrite("Standard output is closed.")
    stream = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)  # noqa: SIM115 - below
    try:
        yield stream
        stream.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        raise cannot_write("standard output", error) from error
    finally:
        with suppress(OSError):
            stream.close()
