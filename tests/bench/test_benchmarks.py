"""The benchmarks work: each runs in a short form and says all that it measures. How long it took is not judged."""

import gc
from pathlib import Path

import pytest

from tests.bench import catch_up, encryption, growth, restart
from tests.bench.clock import Ticker, collecting_as_the_program

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


async def test_encrypted_and_clear_history_are_measured_beside_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    await encryption.main(["50"])
    said = capsys.readouterr().out
    assert "50 messages in clear" in said
    assert "50 messages encrypted" in said
    assert said.count("longest collection of garbage") == 4


async def test_garbage_is_collected_as_in_the_program_while_something_is_measured() -> None:
    before = gc.get_threshold()
    async with collecting_as_the_program():
        collections = gc.get_stats()[2]["collections"]
        kept: list[list[int]] = [[] for _ in range(200_000)]
        assert gc.get_stats()[2]["collections"] == collections, "Python looked at everything by itself"
        del kept
    assert gc.get_threshold() == before


async def test_the_clock_tells_the_longest_collection_of_garbage() -> None:
    ticker = Ticker()
    gc.collect()
    assert ticker.stop().collecting > 0
    told = ticker.collecting
    gc.collect()
    assert ticker.collecting == told, "the clock was stopped"


async def test_a_restart_is_measured_and_nothing_is_lost_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    await restart.main(["--runs", "1"])
    assert "after the server's return" in capsys.readouterr().out
