"""What is asked for on the command line, as values."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_xmpp.logs import VARIABLE, Detail
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen

if TYPE_CHECKING:
    from tui_xmpp.cli.export_options import ExportWish
    from tui_xmpp.cli.storage_options import StorageWish


@frozen
class Common:
    """What applies to every command."""

    settings: Path | None
    data: Path | None
    detail: Detail


@frozen
class Screen:
    """Open the program, with a chat if one is named."""

    common: Common
    open_at: Address | None
    linear: bool = False
    """Line by line, for screen readers and plain terminals."""


@frozen
class Demo:
    """Open the demonstration."""

    common: Common
    yes: bool
    linear: bool = False


@frozen
class Send:
    """Send one message and end."""

    common: Common
    account: Address | None
    recipient: Address
    room: bool
    patience: float
    plain: bool
    """Unencrypted, whatever the chat is."""
    text: str | None
    """None: read from standard input."""


@frozen
class Export:
    """Write chats down and end."""

    common: Common
    wish: "ExportWish"


@frozen
class Storage:
    """Show how the store is encrypted, or change that, and end."""

    common: Common
    wish: "StorageWish"


Asked = Screen | Demo | Send | Export | Storage


def parse(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> Asked:
    """Understand the command line. Raises SystemExit (0 after --help and --version, 2 after a mistake)."""
    if not words and not environment.get(VARIABLE):
        # How most people start it; a parser costs 12 ms.
        return Screen(Common(settings=None, data=None, detail=Detail.INFO), open_at=None)
    from tui_xmpp.cli.parser import understand

    return understand(words, environment)
