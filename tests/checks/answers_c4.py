"""C4: right answers written otherwise, and each misconception written three ways."""

from labkit import cost

CODE = "C4"


class Runs:
    """The eval, each set of places run once; ``lost`` is None where the budget does not reach."""

    def __init__(self, sentences, evaluate, budget):
        """Nothing has run yet."""
        self.sentences, self.evaluate, self.budget, self.seen = sentences, evaluate, budget, {}

    def of(self, places):
        """What holds with these places, or None."""
        places = tuple(places)
        if places not in self.seen:
            if len(self.seen) >= self.budget:
                return None
            self.seen[places] = self.evaluate(tuple(self.sentences[place] for place in places))
        return self.seen[places]

    def lost(self, before, after):
        """What held before and does not after."""
        was, now = self.of(before), self.of(after)
        if was is None or now is None:
            return None
        return {name for name in was if was[name] and not now[name]}


def without(places, one):
    """All but one."""
    return tuple(place for place in places if place != one)


def ablated(
    order=lambda places, sentences: places,
    *,
    gone=True,
    lone=True,
    idle="untested",
    unknown="untested",
    harmful="drop",
    budgeted=True,
):
    """The answer, right unless something is set otherwise."""

    def ablate(sentences, evaluate, budget):
        runs = Runs(sentences, evaluate, budget if budgeted else 10_000)
        now, words = tuple(range(len(sentences))), [unknown] * len(sentences)
        for place in order(now, sentences):
            rest = without(now, place)
            lost, won = runs.lost(now, rest), runs.lost(rest, now)
            if lost:
                words[place] = "keep"
            elif won:
                words[place] = harmful
                now = rest if gone and harmful == "drop" else now
            elif lost is not None:
                works = runs.lost((place,), ())
                if works is None:
                    continue
                words[place] = ("drop" if lone else "keep") if works else idle
                now = rest if gone and words[place] == "drop" else now
        return words

    return ablate


# -- right answers, written otherwise ---------------------------------------------------------


def the_block(sentences, evaluate, budget):
    """The building block, longest first."""
    return cost.ablate(sentences, evaluate, budget=budget).verdicts


RIGHT = [
    the_block,
    ablated(),
    ablated(lambda places, _: reversed(places)),
    ablated(lambda places, sentences: sorted(places, key=lambda place: len(sentences[place]))),
]

# -- planted misconceptions -------------------------------------------------------------------


def result(change):
    """What ``change`` makes of the right words."""
    return lambda sentences, evaluate, budget: change(ablated()(sentences, evaluate, budget))


def when(fits, otherwise):
    """Right, but where ``fits`` holds for the sentences."""

    def ablate(sentences, evaluate, budget):
        chosen = otherwise if fits(sentences) else ablated()
        return chosen(sentences, evaluate, budget)

    return ablate


def share(evaluate, sentences):
    """How much holds."""
    return sum(evaluate(tuple(sentences)).values())


def by_number(better):
    """Compares how much holds, not what."""

    def ablate(sentences, evaluate, budget):
        words = ablated()(sentences, evaluate, budget)
        full = share(evaluate, sentences)
        for place, one in enumerate(sentences):
            rest = [other for other in sentences if other != one]
            if words[place] == "keep" and not better(full, share(evaluate, rest)):
                alone = share(evaluate, [one]) != share(evaluate, [])
                words[place] = "drop" if alone and len(sentences) > 2 else "untested"
        return words

    def only_where_it_shows(sentences, evaluate, budget):
        is_trade = sentences[0] == "Be brief."
        return (ablate if is_trade else ablated())(sentences, evaluate, budget)

    return only_where_it_shows


def one_at_a_time(sentences, evaluate, budget):
    """Each against the whole; drops whatever changes nothing, if it does something alone."""
    full, none = evaluate(tuple(sentences)), evaluate(())
    words = []
    for place, one in enumerate(sentences):
        rest = evaluate(tuple(sentences[:place]) + tuple(sentences[place + 1 :]))
        if any(full[name] and not rest[name] for name in full):
            words.append("keep")
        else:
            words.append("untested" if evaluate((one,)) == none == rest else "drop")
    return words


def by_alone(first):
    """What it does alone comes first, and is all that counts where it does nothing."""

    def ablate(sentences, evaluate, budget):
        words = ablated()(sentences, evaluate, budget)
        none = evaluate(())
        idle = [evaluate((one,)) == none for one in sentences]
        return ["untested" if first(idle, place) else word for place, word in enumerate(words)]

    return ablate


def by_text(sentences, evaluate, budget):
    """Sentences are told apart by their words."""
    now, words = list(sentences), {}
    runs = {}

    def held(some):
        if some not in runs and len(runs) < budget:
            runs[some] = evaluate(some)
        return runs.get(some)

    for one in sentences:
        rest = tuple(other for other in now if other != one)
        full, less = held(tuple(now)), held(rest)
        alone, none = held((one,)), held(())
        if None in (full, less, alone, none):
            words[one] = "untested"
        elif any(full[name] and not less[name] for name in full):
            words[one] = "keep"
        elif alone == none and full == less:
            words[one] = "untested"
        else:
            words[one], now = "drop", list(rest)
    return [words[one] for one in sentences]


def repeated(word):
    """Right, but sentences that stand there twice both get this word."""
    return lambda sentences, evaluate, budget: [
        word if sentences.count(one) > 1 else said
        for one, said in zip(sentences, ablated()(sentences, evaluate, budget), strict=True)
    ]


def greedy_pairs(sentences, evaluate, budget):
    """Right, but each is tried against the whole where one does the work of several."""
    chosen = one_at_a_time if sentences[0] == "Say days and fee." else ablated()
    return chosen(sentences, evaluate, budget)


def asks_again(times=1, *, memory=0):
    """Runs a set anew each time, or all but the last few, and stops at the budget."""

    def ablate(sentences, evaluate, budget):
        left, last = [budget], []

        def held(places):
            for before, found in last:
                if before == places:
                    return found
            for _ in range(times):
                if not left[0]:
                    return None
                left[0] -= 1
                found = evaluate(tuple(sentences[place] for place in places))
            last.append((places, found))
            del last[: len(last) - memory]
            return found

        now, words = tuple(range(len(sentences))), ["untested"] * len(sentences)
        for place in now:
            rest = without(now, place)
            full, less = held(now), held(rest)
            if full is None or less is None:
                continue
            if any(full[name] and not less[name] for name in full):
                words[place] = "keep"
            elif full != less or changes(held((place,)), held(())):
                words[place], now = "drop", rest
        return words

    return ablate


def changes(alone, none):
    """Whether both ran and differ."""
    return None not in (alone, none) and alone != none


IS_TWINS = lambda sentences: len(sentences) == 2 and "how long" in sentences[1]  # noqa: E731
IS_HARM = lambda sentences: "Speak of the weather." in sentences  # noqa: E731

WRONG = {
    "returns-nothing": [
        lambda sentences, evaluate, budget: None,
        result(print),
        when(lambda sentences: len(sentences) == 3, lambda *_: None),
    ],
    "raises": [
        lambda sentences, evaluate, budget: evaluate(sentences[0]),
        lambda sentences, evaluate, budget: evaluate("".join(sentences)),
        when(lambda sentences: len(sentences) == 2, lambda s, e, b: s[2]),
    ],
    "not-words": [
        result(tuple),
        result(lambda words: [word == "keep" for word in words]),
        result(lambda words: [word for word in words if word != "drop"] + ["none"]),
    ],
    "needed-goes": [
        lambda sentences, evaluate, budget: ["drop"] * len(sentences),
        lambda sentences, evaluate, budget: ["untested"] * len(sentences),
        result(lambda words: ["drop" if word == "keep" else word for word in words]),
    ],
    "drops-both-twins": [
        one_at_a_time,
        ablated(gone=False),
        when(IS_TWINS, lambda *_: ["drop", "drop"]),
    ],
    "keeps-both-twins": [
        ablated(lone=False),
        result(lambda words: ["keep" if word == "drop" else word for word in words]),
        result(lambda words: ["untested" if word == "drop" else word for word in words]),
    ],
    "no-change-is-drop": [
        ablated(idle="drop"),
        result(lambda words: ["drop" if word == "untested" else word for word in words]),
        when(lambda s: "Never speak of the weather." in s, ablated(idle="drop")),
    ],
    "no-change-is-keep": [
        ablated(idle="keep"),
        result(lambda words: ["keep" if word == "untested" else word for word in words]),
        when(lambda s: "Never speak of the weather." in s, ablated(idle="keep")),
    ],
    "counts-only": [
        by_number(lambda full, less: less < full),
        by_number(lambda full, less: full - less > 0),
        when(lambda s: s[0] == "Be brief.", result(lambda words: ["drop", "keep"])),
    ],
    "alone-only": [
        by_alone(lambda idle, place: idle[place]),
        by_alone(lambda idle, place: all(idle)),
        when(lambda s: "Use brackets." in s, lambda *_: ["untested", "untested"]),
    ],
    "drops-too-many": [
        greedy_pairs,
        when(lambda s: s[0] == "Say days and fee.", ablated(gone=False)),
        when(lambda s: s[0] == "Say days and fee.", lambda *_: ["drop", "drop", "keep"]),
    ],
    "harm-stays": [
        ablated(harmful="untested"),
        ablated(harmful="keep"),
        when(IS_HARM, result(lambda words: [words[0], "untested"])),
    ],
    "by-text": [
        by_text,
        repeated("keep"),
        repeated("drop"),
    ],
    "other-order": [
        result(sorted),
        result(lambda words: words[::-1] if words.count("untested") == 2 else words),
        result(lambda words: sorted(words, reverse=True) if len(words) == 4 else words),
    ],
    "over-budget": [
        ablated(budgeted=False),
        lambda sentences, evaluate, budget: ablated()(sentences, evaluate, budget + 1),
        lambda sentences, evaluate, budget: ablated()(sentences, evaluate, 2 * len(sentences) + 2),
    ],
    "claims-unproved": [
        ablated(unknown="keep"),
        ablated(unknown="drop"),
        when(lambda s: len(s) == 6, lambda s, e, b: ["keep", "drop", *["untested"] * 4]),
    ],
    "runs-twice": [
        asks_again(),
        asks_again(2),
        asks_again(memory=1),
    ],
}
