"""The main screen's way of sending files: a path that was named or dropped is asked about, a pasted text is not."""

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.sending import SendFile, SendTextFile
from tui_xmpp.ui.asking import AskingScreen
from tui_xmpp.ui.composer import Composer
from tui_xmpp.ui.wishes import FileWanted, Wish


class AttachingScreen(AskingScreen):
    """Dialogs are imported when they are first needed."""

    def action_attach(self) -> None:
        """Send what was just pasted as a file, or ask for one."""
        key, composer = self.open_key, self.conversation.composer
        if key is None:
            return
        pasted = composer.take_pasted() if self.focused is composer else None
        if pasted is None:
            self.ask_file(key)
        elif pasted.path:
            self.ask_file(key, pasted.path)
        else:
            self._send_text(key, composer, pasted.text)

    def ask_file(self, key: ChatKey, path: str = "", *, typed: bool = False) -> None:
        """Ask once before a file goes out; `typed`: its path is as somebody wrote it."""
        from tui_xmpp.ui.screens.attach import AttachDialog

        def chosen(command: SendFile | None) -> None:
            if command is not None:
                self.conversation.history.show_newest()
            self.wish(command)

        self.app.push_screen(AttachDialog(self.engine, key, path, typed=typed), chosen)

    def on_file_wanted(self, event: FileWanted) -> None:
        """A file was named where one writes."""
        event.stop()
        self.ask_file(event.key, event.path, typed=True)

    def _send_text(self, key: ChatKey, composer: Composer, text: str) -> None:
        name = f"paste-{self.conversation.clock.now():%Y-%m-%d-%H%M%S}.txt"
        encrypted = self.engine.security(key).state in {Security.ON, Security.BLOCKED}
        self.conversation.history.show_newest()

        def then(problem: TuiXmppError | None) -> None:
            if problem is not None:
                composer.restore(key, text)
                self.say_problem(problem)

        self.post_message(Wish(SendTextFile(key, name, text, encrypted), then))
