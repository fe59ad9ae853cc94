"""How the program looks besides its theme."""

from pathlib import Path

from tui_xmpp.model.frozen import frozen


@frozen
class Appearance:
    """What the settings and the terminal say; the defaults are those of a terminal that can show everything."""

    compact: bool = False
    """A chat takes one line in the list, names little room, and nothing is boxed."""
    ascii: bool = False
    """Our own symbols are drawn in ASCII."""
    vim: bool = False
    """The composer knows the keys of vi."""
    spelling: str = "off"
    """In which languages one writes, as the settings say it."""
    encoding: str = "utf-8"
    """What the terminal understands; what it has no bytes for is drawn as the nearest letters."""
    themes: Path | None = None
    """The folder with a person's own themes."""
