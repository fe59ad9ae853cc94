"""The files of the selected message: saving one, opening it, and stopping what is on its way."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.commands import DeleteMessage
from tui_xmpp.model.files import FileFacts, SaveFile, Stage, StopFile
from tui_xmpp.model.message import Message, Operation
from tui_xmpp.ui.history.said import has_styles
from tui_xmpp.ui.history.together import TogetherHistory
from tui_xmpp.ui.looking import off_loop
from tui_xmpp.ui.opening import does_something, open_file, opener
from tui_xmpp.ui.wishes import Say, Tone, Wish
from tui_xmpp.ui.words import place_words

_WARNING = (
    "It may do something on this computer, with everything that you may do here. Open it only if you expected it, "
    "and know who made it."
)


class FileHistory(TogetherHistory, inherit_bindings=False):
    """A history whose files can be had. Nothing is fetched before a person asks. Dialogs are imported when needed."""

    def show_files(self, message_ids: Collection[int]) -> None:
        """Files have come further: their cards say so."""
        messages = self.window.messages if self.window is not None else ()
        # Other objects, which are measured anew.
        self.change([replace(message) for message in messages if message.id in message_ids])

    def files_of(self, message: Message) -> tuple[FileFacts, ...]:
        """The files that a message links to."""
        return self.engine.files(message) if has_styles(message) and "://" in message.body else ()

    def is_coming(self, message: Message, facts: FileFacts) -> bool:
        """Whether one of its files is on its way."""
        state = self.engine.file_state(message, facts.link)
        return state is not None and state.stage is Stage.COMING

    # Actions of the registry
    def action_save_file(self) -> None:
        """Ask where a file is to go, and fetch it."""
        self._choose("Save", partial(self._save, opens=False))

    def action_open_file(self) -> None:
        """Open a file, which is saved first."""
        self._choose("Open", self._open_file)

    def action_stop_file(self) -> None:
        """Let the files be that are on their way; a message whose file does not go out goes with it."""
        message = self.selected
        if message is not None and Operation.CANCEL in self.engine.operations(message):
            self.post_message(Wish(DeleteMessage(message.chat, message.id, only_unsent=True)))
            return
        for facts in self.files_of(message) if message is not None else ():
            if message is not None and self.is_coming(message, facts):
                self.post_message(Wish(StopFile(message.chat, message.id, facts.link)))

    def _choose(self, word: str, then: Callable[[Message, FileFacts], None]) -> None:
        """Do it with the message's file, or with the one of several that is chosen."""
        from tui_xmpp.ui.screens.choose_link import ChooseLink

        message = self.selected
        files = self.files_of(message) if message is not None else ()
        if message is None or not files:
            return
        if len(files) == 1:
            then(message, files[0])
            return
        shown = [f"{facts.name}  on {facts.host}" for facts in files]

        def chosen(at: int | None) -> None:
            if at is not None:
                then(message, files[at])

        self.app.push_screen(ChooseLink(shown, f"{word} which file?", word), chosen)

    def open_file_at(self, message: Message, link: str) -> bool:
        """Open the file of a link, as for one that no other program may be given; whether there is such a file."""
        facts = next((facts for facts in self.files_of(message) if facts.link == link), None)
        if facts is not None:
            self._open_file(message, facts)
        return facts is not None

    def _open_file(self, message: Message, facts: FileFacts) -> None:
        self.run_worker(self._open_or_save(message, facts), group="open", exclusive=True, exit_on_error=False)

    async def _open_or_save(self, message: Message, facts: FileFacts) -> None:
        state = self.engine.file_state(message, facts.link)
        if state is not None and state.place is not None and await off_loop(state.place.is_file):
            await self._open_saved(state.place)
        else:
            self._save(message, facts, opens=True)

    def _save(self, message: Message, facts: FileFacts, *, opens: bool) -> None:
        from tui_xmpp.ui.screens.save_file import SaveFileDialog

        if self.is_coming(message, facts):
            self.post_message(Say("It is on its way."))
            return

        def chosen(command: SaveFile | None) -> None:
            if command is not None:
                self.post_message(Wish(command, done))

        def done(problem: TuiXmppError | None) -> None:
            state = self.engine.file_state(message, facts.link)
            if problem is not None:
                self.post_message(Say(f"{problem.title}: {problem.message}", Tone.ERROR))
            elif state is None or state.place is None:
                self.post_message(Say("Stopped; nothing of the file was kept."))
            elif opens:
                self.run_worker(self._open_saved(state.place), group="open", exclusive=True, exit_on_error=False)
            else:
                self.post_message(Say(f"Saved as {place_words(state.place)}"))

        self.app.push_screen(SaveFileDialog(self.engine, message, facts, opens=opens), chosen)

    async def _open_saved(self, place: Path) -> None:
        """Hand a file to the desktop, if the person is sure where it is one that does something."""
        from tui_xmpp.ui.screens.ask import Confirm

        program = opener()
        if program is None:
            self.post_message(Say(f"Nothing here can open it; it is saved as {place_words(place)}"))
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._hand_over(program, place)

        if await off_loop(does_something, place):
            self.app.push_screen(Confirm(f"{place.name} is a program", _WARNING, "Open it", "Leave it"), answered)
        else:
            self._hand_over(program, place)

    def _hand_over(self, program: str, place: Path) -> None:
        words = "Opened" if open_file(program, place) else "It could not be opened; it is saved as"
        self.post_message(Say(f"{words} {place_words(place)}"))
