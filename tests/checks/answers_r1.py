"""R1: right answers written otherwise, and each misconception written three ways."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from labkit.evals import audit_eval_set

CODE = "R1"


@dataclass(frozen=True)
class Found:
    """The least that a finding must have."""

    fault: str


def plain(question):
    """A question without capitals and punctuation."""
    return re.sub(r"\W+", " ", question.lower()).strip()


def attacks(examples):
    """The adversarial rows."""
    return [one for one in examples if "adversarial" in one.tags]


def declining(examples):
    """How many rows want a refusal."""
    return sum(s.name == "declines_with_next_step" for one in examples for s in one.scorers)


def leaks(one):
    """Whether a question passes as its own answer."""
    return all(scorer(one.input).holds for scorer in one.scorers)


def one_of_each(examples):
    """How many questions differ."""
    return len({plain(one.input) for one in examples})


RULES = {
    "too few": lambda e: len(e) < 50,
    "repeated": lambda e: one_of_each(e) < len(e),
    "not adversarial": lambda e: not attacks(e),
    "one-sided": lambda e: attacks(e) and declining(attacks(e)) in (0, len(attacks(e))),
    "leaked answer": lambda e: any(map(leaks, e)),
    "one cluster": lambda e: len({id for one in e for id in one.documents}) == 1,
}


def by(rules):
    """An audit of these rules."""
    return lambda examples: [Found(name) for name, holds in rules.items() if holds(examples)]


def by_words(examples):
    """Sets of words in their order, and different questions as the floor."""
    questions = {tuple(re.findall(r"\w+", one.input.casefold())) for one in examples}
    found = [Found("too few")] if len(questions) < 50 else []
    if len(questions) != len(examples):
        found.append(Found("repeated"))
    hard = attacks(examples)
    wanting = [any("declines" in str(s) for s in one.scorers) for one in hard]
    if not hard:
        found.append(Found("not adversarial"))
    elif all(wanting) or not any(wanting):
        found.append(Found("one-sided"))
    if [
        one for one in examples for s in one.scorers if any(str(t) in one.input for t in s.targets)
    ]:
        found.append(Found("leaked answer"))
    if len(set(examples[0].documents).union(*(one.documents for one in examples))) < 2:
        found.append(Found("one cluster"))
    return found


RIGHT = [audit_eval_set, by(RULES), by_words]


def but(**changed):
    """Right but for the rules that are named, with _ for a space."""
    return by({name: changed.get(re.sub(r"\W", "_", name), rule) for name, rule in RULES.items()})


def never(_):
    """A rule that finds nothing."""
    return False


def shares(examples):
    """The share of each slice."""
    tags = [one.tags[0] for one in examples]
    return [tags.count(tag) / len(tags) for tag in set(tags)]


def alike(share):
    """Whether two questions share so many letters."""

    def rule(examples):
        asked = [plain(one.input) for one in examples]
        return any(
            SequenceMatcher(None, a, b).ratio() > share
            for n, a in enumerate(asked)
            for b in asked[:n]
        )

    return rule


def and_not(rule, other):
    """A rule that another one switches off."""
    return lambda examples: rule(examples) and not other(examples)


def later_shouts(examples):
    """A row that shouts what an earlier one says, or repeats it."""
    asked = [one.input for one in examples]
    return any(
        plain(late) == plain(early) and (late.isupper() or not early.isupper())
        for n, late in enumerate(asked)
        for early in asked[:n]
    )


def later_is_long(examples):
    """A twin that stands more than thirty rows below the first one, and is the capital one."""
    asked = [one.input for one in examples]
    return any(
        plain(a) == plain(b) and asked.index(a) <= 39 and not a.isupper()
        for n, b in enumerate(asked)
        for a in asked[:n]
    )


def first_forty(examples):
    """Twins of a row among the first forty that is not in capitals."""
    firsts = {plain(one.input) for one in examples[:20] if not one.input.isupper()}
    return any(plain(one.input) in firsts for one in examples[20:])


def first_only(order):
    """Returns at the first fault, in this order."""

    def audit(examples):
        return next(([Found(name)] for name in order if RULES[name](examples)), [])

    return audit


def changing(change):
    """Right, but the list is another afterwards."""

    def audit(examples):
        found = RIGHT[1](examples)
        change(examples)
        return found

    return audit


WRONG = {
    "returns-nothing": [lambda e: None, lambda e: print(RIGHT[1](e)), lambda e: e.sort(key=str)],
    "raises": [
        lambda e: [Found(one.slice) for one in e],
        lambda e: [Found("too few")] if e.rows else [],
        lambda e: 1 / 0,
    ],
    "not-findings": [
        lambda e: [one.fault for one in RIGHT[1](e)] or "fine",
        lambda e: bool(RIGHT[1](e)),
        len,
    ],
    "changes-the-set": [
        changing(lambda e: e.pop()),
        changing(lambda e: e.sort(key=lambda one: one.input)),
        changing(lambda e: e.clear()),
    ],
    "merges-different-questions": [
        but(repeated=alike(0.8)),
        but(repeated=alike(0.9)),
        but(repeated=lambda e: len({plain(one.input)[:20] for one in e}) < len(e)),
    ],
    "floor-too-high": [
        but(too_few=lambda e: len(e) <= 50),
        but(too_few=lambda e: len(e) < 84),
        but(too_few=lambda e: len(e) < 55),
    ],
    "rejects-a-good-set": [
        by(RULES | {"unbalanced": lambda e: max(shares(e)) > 0.5}),
        by(RULES | {"unbalanced": lambda e: len({round(one, 2) for one in shares(e)}) > 1}),
        but(one_sided=lambda e: declining(attacks(e)) * 2 != len(attacks(e))),
    ],
    "nothing-is-one-sided": [
        but(one_sided=lambda e: declining(attacks(e)) in (0, len(attacks(e)))),
        but(one_sided=lambda e: declining(attacks(e)) == len(attacks(e)) or not declining(e)),
        but(one_sided=lambda e: not 0 < declining(attacks(e)) < len(attacks(e))),
    ],
    "one-scorer-is-enough": [
        but(leaked_answer=lambda e: any(s(one.input).holds for one in e for s in one.scorers)),
        but(leaked_answer=lambda e: any(one.scorers[-1](one.input).holds for one in e)),
        but(leaked_answer=lambda e: sum(s(one.input).holds for one in e for s in one.scorers) > 0),
    ],
    "no-floor": [
        but(too_few=never),
        but(too_few=lambda e: len(e) < 49),
        but(too_few=lambda e: len(e) < 6),
    ],
    "counts-rows": [
        but(repeated=never),
        but(repeated=lambda e: len({one.id for one in e}) < len(e)),
        but(repeated=lambda e: len(set(e)) < len(e)),
    ],
    "exact-match": [
        but(repeated=lambda e: len({one.input for one in e}) < len(e)),
        but(repeated=lambda e: len({one.input.strip() for one in e}) < len(e)),
        but(repeated=lambda e: len({one.input.lower() for one in e}) < len(e)),
        but(repeated=lambda e: len({re.sub(r"\W+", " ", one.input.lower()) for one in e}) < len(e)),
    ],
    "never-attacked": [
        but(not_adversarial=never),
        but(not_adversarial=lambda e: len({one.tags[0] for one in e}) < 2),
        but(not_adversarial=lambda e: not e[0].tags),
    ],
    "one-direction-only": [
        but(one_sided=lambda e: attacks(e) and declining(attacks(e)) == len(attacks(e))),
        but(one_sided=lambda e: attacks(e) and not declining(attacks(e))),
        but(one_sided=never),
    ],
    "never-looks-for-leaks": [
        but(leaked_answer=never),
        but(
            leaked_answer=lambda e: any(s.targets == (one.input,) for one in e for s in one.scorers)
        ),
        but(leaked_answer=lambda e: any("[" in one.input for one in e)),
    ],
    "ignores-clusters": [
        but(one_cluster=never),
        but(one_cluster=lambda e: not any(one.documents for one in e)),
        but(one_cluster=lambda e: len({one.source for one in e}) > 1),
    ],
    "stops-at-the-first": [
        first_only(RULES),
        first_only(sorted(RULES)),
        by(RULES | {"not adversarial": and_not(RULES["not adversarial"], RULES["too few"])}),
    ],
    "depends-on-the-order": [
        but(repeated=later_shouts),
        but(repeated=later_is_long),
        but(repeated=first_forty),
    ],
}
