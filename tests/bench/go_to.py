"""What one more letter costs in go-to with 1,000 contacts.

usage: python -m tests.bench.go_to
"""

import statistics
import time

from tests.bench import machine
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.screens.places import Place, Rank, ranked

_CONTACTS = 1000
_RUNS = 9
_QUERIES = ("p", "pe", "pers", "pdo", "9 doe", "home.ex", "zzz", "person99@")


def main() -> None:
    """Print the median and the worst letter."""
    home = Address.parse("alice@home.example")
    contacts = []
    for number in range(_CONTACTS):
        address = Address.parse(f"person{number}@home.example")
        key = ChatKey(home, address)
        contacts.append(Place(key, f"Pérson {number} Doe", str(address), Rank.CONTACT, "●"))
    ranked("warm", contacts, 100)
    costs = []
    for query in _QUERIES * _RUNS:
        begun = time.process_time()
        ranked(query, contacts, 100)
        costs.append(time.process_time() - begun)
    print(machine.description())
    print(f"{statistics.median(costs) * 1e3:.1f} ms a letter (median), {max(costs) * 1e3:.1f} ms at worst")


if __name__ == "__main__":
    main()
