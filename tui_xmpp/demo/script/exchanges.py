"""Small exchanges from which the past of the public channel is woven.

`{a}`, `{b}`, `{c}` are people who write; other words in braces are drawn from `WORDS`, the same within an exchange.
Where a line has several wordings, they are separated by ` | `.
"""

Exchange = tuple[tuple[str, str], ...]

WORDS = {
    "plant": (
        "basil", "tomatoes", "the fig tree", "mint", "the lavender", "runner beans", "a very old rose", "rhubarb",
        "sunflowers", "the lemon tree", "chillies", "sweet peas", "the ivy", "radishes",
    ),
    "dish": (
        "lentil soup", "plum cake", "dumplings", "a risotto", "flatbread", "pickled onions", "apple strudel", "dal",
        "shakshuka", "gnocchi", "miso aubergines", "cinnamon buns", "a chowder", "peanut stew",
    ),
    "place": (
        "the harbour", "the old cinema", "the allotments", "the library", "the square", "the tram depot",
        "the lighthouse", "the footbridge", "the swimming lake", "the market hall", "the observatory",
    ),
    "thing": (
        "a ladder", "a sewing machine", "a big pot", "a tent", "a bicycle pump", "a slide projector", "a wheelbarrow",
        "a fondue set", "a drill", "a typewriter", "a sledge", "a keyboard with loud keys", "a sieve",
    ),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "bird": ("a kingfisher", "two herons", "a very loud blackbird", "a woodpecker", "an owl", "swifts", "a wren"),
    "read": (
        "the one about the lighthouse keeper", "a history of salt", "the new translation", "a book on knots",
        "the detective one with the parrot", "poems, short ones", "a cookbook as if it were a novel",
    ),
    "time": ("six", "half past seven", "eight", "nine", "noon", "four", "sunrise", "teatime"),
    "number": ("two", "three", "four", "seven", "eleven", "a dozen"),
}  # fmt: skip

EXCHANGES: tuple[Exchange, ...] = (
    (
        ("{a}", "My neighbour gave me {plant}. What do I do now?"),
        (
            "{b}",
            "Water. Less than you think. | Light, mostly. And do not move it again. | Half shade, and forget about it.",
        ),
        (
            "{c}",
            "And talk to it. It helps at least one of you. | Mine thrives on neglect. | A bigger pot. Always.",
        ),
    ),
    (
        ("{a}", "Does anybody have {thing} that I could borrow until {day}?"),
        ("{b}", "I do. Come by after {time}, the bell is broken, so knock."),
        ("{a}", "You are wonderful. I bring {dish}."),
        ("{b}", "Then keep it until next {day}. | Deal! | No hurry. I only look at it."),
    ),
    (
        ("{a}", "Saw {bird} at {place} this morning."),
        ("{b}", "At last some good news. | They are back! | I have been looking for weeks. | Lucky you."),
        ("{c}", "❤️ | 😍 | Oh! | Next time wake me."),
    ),
    (
        ("{a}", "How long does one cook {dish}?"),
        ("{b}", "Until it is done. | Longer than the book says. | An hour, and then another look."),
        ("{c}", "Until the neighbours knock and ask. | Until you cannot wait, and ten minutes more."),
        ("{a}", "This channel is a treasure. | Thank you, both of you, I think. | I will report."),
    ),
    (
        ("{a}", "Is {place} open on {day}?"),
        ("{b}", "From {time}, they say. In my experience a quarter of an hour later."),
    ),
    (
        ("{a}", "What is everybody reading?"),
        ("{b}", "{read}."),
        ("{c}", "{read}. I keep missing my tram because of it."),
        ("{a}", "On the list, thank you! | I knew I could ask here."),
    ),
    (
        ("{a}", "Repair café on {day} at {place}: bring what is broken, there will be {dish}."),
        ("{b}", "Do you repair mornings as well? | I have a lamp that hums. | My chair limps, I am on my way."),
        ("{a}", "Only toasters, and once a violin. | Bring it, we have seen worse."),
    ),
    (
        ("{a}", "Found {number} keys on a red ribbon near {place}. They are at the bakery now."),
        ("{b}", "Those are mine!!! Thank you, thank you. | MINE. I have searched since {day}."),
        ("{a}", "The ribbon was a good idea. | They had a nice morning among the rolls."),
    ),
    (
        ("{a}", "The sky over {place} right now, everybody, look up!"),
        ("{b}", "Pink on the left, thunder on the right. | I see nothing but a very close wall. | Like a peach."),
        (
            "{c}",
            "I stood there and forgot the ice cream in my bag. | Everybody at the tram stop looks up. Lovely.",
        ),
    ),
    (
        ("{a}", "Giving away {thing}, works most of the time."),
        ("{b}", "What does it do the rest of the time? | Most of the time?"),
        ("{a}", "It rests."),
        ("{b}", "Sounds like me. I take it! | We will get along. Mine!"),
    ),
    (
        ("{a}", "Choir practice is moved to {day}, {time}."),
        ("{b}", "Again?"),
        (
            "{a}",
            "The hall has a flood. A small one. Basses bring boots. | The piano is at the doctor.",
        ),
    ),
    (
        ("{a}", "How do you all keep slugs from {plant}?"),
        ("{b}", "I do not. We share. | A toad. I rent him out."),
        ("{c}", "Coffee grounds, eggshells, and a stern look at {time}."),
    ),
    (
        ("{a}", "Good morning from {place} ☀️"),
        ("{b}", "Günaydın! | Καλημέρα! | Bom dia!"),
        ("{c}", "おはよう！ | 早上好 | Доброе утро!"),
    ),
    (("{a}", "Good night, commons."), ("{b}", "Sleep well! | Good night! | Buonanotte."), ("{c}", "ليلة سعيدة")),
    (
        ("{a}", "I counted: {number} of us write here every day, and nobody has ever argued about {dish}."),
        ("{b}", "That is because mine is the right one. | Give it time."),
        ("{c}", "It begins. | Here we go. | I fetch a chair."),
    ),
    (
        ("{a}", "Tip for backups: the number of copies you need is one more than you have."),
        ("{b}", "I had {number}. On the same disk."),
        ("{a}", "Then you had one, with a long name."),
    ),
    (
        ("{a}", "Which one of you left {thing} in front of my door, with a bow on it?"),
        ("{b}", "A friend."),
        ("{c}", "A friend with good taste. | Several friends, with one ribbon."),
        ("{a}", "I suspect all of you. | I will find out, and then I will hug you."),
    ),
    (
        ("{a}", "Does somebody want to walk to {place} on {day}? I leave at {time}, slowly."),
        ("{b}", "I join you, and I bring {dish}."),
        ("{c}", "Me too if there is a pause. Or {number}."),
    ),
    (
        ("{a}", 'One line to rename all those photos:\nfor f in *.JPG; do mv "$f" "${f%.JPG}.jpg"; done'),
        ("{b}", "I did it by hand last year. All nine hundred."),
        ("{c}", "We do not speak of last year."),
    ),
    (
        ("{a}", "The timetable for the night tram is at https://example.org/night-tram by the way."),
        ("{b}", "You have just saved my {day}. | Printed, folded, in the wallet."),
    ),
    (
        ("{a}", "{dish}: yes or no?"),
        ("{b}", "Yes. | Yes please. | Always."),
        ("{c}", "Yes. | Twice. | With lemon."),
        ("{b}", "Why is that even a question? | See? | Settled, then."),
    ),
    (
        ("{a}", "It smells of {dish} in the whole street. Whoever you are: well done."),
        ("{b}", "It was me. There is a bowl left, third floor."),
        ("{a}", "I am on the stairs. | Do not close the door!"),
    ),
    (
        ("{a}", "First {plant} of the year!"),
        ("{b}", "🎉"),
        ("{c}", "Mine are the size of a comma. | Mine think it is still February."),
        ("{a}", "Patience. They can hear you. | They grow at night, when nobody looks."),
        ("{c}", "I will tell them. | That is what I tell myself as well."),
    ),
    (
        ("{a}", "Question for those with old houses: the stairs sing at {time}. Normal?"),
        ("{b}", "Wood and weather. It is a duet. | Only if they know the words."),
        ("{c}", "Ours knock. We knock back."),
    ),
    (
        ("{a}", "There is a concert at {place} on {day}, free, bring a cushion."),
        ("{b}", "What do they play?"),
        ("{a}", "Everything with more than {number} strings."),
        ("{c}", "I will be the one asleep in the second row, happy. | I come for the cushion."),
    ),
    (
        ("{a}", "I have begun to learn to swim at my age."),
        ("{b}", "Bravo! Where?"),
        ("{a}", "{place}, {day}s at {time}. The water is cold and the teacher is warm."),
    ),
)
