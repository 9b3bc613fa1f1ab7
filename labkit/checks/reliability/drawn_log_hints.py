"""R4: what each misconception about drawing from a log does, and how it is recognised."""

from labkit.checks.exercise import Hint, Usual
from labkit.checks.reliability.drawn_log import Draws, plain, usable
from labkit.checks.signs import Sign, anything

NEAR = 0.15
"""How far a topic's weights may be from its messages, on average over many draws."""


def of(got: object) -> Draws:
    """What came; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Draws)
    return got


def fits(sign: Sign) -> Sign:
    """A sign for draws that are lists of examples."""
    return lambda got: not of(got).odd and bool(sign(got))


def total(got: object) -> float:
    """What all weights come to, on average."""
    return sum(of(got).stand_for().values())


def comes_to(wanted: float, got: object) -> bool:
    """Whether the weights come to this number."""
    return abs(total(got) - wanted) <= 0.01 * wanted


NOT_EXAMPLES = Hint(
    "not-examples",
    lambda got: bool(of(got).odd),
    "Whoever writes the targets needs the text, whoever takes an average the weight, whoever must "
    "delete a message its id. Return a list of `Example`.",
    "`Example(record.id, text, weight)`: an id of the log, a text, a number.",
)
CHANGED = Hint(
    "changes-the-log",
    lambda got: of(got).changed,
    "The list that you were given is another one now, and whoever counts the traffic after you "
    "counts wrongly.",
    "`rng.shuffle(log)`, `.sort()` and `.pop()` change the list; `rng.sample` and `sorted` do not.",
)
THROWN_AWAY = Hint(
    "throws-away-after-drawing",
    fits(lambda got: max(of(got).sizes) <= of(got).k and min(of(got).sizes) < of(got).k),
    "Fewer examples came than were asked for: some were drawn and then thrown away, and what is "
    "left depends on luck. Leave out first, and draw from the rest.",
    "First the records that may be used, then one of each twin, then the draw.",
)
AGAIN = Hint(
    "draws-one-twice",
    fits(lambda got: of(got).sizes == {of(got).k}),
    "One message stands there as two examples, so a person writes its targets twice and it counts "
    "double. What has been drawn does not go back.",
    "`rng.sample(rows, n)`; `rng.choices` puts each back.",
)
NO_SEED = Hint(
    "no-seed",
    anything,
    "Run it twice: two sets from one seed, so nobody can repeat how this eval set was made. Draw "
    "from a generator of your own.",
    "`rng = random.Random(seed)`, and `rng.sample(...)`; not `random.sample(...)`.",
)
IN_ORDER = Hint(
    "first-of-the-log",
    fits(lambda got: in_order(of(got))),
    "All of them came in at one end of the log: whoever writes in the afternoon is never in your "
    "eval. Draw, do not cut.",
    "`log[:k]` and `log[-k:]` are one hour of one day.",
)
SAME_DRAW = Hint(
    "ignores-the-seed",
    anything,
    "Every seed draws the same messages, so the draw for the next eval set brings nothing new. Let "
    "the seed decide.",
    "`random.Random(seed)` once, and every choice out of it.",
)
LOST = Hint(
    "loses-a-stratum",
    anything,
    "The two people who wrote about safety are in no example, and what Latch tells them is never "
    "looked at. Each value of the field must be there at least once.",
    "One from each first; the rest by size.",
)
ONE_FIELD = Hint(
    "always-by-topic",
    anything,
    "It was asked for languages, and the Spanish messages are missing: what people write in them "
    "is never looked at. The field's name is in `stratify_by`.",
    "`getattr(record, stratify_by)`.",
)
SHORT = Hint(
    "drops-short-messages",
    fits(lambda got: "scope" in of(got).missing("topic")),
    "“hi” is a third of this traffic, and no example has it: what should the assistant do with it? "
    "A short message is a message.",
    "Leave nothing out because it has few words or letters.",
)
TWINS = Hint(
    "draws-twins",
    fits(lambda got: bool(of(got).twins)),
    "“hi” and “Hi!” stand there both: two of your examples are one question, and it counts "
    "double. Compare lower-cased and without punctuation.",
    "`plain(text)` is the key; one example for each key.",
)
MASKED = Hint(
    "twins-behind-the-mask",
    fits(lambda got: bool(of(got).twins)),
    "Two examples say the same words, and the message counts double: they differed in the number "
    "that was taken out. Redact first, then look for twins.",
    "`plain(redact(record.text))`.",
)
NO_FAILURES = Hint(
    "no-thumbs-down",
    anything,
    "Somebody pressed thumbs down, and that message is in no example: the eval does not hold the "
    "one failure that you know of. Draw one of them for certain.",
    'Give `feedback == "down"` a stratum of its own.',
)
BEHIND_A_TWIN = Hint(
    "thumb-behind-a-twin",
    anything,
    "Three people wrote the same, one of them pressed thumbs down, and the draw took another one "
    "of the three. The failure that you know of is in no example.",
    "Of each group of twins draw the record with the thumb down, where it has one.",
)
OPTED_OUT = Hint(
    "uses-who-said-no",
    fits(lambda got: any(one.opted_out for draw in of(got).records for one in draw)),
    "A person has said no to this use, and their message is in your repository now. Leave them out "
    "before anything else.",
    "`if record.opted_out: continue`, before the draw.",
)
EXPIRED = Hint(
    "keeps-the-expired",
    fits(lambda got: bool(of(got).strays)),
    "The person was promised that this message is deleted by now, and the eval set keeps it for "
    "ever. Look at `expires`.",
    "`record.expires <= TODAY` leaves it out.",
)
LAST_DAY = Hint(
    "one-day-too-long",
    fits(lambda got: bool(of(got).strays)),
    "These messages were kept one day longer than promised. `expires` is the first day on which a "
    "message must not be used.",
    "`record.expires <= TODAY` leaves it out; `<` does not.",
)
RAW = Hint(
    "keeps-the-raw-text",
    fits(lambda got: bool(of(got).raw)),
    "A telephone number stands in the eval set, and in every copy of the repository from now on. "
    "Keep what `redact` gives back, and nothing else.",
    "`text = redact(record.text)` once; then never touch `record.text` again.",
)
UNWEIGHTED = Hint(
    "weight-of-one",
    fits(lambda got: comes_to(of(got).k, got)),
    "The two who wrote about safety were drawn for certain, and in every average they now count as "
    "if they were a twelfth of the traffic. Say how many messages each example stands for.",
    "A stratum of 31 messages of which 4 were drawn: each stands for 31/4.",
)
PARTS = Hint(
    "weights-are-shares",
    fits(lambda got: comes_to(1, got)),
    "Nobody can tell how much traffic this was: the weights are shares. Here a weight is how many "
    "messages an example stands for, so that all of them add up to the messages.",
    "The share times the number of messages that may be used.",
)
NOT_ALL = Hint(
    "weights-miss-the-twins",
    fits(lambda got: comes_to(len({plain(one.text) for one in usable(of(got).log)}), got)),
    "“hi” came 24 times and counts once: the weights add up to the different messages, not to all "
    "of them. Twins are one example that stands for all of them.",
    "Keep all records of each twin, and count those.",
)
UNUSABLE = Hint(
    "weights-count-everybody",
    fits(lambda got: comes_to(len(of(got).log), got)),
    "The examples stand for people who have said no, too: the weights add up to the whole log. "
    "Count the messages that may be used.",
    "Leave out first; count after that.",
)
ONE_WEIGHT = Hint(
    "one-weight-for-all",
    fits(lambda got: comes_to(len(usable(of(got).log)), got)),
    "The sum is right and each part is wrong: who wrote about safety counts for many times more "
    "messages than there are. A weight belongs to a stratum.",
    "Messages of the stratum, divided by how many were drawn from it.",
)
USUAL = Usual(
    "Draw from a log of your own, and print what comes.",
    shape=(NOT_EXAMPLES, CHANGED),
    empty=lambda got: None in of(got).came,
)


def in_order(draws: Draws) -> bool:
    """Whether every draw is one end of the log."""
    ids = [one.id for one in draws.log]
    ends = ({*ids[: draws.k]}, {*ids[-draws.k :]})
    return all({*drawn} in ends for drawn in draws.ids)
