"""Registration forms of every shape, read and answered; nothing from outside is drawn as it came."""

from xml.etree.ElementTree import fromstring

import pytest

from tui_xmpp.core.ports import Answers
from tui_xmpp.model.form import FieldKind, Form, FormField
from tui_xmpp.xmpp.registration_form import filled_in, first_missing, parse_form

REGISTER = "{jabber:iq:register}"
DATA = "{jabber:x:data}"


def parsed(content: str) -> Form:
    return parse_form(fromstring(f"<query xmlns='jabber:iq:register'>{content}</query>"))


def test_a_form_of_old_is_read() -> None:
    form = parsed("<instructions>Choose\na name</instructions><username/><password/><email/><key>s3cr&lt;</key>")
    assert form.legacy
    assert form.instructions == "Choose\na name"
    assert [field.name for field in form.fields] == ["username", "password", "email", "key"]
    assert [field.kind for field in form.fields][1:] == [
        FieldKind.TEXT_PRIVATE,
        FieldKind.TEXT_SINGLE,
        FieldKind.HIDDEN,
    ]


def test_a_form_of_old_is_answered_with_its_key() -> None:
    form = parsed("<username/><password/><key>s3cr&lt;</key>")
    query = filled_in(form, {"username": ("me",), "password": ("a\x00b",)})
    assert query.findtext(f"{REGISTER}username") == "me"
    assert query.findtext(f"{REGISTER}password") == "ab"
    assert query.findtext(f"{REGISTER}key") == "s3cr<"


CAPTCHA = """
<instructions>ignored</instructions><username/>
<x xmlns='jabber:x:data' type='form'><title>Join</title><instructions>one</instructions><instructions>two</instructions>
<field type='hidden' var='FORM_TYPE'><value>urn:xmpp:captcha</value></field>
<field type='hidden' var='challenge'><value> F3A6292C </value></field>
<field type='fixed'><value>Prove that you are human</value></field>
<field var='username' label='Name'><required/></field>
<field var='password' type='text-private'><required/></field>
<field var='ocr' label='What do you see?'><required/><desc>Letters</desc>
  <media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:x</uri>
  <uri type='image/png'>https://chat.test/c.png</uri></media></field>
<field var='sound'><media xmlns='urn:xmpp:media-element'><uri>cid:y</uri></media></field>
<field var='pick' type='list-single'><option label='A &#x202e;'><value>a &#x202e;</value></option>
  <option><value>b</value></option></field>
<field var='agree' type='boolean'><value>1</value></field>
<field var='strange' type='new-type'/>
<field var='username' label='again'/>
<field type='text-single' label='no name'/>
</x>"""


def test_a_data_form_with_a_captcha_is_read() -> None:
    form = parsed(CAPTCHA)
    assert not form.legacy
    assert (form.title, form.instructions) == ("Join", "one\ntwo")
    fields = {field.name: field for field in form.fields}
    assert list(fields) == [
        "FORM_TYPE", "challenge", "", "username", "password", "ocr", "sound", "pick", "agree", "strange",
    ]  # fmt: skip
    assert fields["challenge"].values == (" F3A6292C ",)
    assert fields["username"] == FormField("username", label="Name", required=True)
    assert fields["password"].label == "password"
    assert fields["ocr"].description == "Letters See https://chat.test/c.png"
    assert "cannot show" in fields["sound"].description
    assert fields["pick"].options == (("a \u202e", "A"), ("b", "b"))
    assert fields["strange"].kind is FieldKind.TEXT_SINGLE


def test_a_data_form_is_answered_with_its_hidden_fields() -> None:
    form = parsed(CAPTCHA)
    answers: Answers = {
        "username": ("me",),
        "password": ("p",),
        "ocr": ("7nHL3",),
        "challenge": ("forged",),
        "pick": ("b",),
    }
    query = filled_in(form, answers)
    data = query.find(f"{DATA}x")
    assert data is not None
    assert data.get("type") == "submit"
    sent = {
        field.get("var"): [value.text for value in field.iterfind(f"{DATA}value")]
        for field in data.iterfind(f"{DATA}field")
    }
    assert sent == {
        "FORM_TYPE": ["urn:xmpp:captcha"],
        "challenge": [" F3A6292C "],
        "username": ["me"],
        "password": ["p"],
        "ocr": ["7nHL3"],
        "sound": [],
        "pick": ["b"],
        "agree": ["1"],
        "strange": [],
    }


def test_the_first_missing_field_is_named() -> None:
    form = parsed(CAPTCHA)
    assert first_missing(form, {}) == "Name"
    assert first_missing(form, {"username": ("x",), "password": ("",)}) == "password"
    assert first_missing(form, {"username": ("x",), "password": ("y",), "ocr": ("z",)}) is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://chat.test/join", "https://chat.test/join"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_shown(url: str, kept: str) -> None:
    assert parsed(f"<x xmlns='jabber:x:oob'><url>{url}</url></x>").url == kept


def test_texts_are_cleaned_and_bounded() -> None:
    form = parsed(
        "<x xmlns='jabber:x:data'><title>a&#x202e;b&#x9b;</title>"
        + "".join(f"<field var='f{number}' label='&#x202e;{'x' * 5000}'/>" for number in range(300))
        + "</x>"
    )
    assert form.title == "ab"
    assert len(form.fields) == 100
    assert all("\u202e" not in field.label and len(field.label) <= 1024 for field in form.fields)
