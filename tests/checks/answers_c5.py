"""C5: right answers written otherwise, and each misconception written three ways."""

import operator
import random
import re
from collections import Counter

from labkit import cost

CODE = "C5"
SMALL_WORDS = "a an the i you we my your do does can may to of for in on is are hello please"
SMALL = frozenset(SMALL_WORDS.split())


def words(text):
    """The beginnings of the words that carry a question."""
    return {one[:4] for one in re.findall(r"\w+", text.lower()) if one not in SMALL}


def alike(one, other):
    """Whether two questions are one."""
    a, b = words(one), words(other)
    return len(a & b) >= 0.75 * len(a | b)


def picker(
    *,
    leak=alike,
    twin=alike,
    first=True,
    turns=True,
    counts=True,
    skips=True,
    draw=None,
    extra=0,
    fits=operator.le,
    whatever=False,
):
    """The answer, right unless something is set otherwise."""

    def pick(pool, k, *, eval_inputs, max_tokens, seed):
        known = sorted(pool, key=lambda one: one.input)
        shuffled = draw(pool, seed) if draw else random.Random(seed).sample(known, len(known))
        clean = []
        for one in shuffled:
            asked = any(leak(one.input, other) for other in eval_inputs)
            again = any(twin(one.input, other.input) for other in clean)
            if (not asked or (whatever and one.abstains)) and not again:
                clean.append(one)
        if first:
            clean.sort(key=lambda one: not one.abstains)
        picked, left = [], max_tokens if counts else 10**9
        while len(picked) < k + extra:
            shown = Counter(one.label for one in picked)
            rest = [one for one in clean if one not in picked]
            fit = [one for one in rest if fits(one.tokens, left)] if skips else rest
            if not fit:
                break
            chosen = min(fit, key=lambda one: shown[one.label]) if turns and picked else fit[0]
            if chosen.tokens > left:
                break
            picked.append(chosen)
            left -= chosen.tokens
        return picked

    return pick


# -- right answers, written otherwise ---------------------------------------------------------


def by_class(pool, k, *, eval_inputs, max_tokens, seed):
    """A queue for each class, served in turn."""
    rng = random.Random(seed)
    asked, queues, picked = list(eval_inputs), {}, []
    for one in rng.sample(sorted(pool, key=repr), len(pool)):
        if not any(alike(one.input, other) for other in asked):
            asked.append(one.input)
            queues.setdefault(one.label, []).append(one)
    for queue in queues.values():
        queue.sort(key=lambda one: not one.abstains)
    order = sorted(queues, key=lambda label: not queues[label][0].abstains)
    while any(queues.values()):
        for label in order:
            if queues[label] and len(picked) < k:
                one = queues[label].pop(0)
                if one.tokens + sum(each.tokens for each in picked) <= max_tokens:
                    picked.append(one)
        if len(picked) >= k:
            break
    return picked


RIGHT = [cost.pick_examples, picker(), by_class]

# -- planted misconceptions -------------------------------------------------------------------


def result(change):
    """What ``change`` makes of the right choice."""
    return lambda pool, k, **settings: change(picker()(pool, k, **settings))


def when(fits, otherwise):
    """Right, but where ``fits`` holds for the pool, k, and the eval."""

    def pick(pool, k, **settings):
        chosen = otherwise if fits(pool, k, settings["eval_inputs"]) else picker()
        return chosen(pool, k, **settings)

    return pick


def most_similar(pool, k, *, eval_inputs, max_tokens, seed):
    """The k that are most like the whole pool."""
    everybody = Counter(one.label for one in pool)
    return sorted(pool, key=lambda one: -everybody[one.label])[:k]


def similar_words(pool, k, *, eval_inputs, max_tokens, seed):
    """The k that are most like the first."""
    return sorted(pool, key=lambda one: one.label != pool[0].label)[:k]


def never(*_):
    """Takes no two for one."""
    return False


def same_text(one, other):
    """Compares the texts as they are."""
    return one == other


def same_plain(one, other):
    """Compares them without capitals, spaces and punctuation."""
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())


def any_word(one, other):
    """One shared word is enough."""
    return bool(words(one) & words(other))


def half(one, other):
    """Half of the words is enough."""
    a, b = words(one), words(other)
    return len(a & b) >= 0.5 * len(a | b)


def with_drill(leak):
    """Leaks only the one about the drill."""
    return lambda one, other: leak(one, other) if "drill" in one else alike(one, other)


ODD = random.Random(3)


WRONG = {
    "leaves-room": [
        picker(fits=operator.lt),
        picker(fits=lambda tokens, left: left - tokens > 0),
        picker(fits=lambda tokens, left: tokens + 1 <= left),
    ],
    "returns-nothing": [
        lambda pool, k, **_: None,
        result(print),
        lambda pool, k, *, eval_inputs, max_tokens, seed: random.Random(seed).shuffle(pool),
    ],
    "raises": [
        lambda pool, k, **settings: pool[k * 10],
        lambda pool, k, **settings: [one["input"] for one in pool][:k],
        lambda pool, k, *, eval_inputs, max_tokens, seed: max(eval_inputs),
    ],
    "not-examples": [
        result(lambda picked: [one.input for one in picked]),
        result(tuple),
        result(lambda picked: {one.label: one for one in picked}),
    ],
    "too-many": [
        picker(extra=1),
        lambda pool, k, **_: pool,
        when(lambda pool, k, asked: k == 4 and not asked, picker(extra=2)),
    ],
    "four-of-the-same": [
        lambda pool, k, **_: pool[:k],
        most_similar,
        similar_words,
    ],
    "no-abstention": [
        lambda pool, k, **settings: picker()(
            [one for one in pool if not one.abstains], k, **settings
        ),
        result(lambda picked: [one for one in picked if not one.abstains]),
        result(lambda picked: picked[1:]),
    ],
    "class-left-out": [
        result(lambda picked: picked[:3]),
        result(lambda picked: [one for one in picked if one.label != "hours"]),
        lambda pool, k, **settings: picker()(
            [one for one in pool if one.label != "fees"], k, **settings
        ),
    ],
    "leaks": [
        picker(leak=never),
        picker(leak=same_text),
        picker(leak=lambda one, other: one.strip("?") == other.strip("?")),
    ],
    "leaks-by-paraphrase": [
        picker(leak=same_plain),
        picker(leak=lambda one, other: one.lower().split()[:3] == other.lower().split()[:3]),
        picker(
            leak=lambda one, other: (
                re.sub(r"\W", "", one).lower() in re.sub(r"\W", "", other).lower()
            )
        ),
    ],
    "throws-too-much": [
        picker(leak=half),
        picker(leak=with_drill(any_word)),
        when(lambda pool, k, asked: k == 11, picker(leak=with_drill(half))),
    ],
    "leaks-the-no": [
        picker(whatever=True, draw=lambda pool, seed: sorted(pool, key=lambda one: one.input)),
        lambda pool, k, **settings: (
            [
                next(one for one in pool if one.abstains),
                *[one for one in picker()(pool, k, **settings) if not one.abstains],
            ]
            if settings["eval_inputs"] == ["do you lend aeroplanes"]
            else picker()(pool, k, **settings)
        ),
        when(lambda pool, k, asked: "do you lend aeroplanes" in asked, picker(leak=never)),
    ],
    "over-budget": [
        picker(counts=False),
        lambda pool, k, *, eval_inputs, max_tokens, seed: picker()(
            [one for one in pool if one.tokens <= max_tokens],
            k,
            eval_inputs=eval_inputs,
            max_tokens=10**9,
            seed=seed,
        ),
        lambda pool, k, *, eval_inputs, max_tokens, seed: picker()(
            pool, k, eval_inputs=eval_inputs, max_tokens=2 * max_tokens, seed=seed
        ),
    ],
    "stops-at-the-first": [
        picker(skips=False),
        when(lambda pool, k, asked: len(pool) == 12 and k == 9, result(lambda picked: picked[:3])),
        when(lambda pool, k, asked: k == 9 and not asked, picker(skips=False)),
    ],
    "other-each-time": [
        picker(draw=lambda pool, seed: random.sample(pool, len(pool))),
        picker(draw=lambda pool, seed: ODD.sample(pool, len(pool))),
        when(
            lambda pool, k, asked: k == 6,
            lambda pool, k, **settings: picker()(pool, k, **settings | {"seed": ODD.random()}),
        ),
    ],
    "by-pool-order": [
        picker(draw=lambda pool, seed: random.Random(seed).sample(pool, len(pool))),
        picker(draw=lambda pool, seed: pool),
        picker(draw=lambda pool, seed: pool[seed % 5 :] + pool[: seed % 5]),
    ],
    "ignores-the-seed": [
        picker(draw=lambda pool, seed: sorted(pool, key=lambda one: one.input)),
        picker(draw=lambda pool, seed: sorted(pool, key=lambda one: (one.tokens, one.input))),
        lambda pool, k, **settings: picker()(pool, k, **settings | {"seed": 0}),
    ],
    "shows-twins": [
        picker(twin=never),
        picker(twin=same_text),
        when(lambda pool, k, asked: k == 12, picker(twin=never)),
    ],
}
