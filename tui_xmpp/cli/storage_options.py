"""What may be written after `tui-xmpp storage`."""

import argparse
import shlex
from enum import StrEnum

from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.model.frozen import frozen

DESCRIPTION = """\
Show or change how what is stored on this computer (contacts, chats, messages, keys) is encrypted.

  status    show whether it is, and what opens it
  encrypt   encrypt a store that is not encrypted
  change    choose another passphrase, or move the key: to the keyring, a passphrase, a command
  decrypt   write the store without encryption

tui-xmpp must not be open. Each of them is done whole or not at all, also when it is killed."""


class Act(StrEnum):
    """What to do."""

    STATUS = "status"
    ENCRYPT = "encrypt"
    CHANGE = "change"
    DECRYPT = "decrypt"


@frozen
class StorageWish:
    """What to do with the store's encryption."""

    act: Act
    place: KeyPlace | None
    """What shall open the store; None: nothing was said."""
    command: tuple[str, ...]
    """The command that prints the passphrase; empty: the one in the settings."""
    yes: bool


def add_options(storage: argparse.ArgumentParser) -> None:
    """Add the options of `storage` to its parser."""
    places = [place.value for place in KeyPlace if place is not KeyPlace.NONE]
    storage.add_argument("act", metavar="ACTION", choices=[act.value for act in Act], help=", ".join(Act))
    storage.add_argument(
        "--key",
        choices=places,
        metavar="WHERE",
        help=f"encrypt, change: what opens the store: {', '.join(places)} (default: the settings; else the keyring if "
        "there is one, else a passphrase)",
    )
    storage.add_argument(
        "--command",
        dest="key_command",
        metavar="COMMAND",
        help="with --key command: what prints the passphrase, in one argument such as 'pass tui-xmpp' (default: "
        "“key_command” in the settings)",
    )
    storage.add_argument("--yes", action="store_true", help="decrypt: do not ask")


def wish(parser: argparse.ArgumentParser, found: argparse.Namespace) -> StorageWish:
    """Turn the options into a value. Raises SystemExit for what does not go together."""
    act = Act(found.act)
    if act not in {Act.ENCRYPT, Act.CHANGE} and (found.key or found.key_command):
        parser.error("--key and --command go with encrypt and change")
    if found.key_command is not None and found.key != KeyPlace.COMMAND.value:
        parser.error("--command goes with --key command")
    return StorageWish(act, KeyPlace(found.key) if found.key else None, _words(parser, found.key_command), found.yes)


def _words(parser: argparse.ArgumentParser, line: str | None) -> tuple[str, ...]:
    if line is None:
        return ()
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        parser.error(f"--command: {error}".lower())
    if not words:
        parser.error("--command: there is no command")
    return words
