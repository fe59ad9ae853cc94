"""What was sent before."""

from tui_xmpp.ui.recall import Recall


def test_one_goes_back_and_forth_and_gets_back_what_one_was_writing() -> None:
    recall = Recall()
    for text in ("one", "two", "two", "three"):
        recall.remember("chat", text)
    assert [recall.earlier("chat", "begun") for _ in range(4)] == ["three", "two", "one", None]
    assert [recall.later("chat") for _ in range(4)] == ["two", "three", "begun", None]


def test_each_chat_has_its_own_and_sending_begins_at_the_end_again() -> None:
    recall = Recall()
    recall.remember("chat", "one")
    assert recall.earlier("other", "") is None
    assert recall.later("chat") is None
    recall.earlier("chat", "x")
    recall.remember("chat", "two")
    assert recall.later("chat") is None
    assert recall.earlier("chat", "") == "two"


def test_not_everything_is_kept_for_ever() -> None:
    recall = Recall()
    for number in range(300):
        recall.remember("chat", str(number))
    texts = []
    while (text := recall.earlier("chat", "")) is not None:
        texts.append(text)
    assert len(texts) == 100
    assert texts[0] == "299"
