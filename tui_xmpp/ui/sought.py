"""What was looked for last, so that one can go on with it."""

from tui_xmpp.model.frozen import frozen


@frozen
class Sought:
    """The text of a search, whether only the open chat was searched, and the hit that was gone to."""

    text: str = ""
    here: bool = False
    chosen: str | None = None
