"""Contact lists."""

from tests.storage.builders import BOB, EVE, ME, OTHER_ME
from tui_xmpp.model.contact import Contact, Subscription
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.values import RosterChange
from tui_xmpp.storage.writes import Writes

BOB_ITEM = RosterItem(BOB, "Bob B.", ("Friends", "Work"), Subscription.BOTH)
EVE_ITEM = RosterItem(EVE, "", (), Subscription.NONE, asked=True)
BOB_CONTACT = Contact(ME, BOB, "Bob B.", ("Friends", "Work"), Subscription.BOTH)
EVE_CONTACT = Contact(ME, EVE, "", (), Subscription.NONE, asked=True)


def test_a_list_is_kept_whole_with_its_version(writes: Writes) -> None:
    change = writes.replace_roster(ME, (EVE_ITEM, BOB_ITEM), "v1")
    assert set(change.changed) == {BOB_CONTACT, EVE_CONTACT}
    assert writes.contacts.all(ME) == (BOB_CONTACT, EVE_CONTACT)
    assert writes.contacts.get(ME, BOB) == BOB_CONTACT
    assert writes.contacts.roster_version(ME) == "v1"


def test_replacing_a_list_says_what_is_different(writes: Writes) -> None:
    writes.replace_roster(ME, (BOB_ITEM, EVE_ITEM))
    assert writes.replace_roster(ME, (BOB_ITEM, EVE_ITEM)) == RosterChange()
    renamed = RosterItem(BOB, "Robert", ("Work",), Subscription.BOTH)
    change = writes.replace_roster(ME, (renamed,))
    assert change == RosterChange((Contact(ME, BOB, "Robert", ("Work",), Subscription.BOTH),), (EVE,))
    assert writes.contacts.all(ME) == change.changed


def test_groups_keep_their_order(writes: Writes) -> None:
    item = RosterItem(BOB, groups=("Zoo", "Aunts", "Zoo 2"))
    assert writes.upsert_contact(ME, item).groups == ("Zoo", "Aunts", "Zoo 2")
    assert writes.contacts.all()[0].groups == ("Zoo", "Aunts", "Zoo 2")


def test_one_contact_is_changed_or_removed_with_the_version_of_a_push(writes: Writes) -> None:
    writes.upsert_contact(ME, BOB_ITEM, "v2")
    assert writes.contacts.roster_version(ME) == "v2"
    assert writes.upsert_contact(ME, RosterItem(BOB, "Robert")).name == "Robert"
    assert writes.contacts.get(ME, BOB) == Contact(ME, BOB, "Robert")
    assert writes.contacts.roster_version(ME) == "v2"
    assert writes.remove_contact(ME, BOB, "v3")
    assert writes.contacts.get(ME, BOB) is None
    assert writes.contacts.roster_version(ME) == "v3"
    assert not writes.remove_contact(ME, BOB)


def test_accounts_have_lists_of_their_own(writes: Writes) -> None:
    writes.upsert_contact(ME, BOB_ITEM)
    writes.upsert_contact(OTHER_ME, RosterItem(BOB, "Another Bob", ("Club",)))
    assert [contact.name for contact in writes.contacts.all()] == ["Another Bob", "Bob B."]
    assert [contact.groups for contact in writes.contacts.all()] == [("Club",), ("Friends", "Work")]
    writes.replace_roster(OTHER_ME, ())
    assert writes.contacts.all() == (BOB_CONTACT,)


def test_a_removed_item_of_a_list_is_no_contact(writes: Writes) -> None:
    assert writes.replace_roster(ME, (RosterItem(BOB, removed=True),)) == RosterChange()
    assert writes.contacts.all() == ()


def test_an_account_without_a_list_has_no_version(writes: Writes) -> None:
    assert writes.contacts.roster_version(ME) == ""
