"""A screen of pages, one at a time: Enter goes on, Escape goes back; the wizard, and what unlocks the store."""

from collections.abc import Coroutine
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input
from textual.worker import Worker

from tui_xmpp.ui.screens.dialog import Asking, show_unforeseen
from tui_xmpp.ui.screens.step import Step

T = TypeVar("T")


class Paged(Asking[T], Generic[T]):
    """The pages lie on each other; those before stay as they are, for going back."""

    AUTO_FOCUS = ""

    DEFAULT_CSS = """
    Paged { align: center middle; background: $background; }
    Paged > #pages { width: 100%; height: 100%; align: center middle; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._pages: list[Step] = []
        self._work: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Room for the pages."""
        yield Vertical(id="pages")

    def on_resize(self) -> None:
        """Fit into the terminal."""
        for page in self._pages:
            page.fit(self.size)

    @property
    def page(self) -> Step:
        """The page that is shown."""
        return self._pages[-1]

    async def open_page(self, page: Step) -> None:
        """Show a page."""
        for before in self._pages:
            before.display = False
        self._pages.append(page)
        await self.query_one("#pages").mount(page)
        page.start()

    async def close_page(self) -> None:
        """Show the page before again."""
        await self._pages.pop().remove()
        self.page.display = True
        self.page.start()

    def action_confirm(self) -> None:
        """Hand the page's answer on, unless the last one is still being worked on."""
        if not self.busy:
            self.page.confirm()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line goes on."""
        event.stop()
        self.action_confirm()

    # What takes time
    @property
    def busy(self) -> bool:
        """Whether something is being worked on."""
        return self._work is not None and not self._work.is_finished

    def work(self, work: Coroutine[None, None, None]) -> None:
        """Begin what takes time."""
        self.page.show_problem("")
        self._work = self.run_worker(work, name="wizard", exit_on_error=False)

    def stop_work(self) -> None:
        """End what takes time."""
        if self._work is not None:
            self._work.cancel()
        self.page.show_progress("")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say so when something broke that nobody foresaw."""
        show_unforeseen(self.page, event)
