"""Fixtures for the program as the shell sees it."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """In a home of its own, in which nothing is yet."""
    return Program(tmp_path / "home")


@pytest.fixture
def sender(prosody: Prosody, program: Program) -> Address:
    """An account that the program is set up with."""
    name = fresh_name()
    program.set_up(prosody.settings(name))
    return prosody.add_user(name)
