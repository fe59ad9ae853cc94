"""Data forms (XEP-0004) and in-band registration forms (XEP-0077), as values."""

from enum import StrEnum

from tui_xmpp.model.frozen import frozen


class FieldKind(StrEnum):
    """Field types of XEP-0004 §3.3."""

    TEXT_SINGLE = "text-single"
    TEXT_PRIVATE = "text-private"
    TEXT_MULTI = "text-multi"
    BOOLEAN = "boolean"
    LIST_SINGLE = "list-single"
    LIST_MULTI = "list-multi"
    JID_SINGLE = "jid-single"
    JID_MULTI = "jid-multi"
    FIXED = "fixed"
    HIDDEN = "hidden"


@frozen
class FormField:
    """One field; `values` holds what is filled in, in the wire's form."""

    name: str
    kind: FieldKind = FieldKind.TEXT_SINGLE
    label: str = ""
    description: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """(value, label) pairs of the list kinds."""


@frozen
class Form:
    """A form to fill in; `legacy` ones have no `jabber:x:data` and only the fields of XEP-0077 §14.1."""

    fields: tuple[FormField, ...]
    title: str = ""
    instructions: str = ""
    legacy: bool = False
    url: str = ""
    """Where to register instead, if the server redirects (XEP-0077 §6)."""
