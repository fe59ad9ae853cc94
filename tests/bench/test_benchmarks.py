"""The benchmarks work: each runs in a short form and says all that it measures. How long it took is not judged."""

from pathlib import Path

import pytest

from tests.bench import catch_up, growth, restart

pytestmark = pytest.mark.timeout(400)


def test_growth_measures_every_row_of_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    growth.main(["10000", "--runs", "1", "--cache", str(tmp_path)])
    table = capsys.readouterr().out
    assert all(row in table for row in growth.BUDGETS)


async def test_catching_up_is_measured_below_the_screen_and_on_it(capsys: pytest.CaptureFixture[str]) -> None:
    await catch_up.main(["2500", "--runs", "1"])
    said = capsys.readouterr().out
    assert said.count("newest visible after") == 2
    assert "2,000 messages paged back" in said


async def test_a_restart_is_measured_and_nothing_is_lost_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    await restart.main(["--runs", "1"])
    assert "after the server's return" in capsys.readouterr().out
