"""Places as the rows of a list: those that are known, and what an address typed in full offers."""

from collections.abc import Iterable

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.screens.fuzzy import Match
from tui_xmpp.ui.screens.places import Join, Place
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.screens.words import address_with_warning
from tui_xmpp.ui.words import ROOM


def new_places(engine: Facade, address: Address, known: Iterable[Place]) -> list[tuple[Row, ChatKey | Join]]:
    """The lines that an unknown address offers, for each account: to chat with it and to join it."""
    accounts = [state.address for state in engine.accounts()]
    keys = {place.key for place in known}
    new = [account for account in accounts if ChatKey(account, address) not in keys and account != address]
    shown = address_with_warning(address)
    lines: list[tuple[Row, ChatKey | Join]] = []
    for account in new:
        right = f"as {account.shown}" if len(accounts) > 1 else ""
        lines.append(
            (
                Row(f"chat {account}", f"Chat with {shown}", glyph="+", glyph_style="$accent", right=right),
                ChatKey(account, address),
            )
        )
    for account in new:
        right = f"as {account.shown}" if len(accounts) > 1 else ""
        lines.append(
            (
                Row(f"join {account}", f"Join room {shown}", glyph=ROOM, glyph_style="$accent", right=right),
                Join(account, address),
            )
        )
    return lines


def place_row(place: Place, hit: Match, *, several: bool) -> Row:
    """A place as a row; its account stands at the right edge where there are several."""
    return Row(
        str(place.key),
        place.title,
        glyph=place.glyph,
        glyph_style=place.glyph_style,
        beside=place.beside,
        right=place.key.account.shown if several else "",
        badge=place.badge,
        badge_style="$warning" if place.badge.startswith("@") else "$accent",
        strong=bool(place.badge),
        marks=hit.positions,
    )
