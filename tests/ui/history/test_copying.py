"""Messages as text for the clipboard and for quotes."""

from dataclasses import replace

from tests.ui.messages import kitchen_voices, message, own
from tests.ui.scene import frozen_clock
from tui_xmpp.model.message import Tombstone
from tui_xmpp.ui.history.copying import quote, talk, texts

SAID = (message(1, "who brings bread?\nand cheese?"), own(2, "I do"), message(3, "", nick="Mara"))


def test_texts_are_copied_without_anything_around_them() -> None:
    assert texts(SAID) == "who brings bread?\nand cheese?\nI do"


def test_with_names_each_has_its_moment() -> None:
    assert talk(SAID, kitchen_voices(), frozen_clock()) == (
        "[2026-11-22 09:01] Juno: who brings bread?\nand cheese?\n[2026-11-22 09:02] you: I do"
    )


def test_a_quote_of_one_has_no_name_and_of_several_each_has_one() -> None:
    assert quote(SAID[:1], kitchen_voices()) == "> who brings bread?\n> and cheese?\n"
    assert quote(SAID, kitchen_voices()) == "> Juno: who brings bread?\n> and cheese?\n> you: I do\n"
    assert quote([message(1, "a\n\nb")], kitchen_voices()) == "> a\n>\n> b\n"


def test_what_was_taken_back_is_not_copied() -> None:
    gone = replace(message(1, ""), tombstone=Tombstone(1))
    assert texts([gone]) == talk([gone], kitchen_voices(), frozen_clock()) == quote([gone], kitchen_voices()) == ""


def test_what_is_copied_has_no_key_of_a_file_among_its_words() -> None:
    said = [message(1, f"the plan: aesgcm://files.example/plan.pdf#{'ab' * 44}")]
    assert texts(said) == "the plan: encrypted file plan.pdf"
    assert quote(said, kitchen_voices()) == "> the plan: encrypted file plan.pdf\n"
    assert talk(said, kitchen_voices(), frozen_clock()).endswith("Juno: the plan: encrypted file plan.pdf")


def test_a_file_by_itself_is_copied_as_its_link_and_quoted_by_its_name() -> None:
    link = f"aesgcm://files.example/plan.pdf#{'ab' * 44}"
    assert texts([message(1, link)]) == link
    assert quote([message(1, link)], kitchen_voices()) == "> encrypted file plan.pdf\n"
