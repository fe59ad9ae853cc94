"""Invitation links, with which one registers on a server, perhaps to become somebody's contact (XEP-0445 §3)."""

from urllib.parse import unquote

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen

_LONGEST = 1000
_NO_LINK = "An invitation link looks like xmpp:example.org?register;preauth=…"
_WEB = "That is the page about the invitation. Open it in a browser, and copy the link there that begins with xmpp:"
_NO_CODE = "This link is an address, but no invitation: its code is missing."
_ONLY_CONTACT = (
    "This link makes you a contact of {who}, but gives no account there. Sign in or register first, then add them."
)


@frozen
class Invitation:
    """What a link that lets somebody register says."""

    domain: str
    """The server."""
    token: str
    """What proves to the server that one was invited."""
    name: str = ""
    """The name that is kept for whoever was invited; empty: they choose one."""
    inviter: Address | None = None
    """Who becomes a contact at the same time."""


def parse_invitation(link: str) -> Invitation:
    """Read an invitation that somebody copied. Raises AddressError, in words for them."""
    scheme, _, rest = link.strip()[:_LONGEST].partition(":")
    if scheme.lower() in {"https", "http"}:
        raise AddressError(_WEB)
    if scheme.lower() != "xmpp" or not rest:
        raise AddressError(_NO_LINK)
    where, _, query = rest.removeprefix("//").partition("?")
    address = Address.parse(unquote(where)).bare
    verb, *pairs = query.split(";")
    values = {name.lower(): unquote(value) for name, _, value in (pair.partition("=") for pair in pairs)}
    token = values.get("preauth", "")
    if verb.lower() == "register" and token:
        return Invitation(address.domain, token, name=address.local or "")
    if verb.lower() == "roster" and token:
        if values.get("ibr") not in {"y", "yes"} or not address.local:
            raise AddressError(_ONLY_CONTACT.format(who=address.shown))
        return Invitation(address.domain, token, inviter=address)
    raise AddressError(_NO_CODE if verb.lower() in {"register", "roster", ""} else _NO_LINK)
