"""From an empty home to an account, against a real server."""

import socket
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.server.authority import Kind
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.ui.screens.host import Host, showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.ui.screens.profiles import HOME, offline
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings, AccountStatus, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.ui.screens.advanced import AdvancedFields
from tui_xmpp.ui.screens.fields import Check, Line
from tui_xmpp.ui.screens.register import FormStep, ServerStep
from tui_xmpp.ui.screens.sign_in import SignInStep
from tui_xmpp.ui.screens.welcome import DoneStep
from tui_xmpp.ui.screens.wizard import Wizard

WizardHost = Host[Address | None]


def _fill(app: WizardHost, **values: str) -> None:
    for name, value in values.items():
        app.screen.query_one(f"#{name.replace('_', '-')}", Line).value = value


def _server(app: WizardHost, server: Prosody) -> None:
    _fill(app, host=server.host, port=str(server.port), ca_file=str(server.ca_file))


async def _page(app: WizardHost, kind: type[SignInStep] | type[ServerStep] | type[FormStep] | type[DoneStep]) -> None:
    def there() -> bool:
        at_work = any(not worker.is_finished for worker in app.workers)
        return isinstance(app.screen, Wizard) and isinstance(app.screen.page, kind) and not at_work

    await until(there, timeout=20, what=f"{kind.__name__}: {app.text}")


async def _said(app: WizardHost, words: str) -> None:
    await until(lambda: words in app.text, timeout=20, what=f"{words}: {app.text}")


async def _to_sign_in(pilot: Pilot[None]) -> None:
    await pilot.press("enter")


async def _to_register(pilot: Pilot[None]) -> None:
    await pilot.press("down", "enter")


async def test_who_has_an_account_signs_in_and_is_told_what_to_do_next(prosody: Prosody, tmp_path: Path) -> None:
    account = prosody.add_user(fresh_name())
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        assert "Welcome to tui-xmpp" in app.text
        await _to_sign_in(pilot)
        _fill(app, address=str(account), password="secret", nickname="Alice")
        _server(app, prosody)
        await pilot.press("enter")
        await _page(app, DoneStep)
        await _said(app, "The password is in the test's memory.")
        for words in ("F2 add somebody", "F3 join a room", "F1 see every key"):
            assert words in app.text
        await pilot.press("enter")
        assert app.closed
        assert app.result == account
        await client.until(lambda: client.status(account) is AccountStatus.ONLINE)
        assert client.keeper.saved[account] == AccountSettings(
            account, host=prosody.host, port=prosody.port, ca_file=prosody.ca_file, nickname="Alice"
        )
        assert client.keeper.passwords[account] == "secret"


async def test_the_password_is_not_kept_when_the_mark_is_cleared(prosody: Prosody, tmp_path: Path) -> None:
    account = prosody.add_user(fresh_name())
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, address=str(account), password="secret")
        _server(app, prosody)
        app.screen.query_one("#remember", Check).focus()
        await pilot.press("space", "enter")
        await _page(app, DoneStep)
        assert account not in client.keeper.passwords


async def test_a_wrong_password_is_said_and_can_be_typed_again(prosody: Prosody, tmp_path: Path) -> None:
    account = prosody.add_user(fresh_name())
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, address=str(account), password="wrong")
        _server(app, prosody)
        await pilot.press("enter")
        await _said(app, "Sign-in refused")
        assert app.focused is app.screen.query_one("#password")
        assert not client.engine.accounts()
        _fill(app, password="secret")
        await pilot.press("enter")
        await _page(app, DoneStep)


@pytest.mark.parametrize("kind", [Kind.EXPIRED, Kind.WRONG_NAME, Kind.UNTRUSTED])
async def test_a_bad_certificate_is_refused_with_the_reason(
    prosody_factory: ProsodyFactory, tmp_path: Path, kind: Kind
) -> None:
    server = prosody_factory(certificate=kind)
    account = server.add_user(fresh_name())
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, address=str(account), password="secret")
        _server(app, server)
        await pilot.press("enter")
        await _said(app, "certificate is not valid")
        assert not client.engine.accounts()


async def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, address="alice@chat.test", password="secret", host="127.0.0.1", port="1")
        await pilot.press("enter")
        await _said(app, "Cannot reach the server")


async def test_escape_stops_an_attempt_and_then_goes_back(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
            await _to_sign_in(pilot)
            port = str(silent.getsockname()[1])
            _fill(app, address="alice@chat.test", password="secret", host="127.0.0.1", port=port)
            await pilot.press("enter")
            await _said(app, "Signing in at chat.test… Esc stops it.")
            await pilot.press("escape")
            await until(lambda: "Signing in" not in app.text, what=app.text)
            assert app.screen.query_one("#address", Line).value == "alice@chat.test"
            await pilot.press("escape")
            assert "Welcome to tui-xmpp" in app.text
            assert not client.engine.accounts()


@pytest.mark.parametrize(
    ("values", "words", "at"),
    [
        ({}, "Your address looks like name@server.", "address"),
        ({"address": "chat.test"}, "The part before the @ is missing", "address"),
        ({"address": "@chat.test"}, "nothing before the @", "address"),
        ({"address": "alice@"}, "no server after the @", "address"),
        ({"address": "a lice@chat.test"}, "cannot have space", "address"),
        ({"address": "[foo]@chat.test/"}, "ends in a slash", "address"),
        ({"address": "alice@chat.test", "password": ""}, "The password is missing.", "password"),
        ({"port": "5222"}, "A port needs the host", "host"),
        ({"host": "127.0.0.1", "port": "many"}, "a number from 1 to 65535", "port"),
        ({"host": "127.0.0.1", "port": "65536"}, "a number from 1 to 65535", "port"),
        ({"host": "no such host"}, "not the name of a server", "host"),
        ({"ca_file": "/nowhere/ca.pem"}, "There is no such file.", "ca-file"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_before_anything_is_sent(
    tmp_path: Path, values: dict[str, str], words: str, at: str
) -> None:
    if values and "address" not in values:
        values = {"address": "alice@chat.test", "password": "secret", **values}
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (80, 40)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, **values)
        await pilot.pause()
        await pilot.press("enter")
        assert words in app.text, app.text
        assert app.focused is not None
        assert app.focused.id == at
        assert "Signing in" not in app.text


async def test_all_of_advanced_goes_into_the_settings(prosody: Prosody, tmp_path: Path) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (80, 40)) as (app, pilot):
        await _to_sign_in(pilot)
        fields = app.screen.query_one(AdvancedFields)
        assert not fields.query_one("#advanced").display
        await pilot.press("tab", "tab", "tab", "enter")
        assert fields.query_one("#advanced").display
        _fill(app, host="Xmpp.Chat.Test", port="443", ca_file=str(prosody.ca_file), nickname="Alice")
        app.screen.query_one("#tls").focus()
        await pilot.press("right", "right")
        assert fields.settings(HOME) == AccountSettings(
            HOME, host="xmpp.chat.test", port=443, tls=TlsMode.DIRECT, ca_file=prosody.ca_file, nickname="Alice"
        )


async def test_an_account_that_is_here_already_is_not_added_twice(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        assert "Add an account" in app.text
        await _to_sign_in(pilot)
        _fill(app, address=str(HOME), password="secret")
        await pilot.press("enter")
        assert "This account is here already." in app.text


async def test_with_an_account_escape_on_the_first_page_leaves(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await pilot.press("escape")
        assert app.closed
        assert app.result is None


async def test_without_any_account_escape_on_the_first_page_asks_to_quit(tmp_path: Path) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await pilot.press("escape")
        assert "Quit?" in app.text
        await pilot.press("escape")
        assert "Welcome to tui-xmpp" in app.text
        assert app.quits == 0
        await pilot.press("escape", "enter")
        assert app.quits == 1
        assert not app.closed


async def test_a_new_account_is_registered_and_signed_in_with(prosody: Prosody, tmp_path: Path) -> None:
    taken, free = fresh_name(), fresh_name()
    prosody.add_user(taken)
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (80, 40)) as (app, pilot):
        await _to_register(pilot)
        await _page(app, ServerStep)
        _fill(app, server=prosody.domain)
        _server(app, prosody)
        await pilot.press("enter")
        await _page(app, FormStep)
        form = app.screen.query_one(FormStep)
        name, password, again = form.query(Line)
        name.value, password.value, again.value = taken, "a new secret", "a new secret"
        await pilot.press("enter")
        await until(lambda: bool(form.problem), timeout=20, what=app.text)
        assert (name.value, password.value) == (taken, "a new secret")
        name.value = free
        await pilot.press("enter")
        await _page(app, DoneStep)
        await pilot.press("enter")
        account = Address.parse(f"{free}@{prosody.domain}")
        assert app.result == account
        assert client.keeper.passwords[account] == "a new secret"
        await client.until(lambda: client.status(account) is AccountStatus.ONLINE)


async def test_a_server_without_registration_says_so(prosody_factory: ProsodyFactory, tmp_path: Path) -> None:
    server = prosody_factory(registration=False)
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (80, 40)) as (app, pilot):
        await _to_register(pilot)
        _fill(app, server=server.domain)
        _server(app, server)
        await pilot.press("enter")
        page = app.screen.query_one(ServerStep)
        await until(lambda: bool(page.problem), timeout=20, what=app.text)
        await pilot.press("escape")
        assert "Welcome to tui-xmpp" in app.text


async def test_an_invitation_that_is_none_or_not_valid_any_more_is_said(
    prosody_factory: ProsodyFactory, tmp_path: Path
) -> None:
    server = prosody_factory(extra_modules=("invites", "invites_register"))
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (80, 40)) as (app, pilot):
        await pilot.press("down", "down", "enter")
        for link, words in (
            ("", "The link is missing."),
            ("https://chat.test/invite?abc", "that begins with xmpp:"),
            ("xmpp:chat.test", "its code is missing"),
        ):
            _fill(app, link=link)
            await pilot.press("enter")
            assert words in app.text, app.text
        _fill(app, link=f"xmpp:{server.domain}?register;preauth=abc")
        _server(app, server)
        await pilot.press("enter")
        await _said(app, "Please ask for a new one.")
        _fill(app, link=server.invite("create_account", '"kept"'))
        await pilot.press("enter")
        await _page(app, FormStep)
        assert app.screen.query_one(FormStep).query(Line).first().value == "kept"


async def test_the_form_can_be_left_and_asked_for_again(prosody: Prosody, tmp_path: Path) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine)) as (app, pilot):
        await _to_register(pilot)
        _fill(app, server=prosody.domain)
        _server(app, prosody)
        for _ in range(2):
            await pilot.press("enter")
            await _page(app, FormStep)
            await pilot.press("escape")
            await _page(app, ServerStep)
        assert app.screen.query_one("#server", Line).value == prosody.domain


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_breaks_the_wizard(tmp_path: Path, text: str) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), (50, 20)) as (app, pilot):
        await _to_sign_in(pilot)
        _fill(app, address=text, password=text, host=text)
        await pilot.press("enter")
        assert not FORBIDDEN.intersection("".join(app.lines))
        _fill(app, address=f"{text}@chat.test")
        await pilot.press("enter", "escape", "escape")
        assert not FORBIDDEN.intersection("".join(app.lines))


@pytest.mark.parametrize("size", [(40, 16), (50, 20), (80, 24), (120, 40)])
async def test_the_keys_are_always_in_sight(tmp_path: Path, size: tuple[int, int]) -> None:
    async with offline(tmp_path) as client, showing(lambda: Wizard(client.engine), size) as (app, pilot):
        assert "Enter Continue" in app.text
        await _to_sign_in(pilot)
        await pilot.press("tab", "tab", "tab", "enter")
        assert "Enter Sign in" in app.text
        assert "Esc Back" in app.text
