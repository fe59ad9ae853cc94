"""Accounts: how they are doing, their passwords, and their lines."""

from tui_xmpp.linear.signing_in import KEEP_IT, YES
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.commands import Connect, Disconnect
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.words import account_sentence


async def say_accounts(talk: Talk, _rest: str) -> None:
    """Say the accounts and how their lines are doing."""
    states = talk.engine.accounts()
    if not states:
        talk.say("There is no account yet; /signin adds one.")
    for number, state in enumerate(states, 1):
        talk.say(clean_line(f"{number}. {state.address.shown}: {account_sentence(state)}"))


async def password(talk: Talk, _rest: str) -> None:
    """Enter the password of an account that waits for one."""
    waiting = [state for state in talk.engine.accounts() if state.status is AccountStatus.NEEDS_PASSWORD]
    if not waiting:
        talk.say("No account waits for a password.")
        return
    account = waiting[0].address
    entered = await talk.ask(f"Password of {account.shown}", secret=True)
    if entered:
        keep = "" if talk.engine.settings(account).password_command else await talk.ask(KEEP_IT)
        talk.wish(Connect(account, entered, (keep or "").lower() in YES))


async def connect(talk: Talk, rest: str) -> None:
    """Connect an account now; its number where there are several."""
    state = _meant(talk, rest)
    if state is not None:
        talk.wish(Connect(state.address))


async def disconnect(talk: Talk, rest: str) -> None:
    """Take an account offline until it is connected again; its number where there are several."""
    state = _meant(talk, rest)
    if state is not None:
        talk.wish(Disconnect(state.address), f"{state.address.shown} is offline.")


async def remove_account(talk: Talk, rest: str) -> None:
    """Remove an account from this computer, with its messages and its password; the server keeps the account."""
    state = _meant(talk, rest)
    if state is None:
        return
    if await talk.sure(f"Remove {state.address.shown} from this computer, with all its messages?"):
        await talk.engine.remove_account(state.address)
        talk.say("Removed.")


def _meant(talk: Talk, rest: str) -> AccountState | None:
    states = talk.engine.accounts()
    if rest.isdecimal() and 0 < int(rest[:4]) <= len(states):
        return states[int(rest[:4]) - 1]
    if not rest and len(states) == 1:
        return states[0]
    talk.say("Which account? Write its number; /accounts says them.")
    return None
