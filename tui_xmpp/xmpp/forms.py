"""Data forms as far as requests of our own need them (XEP-0004)."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.build import text_child

FORM = names.tag(names.FORM, "x")
_FIELD = names.tag(names.FORM, "field")
_VALUE = names.tag(names.FORM, "value")


def submission(form_type: str, fields: Mapping[str, tuple[str, ...]]) -> Element:
    """Return a form to submit, of a registered type (XEP-0068)."""
    form = Element(FORM, {"type": "submit"})
    hidden = SubElement(form, _FIELD, {"var": "FORM_TYPE", "type": "hidden"})
    text_child(hidden, _VALUE, form_type)
    for name, values in fields.items():
        field = SubElement(form, _FIELD, {"var": name})
        for value in values:
            text_child(field, _VALUE, value)
    return form


def values_of(form: Element, name: str) -> tuple[str, ...]:
    """Return the values of one field; empty when it is not there."""
    for field in form.iterfind(_FIELD):
        if field.get("var") == name:
            return tuple(value.text or "" for value in field.iterfind(_VALUE))
    return ()
