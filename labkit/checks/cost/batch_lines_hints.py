"""C11: what happens to a batch's rows when they are sorted wrongly."""

from labkit.checks.cost.batch_lines import Piles, is_said
from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign, anything, raised

NOWHERE: tuple[str, ...] = ()


def of(got: object) -> Piles:
    """The three piles; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Piles)
    return got


def any_in(pile: str, *numbers: int) -> Sign:
    """Fits where one of these requests stands in this pile."""
    return lambda got: any(pile in of(got).where(f"note-{n}") for n in numbers)


def any_nowhere(*numbers: int) -> Sign:
    """Fits where one of these requests stands in no pile."""
    return lambda got: any(of(got).where(f"note-{n}") == NOWHERE for n in numbers)


def either(*signs: Sign) -> Sign:
    """Fits what one of these fits; what was raised is asked for first."""
    return lambda got: any(sign(got) for sign in signs)


NOT_THREE = Hint(
    "not-three-piles",
    lambda got: not of(got).are_three,
    "The next step saves one pile, sends the second again and shows the third to somebody. Return "
    "all three.",
    "`Reconciled(done, retry, dead)`: a dict by id, a list of requests, a dict by id.",
)
KEYS = Hint(
    "not-by-id",
    lambda got: not {*of(got).ids("done"), *of(got).ids("dead")} <= {*of(got).names},
    "Nobody can find the row again that an answer belongs to. The id is what request and result "
    "have in common.",
    "The keys of `done` and `dead` are `custom_id`.",
)
MESSAGES = Hint(
    "not-the-message",
    lambda got: not all(map(of(got).answer, of(got).ids("done"))),
    "The app saves what stands in `done` as an answer, and it is none. It wants the message.",
    "`result.result.message`: the line of the batch has the result, and that has the message.",
)
CHANGES = Hint(
    "changes-the-requests",
    lambda got: not of(got).kept,
    "Tomorrow's run sends the same list of requests, and some are missing from it or are others "
    "now. The list belongs to whoever called you.",
    "Make a dict of it, `{one['custom_id']: one for one in requests}`, and work on that.",
)
POSITION = Hint(
    "by-position",
    lambda got: bool(of(got).swapped),
    "Noor's note has the label of somebody else's, and nothing looks wrong: results come in any "
    "order, and `zip` pairs what happens to stand side by side.",
    "Match by `custom_id`: it is on each result.",
)


def good(*numbers: int) -> Hint:
    """Everything that has ended is taken for an answer."""
    return Hint(
        "ended-is-good",
        either(raised("AttributeError"), any_in("done", *numbers)),
        "The batch says `ended`, and that is no promise: this row has no message in it. Your job "
        "stops here, or saves nothing as an answer.",
        'Look at `result.result.type` first; only `"succeeded"` has a message.',
    )


def lost(*numbers: int) -> Hint:
    """Some rows are in no pile."""
    return Hint(
        "loses-rows",
        any_nowhere(*numbers),
        "A row has vanished: it is not saved, not sent again, and nobody is told. In a month "
        "somebody asks where it is.",
        "Every request stands in exactly one pile; end your rules with an `else`.",
    )


def too_soon(*numbers: int) -> Hint:
    """What would succeed is given up."""
    return Hint(
        "dead-too-soon",
        any_in("dead", *numbers),
        "Somebody gets a list of rows to look at, and finds nothing wrong with them. The provider "
        "was busy, or the day was over; sent again, they succeed.",
        "`expired`, and the four errors of the table, go to `retry`. The kind of an error is in "
        '`result.error.error.type`; `result.error.type` is always `"error"`.',
    )


def for_ever(*numbers: int) -> Hint:
    """What can never succeed is sent again."""
    return Hint(
        "retries-for-ever",
        any_in("retry", *numbers),
        "Each night the same row is sent, fails, and is sent again. Its parameters are wrong, and "
        "no other night makes them right; somebody must see it.",
        "Only the four errors of the table may be sent again; all others are `dead`.",
    )


NOT_REQUESTS = Hint(
    "retry-without-requests",
    lambda got: any(one not in of(got).sent for one in of(got).pile("retry")),
    "The next batch is made of what stands in `retry`, and these are no requests: their "
    "parameters are missing.",
    "Put the request itself there, as it came in `requests`.",
)
NO_REASON = Hint(
    "no-reason",
    lambda got: not all(map(is_said, of(got).pile("dead").values())),
    "Somebody opens the list of dead rows and reads nothing. Say why each is there.",
    "The values of `dead` are texts: the error's type, or the stop reason.",
)
FEW_ERRORS = Hint(
    "too-few-retries",
    either(any_in("dead", 1, 2, 3, 4), any_nowhere(1, 2, 3, 4)),
    "One bad minute at the provider has more than one name, and you know only some. These rows "
    "wait for a person and would have succeeded at the next try.",
    "`overloaded_error`, `api_error`, `rate_limit_error` and `timeout_error` pass.",
)
MISSING = Hint(
    "loses-missing",
    either(raised("KeyError"), any_nowhere(2)),
    "No result came for one request, so a loop over results never sees it. It is lost without a "
    "trace.",
    "Go through the requests, and look up the result of each; none means `retry`.",
)
CANCELED = Hint(
    "cancelled-again",
    any_in("retry", 2),
    "Somebody cancelled this on purpose, and your job starts it again in the night.",
    "`canceled` is for a person: `dead`, with that as the reason.",
)
REFUSED = Hint(
    "refusal-is-done",
    any_in("done", 2),
    "An empty label is saved as an answer. A refusal comes as `succeeded`, with HTTP 200, "
    "and often without content.",
    'Look at `message.stop_reason`: `"refusal"` is `dead`.',
)
CUT = Hint(
    "cut-is-done",
    any_in("done", 2),
    "Half a sentence is saved as an answer. It was cut off at `max_tokens`, and the batch calls "
    "that `succeeded`.",
    "Done are `end_turn`, `stop_sequence` and `tool_use`; every other stop reason is not.",
)
AGAIN = Hint(
    "asks-the-same-again",
    any_in("retry", 2),
    "The same request is refused again, or cut off at the same place, every night at full length. "
    "Somebody must change it first.",
    "What the model itself ended is no error of the moment: `dead`.",
)
ONLY_END = Hint(
    "only-end-turn",
    any_in("dead", 1, 2),
    "Two whole answers are called dead. A stop sequence that was reached and a tool call end a "
    "turn as well.",
    '`in ("end_turn", "stop_sequence", "tool_use")`.',
)
TWICE = Hint(
    "counted-twice",
    lambda got: len(of(got).where("note-2")) > 1,
    "One request stands in two piles, or twice in one. It is saved and sent again, and tomorrow "
    "there are two answers.",
    "Decide for each request once, after all results are read.",
)
LAST_WINS = Hint(
    "last-one-wins",
    any_in("retry", 2),
    "There was an answer, and a later line for the same id threw it away. You pay for it twice.",
    "An answer beats everything: do not overwrite it.",
)
FIRST_WINS = Hint(
    "first-one-wins",
    any_in("retry", 2),
    "The first line said overloaded, the second one brought the answer, and you did not look. You "
    "pay for it twice.",
    "An answer beats everything, wherever it stands: `setdefault` keeps the first line instead.",
)
STRANGERS = Hint(
    "strangers",
    either(raised(), lambda got: "note-99" in (*of(got).ids("done"), *of(got).ids("dead"))),
    "A result came that nobody here had asked for, and your job stops, or saves it. It is of "
    "yesterday's batch.",
    "Go through your own requests; a result that none of them looks up is left alone.",
)
UNKNOWN = Hint(
    "unknown-kind",
    either(raised(), any_in("done", 2), any_in("retry", 2), any_nowhere(2)),
    "A kind of result that did not exist when you wrote this. The SDK builds it as a succeeded one "
    "without a message, so `isinstance` is no test, and what you do not know is not done.",
    'Compare `result.type == "succeeded"`, and send every unknown kind to a person.',
)
ONCE = Hint(
    "once-through",
    anything,
    "It was right for a list. `batches.results()` gives an iterator: it has no length, and a "
    "second loop over it sees nothing, so whole piles stay empty.",
    "Go through it once, or make a list or a dict of it first.",
)
USUAL = Usual(
    "Look up each request in the table; each stands in one pile.",
    shape=(NOT_THREE, KEYS, MESSAGES, NOT_REQUESTS, NO_REASON, CHANGES),
    empty=lambda got: of(got).value is None,
)
