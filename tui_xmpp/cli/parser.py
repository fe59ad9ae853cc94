"""What may be written after `tui-xmpp`: commands, options and what is said of them."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui_xmpp import __version__
from tui_xmpp.cli import export_options, storage_options
from tui_xmpp.cli.arguments import Asked, Common, Demo, Export, Screen, Send, Storage
from tui_xmpp.cli.exits import SUMMARY
from tui_xmpp.errors import AddressError
from tui_xmpp.logs import VARIABLE, Detail
from tui_xmpp.model.address import Address

PATIENCE = 30.0
"""Seconds that `send` takes at most, where nothing else is said."""


def understand(words: Sequence[str], environment: Mapping[str, str]) -> Asked:
    """Turn the words of the command line into a value. Raises SystemExit."""
    parser = _parser()
    found = parser.parse_args(words)
    common = Common(
        settings=getattr(found, "config", None),
        data=getattr(found, "data", None),
        detail=_detail(parser, debug=getattr(found, "debug", False), wanted=environment.get(VARIABLE, "")),
    )
    match found.command:
        case "demo":
            return Demo(common, yes=found.yes, linear=found.linear)
        case "send":
            text = None if found.text in {None, "-"} else str(found.text)
            return Send(common, found.account, found.address, found.room, found.timeout, found.plain, text)
        case "export":
            return Export(common, export_options.wish(parser, found))
        case "storage":
            return Storage(common, storage_options.wish(parser, found))
        case _:
            return Screen(common, found.open, linear=found.linear)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    files = common.add_argument_group("files and log")
    files.add_argument("--config", metavar="FILE", type=Path, help="settings file to use")
    files.add_argument("--data", metavar="DIRECTORY", type=Path, help="directory of the store to use")
    files.add_argument("--debug", action="store_true", help="log more (passwords are never logged)")
    parser = argparse.ArgumentParser(
        prog="tui-xmpp",
        allow_abbrev=False,
        parents=[common],
        description="A chat client for XMPP in the terminal. Without a command it opens; the first time it asks who "
        "you are.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tui-xmpp {__version__}")
    parser.add_argument("--open", metavar="ADDRESS", type=_address, help="open the chat with a contact or a room")
    parser.add_argument("--linear", action="store_true", help=_LINEAR)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_demo(commands, common)
    _add_send(commands, common)
    _add_export(commands, common)
    _add_storage(commands, common)
    return parser


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    about = "try everything on a private server with a small cast; leaves no trace"
    demo = commands.add_parser(
        "demo", parents=[common], allow_abbrev=False, help=about, description=f"{about[0].upper()}{about[1:]}."
    )
    demo.add_argument("--yes", action="store_true", help="install Prosody, if it is missing, without asking")
    # A subcommand's own default would undo what stands before it.
    demo.add_argument("--linear", action="store_true", default=argparse.SUPPRESS, help=_LINEAR)


def _add_send(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    send = commands.add_parser(
        "send",
        parents=[common],
        allow_abbrev=False,
        help="send a message, wait until the server has it, and end",
        description="Send a message, encrypted where the chat is, and wait until the server has it. While tui-xmpp is "
        "open, that one sends it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    send.add_argument("address", metavar="ADDRESS", type=_address, help="contact or room to send to")
    send.add_argument("text", metavar="TEXT", nargs="?", help="the message; - or nothing: from standard input")
    send.add_argument(
        "--account", metavar="ADDRESS", type=_address, help="account to send from (default: the first in the settings)"
    )
    send.add_argument("--room", action="store_true", help="ADDRESS is a room: enter it, send, leave")
    send.add_argument(
        "--plain",
        action="store_true",
        help="send unencrypted, into an encrypted chat too (default: as the program would)",
    )
    send.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=PATIENCE, help="give up after this long (default: 30)"
    )


def _add_export(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    export = commands.add_parser(
        "export",
        parents=[common],
        allow_abbrev=False,
        help="write a chat, or all of them, as Markdown, HTML or JSON Lines",
        description=export_options.DESCRIPTION,
        epilog=f"{export_options.FIELDS_HELP}\n\n{_EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument(
        "--account", metavar="ADDRESS", type=_address, help="only the chats of this account (default: of all)"
    )
    export.add_argument(
        "--chat",
        metavar="ADDRESS",
        type=_address,
        action="append",
        help="contact or room to export; may be given several times (default: all)",
    )
    export_options.add_options(export)


def _add_storage(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    storage = commands.add_parser(
        "storage",
        parents=[common],
        allow_abbrev=False,
        help="show or change how what is stored here is encrypted",
        description=storage_options.DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    storage_options.add_options(storage)


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except AddressError as error:
        raise argparse.ArgumentTypeError(error.message) from error


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return seconds


def _detail(parser: argparse.ArgumentParser, *, debug: bool, wanted: str) -> Detail:
    if not wanted:
        return Detail.DEBUG if debug else Detail.INFO
    try:
        return Detail(wanted.lower())
    except ValueError:
        parser.error(f"{VARIABLE} can be {', '.join(detail.value for detail in Detail)}")


_LINEAR = "line by line, without a screen: for screen readers and plain terminals (TERM=dumb does it by itself)"
_EPILOG = "\n".join(
    [
        "exit codes:",
        *(f"  {code.value:>3}  {line}" for code, line in SUMMARY.items()),
        "",
        "files:",
        "  $XDG_CONFIG_HOME/tui-xmpp/config.toml     settings",
        "  $XDG_DATA_HOME/tui-xmpp/chat.db           contacts, chats, messages",
        "  $XDG_DATA_HOME/tui-xmpp/chat.db.key       what opens it, where it is encrypted",
        "  $XDG_STATE_HOME/tui-xmpp/tui-xmpp.log     log",
        "",
        f"{VARIABLE} in the environment says how much is logged: {', '.join(detail.value for detail in Detail)}.",
    ]
)
