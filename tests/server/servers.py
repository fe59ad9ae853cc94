"""The real servers that speak for all others: what a test asks of one of them, it should ask of each."""

from tests.server.ejabberd import Ejabberd
from tests.server.prosody import Prosody

Server = Prosody | Ejabberd
