"""A crowd that failed together: when does it come back, and who is answered in time?

    how each client waits -> 200 clients, one bucket of 20 a second -> CrowdScene -> view

The waits are those of the code that runs in a service: ``next_delay`` and the SDK's own.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from labkit.arguments import refused, whole
from labkit.clock import SystemClock
from labkit.lab.clients import Backoff
from labkit.reliability import RetryPolicy, next_delay
from labkit.sim.luck import Luck
from labkit.views import Provenance, View, Who, choice, toggle
from labkit.views.reliability.crowd import BIN_S, CrowdScene, Wave, draw_crowd
from labkit.views.words import number, several

PEOPLE, CAPACITY = 200, 20
"""Clients, and attempts that the provider answers in a second, or at once after a pause."""
MANY_TOLD = 10
"""So many people are part of the finding."""
MOST_ATTEMPTS, LONGEST_S = 100, 120
"""Of a policy that can be drawn."""
SDK_ATTEMPTS = 3
"""After so many the SDK gives up, and an app that retries begins anew (anthropic 2.12.0)."""
SAID: Mapping[str, float] = MappingProxyType({"nothing": 0.0, "2 s": 2.0, "5 s": 5.0, "30 s": 30.0})
NOT_SHOWN = (
    "How long a real overload lasts. The SDK gives up after three attempts; the prototype's "
    "clients here never do. And turning somebody away costs this provider nothing; a real one "
    "works for each, so sending more looks better here than it is."
)

Wait = Callable[[int, float | None, float], float | None]
"""Of how many retries there were, what the provider asks for, and the seconds since the start:
the seconds to wait, or None to give up."""


def crowd(policy: RetryPolicy | None = None, *, seed: int = 7) -> View:
    """Turn 200 clients away at once, and show when they come back.

    Args:
        policy: How production retries; its ``deadline_s`` is also how long a person waits.
        seed: The same seed gives the same picture.
    """
    kept = drawable(RetryPolicy(attempts=8) if policy is None else policy)
    whole("seed", seed, "The same seed must give the same picture.")
    return View.of(
        partial(scene, policy=kept, seed=seed),
        draw_crowd,
        {
            "waits": choice("The prototype's clients wait", list(WAITS), value="as the SDK"),
            "asks_s": choice("The provider asks for a wait of", SAID),
            "twice": toggle("The prototype's app retries, too"),
        },
    )


def drawable(policy: object) -> RetryPolicy:
    """The policy, where a crowd that keeps to it comes to an end that can be drawn."""
    if not isinstance(policy, RetryPolicy):
        raise refused("policy", policy, "Nobody can wait by it.", "Give RetryPolicy().")
    whole("attempts", policy.attempts, "The crowd would never end.", most=MOST_ATTEMPTS)
    if not 1 <= policy.deadline_s <= LONGEST_S:
        follows = "No histogram of tenths of a second can show it."
        raise refused("deadline_s", policy.deadline_s, follows, "Give 1 to 120 seconds.")
    return policy


def widest_s(retries: int) -> float:
    """The SDK's back-off before any jitter: half a second, doubled up to eight."""
    return min(8.0, 0.5 * 2.0 ** min(retries, 10))


def no_jitter(_: int) -> Wait:
    """Everybody waits alike, or as long as the provider says."""
    return lambda retries, said, __: widest_s(retries) if said is None else said


def like_the_sdk(seed: int) -> Wait:
    """At most a quarter less; what the provider says is kept to the second."""
    backoff = Backoff(SystemClock(), Luck(seed, ("crowd",)))
    return lambda retries, said, _: backoff.delay_s(retries) if said is None else said


def equal_jitter(seed: int) -> Wait:
    """Half of it for certain, the other half by chance."""
    rng = random.Random(seed)

    def wait(retries: int, said: float | None, _: float) -> float:
        half_s = widest_s(retries) / 2
        return max(half_s, said or 0.0) + rng.uniform(0, half_s)

    return wait


def full_jitter(seed: int) -> Wait:
    """The building block, without a deadline."""
    rng = random.Random(seed)
    return lambda retries, said, _: next_delay(retries, retry_after=said, rng=rng)


def by_policy(policy: RetryPolicy, seed: int) -> Wait:
    """The building block as ``Retries`` calls it."""
    rng = random.Random(seed)
    return lambda retries, said, now_s: next_delay(
        retries,
        base=policy.base_s,
        cap=policy.cap_s,
        retry_after=said,
        deadline_left=policy.deadline_s - now_s,
        rng=rng,
    )


WAITS: Mapping[str, Callable[[int], Wait]] = MappingProxyType(
    {
        "without jitter": no_jitter,
        "as the SDK": like_the_sdk,
        "with equal jitter": equal_jitter,
        "with full jitter": full_jitter,
    }
)


@dataclass(frozen=True, slots=True)
class Came:
    """One crowd's day: when attempts came, when people were answered, and who was told."""

    arrived_s: tuple[float, ...]
    answered_s: tuple[float, ...]
    told: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """Clients that all ask at second 0, and again until they are answered or give up."""

    wait: Wait
    said: float | None = None
    attempts: int | None = None
    """Attempts after which a client gives up; None for never."""
    restarts: int | None = None
    """Attempts after which an app around the client begins anew, at once; None for never."""

    def run(self) -> Came:
        """Let them come, in the order of time; the bucket answers while it holds something."""
        due = [(0.0, client, 0) for client in range(PEOPLE)]
        bucket, at_s, told = float(CAPACITY), 0.0, 0
        arrived, answered = [], []
        while due:
            now_s, client, sent = heapq.heappop(due)
            bucket, at_s = min(CAPACITY, bucket + CAPACITY * (now_s - at_s)), now_s
            arrived.append(now_s)
            if bucket >= 1 - 1e-9:
                bucket -= 1
                answered.append(now_s)
            elif (wait_s := self.next_s(sent + 1, now_s)) is None:
                told += 1
            else:
                heapq.heappush(due, (now_s + wait_s, client, sent + 1))
        return Came(tuple(arrived), tuple(answered), told)

    def next_s(self, sent: int, now_s: float) -> float | None:
        """Seconds until a client that was turned away so often asks again."""
        if self.attempts is not None and sent >= self.attempts:
            return None
        if self.restarts is not None and sent % self.restarts == 0:
            return 0.0
        retries = (sent - 1) % self.restarts if self.restarts else sent - 1
        return self.wait(retries, self.said, now_s)


def wave(who: Who, waits: str, crowd: Crowd, patience_s: float) -> Wave:
    """What a crowd looks like."""
    came = crowd.run()
    counted = Counter(int(at_s / BIN_S + 1e-6) for at_s in came.arrived_s)
    counts = tuple(counted[place] for place in range(max(counted) + 1))
    peak = max(counts[1:], default=0)
    return Wave(
        who=who,
        waits=waits,
        counts=counts,
        attempts_each=len(came.arrived_s) / PEOPLE,
        peak=peak,
        peak_s=round(counts.index(peak, 1) * BIN_S, 1) if peak else 0.0,
        last_s=max(came.answered_s),
        in_time=sum(at_s <= patience_s for at_s in came.answered_s),
        told=came.told,
    )


def scene(waits: str, asks_s: float, twice: bool, *, policy: RetryPolicy, seed: int) -> CrowdScene:
    """Both crowds with what is said about them."""
    said, within_s = asks_s or None, policy.deadline_s
    theirs = f"{waits} · {'the app retries too' if twice else 'one layer'}"
    left = Crowd(WAITS[waits](seed), said, restarts=SDK_ATTEMPTS if twice else None)
    prototype = wave("prototype", theirs, left, within_s)
    ours = f"full jitter · one layer · deadline {number(within_s)} s"
    beside = Crowd(by_policy(policy, seed), said, attempts=policy.attempts)
    production = wave("production", ours, beside, within_s)
    asks = "no retry-after" if said is None else f"retry-after {number(said)} s"
    crowd_words = f"{PEOPLE} clients fail at once, {CAPACITY} a second are answered"
    return CrowdScene(
        finding=finding(prototype, production, twice=twice),
        patience_s=within_s,
        prototype=prototype,
        production=production,
        provenance=Provenance("simulated", (f"seed {seed}", crowd_words, asks)),
        not_shown=NOT_SHOWN,
    )


def finding(prototype: Wave, production: Wave, *, twice: bool) -> str:
    """The peaks; then who retries how often, or who was told to come later."""
    ours = f"{number(production.peak)} in production" if production.peak else "none in production"
    peaks = f"{number(prototype.peak)} attempts come back in one tenth of a second, {ours}"
    if twice:
        each = number(prototype.attempts_each, 1), number(production.attempts_each, 1)
        return f"{peaks}; two layers send {each[0]} for one question, one layer {each[1]}."
    if production.told >= MANY_TOLD:
        return f"{peaks}; it tells {several(production.told, 'person', 'people')} to come later."
    return f"{peaks}."
