"""Every command of the linear mode in one table: what is done, what help says and what Tab completes come from here."""

from collections.abc import Awaitable, Callable

from tui_xmpp.errors import AddressError
from tui_xmpp.linear import (
    accounts,
    acting,
    attaching,
    chats,
    devices,
    files,
    governing,
    people,
    reading,
    requests,
    signing_in,
)
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import CloseChat, JoinRoom, SetNotify
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.notifying import Notify
from tui_xmpp.ui import command_words
from tui_xmpp.ui.command_words import Do, Hint

Work = Callable[[Talk, str], Awaitable[None]]
_NOTIFY = {**{notify.value: notify for notify in Notify}, "default": None}


@frozen
class Command:
    """One command: its names, what follows it, what it does."""

    names: tuple[str, ...]
    work: Work
    takes: str = ""
    help: str = ""
    """A sentence; empty: the first of the work's docstring."""

    @property
    def usage(self) -> str:
        """How it is written."""
        return f"/{self.names[0]} {self.takes}".strip()

    @property
    def about(self) -> str:
        """What it does, in a sentence."""
        return self.help or (self.work.__doc__ or "").strip().partition("\n")[0]


def _shared(name: str) -> Command:
    """A command word that means the same on the screen."""
    word = command_words.WORDS[name]

    async def work(talk: Talk, rest: str) -> None:
        if word.room and (talk.key is None or talk.kind() is not ChatKind.ROOM):
            talk.say(f"/{name} works in rooms only.")
            return
        account = talk.account()
        key = talk.key or (ChatKey(account, account) if account is not None else None)
        if key is None:
            talk.say("There is no account yet; /signin adds one.")
            return
        try:
            meaning = word.make(rest, key)
        except AddressError as problem:
            meaning = Hint(problem.message)
        match meaning:
            case Hint(text):
                talk.say(text)
            case Do():
                talk.say(f"Write it so: {word.usage}")
            case JoinRoom():
                chats.join(talk, meaning)
            case CloseChat() if talk.key is None:
                talk.say("No chat is open.")
            case _:
                talk.wish(meaning)

    return Command((name,), work, word.usage.partition(" ")[2], word.help)


async def notify(talk: Talk, rest: str) -> None:
    """Choose what of the open chat is said while another is open: all, mentions, none, default."""
    if talk.key is None or rest not in _NOTIFY:
        talk.say(f"Write one of {', '.join(_NOTIFY)}, in a chat.")
        return
    talk.wish(SetNotify(talk.key, _NOTIFY[rest]), "Set.")


async def numbers(talk: Talk, rest: str) -> None:
    """Say each message with its number, or not (on, off); what is read back always has them."""
    talk.numbered = rest != "off" if rest in {"on", "off"} else not talk.numbered
    talk.say("Each message is said with its number." if talk.numbered else "New messages are said without a number.")


async def write(talk: Talk, _rest: str) -> None:
    """Write a message of several lines; a line with nothing but a full stop sends it."""
    if talk.key is None:
        talk.say("No chat is open.")
        return
    key, lines = talk.key, list[str]()
    talk.say("Write; a line with nothing but a full stop sends it, Ctrl+C drops it.")
    while (line := await _line(talk, len(lines) + 1)) != ".":
        if line is None:
            talk.say("Dropped.")
            return
        lines.append(line)
    text = "\n".join(lines).strip()
    if text:
        await acting.send(talk, key, text)


async def _line(talk: Talk, number: int) -> str | None:
    try:
        return await talk.line.ask(f"Line {number}: ")
    except KeyboardInterrupt:
        return None


async def leave(talk: Talk, _rest: str) -> None:
    """Sign out and leave the program."""
    talk.leaving = True


async def say_help(talk: Talk, rest: str) -> None:
    """Say every command, or all about one."""
    wanted = rest.removeprefix("/")
    if wanted:
        command = BY_NAME.get(wanted.lower())
        talk.say(_about(command) if command is not None else f"There is no command /{wanted[:40]}.")
        return
    talk.say(
        "What you enter goes to the open chat. What begins with a slash is a command; //text sends /text.",
        "A command may be cut short: /ch for /chats. Without a number, /reply and /react mean the last message of "
        "somebody else, /correct and /retract your last one.",
    )
    for title, commands in GROUPS:
        talk.say(f"{title}:", *(_about(command) for command in commands))


def _about(command: Command) -> str:
    others = f" Also {', '.join(f'/{name}' for name in command.names[1:])}." if command.names[1:] else ""
    return f"{command.usage}: {command.about}{others}"


GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    (
        "Chats",
        (
            Command(("chats", "list"), chats.say_chats, "[word]"),
            Command(("go", "open", "chat"), chats.go, "name"),
            Command(("next", "unread"), chats.next_unread),
            Command(("where", "status"), chats.where),
            Command(("allread",), chats.mark_all),
            _shared("close"),
            Command(("notify",), notify, "rule"),
            Command(("keep",), governing.keep, "[days]"),
        ),
    ),
    (
        "Reading",
        (
            Command(("read",), reading.read, "[how many]"),
            Command(("older", "back"), reading.older, "[how many]"),
            Command(("newer", "forward"), reading.newer, "[how many]"),
            Command(("find", "search"), reading.find, "words"),
            Command(("more",), reading.more),
            Command(("at",), reading.at, "number"),
            Command(("info",), reading.info, "number"),
            Command(("whole",), reading.whole, "number"),
            Command(("links",), reading.links, "number [which]"),
            Command(("save",), files.save, "number [which] [where]"),
            Command(("view",), files.view, "number [which] [where]"),
            Command(("stop",), files.stop, "number"),
            Command(("numbers",), numbers, "[on or off]"),
        ),
    ),
    (
        "Writing",
        (
            Command(("reply", "answer"), acting.reply, "[number] text"),
            Command(("react",), acting.react, "[number] emoji"),
            Command(("correct", "edit"), acting.correct, "[number] [text]"),
            Command(("retract",), acting.retract, "[number]"),
            Command(("write",), write),
            Command(("attach",), attaching.attach, "path"),
            Command(("retry",), acting.retry, "[number]"),
            Command(("clear",), acting.in_clear, "number"),
            Command(("delete",), acting.delete, "number"),
        ),
    ),
    (
        "People",
        (
            Command(("contacts",), people.say_contacts, "[name or all]"),
            Command(("who",), people.who, "[name]"),
            Command(("presence",), people.set_presence, "state [words]"),
            Command(("add",), people.add, "[address] [name]"),
            Command(("rename",), people.rename, "name"),
            Command(("remove",), people.remove),
            Command(("requests",), requests.say_requests),
            Command(("accept",), requests.accept, "number"),
            Command(("decline",), requests.decline, "number"),
        ),
    ),
    (
        "Rooms",
        (
            _shared("join"),
            _shared("nick"),
            _shared("topic"),
            _shared("invite"),
            _shared("leave"),
            Command(("moderate",), acting.moderate, "number [reason]"),
            Command(("kick",), governing.kick, "nickname [reason]"),
            Command(("ban",), governing.ban, "nickname"),
        ),
    ),
    (
        "Encryption",
        (
            Command(("encryption",), devices.encryption, "when"),
            Command(("devices",), devices.say_devices, "[me]"),
            Command(("verify",), devices.verify, "number"),
            Command(("code",), devices.code),
            Command(("compare",), devices.compare, "link"),
            Command(("trust",), devices.trust, "number"),
            Command(("distrust",), devices.distrust, "number"),
            Command(("forget",), devices.forget, "number"),
            Command(("reset",), devices.reset, "number"),
            Command(("unlist",), devices.remove_device, "number"),
        ),
    ),
    (
        "The program",
        (
            Command(("accounts",), accounts.say_accounts),
            Command(("signin", "register"), signing_in.sign_in),
            Command(("password",), accounts.password),
            Command(("connect",), accounts.connect, "[number]"),
            Command(("disconnect",), accounts.disconnect, "[number]"),
            Command(("unsign",), accounts.remove_account, "[number]"),
            Command(("help",), say_help, "[command]"),
            Command(("quit", "exit"), leave),
        ),
    ),
)

BY_NAME = {name: command for _, commands in GROUPS for command in commands for name in command.names}


def command_of(word: str) -> Command | str:
    """The command that a word means, also cut short; or why it is none, in a sentence."""
    word = word.lower()
    exact = BY_NAME.get(word)
    if exact is not None:
        return exact
    found = {id(command): command for name, command in BY_NAME.items() if name.startswith(word)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        names = sorted(f"/{command.names[0]}" for command in found.values())
        return f"/{word} may be {', '.join(names)}."
    return f"There is no command /{word[:40]}. /help says all; write //{word[:40]} to send it as text."


def completed(text: str) -> list[str]:
    """What a beginning of a command may become."""
    if not text.startswith("/") or " " in text:
        return []
    return sorted(f"/{command.names[0]} " for command in BY_NAME.values() if command.names[0].startswith(text[1:]))
