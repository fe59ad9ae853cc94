"""A session bus of the test's own with a notification service on it, which keeps what it is asked to show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from jeepney import DBusAddress, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection

from tui_xmpp.ui.notify.bus import PATH, SERVICE


@dataclass
class Shown:
    """One call of Notify."""

    number: int
    replaces: int
    title: str
    text: str
    actions: list[str]


@dataclass
class Service:
    """The other end: org.freedesktop.Notifications."""

    address: str
    capabilities: list[str]
    connection: DBusConnection
    shown: list[Shown] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)

    async def serve(self) -> None:
        """Answer calls for ever."""
        while True:
            message = await self.connection.receive()
            if message.header.message_type is MessageType.method_call:
                await self._answer(message)

    async def _answer(self, message: Message) -> None:
        match message.body:
            case ():
                answer = new_method_return(message, "as", (self.capabilities,))
            case (int(number),):
                self.withdrawn.append(number)
                answer = new_method_return(message)
            case (_, replaces, _, title, text, actions, _, _):
                number = replaces or len(self.shown) + 1
                self.shown.append(Shown(number, replaces, title, text, actions))
                answer = new_method_return(message, "u", (number,))
            case _:
                raise AssertionError(message)
        await self.connection.send(answer)

    async def click(self, number: int) -> None:
        """Tell that a notification was clicked."""
        signal = new_signal(DBusAddress(PATH, interface=SERVICE), "ActionInvoked", "us", (number, "default"))
        await self.connection.send(signal)


@asynccontextmanager
async def notification_service(capabilities: list[str]) -> AsyncIterator[Service]:
    """A bus and the service on it, for as long as the test needs them."""
    command = ("dbus-daemon", "--session", "--nofork", "--print-address=1")
    daemon = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert daemon.stdout is not None
        address = (await daemon.stdout.readline()).decode().strip()
        connection = await open_dbus_connection(address)
        async with DBusRouter(connection) as router:
            await Proxy(message_bus, router).RequestName(SERVICE)
        service = Service(address, capabilities, connection)
        serving = asyncio.ensure_future(service.serve())
        try:
            yield service
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError, EOFError):
                await serving
            await connection.close()
    finally:
        daemon.terminate()
        await daemon.wait()
