"""R4, samples from production: what a draw from a log must have, keep and leave out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from labkit.checks.exercise import Case, Exercise, Hint
from labkit.checks.reliability import drawn_log_hints as hints
from labkit.checks.reliability import drawn_log_shown as shown
from labkit.checks.reliability.drawn_log import (
    GREETINGS,
    QUIET,
    TODAY,
    Draws,
    Log,
    Plan,
    draws,
    numbered,
    rows,
    usable,
)
from labkit.checks.reliability.eval_sets import THINGS
from labkit.checks.signs import Sign
from labkit.evals import LogRecord

SOME, MANY = range(12), range(100)
"""Seeds: what must never happen is looked for in some, an average is taken over many."""


def asks(  # noqa: PLR0913 - all but two by name
    given: str,
    log: Log,
    *own: Hint,
    expected: str,
    holds: Sign,
    shows: Callable[[Draws], str],
    k: int = 12,
    seeds: Sequence[int] = SOME,
    by: str = "topic",
) -> Case:
    """One log, drawn from with many seeds."""
    plan = Plan(log, k, seeds, by, shows)
    return Case(
        given=given,
        ask=lambda answer: draws(answer, plan),
        expected=expected,
        holds=lambda got: not (hints.of(got).odd or hints.of(got).changed) and holds(got),
        usual=hints.USUAL,
        own=own,
    )


def drawn(got: object) -> bool:
    """So many came, each once."""
    found = hints.of(got)
    return found.sizes == {found.k} and all(len({*ids}) == found.k for ids in found.ids)


def has_all(field: str) -> Sign:
    """No draw has lost a value of this field."""
    return lambda got: drawn(got) and not hints.of(got).missing(field)


def has_a_failure(got: object) -> bool:
    """Every draw has a thumb down."""
    return all(any(one.feedback == "down" for one in draw) for draw in hints.of(got).records)


def no_twins(got: object) -> bool:
    """No draw has a message twice."""
    return drawn(got) and not hints.of(got).twins


def may_be_used(got: object) -> bool:
    """Nobody is in it who must not be."""
    return drawn(got) and not hints.of(got).strays


def stand_for_all(got: object) -> bool:
    """The weights of every topic come to its messages."""
    found = hints.of(got)
    topics = [one.topic for one in usable(found.log)]
    said = found.stand_for()
    return drawn(got) and all(
        abs(said.get(name, 0) - topics.count(name)) <= hints.NEAR * topics.count(name)
        for name in set(topics)
    )


def leaves_out(given: str, records: Sequence[LogRecord], hint: Hint) -> Case:
    """A log with messages that must not be used."""
    return asks(
        given,
        numbered([*QUIET, *records]),
        hint,
        hints.THROWN_AWAY,
        expected="12 examples; must not be used: none",
        holds=may_be_used,
        shows=shown.wrongly,
    )


def changed(records: Sequence[LogRecord], **values: object) -> list[LogRecord]:
    """The same messages with other values."""
    return [replace(one, **values) for one in records]  # type: ignore[arg-type]


PLAIN = numbered(QUIET)
STOPPED = rows("loans", *(f"is the {thing} free" for thing in THINGS))
CALLS = rows("loans", *(f"call me on 555-{n:04} please" for n in range(30)))
ALL = numbered([*QUIET, *GREETINGS, *changed(STOPPED, opted_out=True)])

R4 = Exercise(
    code="R4",
    names=("sample_for_eval",),
    parameters=(2,),
    keywords=(("seed", "redact", "stratify_by"),),
    cases=(
        asks(
            "48 different messages, k = 8, by topic",
            PLAIN,
            hints.AGAIN,
            hints.THROWN_AWAY,
            k=8,
            expected="8 examples, each once",
            holds=drawn,
            shows=shown.often,
        ),
        asks(
            "the same twice: seed 7, and seed 7",
            PLAIN,
            hints.NO_SEED,
            k=8,
            seeds=(7, 7),
            expected="the same examples twice",
            holds=lambda got: len({*hints.of(got).ids}) == 1,
            shows=shown.first,
        ),
        asks(
            "twelve seeds",
            PLAIN,
            hints.IN_ORDER,
            hints.SAME_DRAW,
            k=8,
            expected="other examples for other seeds",
            holds=lambda got: len({frozenset(ids) for ids in hints.of(got).ids}) > 3,  # noqa: PLR2004
            shows=shown.first,
        ),
        asks(
            "four topics, one of them with two messages of 48",
            PLAIN,
            hints.LOST,
            k=8,
            expected="8 examples; missing: none",
            holds=has_all("topic"),
            shows=shown.lost("topic"),
        ),
        asks(
            "the same log by language: 45 in English, 3 in Spanish",
            PLAIN,
            hints.ONE_FIELD,
            k=4,
            by="language",
            expected="4 examples; missing: none",
            holds=has_all("language"),
            shows=shown.lost("language"),
        ),
        asks(
            "the same log and 25 messages that say hi or ok",
            numbered([*QUIET, *GREETINGS]),
            hints.SHORT,
            expected="12 examples; missing: none",
            holds=lambda got: not hints.of(got).missing("topic"),
            shows=shown.lost("topic"),
        ),
        asks(
            "the same: hi, Hi, HI, hi! and so on, 24 times",
            numbered([*QUIET, *GREETINGS]),
            hints.TWINS,
            hints.THROWN_AWAY,
            expected="12 examples",
            holds=no_twins,
            shows=shown.twice,
        ),
        asks(
            "30 messages such as “call me on 555-0007 please”",
            numbered([*QUIET, *CALLS]),
            hints.RAW,
            expected="12 examples",
            holds=lambda got: not hints.of(got).raw,
            shows=shown.kept,
        ),
        asks(
            "the same 30, which say the same without their number",
            numbered([*QUIET, *CALLS]),
            hints.MASKED,
            expected="12 examples",
            holds=no_twins,
            shows=shown.twice,
        ),
        asks(
            "49 messages, one of them with a thumb down",
            numbered([*QUIET, *changed(STOPPED[:1], feedback="down")]),
            hints.NO_FAILURES,
            expected="in 12 of 12 draws",
            holds=has_a_failure,
            shows=shown.downs,
        ),
        asks(
            "51 messages, three of them twins, the second of these with a thumb down",
            numbered([*QUIET, STOPPED[0], *changed(STOPPED[:1], feedback="down"), STOPPED[0]]),
            hints.BEHIND_A_TWIN,
            expected="in 12 of 12 draws",
            holds=has_a_failure,
            shows=shown.downs,
        ),
        leaves_out(
            "62 messages, 14 of them of people who have said no",
            changed(STOPPED, opted_out=True),
            hints.OPTED_OUT,
        ),
        leaves_out(
            "62 messages, 14 of which expired yesterday",
            changed(STOPPED, expires=TODAY - timedelta(days=1)),
            hints.EXPIRED,
        ),
        leaves_out(
            "62 messages, 14 of which expire today",
            changed(STOPPED, expires=TODAY),
            hints.LAST_DAY,
        ),
        asks(
            "73 messages that may be used, and 14 that may not",
            ALL,
            hints.UNWEIGHTED,
            hints.PARTS,
            hints.NOT_ALL,
            hints.UNUSABLE,
            hints.ONE_WEIGHT,
            seeds=MANY,
            expected="weights of about fees 8, loans 31, safety 2, scope 25, visit 7",
            holds=stand_for_all,
            shows=shown.weights,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R4 when the eval set of your app has messages from this month, dated and weighted.",
)
