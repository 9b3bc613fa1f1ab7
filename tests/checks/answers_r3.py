"""R3: right answers written otherwise, and each misconception written three ways."""

from collections import Counter
from math import comb, sqrt
from statistics import NormalDist
from typing import NamedTuple

from labkit import evals

CODE = "R3"


class Decision(NamedTuple):
    """What the exercise's stub has."""

    verdict: str
    flips: tuple = ()


def exact(worse, better):
    """One-sided and exact."""
    n = worse + better
    return sum(comb(n, k) for k in range(worse, n + 1)) / 2**n


# -- right answers, written otherwise ---------------------------------------------------------


def by_sets(before, after, *, alpha=0.05, critical=frozenset()):
    """With sets of ids."""
    passed = [{id for id, state in run.items() if state == "passed"} for run in (before, after)]
    unknown = {id for run in (before, after) for id, state in run.items() if state == "not run"}
    shared = (before.keys() & after.keys()) - unknown
    worse, better = shared & (passed[0] - passed[1]), shared & (passed[1] - passed[0])
    if before.keys() - after.keys() or worse & critical:
        return Decision("BLOCK", worse | better)
    if unknown & before.keys() or not shared:
        return Decision("INCONCLUSIVE", worse | better)
    is_worse = exact(len(worse), len(better)) <= alpha
    return Decision("BLOCK" if is_worse else "PASS", worse | better)


def by_loop(before, after, alpha=0.05, critical=()):
    """One loop and a counter; a plain pair comes back."""
    kinds, flips = Counter(), []
    for id, was in before.items():
        now = after.get(id)
        kind = "missing" if now is None else "unknown" if "not run" in (was, now) else "same"
        if kind == "same" and (was == "passed") != (now == "passed"):
            kind = "worse" if was == "passed" else "better"
            flips.append(id)
            kinds["critical"] += kind == "worse" and id in critical
        kinds[kind] += 1
    if kinds["missing"] or kinds["critical"]:
        return "BLOCK", flips
    if kinds["unknown"] or not before:
        return "INCONCLUSIVE", flips
    return ("BLOCK" if exact(kinds["worse"], kinds["better"]) <= alpha else "PASS"), flips


RIGHT = [evals.gate, by_sets, by_loop]

# -- planted misconceptions -------------------------------------------------------------------


def built(
    p=exact,
    decides=None,
    flips=lambda worse, better: worse | better,
    guarded=lambda worse, better, critical, failed: worse & critical,
    unknown=("not run",),
    outage="INCONCLUSIVE",
    missing="BLOCK",
    new=False,
    empty="INCONCLUSIVE",
    limit=lambda alpha: alpha,
):
    """A gate in which one thing is otherwise."""

    def gate(before, after, *, alpha=0.05, critical=frozenset()):
        ids = before.keys() | after.keys() if new else before.keys()
        states = {id: (before.get(id, "passed"), after.get(id)) for id in ids}
        lost = {id for id, (_, now) in states.items() if now is None}
        unsure = {id for id, pair in states.items() if set(pair) & set(unknown)}
        scored = {id: pair for id, pair in states.items() if id not in lost | unsure}
        worse = {id for id, (was, now) in scored.items() if was == "passed" != now}
        better = {id for id, (was, now) in scored.items() if was != "passed" == now}
        failed = {id for id, (_, now) in scored.items() if now != "passed"}
        named = flips(worse, better)
        if lost and missing:
            return Decision(missing, named)
        if guarded(worse, better, critical, failed):
            return Decision("BLOCK", named)
        if unsure and outage:
            return Decision(outage, named)
        if not scored:
            return Decision(empty, named)
        if decides:
            return Decision("BLOCK" if decides(scored) else "PASS", named)
        is_worse = p(len(worse), len(better)) <= limit(alpha)
        return Decision("BLOCK" if is_worse else "PASS", named)

    return gate


def score(scored, at):
    """The share that passed before (0) or after (1)."""
    return sum(pair[at] == "passed" for pair in scored.values()) / len(scored)


def normal(worse, better):
    """McNemar's test by the normal distribution, one-sided."""
    n = worse + better
    return 1 - NormalDist().cdf((worse - better) / sqrt(n)) if n else 1.0


def only(verdict):
    """The same word for everything."""
    return lambda before, after, **_: Decision(verdict)


def named(differs):
    """The right verdict, and the ids of the baseline whose states differ like this."""

    def gate(before, after, **settings):
        found = {id for id, was in before.items() if id in after and differs(was, after[id])}
        return Decision(by_sets(before, after, **settings).verdict, found)

    return gate


WRONG = {
    "returns-nothing": [
        lambda before, after, **_: None,
        lambda before, after, **_: print(Decision("PASS")),
        lambda before, after, **settings: [].append(by_sets(before, after, **settings)),
    ],
    "raises": [
        lambda before, after, **_: before.passed,
        lambda before, after, **_: Decision(),
        lambda before, after, **_: sum(before.values()),
    ],
    "no-decision": [
        lambda before, after, **_: "PASS",
        lambda before, after, **settings: by_sets(before, after, **settings).verdict == "PASS",
        lambda before, after, **settings: Decision("ok", by_sets(before, after, **settings).flips),
    ],
    "no-flips": [
        built(flips=lambda worse, better: ()),
        lambda before, after, **settings: Decision(by_sets(before, after, **settings).verdict),
        built(flips=lambda worse, better: worse & better),
    ],
    "counts-no-flip": [
        named(lambda was, now: was != now),
        named(lambda was, now: (was == "passed") != (now == "passed")),
        named(lambda was, now: "error" in (was, now) or (was == "passed") != (now == "passed")),
    ],
    "one-way-flips": [
        built(flips=lambda worse, better: worse),
        built(flips=lambda worse, better: better or worse),
        built(flips=lambda worse, better: sorted(worse)[:3]),
    ],
    "blocks-the-harmless": [
        only("BLOCK"),
        built(decides=lambda scored: True),
        built(decides=lambda scored: score(scored, 1) < 0.95),
    ],
    "compares-averages": [
        built(decides=lambda scored: score(scored, 1) < score(scored, 0)),
        built(decides=lambda scored: score(scored, 1) < 0.90),
        built(decides=lambda scored: score(scored, 1) < score(scored, 0) - 0.05),
    ],
    "two-sided": [
        built(p=lambda worse, better: min(1, 2 * exact(worse, better))),
        built(p=lambda worse, better: 2 * exact(max(worse, better), min(worse, better))),
        built(limit=lambda alpha: alpha / 2),
    ],
    "approximate": [
        built(p=normal),
        built(p=lambda worse, better: 0.01 if worse - better > 3 else 1),
        built(p=lambda worse, better: exact(worse + 1, better) if worse else 1),
    ],
    "fixed-alpha": [
        built(limit=lambda alpha: 0.05),
        built(limit=lambda alpha: max(alpha, 0.05)),
        built(p=lambda worse, better: 0 if exact(worse, better) <= 0.05 else 1),
    ],
    "only-below-alpha": [
        built(limit=lambda alpha: alpha - 1e-9),
        built(p=lambda worse, better: exact(worse, better) * 1.0001),
        built(limit=lambda alpha: 0.99 * alpha if alpha < 0.05 else alpha),
    ],
    "hides-critical": [
        built(guarded=lambda worse, better, critical, failed: False),
        built(guarded=lambda worse, better, critical, failed: len(worse & critical) > 1),
        built(guarded=lambda worse, better, critical, failed: critical and worse == critical | {0}),
    ],
    "critical-although-not-worse": [
        built(guarded=lambda worse, better, critical, failed: failed & critical),
        built(guarded=lambda worse, better, critical, failed: (worse | better) & critical),
        built(guarded=lambda worse, better, critical, failed: (failed | worse) & critical),
    ],
    "outage-as-failure": [
        built(unknown=()),
        built(outage="BLOCK"),
        lambda before, after, **settings: by_sets(
            before, {id: s.replace("not run", "failed") for id, s in after.items()}, **settings
        ),
    ],
    "outage-left-out": [
        built(outage=None),
        built(outage="PASS"),
        lambda before, after, **settings: (
            by_sets(
                *({id: s for id, s in run.items() if id not in gone} for run in (before, after)),
                **settings,
            )
            if (gone := {id for run in (before, after) for id, s in run.items() if s == "not run"})
            else by_sets(before, after, **settings)
        ),
    ],
    "crash-as-outage": [
        built(unknown=("not run", "error")),
        lambda before, after, **settings: (
            Decision("INCONCLUSIVE")
            if "error" in after.values()
            else by_sets(before, after, **settings)
        ),
        lambda before, after, **settings: by_sets(
            before, {id: s.replace("error", "not run") for id, s in after.items()}, **settings
        ),
    ],
    "drops-missing": [
        built(missing=None),
        built(missing="INCONCLUSIVE"),
        lambda before, after, **settings: (
            by_sets({id: s for id, s in before.items() if id in after}, after, **settings)
            if after
            else by_sets(before, after, **settings)
        ),
    ],
    "counts-new": [
        built(new=True),
        lambda before, after, **settings: (
            Decision("BLOCK")
            if before.keys() != after.keys()
            else by_sets(before, after, **settings)
        ),
        lambda before, after, **settings: (
            Decision("INCONCLUSIVE")
            if after.keys() - before.keys()
            else by_sets(before, after, **settings)
        ),
    ],
    "empty-passes": [
        built(empty="PASS"),
        built(empty="BLOCK"),
        lambda before, after, **settings: (
            by_sets(before, after, **settings) if before else Decision("PASS")
        ),
    ],
}
