"""C7: where a request is another one than the cache remembers, and what that costs."""

from collections.abc import Callable

from labkit.checks.cost.prefix_pair import MOST_MARKERS, Pair
from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign

HALF = 0.5


def of(got: object) -> Pair:
    """Both requests; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Pair)
    return got


def pairs(sign: Callable[[Pair], bool]) -> Sign:
    """A sign for two requests; anything else it does not fit."""
    return lambda got: sign(of(got))


def right(got: object) -> bool:
    """Both can be sent, say all, and the second reads what it can."""
    pair = of(got)
    return pair.are_requests and pair.hits and pair.kept and not pair.missing


missed = pairs(lambda got: not got.hits)

NO_REQUEST = Hint(
    "not-a-request",
    pairs(lambda got: not got.are_requests),
    "There is nothing to send. The app calls `client.messages.create(model=…, **request)` with "
    "what you return.",
    'A dict with `"tools"`, `"system"` and `"messages"`.',
)
MARKERS = Hint(
    "marker-everywhere",
    pairs(lambda got: got.markers > MOST_MARKERS),
    "The API answers 400, and nobody gets an answer any more: a request may have four markers. "
    "More of them would not cache more, since each covers all that stands before it.",
    "Two are enough: behind what everybody shares, and behind the conversation so far.",
)
REFUSED = Hint(
    "refused",
    pairs(lambda got: bool(got.problem)),
    "The API does not take this request; above stands what it says of it.",
    '`system` and each `content` are texts, or lists of blocks `{"type": "text", "text": …}`; the '
    "last message is the person's.",
)
NO_DATE = Hint(
    "drops-the-date",
    pairs(lambda got: got.missing == "the date"),
    "The prefix is stable because Latch does not know the date any more, and tells Noor that her "
    "drill is due on a day long gone.",
    "Say it behind everything that is stable: in the last message, beside the question.",
)
DROPS = Hint(
    "drops-something",
    pairs(lambda got: bool(got.missing)),
    "A request that leaves something out is short and cheap, and its answer is wrong. Above stands "
    "what is missing.",
    "Everything that is handed in stands in the request once, as it is.",
)
CHANGES = Hint(
    "changes-the-history",
    pairs(lambda got: not got.kept),
    "Your marker stands in the app's own conversation now. With each question one more is in "
    "it, and at the fifth the API answers 400.",
    'Copy what you mark: `{**message, "content": [{…}]}`, or `copy.deepcopy`.',
)
CLOCK = Hint(
    "own-clock",
    pairs(lambda got: got.first != got.second),
    "The same question twice, and two requests: something in yours is new at each call, a time, an "
    "id, or the order of a set.",
    "Build the request from what is handed in, and from nothing else.",
)
NO_MARKER = Hint(
    "no-marker",
    pairs(lambda got: got.markers == 0),
    "Both counters stay 0 for ever: nothing is cached that does not end at a marker, which "
    "is a block with `cache_control`.",
    '`"cache_control": {"type": "ephemeral"}` on the last block of the system prompt.',
)
TOO_EARLY = Hint(
    "marker-too-early",
    missed,
    "The marker stands before most of what is stable, and what follows it is paid in full each "
    "time.",
    "It caches what stands before it: put it on the last stable block.",
)
DATE_FIRST = Hint(
    "date-in-the-prefix",
    pairs(lambda got: not got.hits and got.share < HALF),
    "At midnight the whole prompt is another one: the date stands before what is stable, and a "
    "cache reads only up to the first byte that differs. Every prefix is written anew, at 1.25 "
    "times the price.",
    "tools, system, messages is the order; the date belongs behind all that is stable.",
)
TOO_LATE = Hint(
    "marker-too-late",
    missed,
    "What is stable stands first, and is not read: the date stands in the block that carries your "
    "first marker, or before it. A cache reads whole prefixes, up to a marker.",
    "Put a marker on the last block before the first thing that changes.",
)
MEMBER = Hint(
    "member-in-the-prefix",
    missed,
    "Each member writes a cache of their own, and hardly anybody reads one. Two hundred members "
    "pay two hundred times for the same rules.",
    "Who asks belongs beside the date, behind what everybody shares.",
)
TOOLS = Hint(
    "tools-as-they-come",
    missed,
    "The same tools in another order are other bytes, and tools stand first: all behind them is "
    "lost. A registry or a set gives another order after each deploy.",
    '`sorted(tools, key=lambda tool: tool["name"])`.',
)
KEYS = Hint(
    "keys-as-they-come",
    missed,
    "The same content, and different bytes: the keys of a tool stand in another order, and those "
    "of its schema. Nobody sees it in a diff of the values.",
    "`json.loads(json.dumps(tool, sort_keys=True))` has them in order, at every depth.",
)
DOCS = Hint(
    "documents-as-they-come",
    missed,
    "The search gave the same documents in another order, and nothing behind the first is read.",
    "`sorted(docs.items())`.",
)
MARKED_LATER = Hint(
    "marks-what-changes",
    pairs(lambda got: not got.hits and got.marks_the_last),
    "What ends at your last marker never comes again as it was: with the next turn the date and "
    "the member are gone from that message. It is written each time, and read by nobody.",
    "This marker belongs on the last message of `history`, which comes back unchanged.",
)
HISTORY = Hint(
    "history-uncached",
    missed,
    "Noor's conversation grows, and each question pays for all of it again at the full price: "
    "of what follows the system prompt hardly anything is read.",
    "A second marker on the last message of `history`. The date must not stand in a turn that "
    "comes back without it.",
)
MIDNIGHT = Hint(
    "date-before-the-history",
    missed,
    "At midnight every conversation that is going on pays for its whole history again. The date "
    "stands before it, behind the system prompt's marker.",
    "The date goes behind the history: into the last message.",
)
USUAL = Usual(
    "Print both requests, and look for the first byte that differs.",
    shape=(NO_REQUEST, MARKERS, REFUSED, NO_DATE, DROPS, CHANGES),
    empty=lambda got: of(got).second is None,
)
