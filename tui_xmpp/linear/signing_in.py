"""The questions that lead from nothing to a signed-in account: one that exists, or a new one (XEP-0077)."""

from dataclasses import replace
from pathlib import Path

from tui_xmpp.core.ports import Answers, Registration
from tui_xmpp.errors import AddressError, FileUnreadable, TuiXmppError
from tui_xmpp.linear.looking import off_loop
from tui_xmpp.linear.talk import Talk, problem_words
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind, Form, FormField
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.ui.screens.words import field_label

YES = {"y", "yes"}
KEEP_IT = "Keep the password in the system keyring? yes or no"


async def sign_in(talk: Talk, _rest: str = "") -> None:
    """Add an account of yours, or register a new one; an empty answer to the first question leaves it."""
    talk.say("Your address looks like name@server. To register a new account, write only the server.")
    while True:
        text = await talk.ask("Address")
        if not text:
            return
        try:
            address = Address.parse(text).bare
        except AddressError as problem:
            talk.say(problem.message)
            continue
        if any(state.address == address for state in talk.engine.accounts()):
            talk.say("This account is here already.")
            continue
        settings = AccountSettings(address)
        done = await (_with_password(talk, settings) if address.local else _register(talk, settings))
        if done:
            return


async def _with_password(talk: Talk, settings: AccountSettings) -> bool:
    """Try the password until it works, or the person gives up; returns whether the account is here."""
    while True:
        password = await talk.ask(f"Password of {settings.address.shown}", secret=True)
        if not password:
            return False
        if await _try(talk, settings, password):
            return True
        changed = await _other_server(talk, settings)
        if changed is None:
            return False
        settings = changed


async def _try(talk: Talk, settings: AccountSettings, password: str) -> bool:
    talk.say("Signing in…")
    try:
        await talk.engine.check_account(settings, password)
    except TuiXmppError as problem:
        talk.say(problem_words(problem))
        return False
    remember = await talk.ask(f"It works. {KEEP_IT}")
    try:
        kept = await talk.engine.add_account(settings, password, remember=(remember or "").lower() in YES)
    except TuiXmppError as problem:
        talk.say(problem_words(problem))
        return False
    talk.say(
        f"You are signed in as {settings.address.shown}. {clean_line(kept)}",
        "/go and an address begins a chat, /join a room, /add a contact; /help says everything else.",
    )
    return True


async def _other_server(talk: Talk, settings: AccountSettings) -> AccountSettings | None:
    """How else the server may be reached; None: the person gives up."""
    again = await talk.ask("Try again? yes, no, or “server” to name its host and port")
    if again is None or again.lower() not in {*YES, "server"}:
        return None
    return settings if again.lower() in YES else await _server(talk, settings)


async def _server(talk: Talk, settings: AccountSettings) -> AccountSettings:
    """Ask for what an address alone does not tell; an empty answer leaves it as it is."""
    host = await talk.ask("Host", text=settings.host) or ""
    port = await talk.ask("Port", text=str(settings.port or "")) or ""
    file = await talk.ask("Authority, a .pem file; empty: the system's", text=str(settings.ca_file or "")) or ""
    number = int(port) if host and port.isdecimal() and 0 < int(port[:6]) < 65536 else 0
    if port and not number:
        talk.say("A port is a number from 1 to 65535, and needs a host. The usual one is taken.")
    try:
        path = await off_loop(_file, file)
    except FileUnreadable as problem:
        talk.say(problem_words(problem))
        path = None
    if file and path is None:
        talk.say("There is no such file. The system's authorities are taken.")
    return replace(settings, host=host, port=number, ca_file=path)


def _file(text: str) -> Path | None:
    """The file that is meant, if there is one; blocks."""
    path = Path(text).expanduser() if text else None
    return path if path is not None and path.is_file() else None


# A new account
async def _register(talk: Talk, settings: AccountSettings) -> bool:
    while True:
        talk.say(f"Asking {settings.address.shown} what it wants to know…")
        try:
            registration = await talk.engine.open_registration(settings)
        except TuiXmppError as problem:
            talk.say(problem_words(problem))
        else:
            break
        changed = await _other_server(talk, settings)
        if changed is None:
            return False
        settings = changed
    try:
        return await _fill_in(talk, settings, registration)
    finally:
        await registration.close()


async def _fill_in(talk: Talk, settings: AccountSettings, registration: Registration) -> bool:
    form = registration.form
    talk.say(*(clean(text) for text in (form.title, form.instructions) if text))
    if form.url:
        talk.say("The server asks you to register in a web browser, and to sign in here afterwards:", clean(form.url))
        return False
    while True:
        answers = await _answers(talk, form)
        if answers is None:
            return False
        talk.say("Registering…")
        try:
            address = await registration.submit(answers)
        except TuiXmppError as problem:
            talk.say(problem_words(problem))
            if not await talk.sure("Fill it in again?"):
                return False
        else:
            break
    settings, password = replace(settings, address=address), _password(form, answers)
    return await _try(talk, settings, password) or await _with_password(talk, settings)


async def _answers(talk: Talk, form: Form) -> Answers | None:
    """Ask each question of a form; None: the person does not want to go on (Ctrl+C)."""
    found: Answers = {}
    for field in form.fields:
        if field.kind is FieldKind.FIXED:
            talk.say(*(clean(value) for value in field.values))
        elif field.kind is FieldKind.HIDDEN:
            found[field.name] = field.values
        else:
            values = await _answer(talk, field)
            if values is None:
                return None
            found[field.name] = values
    return found


async def _answer(talk: Talk, field: FormField) -> tuple[str, ...] | None:
    label = f"{field_label(field)}{', must be filled in' if field.required else ''}"
    if field.description:
        talk.say(clean(field.description))
    for number, (value, name) in enumerate(field.options, 1):
        talk.say(f"{number}. {clean_line(name or value)}")
    question = {
        FieldKind.BOOLEAN: f"{label}, yes or no",
        FieldKind.LIST_SINGLE: f"{label}, a number",
        FieldKind.LIST_MULTI: f"{label}, numbers with spaces between",
    }.get(field.kind, label)
    is_secret = field.kind is FieldKind.TEXT_PRIVATE or field.name == "password"
    is_line = not is_secret and not field.options and field.kind is not FieldKind.BOOLEAN
    before = clean_line(field.values[0]) if field.values and is_line else ""
    while True:
        answer = await talk.ask(question, text=before, secret=is_secret)
        if answer is None:
            return None
        values = _values(field, answer)
        if values or not field.required:
            return values
        talk.say("This must be filled in.")


def _values(field: FormField, answer: str) -> tuple[str, ...]:
    """An answer in the wire's form."""
    if field.kind is FieldKind.BOOLEAN:
        return ("1" if answer.lower() in YES else "0",)
    if field.options:
        chosen = [int(word[:4]) for word in answer.split() if word.isdecimal()]
        return tuple(field.options[number - 1][0] for number in chosen if 0 < number <= len(field.options))
    return (answer,) if answer else ()


def _password(form: Form, answers: Answers) -> str:
    """The password among the answers: the field of that name (XEP-0077 §14.1), else the first hidden line."""
    names = ["password", *(field.name for field in form.fields if field.kind is FieldKind.TEXT_PRIVATE)]
    return next((answers[name][0] for name in names if answers.get(name)), "")
