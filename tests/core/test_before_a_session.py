"""What the engine says of an account before its session is made: the same as the session, from the store alone."""

from pathlib import Path

import pytest

from tests.ui.scene import HOME, INES, KITCHEN_KEY, KOFI, MARA, MARA_KEY, NOOR, WORK, Scene, make_scene
from tui_xmpp.core.engine import Engine
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import SetEncryption
from tui_xmpp.model.omemo import EncryptionWish, ListedDevice, OmemoVersion, Security, Trust
from tui_xmpp.storage.writes import Writes

KEY = "ab" * 32
PRIVATE = ChatKey(HOME, KITCHEN_KEY.peer.with_resource("Juno"))
KEYS = (
    KITCHEN_KEY,
    MARA_KEY,
    ChatKey(HOME, INES),
    ChatKey(HOME, KOFI),
    ChatKey(HOME, NOOR),
    PRIVATE,
    ChatKey(HOME, HOME),
)


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    scene = await make_scene(tmp_path)

    def encrypt(writes: Writes) -> None:
        for number, owner in enumerate((MARA, INES, KOFI, HOME), start=1):
            writes.list_devices(HOME, owner, OmemoVersion.TWO, [ListedDevice(number, "")], 0)
            writes.learn_device(HOME, owner, number, KEY, 0, Trust.UNDECIDED if owner == KOFI else Trust.TRUSTED)
        writes.set_trust(HOME, INES, 2, Trust.DISTRUSTED)
        writes.begin_encryption(ChatKey(HOME, KOFI), ChatKind.CONTACT, 1)
        writes.set_room_state(KITCHEN_KEY, private=True)
        writes.begin_encryption(KITCHEN_KEY, ChatKind.ROOM, 1)

    await scene.store.write(encrypt)
    return scene


def said(engine: Engine) -> list[object]:
    """Everything that a first picture could show."""
    return [
        engine.accounts(),
        engine.chats(),
        engine.contacts(),
        engine.requests(),
        engine.joined(),
        [(engine.settings(account), engine.own_presence(account)) for account in (HOME, WORK)],
        [(engine.contact(key.account, key.peer), engine.presence(key.account, key.peer)) for key in KEYS],
        [(engine.room(key), engine.occupants(key), engine.typing(key)) for key in KEYS],
        [engine.security(key) for key in KEYS],
        [(engine.newest(key, 50), engine.gaps(key)) for key in KEYS],
    ]


async def test_what_is_read_before_a_session_is_made_is_what_it_says_itself(scene: Scene) -> None:
    before = said(scene.engine)
    assert scene.engine._accounts.sessions == ()
    for account in (HOME, WORK):
        scene.engine._of(account)
    assert said(scene.engine) == before
    states = {scene.engine.security(key).state for key in KEYS}
    assert states == {Security.NONE, Security.ON, Security.BLOCKED}
    await scene.engine.close()


async def test_a_wish_that_comes_before_the_line_makes_the_session_that_fulfils_it(scene: Scene) -> None:
    assert scene.engine.security(MARA_KEY).state is Security.ON
    await scene.engine.do(SetEncryption(MARA_KEY, EncryptionWish.NEVER))
    assert scene.engine.security(MARA_KEY).state is Security.OFF
    assert [session.context.own for session in scene.engine._accounts.sessions] == [HOME]
    assert [state.status for state in scene.engine.accounts()] == [AccountStatus.OFFLINE] * 2
    await scene.engine.close()


async def test_of_an_account_that_there_is_not_nothing_is_read(scene: Scene) -> None:
    with pytest.raises(RequestFailed):
        scene.engine.presence(Address.parse("nobody@home.example"), MARA)
    await scene.engine.close()
