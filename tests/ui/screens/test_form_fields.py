"""Forms of a server, as they are filled in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import ComposeResult
from textual.screen import Screen

from tests.ui.screens.host import Host, showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.core.ports import Answers
from tui_xmpp.model.form import FieldKind, Form, FormField
from tui_xmpp.ui.screens.fields import Check, Choice, Line, Lines
from tui_xmpp.ui.screens.form_fields import FormFields
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.register import FormStep


class _Page(Screen[None]):
    def __init__(self, form: Form) -> None:
        super().__init__()
        self.fields = FormFields(form)

    def compose(self) -> ComposeResult:
        yield self.fields


@asynccontextmanager
async def _showing(*fields: FormField, **rest: str) -> AsyncIterator[tuple[Host[None], FormFields]]:
    page = _Page(Form(fields, title=rest.get("title", ""), instructions=rest.get("instructions", "")))
    async with showing(lambda: page, (80, 40)) as (app, _):
        yield app, page.fields


async def test_an_untouched_form_gives_its_defaults_back() -> None:
    options = (("r", "Red"), ("g", "Green"), ("b", "Blue"))
    many = tuple((f"v{index}", f"Option {index}") for index in range(20))
    async with _showing(
        FormField("FORM_TYPE", FieldKind.HIDDEN, values=("jabber:iq:register",)),
        FormField("", FieldKind.FIXED, values=("Some words.",)),
        FormField("name", values=("alice",)),
        FormField("secret", FieldKind.TEXT_PRIVATE, values=("pw",)),
        FormField("about", FieldKind.TEXT_MULTI, values=("one", "two")),
        FormField("news", FieldKind.BOOLEAN, values=("true",)),
        FormField("terms", FieldKind.BOOLEAN),
        FormField("colour", FieldKind.LIST_SINGLE, values=("g",), options=options),
        FormField("many", FieldKind.LIST_SINGLE, values=("v7",), options=many),
        FormField("tongues", FieldKind.LIST_MULTI, values=("r", "b"), options=options),
        FormField("friend", FieldKind.JID_SINGLE, values=("bob@far.example",)),
        FormField("friends", FieldKind.JID_MULTI, values=("a@b", "c@d")),
        FormField("empty"),
        FormField("undecided", FieldKind.LIST_SINGLE, options=options),
        FormField("many-undecided", FieldKind.LIST_SINGLE, options=many),
    ) as (_, fields):
        assert fields.answers() == {
            "FORM_TYPE": ("jabber:iq:register",),
            "name": ("alice",),
            "secret": ("pw",),
            "about": ("one", "two"),
            "news": ("1",),
            "terms": ("0",),
            "colour": ("g",),
            "many": ("v7",),
            "tongues": ("r", "b"),
            "friend": ("bob@far.example",),
            "friends": ("a@b", "c@d"),
            "empty": (),
            "undecided": (),
            "many-undecided": (),
        }


async def test_what_is_filled_in_is_given_back_in_the_wires_form() -> None:
    async with _showing(
        FormField("name"),
        FormField("about", FieldKind.TEXT_MULTI),
        FormField("terms", FieldKind.BOOLEAN, "Terms"),
        FormField("colour", FieldKind.LIST_SINGLE, options=(("r", "Red"), ("g", "Green"))),
        FormField("tongues", FieldKind.LIST_MULTI, options=(("de", "German"), ("fr", "French"))),
    ) as (_, fields):
        fields.query_one(Line).value = "[/alice]"
        fields.query_one(Lines).text = "one\n\ntwo"
        terms, _, french = fields.query(Check)
        terms.value = french.value = True
        fields.query_one(Choice).turn(2)
        assert fields.answers() == {
            "name": ("[/alice]",),
            "about": ("one", "two"),
            "terms": ("1",),
            "colour": ("g",),
            "tongues": ("fr",),
        }


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (FormField("username", required=True), "", "must be filled in"),
        (FormField("username", required=True), "   ", "must be filled in"),
        (FormField("friend", FieldKind.JID_SINGLE), "@nowhere", "nothing before the @"),
        (FormField("password", FieldKind.TEXT_PRIVATE), "secret", "not the same"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field(field: FormField, typed: str, words: str) -> None:
    async with _showing(field) as (app, fields):
        fields.query(Line).first().value = typed
        assert fields.answers() is None
        await app.workers.wait_for_complete()
        assert app.focused is fields.query(Line).first()
        assert words in str(fields.query(".field--problem").first(Plain).content)


async def test_a_password_typed_twice_is_given_back_once() -> None:
    async with _showing(FormField("password", FieldKind.TEXT_PRIVATE)) as (_, fields):
        for line in fields.query(Line):
            line.value = "secret"
        assert fields.answers() == {"password": ("secret",)}


async def test_fields_of_a_legacy_form_have_peoples_words() -> None:
    async with _showing(FormField("username", required=True), FormField("email")) as (app, _):
        assert "User name *" in app.text
        assert "E-mail" in app.text
        assert "* must be filled in" in app.text


async def test_a_redirect_is_shown_with_its_address_and_nothing_to_send() -> None:
    step = FormStep("home.example", Form((), url="https://home.example/join?[x]"))

    class Page(Screen[None]):
        def compose(self) -> ComposeResult:
            yield step

    async with showing(Page) as (app, _):
        assert "https://home.example/join?[x]" in app.text
        assert "web browser" in app.text
        assert "Register at home.example" in app.text
        assert not step.query("Check")


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_breaks_a_form(text: str) -> None:
    options = ((text, text), ("other", ""))
    many = tuple((f"{text}{index}", text) for index in range(9))
    fields = [
        FormField(f"{kind}-{index}", kind, text, text, index > 0, (text,), options if index else many)
        for kind in FieldKind
        for index in range(2)
    ]
    async with _showing(*fields, title=text, instructions=text) as (app, form):
        assert not FORBIDDEN.intersection("".join(app.lines))
        answers: Answers | None = form.answers()
        assert answers is None or answers["hidden-0"] == (text,)
