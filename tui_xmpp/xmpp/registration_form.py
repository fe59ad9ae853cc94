"""What a server asks for when an account is registered, read and answered (XEP-0077, XEP-0004, XEP-0158); pure."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.core.ports import Answers
from tui_xmpp.model.form import FieldKind, Form, FormField
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.build import text_child, xml_text

REGISTER = "jabber:iq:register"
QUERY = names.tag(REGISTER, "query")
_FORM = names.tag(names.FORM, "x")
_FIELD = names.tag(names.FORM, "field")
_VALUE = names.tag(names.FORM, "value")
_LINK = names.tag(names.OUT_OF_BAND, "x")
_LINK_URL = names.tag(names.OUT_OF_BAND, "url")
_MEDIA_URI = f"{names.tag('urn:xmpp:media-element', 'media')}/{names.tag('urn:xmpp:media-element', 'uri')}"

_FIELDS_LIMIT = 100
_OPTIONS_LIMIT = 300
_VALUE_LIMIT = 4096
_PICTURE = "The server shows a picture or a sound here that this program cannot show."

_LEGACY = {
    "username": "Name (the part before the @)",
    "password": "Password",
    "email": "E-mail address",
    "nick": "Nickname",
    "name": "Full name",
    "first": "First name",
    "last": "Last name",
    "address": "Street",
    "city": "Town",
    "state": "Region",
    "zip": "Postal code",
    "phone": "Telephone",
    "url": "Web page",
    "date": "Date",
    "misc": "Remarks",
    "text": "Text",
    "key": "",
}
"""Fields of forms without `jabber:x:data` (XEP-0077 §14.1); `key` is handed back unseen."""
_HIDDEN = "key"


def parse_form(query: Element) -> Form:
    """Read the server's form; where it has a data form, that counts (XEP-0077 §4)."""
    data = query.find(_FORM)
    url = _safe_link(query.findtext(f"{_LINK}/{_LINK_URL}", ""))
    instructions = clean(query.findtext(names.tag(REGISTER, "instructions"), ""), limit=_VALUE_LIMIT)
    if data is None:
        return Form(tuple(_legacy_fields(query)), instructions=instructions, legacy=True, url=url)
    return Form(
        tuple(_data_fields(data)),
        title=clean_line(data.findtext(names.tag(names.FORM, "title"), "")),
        instructions=clean(
            "\n".join(part.text or "" for part in data.iterfind(names.tag(names.FORM, "instructions"))),
            limit=_VALUE_LIMIT,
        )
        or instructions,
        url=url,
    )


def filled_in(form: Form, answers: Answers) -> Element:
    """The query that answers a form; fields that were not answered keep the values they came with."""
    query = Element(QUERY)
    if form.legacy:
        for field in form.fields:
            value = " ".join(answers.get(field.name, field.values))
            text_child(query, names.tag(REGISTER, field.name), value)
        return query
    data = SubElement(query, _FORM, {"type": "submit"})
    for field in form.fields:
        values = field.values if field.kind is FieldKind.HIDDEN else answers.get(field.name, field.values)
        if field.kind is FieldKind.FIXED or not field.name:
            continue
        written = SubElement(data, _FIELD, {"var": xml_text(field.name)})
        for value in values:
            text_child(written, _VALUE, value)
    return query


def first_missing(form: Form, answers: Answers) -> str | None:
    """The label of the first required field that has no answer."""
    for field in form.fields:
        values = answers.get(field.name, field.values)
        if field.required and field.kind is not FieldKind.HIDDEN and not any(values):
            return field.label or field.name
    return None


def _legacy_fields(query: Element) -> Iterator[FormField]:
    for name, label in _LEGACY.items():
        element = query.find(names.tag(REGISTER, name))
        if element is None:
            continue
        kind = FieldKind.TEXT_PRIVATE if name == "password" else FieldKind.TEXT_SINGLE
        value = element.text or ""
        if name == _HIDDEN:
            yield FormField(name, FieldKind.HIDDEN, values=(value,))
        else:
            yield FormField(name, kind, label, required=True, values=(clean_line(value),) if value else ())


def _data_fields(data: Element) -> Iterator[FormField]:
    seen: set[str] = set()
    for element in list(data.iterfind(_FIELD))[:_FIELDS_LIMIT]:
        name = element.get("var", "")
        kind = _kind(element.get("type"))
        if (not name and kind is not FieldKind.FIXED) or name in seen:
            continue
        if name:
            seen.add(name)
        yield _field(element, name, kind)


def _kind(text: str | None) -> FieldKind:
    try:
        return FieldKind(text or "")
    except ValueError:
        return FieldKind.TEXT_SINGLE


def _field(element: Element, name: str, kind: FieldKind) -> FormField:
    values = tuple(value.text or "" for value in element.iterfind(_VALUE))[:_OPTIONS_LIMIT]
    options = list(element.iterfind(names.tag(names.FORM, "option")))[:_OPTIONS_LIMIT]
    listed = tuple((option.findtext(_VALUE, ""), clean_line(option.get("label", ""))) for option in options)
    is_text = kind not in {FieldKind.HIDDEN, FieldKind.LIST_SINGLE, FieldKind.LIST_MULTI}
    return FormField(
        name,
        kind,
        label=clean_line(element.get("label", "")) or ("" if kind is FieldKind.HIDDEN else clean_line(name)),
        description=_description(element),
        required=element.find(names.tag(names.FORM, "required")) is not None,
        values=tuple(clean(value, limit=_VALUE_LIMIT) for value in values) if is_text else values,
        options=tuple((value, label or clean_line(value)) for value, label in listed),
    )


def _description(element: Element) -> str:
    """The field's own description, and where to look for what a captcha shows."""
    parts = [clean_line(element.findtext(names.tag(names.FORM, "desc"), ""))]
    uris = [uri.text or "" for uri in element.iterfind(_MEDIA_URI)]
    links = [link for link in map(_safe_link, uris) if link]
    if links:
        parts.append(f"See {links[0]}")
    elif uris:
        parts.append(_PICTURE)
    return " ".join(part for part in parts if part)


def _safe_link(text: str) -> str:
    """A web address as it may be shown; empty for every other scheme."""
    link = clean_line(text)
    return link if link.startswith(("https://", "http://")) else ""
