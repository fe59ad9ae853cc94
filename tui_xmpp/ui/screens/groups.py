"""The groups of a contact as a line: “Friends, Work”."""

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fields import LineField

_SHOWN = 8
"""Most groups named below the line."""


def groups_field(engine: Facade, groups: tuple[str, ...] = ()) -> LineField:
    """The line, with the groups that are in use named below it."""
    used = sorted({group for contact in engine.contacts() for group in contact.groups}, key=str.casefold)
    named = ", ".join(clean_line(group, limit=24) for group in used[:_SHOWN])
    note = f"in use: {named}{'…' if len(used) > _SHOWN else ''}" if used else ""
    return LineField("Groups", ", ".join(groups), placeholder="Friends, Work", note=note, id="groups")


def read_groups(field: LineField) -> tuple[str, ...]:
    """The groups that were typed, each once, in their order."""
    return tuple(dict.fromkeys(name for part in field.text.split(",") if (name := clean_line(part))))
