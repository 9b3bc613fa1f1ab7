"""A quote in which one field is wrong: which layer notices first, and who stores it.

    field, way, sum -> a scripted reply -> both apps, a fresh lab each -> four lamps -> PairScene

An app takes ``(client, question)`` and returns the ``LoanQuote`` that is stored, the problems for
which it goes to a reviewer, or None where a person writes it. Which lamps an app has is found out
by two quotes that one layer alone can notice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import anthropic

from labkit import clock
from labkit.arguments import every, function, refused, whole
from labkit.contrast.quote_replies import (
    LAYERS,
    ONLY,
    RIGHT,
    WAYS,
    Reply,
    all_replies,
    right_quotes,
    written,
)
from labkit.contrast.worlds import world
from labkit.errors import OutOfBudget
from labkit.lab import one_line
from labkit.reliability import LoanQuote, Problem
from labkit.sim import says
from labkit.views import PairScene, PairSide, Provenance, Step, View, Who, choice, draw_pair, toggle
from labkit.views.figures import ShareRow
from labkit.views.pair import Ending

QuoteApp = Callable[[anthropic.Anthropic, str], LoanQuote | Sequence[Problem] | None]

QUESTION = "Quote the projector from 4 to 7 December 2026, at the full fee."
NOT_SHOWN = (
    "How often a real model writes any of these. And a record that is wrong itself: no layer "
    "behind it would notice."
)
VERBS: Mapping[str, str] = MappingProxyType(
    {
        "stored": "stores the quote",
        "stored, and wrong": "stores a wrong quote",
        "to a reviewer": "sends it to a reviewer",
        "a right one to a reviewer": "sends a right quote to a reviewer",
        "handed to a person": "hands it to a person",
        "crashed": "crashes",
    }
)
WELL = ("stored", "to a reviewer", "handed to a person")


@dataclass(frozen=True, slots=True)
class Ended:
    """What an app did with one reply."""

    word: str
    problems: tuple[Problem, ...] = ()
    stored: LoanQuote | None = None
    error: str = ""


def quotes(prototype: QuoteApp, production: QuoteApp, *, seed: int = 7) -> View:
    """Make one field of a quote wrong, and show which layer of each app notices first.

    Args:
        prototype: Shown left.
        production: Shown right.
        seed: The same seed gives the same bytes.
    """
    checked(prototype, production, seed)
    apps: dict[Who, QuoteApp] = {"prototype": prototype, "production": production}
    lamps = cache(lambda who: lamps_of(apps[who], seed))

    def scene(field: str, way: str, fit: bool) -> PairScene:
        reply = written(field, way, fit=fit)
        left, right = (
            side(who, reply, ended(app, reply, seed), lamps(who)) for who, app in apps.items()
        )
        return PairScene(
            finding=finding(field, way, left, right),
            given=reply.text,
            given_label="The model's reply, ours to write",
            given_is_code=True,
            gets_label="What is stored",
            provenance=Provenance("simulated", (f"seed {seed}", "both apps really run")),
            not_shown=NOT_SHOWN,
            prototype=left,
            production=right,
        )

    controls = {
        "field": choice("Field", list(RIGHT), value="loan_fee"),
        "way": choice("How it is wrong", list(WAYS), value="exchanged"),
        "fit": toggle("The amounts are made to add up"),
    }
    return View.of(scene, draw_pair, controls)


def quotes_checked(prototype: QuoteApp, production: QuoteApp, *, seed: int = 7) -> list[ShareRow]:
    """How many wrong quotes each app keeps out, by the layer that can notice first.

    The last rows are right quotes, two for each thing, and how many of them each app stores.
    """
    checked(prototype, production, seed)
    apps: dict[Who, QuoteApp] = {"prototype": prototype, "production": production}
    wrong = {one.text: one for one in all_replies() if one.first}
    counts = Counter(one.first for one in wrong.values())
    rows = []
    for layer in LAYERS:
        for who, app in apps.items():
            mine = (ended(app, one, seed) for one in wrong.values() if one.first == layer)
            kept = sum(one.stored is None for one in mine)
            rows.append(ShareRow(layer, kept, counts[layer], who))
    right = [Reply(json.dumps(one)) for one in right_quotes()]
    for who, app in apps.items():
        stored = sum(ended(app, one, seed).word == "stored" for one in right)
        rows.append(ShareRow("nothing is wrong", stored, len(right), who))
    return rows


def checked(prototype: object, production: object, seed: object) -> None:
    """Refuse what cannot be compared."""
    function("prototype", prototype, "client", "question")
    function("production", production, "client", "question")
    whole("seed", seed, "The same seed must give the same bytes.")


def lamps_of(app: QuoteApp, seed: int) -> frozenset[str]:
    """The layers beyond the schema that an app has: it does not store what they alone notice."""
    return frozenset(
        layer
        for layer, values in ONLY.items()
        if ended(app, Reply(json.dumps(dict(values))), seed).stored is None
    )


def ended(app: QuoteApp, reply: Reply, seed: int) -> Ended:
    """What an app does with a reply, in a fresh lab."""
    reason = "max_tokens" if reply.is_cut else "end_turn"
    lab = world(seed, faults=[says(reply.text, stop_reason=reason)])
    with clock.use(lab.clock):
        try:
            came = app(lab.client, QUESTION)
        except (Exception, OutOfBudget) as raised:
            return Ended("crashed", error=one_line(raised))
    if came is None:
        return Ended("handed to a person")
    if isinstance(came, LoanQuote):
        return Ended("stored, and wrong" if reply.first else "stored", stored=came)
    if isinstance(came, (str, bytes)) or not hasattr(came, "__iter__"):
        remedy = "Return a LoanQuote, a list of Problem, or None."
        raise refused("what the app returned", came, "Nobody can store or review it.", remedy)
    found = every("what the app returned", came, Problem, "[Problem(...)]")
    return Ended("to a reviewer" if reply.first else "a right one to a reviewer", tuple(found))


def side(who: Who, reply: Reply, end: Ended, lamps: frozenset[str]) -> PairSide:
    """One app: what is stored, and its lamps."""
    steps = tuple(lit(reply, end, lamps))
    notices = next((one.name for one in steps if one.ending == "bad"), "nobody")
    return PairSide(
        who=who,
        word=end.word,
        ending="ok" if end.word in WELL else "bad",
        shown=line_of(end),
        error=end.error,
        is_code=end.stored is not None,
        steps=steps,
        facts={"first to notice": notices, "problems for the reviewer": str(len(end.problems))},
    )


def line_of(end: Ended) -> str:
    """What is stored, as a program writes it, or who looks at it."""
    if end.stored is not None:
        return json.dumps(end.stored.model_dump(mode="json"))
    if end.problems:
        return "Nothing. A reviewer reads the problems below."
    return "Nothing: a person writes this quote."


def lit(reply: Reply, end: Ended, lamps: frozenset[str]) -> Iterator[Step]:
    """A step for each lamp that an app has: the first that notices stops there."""
    stopped = reply.first if reply.quote is None else ""
    yield Step("JSON", "bad", "not whole") if stopped == "JSON" else Step("JSON", "ok")
    yield Step("schema", SCHEMA.get(stopped, "ok"), reply.misfit)
    noticed = False
    for layer in (one for one in LAYERS if one in lamps):
        mine = [one for one in end.problems if one.layer == layer]
        yield Step(layer, lamp(mine, noticed, stopped), "; ".join(map(repr, mine)))
        noticed = noticed or bool(mine)


SCHEMA: Mapping[str, Ending] = MappingProxyType({"JSON": "na", "schema": "bad"})
"""How the schema ends where a reply was stopped before it or by it."""


def lamp(mine: Sequence[Problem], noticed: bool, stopped: str) -> Ending:
    """How a layer beyond the schema ends: only the first one that notices stops."""
    if stopped:
        return "na"
    if not mine:
        return "ok"
    return "seen" if noticed else "bad"


def finding(field: str, way: str, left: PairSide, right: PairSide) -> str:
    """What both made of it, and who noticed."""
    what = "Nothing is wrong" if way == "not at all" else f"{field} is {WORDS.get(way, way)}"
    both = f"the prototype {VERBS[left.word]}, production {VERBS[right.word]}"
    return f"{what}: {both}. First to notice: {right.facts['first to notice']}."


WORDS = {"a little": "a little off", "by far": "far off"}
