"""What the line over the oldest message says."""

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.history import Top

LOADING = "loading older messages…"

_WORDS = {
    Top.MORE: "",
    Top.BEGINS: "The archive begins here",
    Top.DELETED: "Older messages were deleted here",
    Top.NO_ARCHIVE: "There is no archive to load older messages from",
    Top.OFFLINE: "Connect to load older messages",
}

_NAMED = {7: "1 week", 30: "1 month", 365: "1 year"}


def kept_words(days: int) -> str:
    """For how long messages are kept: `1 week`, `90 days`, `for ever`."""
    if not days:
        return "for ever"
    return _NAMED.get(days, f"{days} day" if days == 1 else f"{days} days")


def top_words(top: Top, days: int, *, empty: bool) -> str:
    """Why there is nothing older; `days` is for how long messages are kept. An `empty` chat needs no beginning."""
    if top is Top.NOT_KEPT:
        return f"Older messages are not kept ({kept_words(days)})"
    return "" if empty and top is Top.BEGINS else _WORDS[top]


def words_over(engine: Facade, key: ChatKey, top: Top, *, empty: bool) -> str:
    """The same for a chat, which may keep its messages for a time of its own."""
    own = engine.retention(key)
    return top_words(top, engine.keep_days if own is None else own, empty=empty)


def problem_words(problem: str) -> str:
    """Why older messages did not come, and that one may try again."""
    return f"{problem} Scroll up to try again."
