"""Answers that react to what was written: the first rule that fits, and of its answers one not used lately."""

import random
import re
from collections import deque

from tui_xmpp.model.frozen import frozen

_MEMORY = 12
"""Answers that are not repeated for so many others."""


@frozen
class Rule:
    """Answers to texts in which `pattern` is found; `{word}` stands for a word of the text."""

    pattern: re.Pattern[str]
    answers: tuple[str, ...]


def _rule(pattern: str, *answers: str) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), answers)


RULES = (
    _rule(
        r"\b(are you|you.re|is this|this is) (a |an )?(real|bots?|human|robots?|person|fake|mock)\b|\bbots?\b",
        "I am a bot, and a small one. But the server between us is a real Prosody: all of this came over XMPP.",
        "Everything here is real but me. The server, the encryption of the line, the archive: all as out in the world.",
    ),
    _rule(
        r"\b(help|keys?|shortcuts?|how (do|can) i)\b",
        "Ctrl+K goes to any chat, Ctrl+P finds every action, and F1 shows the keys that work where you are.",
        "Try Ctrl+P: it lists everything that can be done here, with its key beside it.",
    ),
    _rule(
        r"\b(rooms?|groups?|channels?)\b",
        "There are two: the Kitchen is our private group, and Commons is open to everybody. Both are in your list.",
        "Scroll up in Commons! There are two thousand messages, and it should not stutter once.",
    ),
    _rule(
        r"\b(receipts?|ticks?|delivered|seen|read (it|that|this))\b",
        "I send a receipt for every message. Juno goes further and tells you when it has been read.",
    ),
    _rule(
        r"\b(encrypt\w*|secur\w*|safe|privacy|private|tls)\b",
        "The line between you and the server is encrypted and its certificate is checked, even on your own computer.",
    ),
    _rule(
        r"\b(xmpp|jabber|prosody|server)\b",
        "XMPP is a language that many servers and programs speak. Any of them could sit at the other end of this chat.",
        "The server is called Prosody. It was started for you, and it ends when you quit.",
    ),
    _rule(
        r"\b(bye|good ?night|see you|quit|goodbye)\b",
        "See you! When you quit, the server ends and nothing of this stays on your disk.",
        "Good-bye! It was nice to have somebody to talk to.",
    ),
    _rule(
        r"\bhow are you|how.s it going|how do you do|what.s up\b",
        "Flour up to the elbows, so: very well. And you?",
        "Better now that somebody asks! And yourself?",
    ),
    _rule(
        r"\b(hello|hi|hey|hallo|hola|good (morning|evening|afternoon|day)|greetings)\b",
        "Hello! Good to see you here.",
        "Hey there! How is your day?",
        "Hello hello! You came at the right moment, the kettle is on.",
    ),
    _rule(
        r"\b(thanks?|thank you|cheers|ta)\b",
        "Any time!",
        "With pleasure.",
        "You are welcome. It costs me nothing, I am a very small program.",
    ),
    _rule(
        r"\b(bread|bak\w+|cake|pie|loaf|loaves|flour|oven)\b",
        "Careful, I can talk about sourdough for an hour.",
        "There is always a loaf too many in this house. Come by before it is gone.",
    ),
    _rule(
        r"\b(tea|coffee|espresso|cup)\b",
        "Tea in the morning, coffee at four. I do not make the rules.",
        "Put the kettle on for me as well?",
    ),
    _rule(
        r"\b(food|hungry|lunch|dinner|breakfast|eat\w*|cook\w*|soup)\b",
        "Now I am hungry. There is soup in the Kitchen, at least as a topic.",
        "Something with lemon and too much garlic, always.",
    ),
    _rule(
        r"\b(weather|rain\w*|sun\w*|snow\w*|wind\w*|cold|warm)\b",
        "On a server the weather is always the same: a little warm, with a light fan.",
        "They say rain on Saturday. They have said many things.",
    ),
    _rule(
        r"\b(book|read\w*|novel|story|poem)\b",
        "Ask Ines about books. Then take a seat, it takes a while.",
        "I am halfway through one with a map on the first page. Those are the best.",
    ),
    _rule(
        r"\b(music|song|sing|guitar|piano|ukulele)\b",
        "Three chords and a rainy afternoon, more is not needed.",
        "I hum while I type. You cannot hear it, which is for the best.",
    ),
    _rule(
        r"\b(cats?|dogs?|pets?|animals?|birds?)\b",
        "The cat has read your message before I did.",
        "There was a seal on the pier last week. Ask Theo, he has not recovered.",
    ),
    _rule(
        r"\b(jokes?|funny|laugh\w*|haha\w*|lol)\b",
        "A message walks into an archive. It is still there.",
        "😄",
        "I know one about UDP, but you might not get it.",
    ),
    _rule(
        r"\b(love|like|great|nice|cool|awesome|wonderful|beautiful|fast)\b",
        "Is it not? I am glad you think so.",
        "That made my day!",
    ),
    _rule(
        r"\b(test\w*|ping|check)\b",
        "Pong! Everything arrived, in one piece and in the right order.",
        "Received, loud and clear.",
    ),
    _rule(
        r"\b(sorry|sad|tired|bad|broken|wrong)\b",
        "Oh. Tell me, I am listening.",
        "That calls for tea, and a biscuit, and then another.",
    ),
    _rule(
        r"^\W*(yes|yeah|yep|sure|ok|okay|of course)\b", "Perfect.", "Then it is settled!", "I hoped you would say that."
    ),
    _rule(r"^\W*(no|nope|never)\b", "Fair enough.", "Then not. More pie for the rest of us."),
    _rule(
        r"\?",
        "Good question. What do you think yourself?",
        "I would have to ask Ines, she knows such things.",
        "Yes. No. It depends on the weather, as most things do.",
        "Let me think about that while the bread rises.",
    ),
    _rule(
        r"\w{5,}",
        "“{word}”, you say? Go on.",
        "I never thought about {word} that way.",
        "Tell me more about {word}.",
        "{word}! Now you have my attention.",
    ),
    _rule(r"", "🙂", "Mm-hm.", "Go on, I am listening.", "👍"),
)
"""In order; the last fits everything."""


class Replies:
    """One person's answers; remembers what they said, so that nobody repeats themselves."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._recent: deque[str] = deque(maxlen=_MEMORY)

    def answer(self, text: str) -> str:
        """Return an answer to the text; the same again only when there is no other."""
        rule = next(rule for rule in RULES if rule.pattern.search(text))
        fresh = [answer for answer in rule.answers if answer not in self._recent]
        chosen = self._chance.choice(fresh or list(rule.answers))
        self._recent.append(chosen)
        said = chosen.replace("{word}", _notable_word(text))
        return said[0].upper() + said[1:]


def with_slip(text: str, chance: random.Random) -> str:
    """Return the text as fast fingers type it: two letters of a long word changed places."""
    words = [match for match in re.finditer(r"[^\W\d_]{5,}", text) if len(set(match.group()[1:])) > 2]
    if not words:
        return text + text[-1]
    word = chance.choice(words)
    places = [i for i in range(word.start() + 1, word.end() - 1) if text[i] != text[i + 1]]
    place = chance.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _notable_word(text: str) -> str:
    """The longest word, in lower case: the one that is most likely to be what it is about."""
    return max(re.findall(r"\w+", text), key=len, default="that").lower()
