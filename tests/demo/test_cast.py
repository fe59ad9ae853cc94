"""What the guest of the demonstration lives through, on the real server with the whole cast."""

from functools import partial
from xml.etree.ElementTree import Element, SubElement

from slixmpp import JID
from slixmpp.stanza import Iq, Message, Presence

from tests.demo.guest import performance
from tests.server.plain_client import PlainClient, has_child
from tests.waiting import until
from tui_xmpp.demo.elements import (
    CHAT_STATES,
    CORRECTION,
    FALLBACK,
    MARKERS,
    MUC_USER,
    REACTIONS,
    RECEIPTS,
    REPLY,
    RETRACTION,
    STABLE_IDS,
    own_words,
)
from tui_xmpp.demo.script import kitchen, lines
from tui_xmpp.demo.script.people import CONTACTS, DOMAIN, GUEST, JUNO, KOFI, MARA, NOOR, ON_STAGE, Person
from tui_xmpp.demo.script.replies import RULES
from tui_xmpp.demo.script.rooms import COMMONS, GAMES, KITCHEN


def is_from(stanza: Message | Presence, person: Person) -> bool:
    return bool(stanza["from"].bare == person.address)


def holds(message: Message, tag: str) -> bool:
    return has_child(message, tag)


def says(message: Message, text: str) -> bool:
    return bool(message["body"] == text)


def is_online(presence: Presence, person: Person) -> bool:
    return is_from(presence, person) and presence.xml.get("type") is None


def write(client: PlainClient, to: str, text: str, kind: str = "chat") -> str:
    message = client.make_message(mto=JID(to), mbody=text, mtype="chat")
    message["type"] = kind
    message["id"] = client.new_id()
    for namespace, name in ((RECEIPTS, "request"), (MARKERS, "markable")):
        message.xml.append(Element(f"{{{namespace}}}{name}"))
    message.send()
    return str(message["id"])


async def test_the_contacts_are_there_with_their_groups_and_their_presence() -> None:
    async with performance() as guest:
        roster = guest.client_roster
        listed = {JID(address).local: set(roster[address]["groups"]) for address in roster if "@" in address}
        listed.pop(GUEST, None)
        assert listed == {person.local: set(person.groups) for person in CONTACTS}
        for person in ON_STAGE:
            if not person.stranger:
                presence = await guest.presence(partial(is_online, person=person), what=f"{person.name} online")
                assert (presence["show"], presence["status"]) == (person.show, person.status)
        assert not any(is_online(presence, KOFI) for presence in guest.presences)


async def test_a_contact_greets_answers_likes_and_is_seen_typing() -> None:
    async with performance() as guest:
        await guest.message(lambda message: message["body"] == lines.WELCOME[-1], what="the welcome")
        guest.messages.clear()
        identifier = write(guest, MARA.address, "How do I find the keys?")
        await guest.message(lambda message: "Ctrl+" in message["body"], what="an answer to the question")
        mine = [message for message in guest.messages if is_from(message, MARA)]
        kinds = [
            "receipt" if has_child(message, f"{{{RECEIPTS}}}received")
            else "reaction" if has_child(message, f"{{{REACTIONS}}}reactions")
            else "typing" if has_child(message, f"{{{CHAT_STATES}}}composing")
            else "answer"
            for message in mine
        ]  # fmt: skip
        assert kinds == ["receipt", "reaction", "typing", "answer"]
        reactions = mine[1].xml.find(f"{{{REACTIONS}}}reactions")
        assert reactions is not None
        assert (reactions.get("id"), [reaction.text for reaction in reactions]) == (identifier, ["❤️"])
        receipt = mine[0].xml.find(f"{{{RECEIPTS}}}received")
        assert receipt is not None
        assert receipt.get("id") == identifier


async def test_a_contact_corrects_what_slipped_out() -> None:
    async with performance() as guest:
        wrong, right = lines.SLIP
        slipped = await guest.message(lambda message: message["body"] == wrong, what="the slip")
        corrected = await guest.message(lambda message: message["body"] == right, what="the correction")
        replace = corrected.xml.find(f"{{{CORRECTION}}}replace")
        assert replace is not None
        assert replace.get("id") == slipped["id"]


async def test_a_contact_marks_what_they_have_read_and_corrects_an_answer() -> None:
    async with performance() as guest:
        write(guest, JUNO.address, "good morning")
        marker = await guest.message(lambda message: has_child(message, f"{{{MARKERS}}}displayed"), what="a marker")
        assert is_from(marker, JUNO)
        await guest.message(
            lambda message: (
                is_from(message, JUNO)
                and has_child(message, f"{{{CORRECTION}}}replace")
                and message["body"] != lines.SLIP[1]
            ),
            what="a corrected answer",
        )


async def test_a_stranger_asks_to_be_added_and_writes_when_accepted() -> None:
    async with performance() as guest:
        request = await guest.presence(lambda presence: presence["type"] == "subscribe", what="the request")
        assert is_from(request, NOOR)
        assert request["status"] == lines.REQUEST
        guest.send_presence(pto=JID(NOOR.address), ptype="subscribed")
        guest.send_presence(pto=JID(NOOR.address), ptype="subscribe")
        await guest.message(lambda message: message["body"] == lines.REQUEST_ACCEPTED[-1], what="the thanks")
        await guest.presence(partial(is_online, person=NOOR), what="the stranger's presence")


async def test_an_invitation_opens_a_room_that_was_closed() -> None:
    async with performance("xep_0045") as guest:
        await guest.message(lambda message: has_child(message, f"{{{MUC_USER}}}invite"), what="the invitation")
        await guest.plugin["xep_0045"].join_muc_wait(JID(GAMES.address), "Robin")
        expected = lines.GAMES_WELCOME.format(nick="Robin")
        await guest.message(lambda message: message["body"] == expected, what="the welcome in the room")


async def test_the_private_group_talks_and_answers() -> None:
    async with performance("xep_0045", "xep_0030") as guest:
        await guest.plugin["xep_0045"].join_muc_wait(JID(KITCHEN.address), GUEST)
        info = await guest.plugin["xep_0030"].get_info(jid=JID(KITCHEN.address))
        features = set(info["disco_info"]["features"])
        assert {"muc_membersonly", "muc_nonanonymous", "muc_persistent", "urn:xmpp:mam:2"} <= features

        def speakers() -> set[str]:
            said = [message for message in guest.messages if message["type"] == "groupchat" and message["body"]]
            return {message["from"].resource for message in said if not has_child(message, "{urn:xmpp:delay}delay")}

        await until(lambda: len(speakers()) >= 3, what="three people talking")
        write(guest, KITCHEN.address, "Ines, is this a bot?", "groupchat")
        await guest.message(
            lambda message: message["from"] == f"{KITCHEN.address}/Ines" and message["body"] in RULES[0].answers,
            what="an answer by the one who was named",
        )


async def test_in_the_group_a_remark_is_an_answer_and_somebody_else_reacts() -> None:
    async with performance("xep_0045") as guest:
        await guest.plugin["xep_0045"].join_muc_wait(JID(KITCHEN.address), GUEST)
        await guest.message(lambda message: message["body"] == kitchen.LIVE[0][0][1], what="that somebody is there")
        own = write(guest, KITCHEN.address, "I am here", "groupchat")
        mine = await guest.message(lambda message: message["id"] == own, what="our own message, reflected")
        name = mine.xml.find(f"{{{STABLE_IDS}}}stanza-id[@by='{KITCHEN.address}']")
        assert name is not None

        def concerns(message: Message, tag: str) -> bool:
            child = message.xml.find(tag)
            return child is not None and child.get("id") == name.get("id")

        liked = await guest.message(lambda message: concerns(message, f"{{{REACTIONS}}}reactions"), what="a reaction")
        answer = await guest.message(lambda message: concerns(message, f"{{{REPLY}}}reply"), what="an answer")
        assert liked["from"] != answer["from"]
        assert answer["body"]


async def test_in_the_group_lines_are_answered_liked_and_taken_back_by_their_names_there() -> None:
    async with performance("xep_0045") as guest:
        await guest.plugin["xep_0045"].join_muc_wait(JID(KITCHEN.address), GUEST)
        names: dict[str, str] = {}
        for tag, text in (
            (f"{{{REPLY}}}reply", kitchen.ANSWERS["I pass it at six. How many?"]),
            (f"{{{REACTIONS}}}reactions", next(iter(kitchen.REACTIONS))),
            (f"{{{RETRACTION}}}retract", kitchen.TAKEN_BACK),
        ):
            about = await guest.message(partial(holds, tag=tag), what=tag)
            said = await guest.message(partial(says, text=text), what=text)
            name = said.xml.find(f"{{{STABLE_IDS}}}stanza-id[@by='{KITCHEN.address}']")
            child = about.xml.find(tag)
            assert name is not None
            assert child is not None
            names[text] = str(name.get("id"))
            assert child.get("id") == names[text]
        assert len(set(names.values())) == 3


async def test_what_the_guest_quotes_or_takes_back_is_not_answered_as_if_it_were_said() -> None:
    quote = Element("message")
    ranged = SubElement(quote, f"{{{FALLBACK}}}fallback", {"for": REPLY})
    SubElement(ranged, f"{{{FALLBACK}}}body", {"start": "0", "end": "9"})
    assert own_words(quote, "> are you\nthank you") == "\nthank you"
    assert own_words(Element("message"), "> hm") == "> hm"


async def test_the_public_channel_keeps_two_thousand_messages_of_the_last_weeks() -> None:
    async with performance("xep_0045", "xep_0313") as guest:
        await guest.plugin["xep_0045"].join_muc_wait(JID(COMMONS.address), GUEST)
        mam = guest.plugin["xep_0313"]
        nothing = await mam.retrieve(jid=JID(COMMONS.address), rsm={"max": "0"})
        assert int(nothing["mam_fin"]["rsm"]["count"]) >= 2000
        first = await mam.retrieve(jid=JID(COMMONS.address), rsm={"max": "50"})
        stamps = [result["mam_result"]["forwarded"]["delay"]["stamp"] for result in first["mam"]["results"]]
        assert len(stamps) == 50
        assert stamps == sorted(stamps)
        writers = {result["mam_result"]["forwarded"]["stanza"]["from"].resource for result in first["mam"]["results"]}
        assert len(writers) > 5


async def test_the_rooms_are_bookmarked_and_the_chats_have_a_past() -> None:
    async with performance("xep_0060", "xep_0313") as guest:
        request = guest.make_iq_get(ito=JID(f"{GUEST}@{DOMAIN}"))
        request["pubsub"]["items"]["node"] = "urn:xmpp:bookmarks:1"
        answer: Iq = await request.send()  # type: ignore[no-untyped-call]  # its overloads are not annotated
        kept = {item["id"] for item in answer["pubsub"]["items"]}
        assert kept == {KITCHEN.address, COMMONS.address}
        archive = await guest.plugin["xep_0313"].retrieve(rsm={"max": "50"})
        texts = [result["mam_result"]["forwarded"]["stanza"]["body"] for result in archive["mam"]["results"]]
        assert texts[: len(lines.PAST)] == [line.text for line in lines.PAST]
