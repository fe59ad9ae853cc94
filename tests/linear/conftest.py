"""Fixtures for the linear mode."""

from tests.ui.conftest import scene

__all__ = ["scene"]
