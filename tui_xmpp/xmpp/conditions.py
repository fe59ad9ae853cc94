"""What the defined error conditions of XMPP mean, in people's words (RFC 6120 §8.3.3)."""

TIMEOUT = "remote-server-timeout"
"""The condition that stands for no answer at all, whoever did not answer."""

_WORDS = {
    "bad-request": "The request was not understood.",
    "conflict": "That name is already taken.",
    "feature-not-implemented": "The other side does not support this.",
    "forbidden": "You are not allowed to do that.",
    "gone": "That address is no longer in use.",
    "internal-server-error": "The server has a problem of its own.",
    "item-not-found": "There is nothing at that address.",
    "jid-malformed": "That address is not valid.",
    "not-acceptable": "The other side does not accept this.",
    "not-allowed": "That is not allowed there.",
    "not-authorized": "That needs a permission or a password.",
    "payment-required": "The service asks for a payment.",
    "policy-violation": "The server's rules do not allow this.",
    "recipient-unavailable": "The recipient is not available now.",
    "redirect": "That address has moved.",
    "registration-required": "You must be a registered member for that.",
    "remote-server-not-found": "The server of that address does not exist or is down.",
    "remote-server-timeout": "There was no answer in time.",
    "resource-constraint": "The server is too busy now.",
    "service-unavailable": "That is not available at this address.",
    "subscription-required": "That needs an accepted contact request.",
    "undefined-condition": "The other side answered with an error.",
    "unexpected-request": "The request came at the wrong time.",
}


def plain_words(condition: str, text: str = "") -> str:
    """Return one sentence for people, followed by the other side's own text where it gave one.

    `text` must be cleaned already; it is set in quotation marks, so that it cannot pass for our words.
    """
    words = _WORDS.get(condition, _WORDS["undefined-condition"])
    return f"{words} (“{text}”)" if text else words
