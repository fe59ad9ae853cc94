"""The keys of vi in a text, for those who chose the preset `vim`."""

from typing import TYPE_CHECKING

from textual import events
from textual.widgets.text_area import Location

from tui_xmpp.ui.completing import Completing

if TYPE_CHECKING:
    from tui_xmpp.ui.vim import Step, Vim


class VimKeys(Completing, inherit_bindings=False):
    """Does to the text what `ui.vim` says."""

    vim: "Vim | None" = None
    """None: keys write."""

    @property
    def takes_escape(self) -> bool:
        """Escape is for this text: it ends writing, or a command that was begun."""
        return self.vim is not None and (self.vim.writes or bool(self.vim.pending))

    async def _on_key(self, event: events.Key) -> None:
        vim = self.vim
        if vim is None or (event.key != "escape" and (vim.writes or not event.is_printable)):
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        cursor = self._offset(self.cursor_location)
        if event.key == "escape":
            step: Step | None = vim.escape(self.text, cursor)
        else:
            step = vim.press(event.character or "", self.text, cursor)
        if step is not None:
            self._do(step)
        self.show_mode()

    def show_mode(self) -> None:
        """Say below the text when keys command."""
        commands = self.vim is not None and not self.vim.writes
        words = f"normal {self.vim.pending}".strip() if self.vim is not None and commands else ""
        if words != self.border_subtitle:
            self.border_subtitle = words
            self.set_class(commands, "-normal")
            self.refresh_bindings()  # Escape leads out of the text while keys command

    def write(self) -> None:
        """Write from now on, as with a new message."""
        if self.vim is not None:
            self.vim.write()
            self.show_mode()

    def leave_text(self) -> None:
        """Go up out of the text; overridden."""

    def _do(self, step: "Step") -> None:
        if step.undo or step.redo:
            self.undo() if step.undo else self.redo()
            return
        if step.leave:
            self.leave_text()
            return
        if step.text is not None:
            self.history.checkpoint()
            self.replace(step.text, self._location(step.start), self._location(step.end))
        self.move_cursor(self._location(step.cursor))

    def _offset(self, location: Location) -> int:
        return len(self.get_text_range((0, 0), location))

    def _location(self, offset: int) -> Location:
        before = self.text[:offset]
        return before.count("\n"), len(before) - (before.rfind("\n") + 1)
