"""C8, prompt caching that pays: traces of requests, and what each costs."""

import random

from labkit.checks.cost import cached_trace_hints as hints
from labkit.checks.cost.cached_trace import LEAST, READY_S, Trace, billed, drawn, shown
from labkit.checks.exercise import Case, Exercise, Hint

MINUTE_S, HOUR_S = 60.0, 3_600.0
STEADY = tuple(n * MINUTE_S for n in range(5))
BREAKFAST = tuple(n * 20.0 for n in range(10))
SECOND = (0.0,) * 5
AFTER = 40.0


def costs(given: str, trace: Trace, *own: Hint) -> Case:
    """One trace must give this bill."""
    return Case(
        given=given,
        ask=billed(trace),
        expected=shown(*trace.right),
        holds=hints.right,
        usual=hints.USUAL,
        own=(*own, hints.CHANGES),
    )


def later(times: tuple[float, ...], seconds: float) -> tuple[float, ...]:
    """The same requests at another time."""
    return tuple(one + seconds for one in times)


def mixed(times: tuple[float, ...]) -> tuple[float, ...]:
    """The same times in another order."""
    return tuple(random.Random(7).sample(times, len(times)))


C8 = Exercise(
    code="C8",
    names=("cache_bill",),
    parameters=(5,),
    cases=(
        costs(
            "steady: five requests, a minute apart; 4,000 tokens, 5m",
            Trace(STEADY),
            hints.PER_MILLION,
            hints.NINETY,
            hints.NEVER_READS,
            hints.WRITE,
            hints.READ_FULL,
        ),
        costs(
            "refresh: a request every 200 s for an hour, 5m",
            Trace(tuple(n * 200.0 for n in range(18))),
            hints.FROM_WRITE,
        ),
        costs(
            "bursty: ten requests in three minutes, silence for 20 minutes, ten again; 5m",
            Trace(BREAKFAST + later(BREAKFAST, 23 * MINUTE_S)),
            hints.NEVER_EXPIRES,
        ),
        costs(
            "parallel: five requests in the same second, one 40 s later; 5m",
            Trace((*SECOND, AFTER)),
            hints.PARALLEL,
        ),
        costs(
            "nearly parallel: 0.0, 0.3, 0.5 and 0.8 s, one 40 s later; 5m",
            Trace((0.0, 0.3, 0.5, 0.8, AFTER)),
            hints.SAME_MOMENT,
        ),
        costs(
            "overlapping: 0.0, 0.7, 1.3 and 1.6 s; 5m",
            Trace((0.0, 0.7, 1.3, 1.6)),
            hints.ROLLING,
            hints.SAME_MOMENT,
        ),
        costs(
            "two waves: five in the same second, and five in one an hour later; 5m",
            Trace((*SECOND, AFTER, *later(SECOND, HOUR_S), HOUR_S + AFTER)),
            hints.FIRST_BURST,
        ),
        costs(
            "too short: the five of steady, 900 tokens; this model caches 1,024 and more",
            Trace(STEADY, prefix=900),
            hints.TOO_SHORT,
            hints.NOTHING_COSTS,
        ),
        costs(
            "just long enough: the five of steady, 1,024 tokens",
            Trace(STEADY, prefix=LEAST),
            hints.AT_LEAST,
        ),
        costs(
            "night gap: every 30 minutes from 8 to 20, two days; 1h",
            Trace(
                tuple(
                    day * 24 * HOUR_S + 8 * HOUR_S + n * 30 * MINUTE_S
                    for day in range(2)
                    for n in range(25)
                ),
                "1h",
            ),
            hints.ONE_LIFETIME,
            hints.ONE_PRICE,
        ),
        costs(
            "bursty again, in the order in which the answers ended",
            Trace(mixed(BREAKFAST + later(BREAKFAST, 23 * MINUTE_S))),
            hints.ORDER,
        ),
        costs("no requests at all", Trace(())),
        costs("a day with 6 requests an hour at random moments, 5m", drawn(6, "5m")),
        costs("the same day, 1h", drawn(6, "1h")),
        costs(
            f"just readable: 0.0 and {READY_S} s; 5m",
            Trace((0.0, READY_S)),
            hints.JUST_READABLE,
        ),
        costs(
            "just gone: 0.0 and 300.0 s; 5m",
            Trace((0.0, 5 * MINUTE_S)),
            hints.JUST_GONE,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C8 when your request log, and not a blog post, says whether to cache, and a test "
    "sees the second identical request read.",
)
