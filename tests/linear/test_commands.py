"""The commands, each on a real store and engine, as somebody enters them and hears what comes of it."""

from dataclasses import replace

import pytest

from tests.linear.sitting import sitting
from tests.ui import second_act
from tests.ui.scene import HOME, KITCHEN_KEY, MARA, MARA_KEY, Scene, at, ours
from tests.waiting import until
from tui_xmpp.linear.chats import join
from tui_xmpp.linear.commands import BY_NAME, GROUPS, Command, command_of, completed
from tui_xmpp.linear.numbers import Numbers
from tui_xmpp.linear.requests import request_line
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import JoinRoom
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.omemo import Device, ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui import command_words
from tui_xmpp.ui.clock import Clock


def test_every_command_has_a_name_of_its_own_and_a_sentence() -> None:
    every = [command for _, group in GROUPS for command in group]
    assert sum(len(command.names) for command in every) == len(BY_NAME)
    for command in every:
        assert command.about.endswith("."), command.names
        assert command.usage.startswith(f"/{command.names[0]}")


def test_the_command_words_of_the_screen_mean_something_here_too() -> None:
    assert set(command_words.WORDS) <= set(BY_NAME)


@pytest.mark.parametrize(("word", "name"), [("chats", "chats"), ("CHATS", "chats"), ("q", "quit"), ("he", "help")])
def test_a_command_may_be_cut_short(word: str, name: str) -> None:
    found = command_of(word)
    assert isinstance(found, Command)
    assert found.names[0] == name


def test_what_may_be_several_commands_or_none_is_said() -> None:
    assert command_of("rea") == "/rea may be /react, /read."
    assert "There is no command /nonsense" in str(command_of("nonsense"))
    assert completed("/rea") == ["/react ", "/read "]
    assert completed("hello") == []


async def test_the_start_says_the_chats_and_help_says_every_command(scene: Scene) -> None:
    async with sitting(scene) as session:
        heard = session.person.heard
        assert "5 chats, 5 unread, 1 mention:" in heard
        assert "1. Kitchen, kitchen@rooms.home.example, room, 2 unread, 1 mention, account alice@home.example" in heard
        helped = await session.person.enter("/help")
        for command in BY_NAME.values():
            assert any(line.startswith(f"{command.usage}: ") for line in helped)
        assert (await session.person.enter("/help reply"))[-1].startswith("/reply [number] text: Answer a message")


async def test_all_of_a_long_message_is_said_when_it_is_asked_for(scene: Scene) -> None:
    body = "\n".join(f"line {number}" for number in range(1, 101))
    long = ours(MARA_KEY, ChatKind.CONTACT, body, at(0, 10, 43))
    await scene.store.write(lambda writes: writes.add_message(long))
    async with sitting(scene) as session:
        heard = await session.person.enter("/go mara")
        assert heard[-1] == "88 more lines; /whole 3 says all."
        assert "| line 13" not in heard
        assert (await session.person.enter("/whole 3"))[-1] == "| line 100"
        assert "Which message?" in (await session.person.enter("/whole"))[0]


async def test_going_to_a_chat_says_with_whom_it_is_and_what_is_new(scene: Scene) -> None:
    async with sitting(scene) as session:
        await until(lambda: scene.engine.presence(HOME, MARA).status == "cooking")
        heard = await session.person.enter("/go mara")
        assert heard == [
            "",
            "Mara, mara@home.example, account alice@home.example, online (cooking). Not encrypted.",
            "New since here:",
            "Today:",
            "1. 10:41 Mara: are you there?",
            "2. 10:42 Mara: see you at seven then",
        ]
        assert session.person.prompts[-1] == "Mara, not encrypted> "
        await until(lambda: scene.engine.first_unread(MARA_KEY) is None, what="it is read")


async def test_where_something_is_missing_in_a_history_it_is_said(scene: Scene) -> None:
    def lose(writes: Writes) -> None:
        for number, message in enumerate(scene.engine.newest(MARA_KEY, 2)):
            writes.add_message(
                NewMessage(
                    MARA_KEY,
                    ChatKind.CONTACT,
                    message.direction,
                    message.sender,
                    message.body,
                    message.time,
                    stanza_id=message.stanza_id,
                    archive_ids=((HOME, f"a{number}"),),
                )
            )
            writes.extend_span(HOME, HOME, [f"a{number}"], before="")

    await scene.store.write(lose)
    async with sitting(scene) as session:
        heard = await session.person.enter("/go mara")
        assert heard[-3:] == [
            "1. 10:41 Mara: are you there?",
            "Messages may be missing here.",
            "2. 10:42 Mara: see you at seven then",
        ]


async def test_where_several_chats_may_be_meant_a_number_chooses(scene: Scene) -> None:
    async with sitting(scene) as session:
        heard = await session.person.enter("/go home.example")
        assert heard[0].endswith("may be meant. /go and a number chooses:")
        wanted = next(line for line in heard if "Ines" in line)
        heard = await session.person.enter(f"/go {wanted.partition('.')[0]}")
        assert heard[1].startswith("Ines, ines@home.example")


async def test_what_is_entered_goes_to_the_open_chat_and_is_not_said_again(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        before = len(session.person.heard)
        await session.person.enter("at seven!", "//not a command", "/me waves")
        await until(lambda: len(scene.engine.newest(MARA_KEY, 9)) == 5)
        await session.person.ready()
        assert [each.body for each in scene.engine.newest(MARA_KEY, 3)] == ["at seven!", "/not a command", "/me waves"]
        assert session.person.heard[before:] == []


async def test_without_a_chat_nothing_is_sent_and_what_was_written_is_kept(scene: Scene) -> None:
    async with sitting(scene) as session:
        heard = await session.person.enter("hello?")
        assert heard[0].startswith("No chat is open.")
        assert session.person.prompts[-1] == "No chat> hello?"


async def test_what_comes_is_said_here_or_with_its_chat(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        session.receive("bring bread")
        assert (await session.person.hears("bring bread")).endswith(" Mara: bring bread")
        await session.person.enter("/go ines")
        session.receive("and wine", identity="later")
        assert (await session.person.hears("and wine")).endswith(" Mara in another chat: and wine")


async def test_what_is_said_while_missed_messages_come_waits_for_its_turn(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        newest_first = reversed(scene.engine.newest(MARA_KEY, 2))
        session.linear.talk.numbers = Numbers()  # as if they had not been said yet
        before = len(session.person.heard)
        session.linear.hear([MessageAdded(message, live=False) for message in newest_first])
        session.receive("and now?")
        await session.person.hears("and now?")
        said = [line.partition(" Mara: ")[2] for line in session.person.heard[before:] if " Mara: " in line]
        assert said == ["are you there?", "see you at seven then", "and now?"]


async def test_what_came_while_nobody_listened_is_marked_and_read_with_the_next_key(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await until(lambda: scene.engine.first_unread(MARA_KEY) is None)
        session.linear.talk.touched -= 1_000
        session.receive("are you asleep?")
        await session.person.hears("are you asleep?")
        assert "New since here:" in session.person.heard[-3:]
        assert scene.engine.first_unread(MARA_KEY) is not None
        session.person.hooks.touched("n")
        await until(lambda: scene.engine.first_unread(MARA_KEY) is None, what="it is read")


async def test_answering_correcting_and_reacting_mean_a_message_by_its_number_or_the_last(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        assert await session.person.enter("/reply 1 I am") == ["Answers Mara, “are you there?”."]
        assert await session.person.enter("/reply until then") == ["Answers Mara, “see you at seven then”."]
        await until(lambda: scene.engine.newest(MARA_KEY, 1)[0].delivery is Delivery.SENT)
        answers = scene.engine.newest(MARA_KEY, 2)
        assert [each.reply.text if each.reply else "" for each in answers] == [
            "are you there?",
            "see you at seven then",
        ]
        assert await session.person.enter("/correct bis dann") == ["Corrected."]
        assert scene.engine.newest(MARA_KEY, 1)[0].body == "bis dann"
        assert await session.person.enter("/react 1 heart") == ["Put ❤️ under Mara, “are you there?”."]
        assert await session.person.enter("/react 1 heart") == ["Took ❤️ from Mara, “are you there?”."]
        assert await session.person.enter("/correct 1 no") == ["Only your own messages can be corrected."]
        assert await session.person.enter("/reply 99 what") == ["There is no message 99."]


async def test_taking_back_and_deleting_ask_first(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await session.person.enter("oops")
        await until(lambda: scene.engine.newest(MARA_KEY, 1)[0].delivery is Delivery.SENT)
        await session.person.enter("/retract", "no")
        assert session.person.prompts[-2] == "Take you, “oops” back, for everybody? yes or no: "
        assert scene.engine.newest(MARA_KEY, 1)[0].tombstone is None
        await session.person.enter("/retract", "yes")
        await until(lambda: scene.engine.newest(MARA_KEY, 1)[0].tombstone is not None)
        await session.person.enter("/delete 1", "yes")
        await session.person.hears("Deleted here.")


async def test_reading_back_goes_by_pages_and_says_where_it_ends(scene: Scene) -> None:
    await scene.store.write(second_act.tell)
    async with sitting(scene, open_at=KITCHEN_KEY.peer) as session:
        last = await session.person.enter("/read 3")
        assert last[-1].endswith("Juno: me! (answers “who has the big bowl?”)")
        before = await session.person.enter("/older 2")
        assert len([line for line in before if line[:1].isdigit()]) == 2
        after = await session.person.enter("/newer 1")
        assert after[-1] == last[-3], "reading goes on where it was"
        await session.person.enter("/newer", "/newer")
        assert session.person.heard[-1] == "There is nothing newer."


async def test_what_is_found_can_be_gone_to(scene: Scene) -> None:
    async with sitting(scene) as session:
        await until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == 5, what="nothing more is said of the room")
        heard = await session.person.enter("/find bakery")
        assert heard[0].startswith("1 message")
        assert ", Kitchen, Juno: who brings bread? @Alice you live next to the bakery" in heard[1]
        heard = await session.person.enter(f"/at {heard[1].partition('.')[0]}")
        assert session.linear.talk.key == KITCHEN_KEY
        assert "Around it:" in heard
        assert await session.person.enter("/find nowhere") == ["Nothing was found."]


async def test_next_goes_to_what_is_unread_mentions_first(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await session.person.enter("/next")
        assert session.linear.talk.key == KITCHEN_KEY
        assert "Today:" in session.person.heard


async def test_requests_are_said_with_addresses_and_answered_by_number(scene: Scene) -> None:
    async with sitting(scene) as session:
        heard = await session.person.enter("/requests")
        assert heard[0].startswith("Request 1: theo@far.example asks to see when you are here: we met at the market")
        assert await session.person.enter("/accept") == ["Which request? Write its number; /requests says all of them."]
        await session.person.enter("/decline 1")
        await session.person.hears("Declined.")
        assert scene.engine.requests() == ()


def test_of_a_new_device_is_said_that_its_owner_does_not_list_it() -> None:
    """SECURITY 30."""
    request, clock = Request(3, HOME, RequestKind.DEVICE, MARA), Clock()
    verified, new = Device(MARA, 1, "ab" * 32, Trust.VERIFIED), Device(MARA, 2, "cd" * 32, Trust.UNPROVEN)
    assert "(not in their published list)" in request_line(request, [verified, new], clock)
    listed = replace(new, trust=Trust.UNDECIDED, listed=frozenset(OmemoVersion))
    assert "published" not in request_line(request, [verified, listed], clock)


async def test_people_are_said_on_request(scene: Scene) -> None:
    async with sitting(scene, open_at=KITCHEN_KEY.peer) as session:
        await until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == 5)
        await session.person.hears("You are in the room as Alice")
        assert await session.person.enter("/who") == [
            "5 people here.",
            "Owners: Mara",
            "Admins: Juno (chef)",
            "Members: Alice (you), Ines (away), Theo",
        ]
        await until(lambda: scene.engine.presence(HOME, MARA).status == "cooking")
        heard = await session.person.enter("/contacts")
        assert heard[0] == "7 contacts, 3 here."
        assert "Mara, mara@home.example, online: cooking, account alice@home.example" in heard


async def test_words_of_rooms_say_what_they_need(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        assert await session.person.enter("/topic bread") == ["/topic works in rooms only."]
        assert await session.person.enter("/join") == ["Write it so: /join room@service [nickname]"]
        await session.person.enter("/join den@rooms.home.example")
        await session.person.hears("Room den@rooms.home.example")
        await until(lambda: "den@rooms" in session.person.prompts[-1], what="the prompt names the room")


async def test_a_room_that_opens_late_does_not_take_what_is_written_to_another(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        session.linear.talk.written = "dear Mara"
        session.linear.talk.line.hooks.touched("dear Mara")
        join(session.linear.talk, JoinRoom(HOME, KITCHEN_KEY.peer))
        await session.person.hears("/go 1 takes you there.")
        assert session.linear.talk.key == MARA_KEY


async def test_devices_are_said_with_fingerprints_and_judged(scene: Scene) -> None:
    scene.network.standing.devices[MARA] = (ListedDevice(7, "phone"),)
    async with sitting(scene, open_at=MARA) as session:
        heard = await session.person.enter("/devices")
        assert heard[0].startswith("1. mara@home.example, phone: ")
        assert heard[1] == "No fingerprint yet."
        assert await session.person.enter("/distrust 1") == ["mara@home.example, phone: not trusted."]
        assert await session.person.enter("/verify 9") == ["Which device? /devices says them; then write the number."]
        assert OmemoVersion.TWO in scene.engine.devices(HOME, MARA)[0].listed


async def test_a_message_of_several_lines_is_written_line_by_line(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await session.person.enter("/write", "one", "two", ".")
        await until(lambda: scene.engine.newest(MARA_KEY, 1)[0].body == "one\ntwo")


async def test_a_draft_is_there_again(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        session.person.hooks.touched("half a sent")
    again = scene.engine.chat(MARA_KEY)
    assert again is not None
    assert again.draft == "half a sent"


async def test_ctrl_c_leaves_nothing_and_the_end_of_input_leaves(scene: Scene) -> None:
    async with sitting(scene) as session:
        session.person.end(KeyboardInterrupt())
        await session.person.hears("/quit leaves.")
        await session.person.ready()
        session.person.end(EOFError())
        await until(lambda: session.ended, what="it has ended")


async def test_a_message_that_failed_is_said_and_can_be_sent_again(scene: Scene) -> None:
    def fail(writes: Writes) -> None:
        stored = writes.add_message(ours(MARA_KEY, ChatKind.CONTACT, "lost", at(0, 10, 43), Delivery.PENDING))
        writes.set_delivery(stored.message.id, Delivery.FAILED, "no such address")

    await scene.store.write(fail)
    async with sitting(scene, open_at=MARA) as session:
        said = await session.person.hears("lost")
        assert said.endswith("you: lost (not sent: no such address)")
        await session.person.enter(f"/retry {said.partition('.')[0]}")
        await session.person.hears("was sent.")
