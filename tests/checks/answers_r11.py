"""R11: right answers written otherwise, and each misconception written three ways."""

import random
import secrets
from datetime import timedelta
from math import inf, ldexp

import anthropic
import httpx2

from labkit import reliability

CODE = "R11"


def room(attempt, base, cap):
    """The widest wait after an attempt."""
    return min(cap, base * 2.0 ** min(attempt, 60))


# -- right answers, written otherwise ---------------------------------------------------------


def by_doubling(attempt, *, base, cap, retry_after, deadline_left, rng):
    """Doubles step by step; one minus a draw."""
    widest = base
    for _ in range(attempt):
        widest = min(cap, widest * 2)
    total = (retry_after or 0) + widest * (1 - rng.random())
    return None if total >= deadline_left else total


def inside(attempt, *, base, cap, retry_after, deadline_left, rng):
    """Draws only what fits before the deadline."""
    least = retry_after or 0.0
    left = deadline_left - least
    if left <= 0:
        return None
    return least + rng.random() * min(room(attempt, base, cap), left)


def by_kinds(exc, chars_shown):
    """With the SDK's exception classes."""
    if chars_shown > 0 or isinstance(exc, anthropic.EnforcedSpendLimitReachedError):
        return False
    kinds = (anthropic.APIConnectionError, httpx2.TransportError, anthropic.ConflictError)
    kinds += (anthropic.RateLimitError, anthropic.InternalServerError)
    return isinstance(exc, kinds) or getattr(exc, "type", None) in (
        "overloaded_error",
        "timeout_error",
    )


def by_numbers(exc, chars_shown):
    """With statuses and types."""
    if chars_shown:
        return False
    if isinstance(exc, (anthropic.APIConnectionError, httpx2.TransportError)):
        return True
    status = getattr(exc, "status_code", 0)
    if status == 200:
        return exc.type in reliability.retrying.TRANSIENT_TYPES
    if status == 429:
        return "spend" not in str(exc.body)
    return status in (408, 409) or status >= 500


RIGHT = [
    (reliability.next_delay, reliability.is_retryable),
    (by_doubling, by_kinds),
    (inside, by_numbers),
]

# -- planted misconceptions -------------------------------------------------------------------

RIGHT_DELAY, RIGHT_WHICH = RIGHT[0]


def jitter(draw, *, fixed=0.0):
    """Right, but for how a wait is drawn from its widest."""

    def wait(attempt, *, base, cap, retry_after, deadline_left, rng):
        total = (retry_after or 0) + draw(room(attempt, base, cap), rng)
        return total if total < deadline_left else None

    return wait


def widest(spread):
    """Right, but for the widest wait after an attempt."""

    def wait(attempt, *, base, cap, retry_after, deadline_left, rng):
        total = (retry_after or 0) + rng.uniform(0, spread(attempt, base, cap))
        return total if total < deadline_left else None

    return wait


def whole(rule):
    """``rule`` makes the answer of what was drawn, said, and left."""

    def wait(attempt, *, base, cap, retry_after, deadline_left, rng):
        drawn = rng.uniform(0, room(attempt, base, cap))
        return rule(drawn, retry_after, deadline_left)

    return wait


def kept(total, left):
    """The wait, where it ends in time."""
    return total if total < left else None


def result(change):
    """What ``change`` makes of the right wait."""
    return lambda attempt, **settings: change(RIGHT_DELAY(attempt, **settings))


def sdk_like(drawn, said, left):
    """What the provider says, to the second; else the wait."""
    return kept(said if said else drawn, left)


WAITING = {
    "own-chance": [
        jitter(lambda w, rng: random.uniform(0, w)),
        jitter(lambda w, rng: random.random() * w),
        jitter(lambda w, rng: secrets.randbelow(10**6) / 10**6 * w),
    ],
    "not-seconds": [
        result(lambda wait: f"{wait} s"),
        result(lambda wait: (wait, True)),
        result(lambda wait: timedelta(seconds=wait or 0)),
    ],
    "gives-up": [
        lambda attempt, **settings: None,
        result(print),
        lambda attempt, **settings: (
            None
            if room(attempt, 0.5, 8.0) >= settings["deadline_left"]
            else RIGHT_DELAY(attempt, **settings)
        ),
    ],
    "no-jitter": [
        jitter(lambda w, rng: w),
        jitter(lambda w, rng: 0.5),
        lambda attempt, **settings: min(8.0, 0.5 * 2.0 ** min(attempt, 9)),
    ],
    "added-jitter": [
        jitter(lambda w, rng: w + rng.uniform(0, w)),
        jitter(lambda w, rng: w + rng.random()),
        jitter(lambda w, rng: w * rng.uniform(1, 2)),
    ],
    "small-jitter": [
        jitter(lambda w, rng: w * rng.uniform(0.9, 1.1)),
        jitter(lambda w, rng: w * (1 - 0.25 * rng.random())),
        jitter(lambda w, rng: w + rng.uniform(0, 0.1)),
    ],
    "equal-jitter": [
        jitter(lambda w, rng: w / 2 + rng.uniform(0, w / 2)),
        jitter(lambda w, rng: rng.uniform(w / 2, w)),
        jitter(lambda w, rng: w * (0.5 + rng.random() / 2)),
    ],
    "wrong-spread": [
        widest(lambda attempt, base, cap: room(attempt + 1, base, cap)),
        widest(lambda attempt, base, cap: cap),
        widest(lambda attempt, base, cap: room(max(attempt, 1) - 1, base / 2, cap)),
    ],
    "not-doubled": [
        widest(lambda attempt, base, cap: base),
        widest(lambda attempt, base, cap: min(cap, base * (attempt + 1))),
        widest(lambda attempt, base, cap: min(cap, base + attempt)),
    ],
    "no-cap": [
        widest(lambda attempt, base, cap: base * 2.0**attempt),
        widest(lambda attempt, base, cap: min(cap, base) * 2.0**attempt),
        widest(lambda attempt, base, cap: max(base, base * 2.0 ** min(attempt, 60))),
    ],
    "too-large": [
        widest(lambda attempt, base, cap: min(cap, base * 2**attempt)),
        widest(lambda attempt, base, cap: min(cap, base * 2.0**attempt)),
        widest(lambda attempt, base, cap: min(cap, ldexp(base, attempt))),
    ],
    "ignores-provider": [
        whole(lambda drawn, said, left: kept(drawn, left)),
        whole(lambda drawn, said, left: kept(min(said or inf, drawn), left)),
        whole(lambda drawn, said, left: kept(drawn * (said or 1), left)),
    ],
    "exact-retry-after": [
        whole(sdk_like),
        whole(lambda drawn, said, left: kept(max(said or 0, drawn), left)),
        whole(lambda drawn, said, left: kept(said or drawn, left)),
    ],
    "sleeps-on": [
        whole(lambda drawn, said, left: (said or 0) + drawn),
        whole(lambda drawn, said, left: (said or 0) + drawn if drawn < left else None),
        whole(lambda drawn, said, left: said + drawn if said else kept(drawn, left)),
    ],
    "cuts-short": [
        whole(lambda drawn, said, left: min((said or 0) + drawn, left - 0.01)),
        whole(lambda drawn, said, left: kept(min(8, (said or 0) + drawn), left)),
        whole(lambda drawn, said, left: kept(min(said or 0, left / 2) + drawn, left)),
    ],
    "past-the-deadline": [
        whole(lambda drawn, said, left: None if (said or 0) > left else (said or 0) + drawn),
        whole(
            lambda drawn, said, left: (
                kept((said or 0) + drawn, left) if left else (said or 0) + drawn
            )
        ),
        whole(lambda drawn, said, left: kept((said or 0) + drawn, left or inf)),
    ],
    "too-late": [
        whole(lambda drawn, said, left: None if (said or 0) >= left else (said or 0) + drawn),
        whole(lambda drawn, said, left: (said or 0) + drawn if (said or 0) - left < 0 else None),
        whole(
            lambda drawn, said, left: (
                (said or 0) + drawn if left > 0 and (not said or said < left) else None
            )
        ),
    ],
}


def which(fits, wrong):
    """Right but where ``fits`` holds; there it is ``wrong``."""
    return lambda exc, shown: wrong if fits(exc, shown) else RIGHT_WHICH(exc, shown)


def code(exc):
    """The status, 0 where there is none."""
    return getattr(exc, "status_code", 0)


def by_class(kinds):
    """By the exception's class alone, before anything was shown."""
    return lambda exc, shown: not shown and isinstance(exc, kinds)


CONNECTION = anthropic.APIConnectionError
CHOOSING = {
    "returns-nothing": [
        lambda exc, shown: None,
        lambda exc, shown: print(RIGHT_WHICH(exc, shown)),
        lambda exc, shown: True if RIGHT_WHICH(exc, shown) else None,
    ],
    "raises": [
        lambda exc, shown: exc.status_code >= 500 or exc.status_code in (408, 409, 429),
        lambda exc, shown: exc.response.status_code in (408, 409, 429, 500, 529),
        lambda exc, shown: RIGHT_WHICH(exc, shown) if exc.body else False,
    ],
    "not-yes-or-no": [
        lambda exc, shown: "yes" if RIGHT_WHICH(exc, shown) else "no",
        lambda exc, shown: int(RIGHT_WHICH(exc, shown)),
        lambda exc, shown: 1.0 if RIGHT_WHICH(exc, shown) else False,
    ],
    "never": [
        lambda exc, shown: False,
        by_class(CONNECTION),
        which(lambda exc, shown: code(exc) == 409, False),
    ],
    "same-again": [
        lambda exc, shown: True,
        by_class(anthropic.APIError),
        lambda exc, shown: code(exc) >= 400,
    ],
    "statuses-only": [
        which(lambda exc, shown: not code(exc), False),
        which(lambda exc, shown: isinstance(exc, CONNECTION), False),
        which(lambda exc, shown: isinstance(exc, anthropic.APITimeoutError), False),
    ],
    "waits-for-money": [
        lambda exc, shown: code(exc) == 429 or RIGHT_WHICH(exc, shown),
        which(lambda exc, shown: isinstance(exc, anthropic.RateLimitError), True),
        lambda exc, shown: (
            isinstance(exc, CONNECTION) or code(exc) >= 500 or code(exc) in (408, 409, 429)
        ),
    ],
    "reads-the-status": [
        which(lambda exc, shown: code(exc) == 200, False),
        lambda exc, shown: code(exc) != 200 and RIGHT_WHICH(exc, shown),
        which(
            lambda exc, shown: (
                isinstance(exc, anthropic.APIStatusError) and not exc.response.is_error
            ),
            False,
        ),
    ],
    "sdk-errors-only": [
        which(lambda exc, shown: not isinstance(exc, anthropic.APIError), False),
        which(lambda exc, shown: isinstance(exc, httpx2.TransportError), False),
        which(lambda exc, shown: type(exc).__module__.startswith("httpx2"), False),
    ],
    "after-text": [
        lambda exc, shown: RIGHT_WHICH(exc, 0),
        lambda exc, shown: RIGHT_WHICH(exc, 0) and shown < 100,
        which(lambda exc, shown: shown and isinstance(exc, httpx2.TransportError), True),
    ],
}
WRONG = {id: [(way, RIGHT_WHICH) for way in ways] for id, ways in WAITING.items()}
for id, ways in CHOOSING.items():
    WRONG[id] = WRONG.get(id, []) + [(RIGHT_DELAY, way) for way in ways]
