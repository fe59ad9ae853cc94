"""The embedded demonstration: a private Prosody on loopback and a cast played by bots in the same process."""

from tui_xmpp.demo.demonstration import Demonstration
from tui_xmpp.demo.installing import ProsodyMissing, install_prosody, prosody_missing

__all__ = ["Demonstration", "ProsodyMissing", "install_prosody", "prosody_missing"]
