"""Where a file is to go; and before it is asked for, what is known of it and who learns that one asks."""

import asyncio
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TransferFailed, TuiXmppError
from tui_xmpp.model.files import MOST_UNTOLD, FileFacts, SaveFile
from tui_xmpp.model.message import Message
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.saving import place_for
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.words import place_words, size_words

_ASKING = "Size: asking its server…"
_NOT_TOLD = "Size: not told"
_NOT_ASKED = "Size: not known before it is fetched"
_MOST_LISTED = 2000
"""Most entries of a folder that are looked through for a suggestion."""


class SaveFileDialog(Dialog[SaveFile | None]):
    """Gives back the wish to save a file, which is opened afterwards where that was what the person wanted."""

    def __init__(self, engine: Facade, message: Message, facts: FileFacts, *, opens: bool = False) -> None:
        super().__init__("Save and open the file" if opens else "Save the file")
        self._engine = engine
        self._message = message
        self._facts = facts
        self._word = "Open" if opens else "Save"
        self._told: int | None = None
        self._about = Plain(self._known(_NOT_ASKED if facts.foreign else _ASKING), id="about")
        self._folder = engine.download_folder
        self._field = LineField("Save as", place_words(self._folder / facts.name), id="place")

    def body(self) -> Iterable[Widget]:
        """The file, what is known of it, and where it goes."""
        yield self._about
        yield self._field
        if self._facts.foreign:
            words = f"Whoever runs {clean_line(self._facts.host)} learns your network address, and that you fetch it."
            yield Plain(words, classes="-warning")

    def _known(self, size: str) -> Content:
        """What is known of the file, in three lines."""
        kind = "An encrypted file" if self._facts.encrypted else "A file that is not encrypted,"
        rest = f"\n{kind} on {clean_line(self._facts.host)}\n{size}"
        return Content.assemble(plain(clean_line(self._facts.name), "bold"), plain(rest, "$text-muted"))

    def keys(self) -> tuple[Hint, ...]:
        """What Enter does, in a word, and leaving it."""
        return Hint("confirm", self._word), Hint("cancel", self.cancel_word)

    def on_mount(self) -> None:
        """Ask how large it is, unless that would tell a stranger something."""
        self._field.line.suggester = PathSuggester()
        self._field.line.cursor_position = len(self._field.line.value)
        if not self._facts.foreign:
            self.run_worker(self._ask_size(), group="size", exclusive=True, exit_on_error=False)

    async def _ask_size(self) -> None:
        try:
            self._told = await self._engine.size_of_file(self._message, self._facts.link)
        except TuiXmppError as error:
            self._about.show(self._known(_NOT_TOLD))
            self.panel.show_error(error)
        else:
            words = _NOT_TOLD if self._told is None else f"Size: {size_words(self._told)}"
            self._about.show(self._known(words))

    async def action_confirm(self) -> None:
        """Give back what is wanted, if there is a place for it."""
        try:
            place = await asyncio.to_thread(place_for, self._field.text, self._folder, self._facts.name)
        except TransferFailed as problem:
            self._field.refuse(problem.message)
            return
        most = MOST_UNTOLD if self._told is None else self._told
        self.dismiss(SaveFile(self._message.chat, self._message.id, self._facts.link, place, most))


class PathSuggester(Suggester):
    """Goes on with a path, in grey: the right arrow takes it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first folder that what is typed last may become."""
        return await asyncio.to_thread(going_on, value)


def going_on(text: str, scan: Callable[[Path], Iterable[os.DirEntry[str]]] = os.scandir) -> str | None:
    """The path with its last part made whole, if a folder begins like that."""
    folder, slash, begun = text.rpartition("/")
    if not slash or not begun:
        return None
    try:
        entries = scan(Path(f"{folder}/").expanduser())
        found = [entry.name for entry, _ in zip(entries, range(_MOST_LISTED), strict=False)
                 if entry.name.startswith(begun) and entry.name != begun and entry.is_dir()]  # fmt: skip
    except (OSError, RuntimeError, ValueError):
        return None
    fitting = sorted(name for name in found if name == clean_line(name))
    return f"{folder}/{fitting[0]}/" if fitting else None
