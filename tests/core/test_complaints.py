"""Reporting, blocking, and the XML that travelled: on a real server that takes reports."""

import pytest

from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.model.report import Complaint, Remedies, ReportSender, Unblock

_TAKES_REPORTS = """> local m = require"core.modulemanager".get_module("{domain}", "ping").module;
 m:add_feature("urn:xmpp:reporting:1");
 m:hook("iq-set/self/urn:xmpp:blocking:block", function(e) prosody.last_report = tostring(e.stanza) end, 99)"""


def takes_reports(server: Prosody) -> None:
    """Have the server announce that it takes reports, and keep the last one."""
    server.shell(_TAKES_REPORTS.replace("\n", "").format(domain=server.domain))


def last_report(server: Prosody) -> str:
    """The request that came last."""
    return server.shell("> return prosody.last_report")


async def received(client: Client, sender: Address, body: str) -> Message:
    """Wait for a message, and for the archive's id of it."""
    await client.until(lambda: body in client.bodies(sender), body)
    return next(message for message in client.history(sender) if message.body == body)


async def test_who_is_reported_is_kept_away_until_unblocked_and_the_operators_hear_which_message(
    prosody: Prosody,
) -> None:
    takes_reports(prosody)
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as spammer:
        assert alice.engine.remedies(alice.account) == Remedies(blocks=True, takes_reports=True)
        await spammer.say(alice.account, "cheap pans")
        message = await received(alice, spammer.account, "cheap pans")
        key = alice.key(spammer.account)
        await alice.do(ReportSender(key, (message.id,), Complaint.SPAM, "third time <today>"))
        report = last_report(prosody)
        archive_id = alice.store.messages.archive_id(message.id, alice.account, alice.account)
        assert archive_id
        assert f"id='{archive_id}'" in report or f'id="{archive_id}"' in report
        for words in ("urn:xmpp:reporting:spam", str(spammer.account), "third time &lt;today&gt;"):
            assert words in report
        assert await alice.engine.blocked(alice.account) == (spammer.account,)
        await spammer.say(alice.account, "more pans")
        await spammer.until(lambda: spammer.history(alice.account)[-1].delivery is Delivery.FAILED)
        await alice.do(Unblock(alice.account, spammer.account))
        assert await alice.engine.blocked(alice.account) == ()
        await spammer.say(alice.account, "sorry")
        await received(alice, spammer.account, "sorry")
        assert "more pans" not in alice.bodies(spammer.account)


async def test_the_xml_of_a_message_comes_from_the_archive(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await bob.say(alice.account, "<look> & see")
        message = await received(alice, bob.account, "<look> & see")
        xml = await alice.engine.raw_stanza(message.id)
        assert "&lt;look&gt; &amp; see" in xml
        assert f'id="{message.stanza_id}"' in xml
        assert str(bob.account) in xml
        assert "\x1b" not in xml


async def test_an_own_message_has_its_xml_too_once_the_archive_has_told_its_id(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        room = prosody.room()
        await alice.join(room, "Alice")
        await alice.say(room, "to all")
        (message,) = [await received(alice, room, "to all")]
        await until(lambda: alice.store.messages.archive_id(message.id, room, alice.account), what="reflected")
        assert "to all" in await alice.engine.raw_stanza(message.id)
        await bob.say(alice.account, "x")


async def test_a_message_that_no_archive_has_is_said_to_have_no_xml(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        await alice.say(Address(prosody.domain, "nobody-there"), "hello?")
        message = await received(alice, Address(prosody.domain, "nobody-there"), "hello?")
        with pytest.raises(RequestFailed, match="archive"):
            await alice.engine.raw_stanza(message.id)
