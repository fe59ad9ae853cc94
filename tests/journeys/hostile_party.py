"""Peers who put hostile text wherever XMPP lets somebody else choose what stands on the screen."""

from xml.sax.saxutils import escape, quoteattr

from tests.server.plain_client import PlainClient
from tests.server.prosody import Prosody

CONTROLS = "\x9b31m\x9b2J\x9d52;c;AAAA\x9c\x9d8;;https://evil.example\x9c\x90q\x9c\x84\x85\u2028\u2029\x7f"
INVISIBLE = "\u202e\u202d\u2066\u2067\u2069\u200f\u061c\u200b\u2060\ufeff\u00ad\u180e\u034f\ufff9\U000e0041\U000e007f"
TEXTS = (
    f"{CONTROLS}{INVISIBLE}\ue000\U000f0000\u202e gpj.exe",
    r"[/foo][@click=app.quit]quit[/][@click=screen.dismiss]x[link=y\[b]$accent{0}%s",
    "👩\u200d👩\u200d👧 🇩🇪 🏴\U000e0067\U000e0062\U000e007f 王小明 ｆｕｌｌ שלום مرحبا e" + "\u0301" * 10_000,
    "n" * 300,
)
"""What XML lets through, four at a time: escape sequences by C1, markup, wide and stacked, and long."""

MARKUP, LONG = 1, 3
"""The turns of two of them."""

NICKS = ("x", "[/foo][@click=app.quit]x[/]", "王小明 e" + "\u0316" * 300, "n" * 300)
"""What of it an address may have after its slash."""

_MUC = "http://jabber.org/protocol/muc"
_KEPT = "urn:xmpp:bookmarks:1"
_STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"


class Party:
    """The hostile ones: a contact who owns rooms, strangers, and another client of the own account."""

    def __init__(self, prosody: Prosody, own: str, friend: PlainClient, twin: PlainClient) -> None:
        self.prosody = prosody
        self.own = own
        self.friend = friend
        self.twin = twin

    async def play(self, turn: int, stranger: PlainClient) -> None:
        """Put the text everywhere, behind a word to look for."""
        self._be_a_contact(turn)
        self._fill_a_room(turn)
        # Only then is it theirs: whoever comes first makes the room, and nobody else gets in before it is configured.
        await self.friend.message(lambda message: f"Talk{turn} " in message["body"], what="the room is there")
        self._invite(turn)
        self._ask(turn, stranger)
        self._keep_rooms(turn)

    async def refuse(self, turn: int) -> None:
        """Answer the message that asks for it with an error."""
        asked = await self.friend.message(lambda message: message["body"] == f"Refuse {turn}", what="to refuse")
        error = f"<error type='cancel'><not-acceptable xmlns='{_STANZAS}'/>{_text('text', _STANZAS, 'Error', turn)}"
        self._send(f"<message type='error' id={_attr(asked['id'])} to={_attr(asked['from'])}>{error}</error></message>")

    def whisper(self, turn: int) -> None:
        """Write a private message in the room."""
        to = f"{self._room(turn)}/{_local(self.own)}"
        private = f"<body>{_said('Whisper', turn)}</body><x xmlns='{_MUC}#user'/>"
        self._send(f"<message type='chat' to={_attr(to)}>{private}</message>")

    def kick(self, turn: int) -> None:
        """Throw the own account out, with a reason."""
        item = f"<item nick={_attr(_local(self.own))} role='none'><reason>{_said('Kicked', turn)}</reason></item>"
        self._ask_room(turn, f"<query xmlns='{_MUC}#admin'>{item}</query>")

    def _be_a_contact(self, turn: int) -> None:
        friend = self.friend.boundjid.bare
        item = (
            f"<item jid={_attr(friend)} name={_attr(_words('Name', turn))}><group>{_said('Group', turn)}</group></item>"
        )
        self.twin.send_raw(f"<iq type='set' id='r{turn}'><query xmlns='jabber:iq:roster'>{item}</query></iq>")
        self._send(f"<presence><show>away</show><status>{_said('Status', turn)}</status></presence>")
        for number, body in enumerate(("Body", "/me Action")):
            attributes = f"type='chat' id='m{turn}{number}' to={_attr(self.own)}"
            self._send(f"<message {attributes}><body>{_said(body, turn)}</body></message>")

    def _fill_a_room(self, turn: int) -> None:
        room, muc = self._room(turn), f"<x xmlns='{_MUC}'/>"
        nick = f"Nick{turn}{NICKS[turn]}"
        status = f"<status>{_said('Here', turn)}</status>"
        self._send(f"<presence to={_attr(f'{room}/{nick}')}>{muc}{status}</presence>")
        name = f"<field var='muc#roomconfig_roomname'><value>{_said('Room', turn)}</value></field>"
        kind = f"<field var='FORM_TYPE'><value>{_MUC}#roomconfig</value></field>"
        public = "<field var='muc#roomconfig_publicroom'><value>1</value></field>"
        form = f"<x xmlns='jabber:x:data' type='submit'>{kind}{name}{public}</x>"
        self._ask_room(turn, f"<query xmlns='{_MUC}#owner'>{form}</query>")
        for content in (f"<subject>{_said('Subject', turn)}</subject>", f"<body>{_said('Talk', turn)}</body>"):
            self._send(f"<message type='groupchat' to={_attr(room)}>{content}</message>")

    def _invite(self, turn: int) -> None:
        invite = f"<invite to={_attr(self.own)}><reason>{_said('Come', turn)}</reason></invite>"
        mediated = f"<x xmlns='{_MUC}#user'>{invite}</x>"
        elsewhere = f"den{self._room(turn)}"
        self._send(f"<presence to={_attr(f'{elsewhere}/{NICKS[turn]}')}><x xmlns='{_MUC}'/></presence>")
        self._send(f"<message to={_attr(elsewhere)}>{mediated}</message>")
        attributes = f"jid='away{turn}@{self.prosody.rooms}' reason={_attr(_words('Direct', turn))}"
        self._send(f"<message to={_attr(self.own)}><x xmlns='jabber:x:conference' {attributes}/></message>")

    def _ask(self, turn: int, stranger: PlainClient) -> None:
        nick = _text("nick", "http://jabber.org/protocol/nick", "Claim", turn)
        status = f"<status>{_said('Please', turn)}</status>"
        stranger.send_raw(f"<presence type='subscribe' to={_attr(self.own)}>{status}{nick}</presence>")

    def _keep_rooms(self, turn: int) -> None:
        """Bookmark the room, which is joined then, and another that is not."""
        for room, name, join in ((self._room(turn), "Kept", "true"), (f"away{turn}@{self.prosody.rooms}", "Off", "0")):
            conference = (
                f"<conference xmlns='urn:xmpp:bookmarks:1' autojoin='{join}' name={_attr(_words(name, turn))}/>"
            )
            publish = f"<publish node='urn:xmpp:bookmarks:1'><item id={_attr(room)}>{conference}</item></publish>"
            pubsub = f"<pubsub xmlns='http://jabber.org/protocol/pubsub'>{publish}</pubsub>"
            self.twin.send_raw(f"<iq type='set' id='b{turn}{join}'>{pubsub}</iq>")

    def _room(self, turn: int) -> str:
        return f"{_local(self.own)}{turn}@{self.prosody.rooms}"

    def _ask_room(self, turn: int, query: str) -> None:
        self._send(f"<iq type='set' id='q{turn}' to={_attr(self._room(turn))}>{query}</iq>")

    def _send(self, stanza: str) -> None:
        self.friend.send_raw(stanza)


def _words(word: str, turn: int) -> str:
    return f"{word}{turn} {TEXTS[turn]}"


def _said(word: str, turn: int) -> str:
    return escape(_words(word, turn))


def _text(name: str, namespace: str, word: str, turn: int) -> str:
    return f"<{name} xmlns='{namespace}'>{_said(word, turn)}</{name}>"


def _attr(text: object) -> str:
    return quoteattr(str(text))


def _local(address: str) -> str:
    return address.partition("@")[0]
