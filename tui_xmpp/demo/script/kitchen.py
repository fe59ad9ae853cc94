"""Talk in the private group: small scenes, each a list of who says what."""

Scene = tuple[tuple[str, str], ...]

EARLIER: tuple[Scene, ...] = (
    (
        ("Mara", "Who is in for Sunday lunch? I have a pumpkin the size of a small car."),
        ("Theo", "Me, if the train allows it."),
        ("Juno", "Me! I bring the bread."),
        ("Mara", "You bring the bread. To a baker."),
        ("Juno", "I bring the butter."),
        ("Ines", "Count me in from three, not a minute earlier, I promised chapter nine."),
    ),
    (
        ("Theo", "Weather says rain on Saturday, sun on Sunday."),
        ("Ines", "The weather has said many things."),
        ("Juno", "Then the lighthouse on Saturday will be dramatic and the lunch on Sunday will be dry. Perfect."),
    ),
    (
        ("Mara", "Pumpkin update: it does not fit through the door."),
        ("Juno", "Have you tried turning it off and on again?"),
        ("Mara", "I have tried turning it. That is how we got stuck."),
        ("Theo", "Please nobody move until I have seen it."),
    ),
)
"""In the room's archive already."""

LIVE: tuple[Scene, ...] = (
    (
        ("Juno", "Is anybody near the market? We are out of lemons."),
        ("Theo", "I pass it at six. How many?"),
        ("Juno", "Three. Four if they look at you nicely."),
        ("Mara", "And thyme, please. A bunch, not a bush like last time."),
        ("Theo", "It was a very good price for a bush."),
        ("Ines", "It lives on my balcony now. It has a name."),
    ),
    (
        ("Mara", "Vote: soup first or pie first?"),
        ("Juno", "Pie first. Life is short."),
        ("Theo", "Soup. Then pie. Then soup again."),
        ("Ines", "Pie, and I bring the good plates."),
        ("Mara", "Pie it is. The soup will hear of this."),
    ),
    (
        ("Theo", "There is a seal on the pier. An actual seal."),
        ("Ines", "Photo or it is a wet dog."),
        ("Theo", "It has left. It looked at me with great disappointment."),
        ("Juno", "Definitely a seal then. Dogs forgive."),
    ),
    (
        ("Juno", "I have learned three chords on the ukulele."),
        ("Mara", "Which ones?"),
        ("Juno", "The ones in every song."),
        ("Ines", "Then Sunday has music."),
        ("Theo", "Does Sunday have a say in this?"),
    ),
    (
        ("Ines", "Chapter nine is done!!"),
        ("Mara", "🎉🎉"),
        ("Juno", "Read us a line!"),
        ("Ines", "“The tea had gone cold an hour before anybody noticed, and then everybody did at once.”"),
        ("Theo", "I would read on."),
        ("Mara", "I would make new tea."),
    ),
    (
        (
            "Mara",
            "Shopping list so far:\n· flour, the dark one\n· eggs\n· cream\n· something for Theo, who eats none",
        ),
        ("Theo", "Bread. I eat bread. I have seen you make it."),
        ("Juno", "And chairs! We are seven and there are five."),
        ("Ines", "I have two that fold. One of them even unfolds."),
    ),
)
"""Played while the guest is there, round and round with long pauses."""

ANSWERS = {
    "I pass it at six. How many?": "Is anybody near the market? We are out of lemons.",
    "Pie, and I bring the good plates.": "Vote: soup first or pie first?",
    "Photo or it is a wet dog.": "There is a seal on the pier. An actual seal.",
    "I have two that fold. One of them even unfolds.": "And chairs! We are seven and there are five.",
}
"""What is said as an answer to a line before it, not only after it (XEP-0461)."""

REACTIONS = {
    "It lives on my balcony now. It has a name.": (("Mara", "🌿"), ("Juno", "😂"), ("Theo", "😂")),
    "Pie first. Life is short.": (("Theo", "🥧"), ("Ines", "🥧"), ("Mara", "👍")),
    "Definitely a seal then. Dogs forgive.": (("Theo", "😂"),),
    "Then Sunday has music.": (("Mara", "🎶"), ("Juno", "❤️")),
    "Chapter nine is done!!": (("Juno", "🎉"), ("Theo", "🎉"), ("Mara", "🎉")),
}
"""The emojis that others put under a line (XEP-0444)."""

TAKEN_BACK = "Dear landlord, about the goat on the balcony: it is"
"""What Theo begins to write in the wrong window, and takes back (XEP-0424)."""

LIKES = ("👍", "❤️", "😄", "👏", "🥧")
"""Put under what the guest says."""

REMARKS = (
    "Good to have you here, {nick}. Do you take pie or soup?",
    "I second that.",
    "{nick} has a point.",
    "Put it on the list, {nick}!",
    "That is the most sensible thing anybody said today.",
    "Noted. With a pencil, so there is room for doubt.",
)
"""Answers to what the guest writes in the group."""
