"""Fixtures for everybody: the real servers."""

from tests.server.fixtures import authority, prosody, prosody_factory, server_directory

__all__ = ["authority", "prosody", "prosody_factory", "server_directory"]
