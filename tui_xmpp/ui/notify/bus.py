"""Calls to the desktop's notification service over the session bus, and the clicks that come back."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusRouter

log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

_PATIENCE = 3.0
"""Seconds that an answer may take; the first one may have to start the service."""


class BusGone(Exception):
    """There is no session bus, no notification service on it, or it does not answer."""


class Bus:
    """A connection to the session bus; `clicked` hears the number of each notification that was clicked."""

    def __init__(self, router: "DBusRouter", stack: AsyncExitStack, clicked: Callable[[int], None]) -> None:
        self._router = router
        self._stack = stack
        self._clicked = clicked

    @staticmethod
    async def connect(environment: Mapping[str, str], clicked: Callable[[int], None]) -> "Bus":
        """Connect, and listen for clicks. Raises BusGone."""
        from jeepney import AuthenticationError, MatchRule, message_bus
        from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
        from jeepney.io.common import RouterClosed
        from jeepney.wrappers import DBusErrorResponse

        stack = AsyncExitStack()
        try:
            async with asyncio.timeout(_PATIENCE):
                connection = await open_dbus_connection(_address(environment))
                stack.push_async_callback(connection.close)
                router = await stack.enter_async_context(DBusRouter(connection))
                bus = Bus(router, stack, clicked)
                rule = MatchRule(type="signal", interface=SERVICE, member="ActionInvoked", path=PATH)
                stack.enter_context(router.filter(rule, queue=bus))
                await Proxy(message_bus, router).AddMatch(rule)
        except (
            OSError, EOFError, RuntimeError, ValueError, StopIteration, TimeoutError, AuthenticationError, RouterClosed,
            DBusErrorResponse,
        ) as error:  # fmt: skip
            with suppress(OSError, EOFError):
                await stack.aclose()
            raise BusGone(str(error)) from error
        return bus

    async def call(self, method: str, signature: str | None = None, body: tuple[object, ...] = ()) -> Sequence[object]:
        """Ask the notification service; what it answers. Raises BusGone."""
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.common import RouterClosed
        from jeepney.wrappers import DBusErrorResponse, unwrap_msg

        message = new_method_call(DBusAddress(PATH, SERVICE, SERVICE), method, signature, body)
        try:
            async with asyncio.timeout(_PATIENCE):
                answer: Sequence[object] = unwrap_msg(await self._router.send_and_get_reply(message))
        except (OSError, EOFError, TimeoutError, RouterClosed, DBusErrorResponse) as error:
            raise BusGone(str(error)) from error
        return answer

    def put_nowait(self, message: "Message") -> None:
        """A click, handed over by the router as to a queue."""
        if message.body and isinstance(message.body[0], int):
            self._clicked(message.body[0])

    async def close(self) -> None:
        """Let go of the bus; what is shown stays until somebody has seen it."""
        with suppress(OSError, EOFError):
            await self._stack.aclose()


def _address(environment: Mapping[str, str]) -> str:
    """Where the session's bus listens: as the environment says, else the usual socket."""
    return environment.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={environment.get('XDG_RUNTIME_DIR', '')}/bus"
