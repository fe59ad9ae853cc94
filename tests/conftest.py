"""Fixtures for everybody: the real servers."""

from tests.server.fixtures import authority, ejabberd, prosody, prosody_factory, server, server_directory

__all__ = ["authority", "ejabberd", "prosody", "prosody_factory", "server", "server_directory"]
