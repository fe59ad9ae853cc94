"""Running the screen so that terminal and store are whole at the end, however that comes: quit, signal or crash."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.driver import Driver

from tui_xmpp.cli.ending import GRACE, SIGNALS, hand_back, let_go_of_closed_terminal
from tui_xmpp.cli.exits import Exit
from tui_xmpp.cli.first_picture import FirstPicture
from tui_xmpp.cli.terminal_driver import TerminalDriver
from tui_xmpp.errors import TuiXmppError

_log = logging.getLogger(__name__)


class LeavingApp(App[int]):
    """An app whose crash goes to the log; Textual would print it with all local variables, passwords among them."""

    crashed = False
    """It has ended by an error; the trace is in the log."""
    problem: TuiXmppError | None = None
    """What ended it, if it can be said in people's words."""
    picture: FirstPicture | None = None
    """What is on the terminal until the screen is drawn."""

    def get_driver_class(self) -> type[Driver]:
        """What stands between the app and the terminal."""
        return TerminalDriver

    def has_drawn(self) -> None:
        """All of the screen is drawn, and takes the place of the first picture."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.let_go()

    def _handle_exception(self, error: Exception) -> None:
        self.crashed = True
        if isinstance(error, TuiXmppError):
            self.problem = error
        _log.critical("The screen has crashed", exc_info=error)
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()


async def run_app(app: LeavingApp, close: Callable[[], Awaitable[None]]) -> int:
    """Show the app until it ends, then `close` what it worked on; returns the exit code. Raises what ended it."""
    loop = asyncio.get_running_loop()
    received: list[signal.Signals] = []
    try:
        async with asyncio.timeout(None) as limit:

            def leave(number: signal.Signals) -> None:
                _log.info("Leaving: %s", number.name)
                received.append(number)
                if limit.when() is None:
                    limit.reschedule(loop.time() + GRACE)
                    app.exit()

            for each in SIGNALS:
                loop.add_signal_handler(each, leave, each)
            # Textual makes all tasks of the loop eager where Python has them (3.12), which breaks asyncio's own
            # connecting to several addresses until 3.12.8 and 3.13.1 (gh-124309), and would run ours in another
            # order than on 3.11. It does so in its first step, before this.
            loop.call_soon(loop.set_task_factory, None)
            await app.run_async()
    except TimeoutError:
        _log.warning("The screen has not ended in %.0f seconds", GRACE)
    finally:
        hand_back(loop)
        let_go_of_closed_terminal()
        await close()
    if app.problem is not None:
        raise app.problem
    if app.crashed:
        return Exit.FAILURE
    return 128 + received[0] if received else app.return_code or Exit.DONE
