"""What a message of a busy room costs between slixmpp's XML and the core.

usage: python -m tests.bench.parsing
"""

import asyncio
import statistics
import time
from xml.etree.ElementTree import fromstring

from tests.bench import machine
from tests.xmpp.party import Party
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address

_MESSAGE = (
    "<message xmlns='jabber:client' from='kitchen@rooms.chat.test/User{who}' to='alice@chat.test/desk' "
    "type='groupchat' id='m{number}'><body>Hello, this is number {number}.\nAnd more.</body>"
    "<origin-id xmlns='urn:xmpp:sid:0' id='m{number}'/>"
    "<stanza-id xmlns='urn:xmpp:sid:0' by='kitchen@rooms.chat.test' id='s{number}'/>"
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o{who}'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"
)
_MESSAGES = 5000
_RUNS = 5


async def _seconds_per_message() -> float:
    party = Party(AccountSettings(Address.parse("alice@chat.test")))
    stanzas = [fromstring(_MESSAGE.format(who=number % 200, number=number)) for number in range(_MESSAGES)]
    begun = time.process_time()
    for stanza in stanzas:
        party.connection._client.deliver(stanza)
    return (time.process_time() - begun) / len(stanzas)


def main() -> None:
    """Print the median of several runs."""
    costs = [asyncio.run(_seconds_per_message()) for _ in range(_RUNS)]
    print(machine.description())
    print(f"{statistics.median(costs) * 1e6:.0f} µs of processor time a message, median of {_RUNS} runs of {_MESSAGES}")


if __name__ == "__main__":
    main()
