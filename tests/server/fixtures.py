"""Pytest fixtures that start and end the servers."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.server.authority import Kind, TestAuthority
from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.prosody import Prosody
from tests.server.servers import Server


class ProsodyFactory(Protocol):
    """Starts servers that end with the test; arguments as for `Prosody`."""

    def __call__(
        self,
        *,
        storage: str = "memory",
        certificate: Kind | str = Kind.GOOD,
        domain: str = "chat.test",
        extra_modules: tuple[str, ...] = (),
        room_modules: tuple[str, ...] = ("muc_moderation",),
        registration: bool = True,
        settings: str = "",
        largest_file: int = 10 * 1024 * 1024,
    ) -> Prosody: ...


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """A short path, since the admin socket's path may have 107 bytes at most."""
    directory = Path(tempfile.mkdtemp(prefix="tui-xmpp-servers-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def authority(server_directory: Path) -> TestAuthority:
    """The authorities of this test run; all servers share them."""
    return TestAuthority(server_directory / "authority")


@pytest.fixture(scope="session")
def prosody(server_directory: Path, authority: TestAuthority) -> Iterator[Prosody]:
    """The server that tests share; take names from `fresh_name()`, and do not stop it."""
    server = Prosody(server_directory / "shared", authority=authority).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ejabberd(server_directory: Path, authority: TestAuthority) -> Iterator[Ejabberd]:
    """The other server that tests share; the same holds for it."""
    if not is_installed():
        pytest.skip("ejabberd is not installed")
    server = Ejabberd(server_directory / "shared-ejabberd", authority=authority).start()
    yield server
    server.stop()


@pytest.fixture(params=["prosody", "ejabberd"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the shared servers in turn."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def prosody_factory(server_directory: Path, authority: TestAuthority) -> Iterator[ProsodyFactory]:
    """Servers of a test's own, to be stopped, restarted or configured otherwise."""
    servers: list[Prosody] = []

    def start(
        *,
        storage: str = "memory",
        certificate: Kind | str = Kind.GOOD,
        domain: str = "chat.test",
        extra_modules: tuple[str, ...] = (),
        room_modules: tuple[str, ...] = ("muc_moderation",),
        registration: bool = True,
        settings: str = "",
        largest_file: int = 10 * 1024 * 1024,
    ) -> Prosody:
        server = Prosody(
            server_directory / f"own{next(_numbers)}",
            storage=storage,
            certificate=certificate,
            domain=domain,
            extra_modules=extra_modules,
            room_modules=room_modules,
            registration=registration,
            settings=settings,
            largest_file=largest_file,
            authority=authority,
        )
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()


_numbers = itertools.count(1)
