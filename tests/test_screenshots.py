"""The pictures of the README can be made again, and show what they should."""

import re
from pathlib import Path

import pytest

from tests import screenshots

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.timeout(120)
async def test_every_picture_is_made_from_the_running_program_and_names_no_host(tmp_path: Path) -> None:
    pictures = await screenshots.take(tmp_path)

    assert {picture.name for picture in pictures} == {picture.name for picture in screenshots.DIRECTORY.iterdir()}
    for picture in pictures:
        svg = picture.read_text()
        assert "tui-xmpp" in svg
        assert "https:" not in svg.replace("https://www.textualize.io", "").replace("https://drafts.demo.example", "")
        assert not re.search(r"url\((?!#)|href=|src=|@import", svg), "nothing is fetched"
        assert picture.stat().st_size > 10_000


def test_the_readme_shows_every_picture() -> None:
    shown = {part.split(")")[0] for part in README.read_text().split("](screenshots/")[1:]}
    assert shown == {picture.name for picture in screenshots.DIRECTORY.iterdir()}
