"""Reporting somebody, unblocking, and the XML of a message, by keys."""

from dataclasses import replace

from tests.ui.running import Running, running
from tests.ui.scene import HOME, MARA, MARA_KEY, Scene, at, theirs
from tests.ui.selecting import select
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.report import Complaint, Report
from tui_xmpp.ui.screens.dialog import Panel
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.report import Blocked, ReportDialog

BLOCKING, REPORTING = "urn:xmpp:blocking", "urn:xmpp:reporting:1"


def panel(shown: Running) -> str:
    return shown.part(shown.screen().query_one(Panel))


async def test_a_report_says_what_happens_and_for_what_and_blocks(scene: Scene) -> None:
    scene.network.standing.server = frozenset({BLOCKING, REPORTING})
    spam = replace(
        theirs(MARA_KEY, ChatKind.CONTACT, MARA, "cheap pans", at(0, 10, 42, 40)), archive_ids=((HOME, "pans"),)
    )
    await scene.store.write(lambda writes: writes.add_message(spam))
    async with running(scene, (80, 24), open_at=MARA) as shown:
        await select(shown, "cheap pans")
        await shown.press("!")
        assert isinstance(shown.screen(), ReportDialog)
        for words in (
            "The operators of your server learn",
            "mara@home.example",
            "“unblock” under ^P",
            "abuse: threats",
        ):
            assert words in panel(shown)
        await shown.press("down", "tab", *"pans", "enter")
        await shown.until(lambda: MARA in scene.network.standing.kept_away)
        assert scene.network.standing.kept_away[MARA] == Report(Complaint.ABUSE, "pans", ("pans",), HOME)
        await shown.until(lambda: "Reported and blocked." in shown.text)


async def test_a_server_that_takes_no_reports_blocks_alone_and_that_is_said(scene: Scene) -> None:
    scene.network.standing.server = frozenset({BLOCKING})
    async with running(scene, (80, 24), open_at=MARA) as shown:
        await shown.press("up", "!")
        assert "Your server takes no reports. It can keep" in panel(shown)
        await shown.press("enter")
        await shown.until(lambda: scene.network.standing.kept_away == {MARA: None})
        await shown.until(lambda: "Blocked." in shown.text)


async def test_a_server_that_can_do_neither_is_told_of_at_once(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("!")
    assert not isinstance(mara.screen(), ReportDialog)
    assert "Your server takes no reports and keeps nobody away" in mara.text


async def test_ones_own_messages_are_not_reported(mara: Running, scene: Scene) -> None:
    scene.network.standing.server = frozenset({BLOCKING, REPORTING})
    await select(mara, "at seven!")
    await mara.press("!")
    assert not isinstance(mara.screen(), ReportDialog)
    assert "takes no reports" not in mara.text


async def test_in_a_room_it_is_said_who_judges(kitchen: Running) -> None:
    kitchen.scene.network.standing.server = frozenset({BLOCKING, REPORTING})
    await select(kitchen, "日本のパン屋 is closed on Sundays 🥐")
    await kitchen.press("!")
    assert not isinstance(kitchen.screen(), ReportDialog)
    await kitchen.until(lambda: "Its moderators remove messages" in kitchen.text)


async def test_who_is_blocked_is_chosen_from_a_list_to_write_again(scene: Scene) -> None:
    scene.network.standing.kept_away = {MARA: None}
    async with running(scene, (80, 24), open_at=MARA) as shown:
        shown.composer.insert("/unblock")
        await shown.press("enter")
        assert isinstance(shown.screen(), Blocked)
        await shown.until(lambda: "mara@home.example" in panel(shown))
        assert "Enter Unblock" in panel(shown)
        await shown.press("enter")
        await shown.until(lambda: not scene.network.standing.kept_away)
        await shown.until(lambda: "mara@home.example can write to you again." in shown.text)


async def test_where_nobody_is_blocked_no_key_is_offered_for_it(scene: Scene) -> None:
    async with running(scene, (80, 24), open_at=MARA) as shown:
        shown.composer.insert("/unblock")
        await shown.press("enter")
        await shown.until(lambda: "Nobody is kept away." in panel(shown))
        assert "Unblock" not in panel(shown)


async def test_x_on_the_page_of_a_message_shows_its_xml_from_the_archive(scene: Scene) -> None:
    known = replace(theirs(MARA_KEY, ChatKind.CONTACT, MARA, "look", at(0, 10, 42, 40)), archive_ids=((HOME, "one"),))
    await scene.store.write(lambda writes: writes.add_message(known))
    scene.network.standing.archived["one"] = '<message id="7">\n  <body>[/look] [b]</body>\n</message>'
    async with running(scene, (80, 24), open_at=MARA) as shown:
        await select(shown, "look")
        await shown.press("i", "x")
        await shown.until(lambda: '<message id="7">' in panel(shown))
        assert "As it travelled:" in panel(shown)
        assert "<body>[/look] [b]</body>" in panel(shown)


async def test_without_an_archive_it_is_said_that_there_is_no_xml(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("i")
    assert isinstance(mara.screen(), MessageInfo)
    await mara.press("x")
    await mara.until(lambda: "No archive has told that it has this message." in panel(mara))
