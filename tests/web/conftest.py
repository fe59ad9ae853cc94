"""Fixtures for files over HTTPS."""

from collections.abc import AsyncIterator

import pytest

from tests.server.authority import TestAuthority
from tests.server.fixtures import authority, server_directory
from tests.web.file_server import FileServer, file_server

__all__ = ["authority", "server_directory"]


@pytest.fixture
async def server(authority: TestAuthority, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FileServer]:
    """A public server whose authority the system trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    async with file_server(authority) as running:
        yield running
