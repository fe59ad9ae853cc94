"""What became of numbered messages: which were lost, which doubled, which out of order."""

import itertools
from collections import Counter
from collections.abc import Container, Sequence


def verdict(found: Sequence[int], count: int, gone: Container[int] = ()) -> str:
    """What is wrong with the numbers found, of those from 0 to `count` - 1; empty: nothing.

    Those that are `gone` cannot be had from anybody.
    """
    seen = Counter(found)
    lost = [number for number in range(count) if number not in seen and number not in gone]
    doubled = [number for number, times in seen.items() if times > 1]
    strange = [number for number in seen if not 0 <= number < count]
    disordered = [(one, other) for one, other in itertools.pairwise(found) if other < one]
    complaints: dict[str, Sequence[object]] = {
        "lost": lost,
        "doubled": doubled,
        "never said": strange,
        "out of order": disordered,
    }
    return ", ".join(f"{len(what)} {name}: {what[:8]}" for name, what in complaints.items() if what)
