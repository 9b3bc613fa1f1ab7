"""R4: right answers written otherwise, and each misconception written three ways."""

import random
import re
from collections import defaultdict
from datetime import date
from functools import partial
from typing import NamedTuple

from labkit import evals

CODE = "R4"
TODAY = date(2026, 11, 23)


class Example(NamedTuple):
    """What the exercise's stub has."""

    id: str
    text: str
    weight: float = 1.0


def plain(text):
    """Lower-cased and without punctuation."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def free(record):
    """Whether a record may be used."""
    return not record.opted_out and record.expires > TODAY


# -- right answers, written otherwise ---------------------------------------------------------


def by_rounds(log, k, *, seed, redact, stratify_by):
    """One from each stratum in turn, until there are k."""
    rng, twins, strata = random.Random(seed), {}, {}
    for record in log:
        if free(record):
            twins.setdefault(plain(redact(record.text)), []).append(record)
    for group in twins.values():
        head = next((one for one in group if one.feedback == "down"), group[0])
        name = "down" if head.feedback == "down" else f"is {getattr(head, stratify_by)}"
        strata.setdefault(name, []).append((head, len(group)))
    sizes = {name: sum(n for _, n in rows) for name, rows in strata.items()}
    for rows in strata.values():
        rng.shuffle(rows)
    taken = defaultdict(list)
    while sum(map(len, taken.values())) < k:
        for name, rows in strata.items():
            if rows and sum(map(len, taken.values())) < k:
                taken[name].append(rows.pop()[0])
    return [
        Example(one.id, redact(one.text), sizes[name] / len(rows))
        for name, rows in taken.items()
        for one in rows
    ]


# -- planted misconceptions -------------------------------------------------------------------


def built(
    usable=free,
    key=lambda text, redact: plain(redact(text)),
    field=lambda by: by,
    keeps=lambda text, redact: redact(text),
    failures=True,
    looks=lambda group: group,
    generator=random.Random,
    rare=True,
    weight=lambda stratum, picks, **_: stratum / picks,
    pick=lambda rng, rows, n: rng.sample(rows, n),
    finally_=lambda found: found,
    before=lambda log: log,
):
    """A draw in which one thing is otherwise."""

    def sample_for_eval(log, k, *, seed, redact, stratify_by):
        rng, twins = generator(seed), defaultdict(list)
        for record in before(log):
            if usable(record):
                twins[key(record.text, redact)].append(record)
        strata = defaultdict(list)
        for group in twins.values():
            downs = [one for one in looks(group) if one.feedback == "down"] if failures else []
            head = (downs or group)[0]
            name = "down" if downs else getattr(head, field(stratify_by)) if rare else ""
            strata[name].append((head, len(group)))
        sizes = {name: sum(n for _, n in rows) for name, rows in strata.items()}
        picks = dict.fromkeys(strata, 1)
        while sum(picks.values()) < min(k, len(twins)):
            room = [name for name in picks if picks[name] < len(strata[name])]
            picks[max(room, key=lambda name: sizes[name] / (2 * picks[name] + 1))] += 1
        facts = {
            "messages": sum(sizes.values()),
            "distinct": len(twins),
            "log": len(log),
            "k": k,
        }
        found = []
        for name, rows in strata.items():
            count = {"stratum": sizes[name], "picks": picks[name], "different": len(rows), **facts}
            found += [
                (one, keeps(one.text, redact), weight(**count))
                for one, _ in pick(rng, rows, picks[name])
            ]
        return finally_([Example(one.id, text, each) for one, text, each in found])

    return sample_for_eval


RIGHT = [partial(evals.sample_for_eval, today=TODAY), by_rounds, built()]


def after(rule, **otherwise):
    """Draw from everything, and throw away then what breaks a rule."""

    def sample_for_eval(log, k, *, seed, redact, stratify_by):
        by_id = {one.id: one for one in log}
        everything = built(usable=lambda _: True, **otherwise)
        found = everything(log, k, seed=seed, redact=redact, stratify_by=stratify_by)
        return [one for one in found if rule(by_id[one.id])]

    return sample_for_eval


def twins_thrown_away(log, k, *, seed, redact, stratify_by):
    """Draw with the twins, and keep one of each then."""
    drawn = built(key=lambda text, _: object())(
        log, k, seed=seed, redact=redact, stratify_by=stratify_by
    )
    return list({plain(one.text): one for one in drawn}.values())


def cut(piece):
    """A piece of the log, without chance."""

    def sample_for_eval(log, k, *, seed, redact, stratify_by):
        return [Example(one.id, redact(one.text)) for one in piece(log, k)]

    return sample_for_eval


def shuffled(log):
    """The same list, shuffled in place."""
    random.Random(1).shuffle(log)
    return log


def sorted_in_place(log):
    """The same list, sorted in place."""
    log.sort(key=lambda one: one.text)
    return log


def emptied(log):
    """What was in the list, which is empty now."""
    found = log[:]
    log.clear()
    return found


def at_random(log, k, *, seed, redact, stratify_by):
    """No strata at all."""
    found = random.Random(seed).sample([one for one in log if free(one)], k)
    return [Example(one.id, redact(one.text), len(log) / k) for one in found]


def biggest_first(rng, rows, n):
    """The first of each stratum."""
    return rows[:n]


def raw_key(text, redact):
    """Twins are found before the redaction."""
    return plain(text)


WRONG = {
    "returns-nothing": [
        lambda log, k, *, seed, redact, stratify_by: None,
        built(finally_=print),
        built(finally_=lambda found: found.sort()),
    ],
    "raises": [
        built(usable=lambda one: not one.has_said_no),
        built(generator=lambda seed: seed),
        built(before=lambda log: log["messages"]),
    ],
    "not-examples": [
        built(finally_=lambda found: [one.text for one in found]),
        built(finally_=lambda found: [tuple(one) for one in found]),
        built(finally_=lambda found: [one._replace(id=one.text) for one in found]),
    ],
    "changes-the-log": [
        built(before=shuffled),
        built(before=sorted_in_place),
        built(before=emptied),
    ],
    "throws-away-after-drawing": [
        twins_thrown_away,
        built(finally_=lambda found: found[1:]),
        after(lambda one: not one.opted_out and one.expires > TODAY),
    ],
    "draws-one-twice": [
        built(pick=lambda rng, rows, n: rng.choices(rows, k=n)),
        built(pick=lambda rng, rows, n: [rng.choice(rows) for _ in range(n)]),
        built(pick=lambda rng, rows, n: [rows[int(rng.random() * len(rows))] for _ in range(n)]),
    ],
    "no-seed": [
        built(generator=lambda _: random.Random()),
        built(generator=lambda _: random.SystemRandom()),
        built(pick=lambda _, rows, n: random.sample(rows, n)),
    ],
    "first-of-the-log": [
        cut(lambda log, k: log[:k]),
        cut(lambda log, k: log[-k:]),
        cut(lambda log, k: sorted(log, key=lambda one: one.id)[:k]),
    ],
    "ignores-the-seed": [
        built(pick=biggest_first),
        built(generator=lambda _: random.Random(7)),
        built(pick=lambda rng, rows, n: rows[-n:]),
    ],
    "loses-a-stratum": [
        at_random,
        built(rare=False),
        built(usable=lambda one: free(one) and one.topic != "safety"),
    ],
    "always-by-topic": [
        built(field=lambda _: "topic"),
        built(field=lambda by: "topic" if by == "language" else by),
        built(usable=lambda one: free(one) and one.language == "en"),
    ],
    "drops-short-messages": [
        built(usable=lambda one: free(one) and len(one.text) > 4),
        built(usable=lambda one: free(one) and " " in one.text),
        built(usable=lambda one: free(one) and len(one.text.split()) > 1),
    ],
    "draws-twins": [
        built(key=lambda text, redact: redact(text)),
        built(key=lambda text, redact: redact(text).strip("!. ")),
        built(key=lambda text, redact: redact(text).lower()),
    ],
    "keeps-the-raw-text": [
        built(keeps=lambda text, _: text),
        built(keeps=lambda text, _: plain(text).replace(" 0", "-0")),
        built(keeps=lambda text, _: text.strip().lower()),
    ],
    "twins-behind-the-mask": [
        built(key=raw_key),
        built(key=lambda text, _: re.sub(r"[!.]+$", "", text.lower())),
        built(key=lambda text, _: tuple(plain(text).split())),
    ],
    "thumb-behind-a-twin": [
        built(looks=lambda group: group[:1]),
        built(looks=lambda group: group[-1:]),
        built(looks=lambda group: group if len(group) < 2 else []),
    ],
    "no-thumbs-down": [
        built(failures=False),
        built(usable=lambda one: free(one) and one.feedback != "down"),
        built(usable=lambda one: free(one) and one.feedback in ("none", "up"), failures=False),
    ],
    "uses-who-said-no": [
        built(usable=lambda one: one.expires > TODAY),
        built(usable=lambda one: one.expires > TODAY or one.opted_out),
        built(usable=lambda one: one.expires > TODAY and one.opted_out is not None),
    ],
    "keeps-the-expired": [
        built(usable=lambda one: not one.opted_out),
        built(usable=lambda one: not one.opted_out and one.expires is not None),
        built(usable=lambda one: not one.opted_out and one.expires.year >= TODAY.year),
    ],
    "one-day-too-long": [
        built(usable=lambda one: not one.opted_out and one.expires >= TODAY),
        built(usable=lambda one: not (one.opted_out or one.expires < TODAY)),
        built(usable=lambda one: not one.opted_out and (TODAY - one.expires).days < 1),
    ],
    "weight-of-one": [
        built(weight=lambda **_: 1),
        built(weight=lambda **_: 1.0),
        built(weight=lambda k, picks, **_: (k / 5) / picks),
    ],
    "weights-are-shares": [
        built(weight=lambda stratum, picks, messages, **_: stratum / picks / messages),
        built(weight=lambda k, **_: 1 / k),
        built(weight=lambda picks, different, distinct, **_: different / picks / distinct),
    ],
    "weights-miss-the-twins": [
        built(weight=lambda different, picks, **_: different / picks),
        built(weight=lambda distinct, k, **_: distinct / k),
        built(weight=lambda different, picks, **_: round(different / picks, 3)),
    ],
    "weights-count-everybody": [
        built(weight=lambda log, k, **_: log / k),
        built(weight=lambda stratum, picks, log, messages, **_: log * stratum / messages / picks),
        built(weight=lambda picks, log, **_: log / 5 / picks),
    ],
    "one-weight-for-all": [
        built(weight=lambda messages, k, **_: messages / k),
        built(weight=lambda messages, picks, **_: messages / 5 / picks),
        built(
            weight=lambda messages, picks, different, distinct, **_: (
                messages * different / distinct / picks
            )
        ),
    ],
}
