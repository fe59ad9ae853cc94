"""Exit codes; scripts rely on them, so they never change."""

from enum import IntEnum

from tui_xmpp.errors import (
    ConfigError,
    LoginRefused,
    MustEncrypt,
    NetworkError,
    NotConfirmed,
    RequestFailed,
    StoreLocked,
    TuiXmppError,
    Unavailable,
)


class NothingToExport(TuiXmppError):
    """There is no such chat, or it has no such messages."""

    title = "Nothing to export"


class NoSuchAccount(TuiXmppError):
    """Nothing is known of the account."""

    title = "No such account"


class WhichChat(TuiXmppError):
    """The command line can mean several chats."""

    title = "Not clear which chat"


class Reported(TuiXmppError):
    """What another process of ours says that came of it; `code` is how it would have ended itself."""

    def __init__(self, message: str, *, title: str, code: int) -> None:
        super().__init__(message, title=title)
        self.code = code


class Exit(IntEnum):
    """How the program ended. Ended by a signal it is 128 and the signal's number, as shells have it."""

    DONE = 0
    """Quit as usual; the message was sent; the chats were exported."""
    FAILURE = 1
    """Something went wrong that has no number of its own."""
    USAGE = 2
    """The command line is wrong."""
    SETTINGS = 3
    """The settings cannot be used, or the account is not in them."""
    SIGN_IN = 4
    """The server refused the account or the password, or there was no password."""
    CONNECTION = 5
    """No connection, or none that is safe; nothing was sent, and nothing is left to be sent later."""
    REFUSED = 6
    """The server, the contact's server or the room did not take the message."""
    UNCONFIRMED = 7
    """The message went out, but its arrival was not confirmed."""
    NOTHING = 8
    """There is nothing to export."""
    LOCKED = 9
    """The store is encrypted, and what opens it is missing or wrong."""
    ENCRYPTED = 10
    """The chat is encrypted, and the message could not be; nothing was sent."""

    INTERRUPTED = 130
    """Ctrl+C."""


def exit_for(error: TuiXmppError) -> Exit:
    """The exit code for an error."""
    match error:
        case Reported(code=code) if code in set(Exit):
            return Exit(code)
        case WhichChat():
            return Exit.USAGE
        case ConfigError() | NoSuchAccount():
            return Exit.SETTINGS
        case LoginRefused():
            return Exit.SIGN_IN
        case NotConfirmed():
            return Exit.UNCONFIRMED
        case NetworkError() | Unavailable():
            return Exit.CONNECTION
        case RequestFailed():
            return Exit.REFUSED
        case MustEncrypt():
            return Exit.ENCRYPTED
        case NothingToExport():
            return Exit.NOTHING
        case StoreLocked():
            return Exit.LOCKED
        case _:
            return Exit.FAILURE


SUMMARY = {
    Exit.DONE: "quit; the message was sent; the chats were exported",
    Exit.FAILURE: "something else went wrong",
    Exit.USAGE: "the command line is wrong",
    Exit.SETTINGS: "the settings cannot be used, or there is no such account",
    Exit.SIGN_IN: "the server refused the account or the password, or there was no password",
    Exit.CONNECTION: "no connection, or none that is safe; nothing was sent",
    Exit.REFUSED: "the message was refused: no such address, not allowed, room not entered",
    Exit.UNCONFIRMED: "the message went out, but the server did not confirm it",
    Exit.NOTHING: "nothing to export: no such chat, or no messages",
    Exit.LOCKED: "the store is encrypted, and what opens it is missing or wrong",
    Exit.ENCRYPTED: "the message must be encrypted and cannot be; nothing was sent",
    Exit.INTERRUPTED: "interrupted (ended by a signal: 128 and its number)",
}
"""A line for each, for --help and the README."""
