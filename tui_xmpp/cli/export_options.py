"""What may be written after `tui-xmpp export`, and what it means."""

import argparse
from datetime import UTC, date, datetime, time, timedelta

from tui_xmpp.export.format import FIELDS, Format
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen

STANDARD_OUTPUT = "-"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATES = "must be a date as 2026-01-31, or a moment as 2026-01-31T14:00"


@frozen
class ExportWish:
    """Which messages to export, how and where to."""

    account: Address | None
    """None: of every account."""
    chats: tuple[Address, ...]
    """Empty: every chat."""
    form: Format
    since: int | None
    """µs since the epoch, included; None: from the beginning."""
    until: int | None
    """µs since the epoch, not included; None: to the end."""
    output: str | None
    """A file, a directory or STANDARD_OUTPUT; None: what suits."""
    force: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    """Tell a parser which options there are, besides `--account` and `--chat`, which take addresses."""
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        choices=[form.value for form in Format],
        default=Format.MARKDOWN.value,
        help=f"{', '.join(form.value for form in Format)} (default: markdown)",
    )
    parser.add_argument("--since", metavar="DATE", type=_begin, help="only what was sent on this day or later")
    parser.add_argument("--until", metavar="DATE", type=_end, help="only what was sent on this day or earlier")
    parser.add_argument("-o", "--output", metavar="PATH", help="file or directory to write; - is standard output")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")


def wish(parser: argparse.ArgumentParser, found: argparse.Namespace) -> ExportWish:
    """The options that were given. Raises SystemExit (2) where they contradict each other."""
    if found.since is not None and found.until is not None and found.since >= found.until:
        parser.error("--since is later than --until")
    chats = tuple(dict.fromkeys(found.chat or ()))
    form = Format(found.format)
    if found.output == STANDARD_OUTPUT and len(chats) != 1 and form is not Format.JSONL:
        parser.error("several chats go to standard output as jsonl only; name a directory")
    if found.output == "":
        parser.error("-o needs a file or a directory")
    return ExportWish(found.account, chats, form, found.since, found.until, found.output, found.force)


def _begin(text: str) -> int:
    return _microseconds(_day_or_moment(text))


def _end(text: str) -> int:
    moment = _day_or_moment(text)
    if isinstance(moment, datetime):
        return _microseconds(moment)
    if moment == date.max:
        raise argparse.ArgumentTypeError(_DATES)
    return _microseconds(moment + timedelta(days=1))


def _day_or_moment(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_DATES) from error


def _microseconds(moment: date) -> int:
    """A day begins at midnight here; a moment without an offset is meant as the clocks here show it."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    try:
        return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
    except (OverflowError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(_DATES) from error


DESCRIPTION = """\
Write what is stored of a chat, or of all of them, as Markdown, HTML or JSON Lines. It works offline, and also
while tui-xmpp is open.

With one --chat the export goes to standard output, or to the file that -o names. Several chats, or all of them,
go to a directory (default: tui-xmpp-export-DATE here), one file for each chat in a folder for each account.
Files are for your eyes only. None is replaced without --force, and none is left half written."""

FIELDS_HELP = "\n".join(["fields of a line of jsonl:", *(f"  {name:<13} {line}" for name, line in FIELDS.items())])
