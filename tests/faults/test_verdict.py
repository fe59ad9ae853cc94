"""The verdict on numbered messages."""

import pytest

from tests.faults.verdict import verdict


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ([0, 1, 2, 3], ""),
        ([0, 1, 3], "1 lost: [2]"),
        ([], "4 lost: [0, 1, 2, 3]"),
        ([0, 1, 1, 2, 3], "1 doubled: [1]"),
        ([0, 2, 1, 3], "1 out of order: [(2, 1)]"),
        ([0, 1, 2, 3, 0], "1 doubled: [0], 1 out of order: [(3, 0)]"),
        ([0, 1, 2, 3, 4], "1 never said: [4]"),
    ],
)
def test_says_what_was_lost_doubled_or_out_of_order(found: list[int], complaint: str) -> None:
    assert verdict(found, 4) == complaint


def test_what_nobody_can_have_is_not_lost_and_all_else_counts() -> None:
    assert verdict([0, 1, 3], 4, {2}) == ""
    assert verdict([0, 3, 3], 4, {2}) == "1 lost: [1], 1 doubled: [3]"
