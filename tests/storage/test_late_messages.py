"""What we typed long before the server got it stands where it was typed, and bends nobody else's place."""

from dataclasses import replace

from tests.storage.builders import BOBS, ME, NOON, SECOND, archived, incoming, outgoing
from tui_xmpp.storage.values import Above, NewMessage
from tui_xmpp.storage.writes import Writes


def theirs(number: int, seconds: float) -> NewMessage:
    return incoming(f"{number}", stanza_id=f"s{number}", time=NOON + int(seconds * SECOND))


def in_archive(new: NewMessage, archive_id: str, seconds: int) -> NewMessage:
    """As the archive has it, with its stamp of whole seconds."""
    return replace(archived(new, archive_id), time=NOON + seconds * SECOND)


def bodies(writes: Writes) -> list[str]:
    return [message.body for message in writes.messages.newest(BOBS, 100) if message.body.isdigit()]


def test_on_a_page_they_do_not_pull_others_before_what_is_held(writes: Writes) -> None:
    late = outgoing("typed without a line", time=NOON + 10 * SECOND)
    writes.add_message(archived(theirs(1, 5), "a1"))
    writes.add_message(late)
    writes.add_message(archived(theirs(2, 20.5), "a2"))
    writes.extend_span(ME, ME, ["a1", "a2"], before="")
    page = [in_archive(theirs(3, 0), "a3", 21), in_archive(late, "a4", 21), in_archive(theirs(4, 0), "a5", 21)]
    writes.add_archive_page(ME, ME, page, before="")
    assert bodies(writes) == ["1", "2", "3", "4"]


def test_a_page_before_one_of_them_stands_above_what_is_held(writes: Writes) -> None:
    late = outgoing("typed without a line", time=NOON + 20 * SECOND + SECOND // 4)
    writes.add_message(late)
    writes.add_message(archived(theirs(1, 20.5), "a1"))
    writes.extend_span(ME, ME, ["a1"], before="")
    newest = [in_archive(late, "a3", 20), in_archive(theirs(3, 0), "a4", 21)]
    above = Above()
    writes.add_archive_page(ME, ME, newest, before="", above=above)
    writes.extend_span(ME, ME, ["a3", "a4"], before="")
    writes.add_archive_page(ME, ME, [in_archive(theirs(2, 0), "a2", 20)], before="a3", above=above)
    writes.extend_span(ME, ME, ["a2"], before="a3")
    assert bodies(writes) == ["1", "2", "3"]


def test_what_is_read_after_one_of_them_stands_below_it(writes: Writes) -> None:
    own = outgoing("0", time=NOON + SECOND // 2)
    writes.add_message(archived(own, "a0"))
    writes.extend_span(ME, ME, ["a0"], before="")
    page = [in_archive(own, "a0", 0), in_archive(theirs(1, 0), "a1", 0), in_archive(theirs(2, 0), "a2", 1)]
    writes.add_archive_page(ME, ME, page[1:], before="")
    assert bodies(writes) == ["0", "1", "2"]
