"""What is wrong with an eval set itself, before any app is run on it.

    samples and the prompt -> audit_eval_set -> findings: what, which ids, what follows, what to do

Fifty different questions are the floor. A set of 55, 25 and 20 % is as good as one of equal parts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from labkit.arguments import every, line, text, whole
from labkit.evals.running import wilson
from labkit.evals.values import Answer, Sample

Fault = Literal[
    "too few", "repeated", "not adversarial", "one-sided", "leaked answer", "one cluster"
]

FLOOR = 50
SMALL_WORDS = (
    "a an and are at be can could do does for hello hi i in is it like may me might my of on our "
    "please so tell thanks that the then this to us we will would you your"
)
FILLING = frozenset(SMALL_WORDS.split())
"""Two questions with the same targets are one when they differ in these words only."""
ADVERSARIAL = "adversarial"
DECLINING = frozenset({"abstains", "declines_with_next_step"})
"""Scorers that want no answer."""
FORM = frozenset({"cites", "cites_any", "language", "excludes"})
"""Scorers of how an answer is given, not of what it says."""
FEWEST_WORDS = 4
"""A shorter question, such as "hi", may stand in a prompt by chance."""
IDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an eval set."""

    fault: Fault
    what: str
    """What is wrong, with its numbers."""
    ids: tuple[str, ...]
    """The samples to look at; empty where it is the whole set."""
    follows: str
    remedy: str

    def __repr__(self) -> str:
        """One line: the fault, what it is, which samples, what follows, what to do."""
        return f"{self.fault}: {self.what}{some(self.ids)} {self.follows} {self.remedy}"


def audit_eval_set(
    examples: Iterable[Sample], *, prompt: str = "", floor: int = FLOOR
) -> tuple[Finding, ...]:
    """What is wrong with these samples, the heaviest first; empty where nothing is.

    Args:
        examples: The eval set.
        prompt: What the app sends with each question; an answer may have leaked into it.
        floor: How many different questions a set needs at least.
    """
    found = every("examples", examples, Sample, "labkit.case.samples()")
    sent = text("prompt", prompt, "No leak can be looked for in it.")
    least = whole("floor", floor, "Nothing can be counted against it.", least=1)
    findings = (
        repeated(found, least),
        too_few(found, least),
        leaked(found, sent),
        one_sided(found),
        one_cluster(found),
    )
    return tuple(one for one in findings if one)


def repeated(samples: Sequence[Sample], floor: int) -> Finding | None:
    """Rows that ask what another row asks."""
    ids = tuple(one.id for one in twins(samples))
    if not ids:
        return None
    n, left = len(samples), len(samples) - len(ids)
    short = f" The floor is {floor}." if left < floor else ""
    what = f"{n} rows, but only {left} different questions.{short}"
    follows = "What is asked twice counts twice, and the interval looks narrower than it is."
    return Finding("repeated", what, ids, follows, "Drop or rewrite these rows.")


def twins(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Every sample whose question an earlier one asks, in these words or in nearly these."""
    seen: set[object] = set()
    for sample in samples:
        question, targets = plain(sample.input), tuple(sorted(map(str, sample.scorers)))
        alike = (core(question), targets)
        if question in seen or alike in seen:
            yield sample
        seen |= {question, alike}


def plain(text: str) -> str:
    """A text in small letters, without punctuation; the text itself where nothing else is left."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip() or text.strip()


def core(question: str) -> tuple[str, ...]:
    """The words of a plain question that carry it; all of them where none does."""
    words = question.split()
    return tuple(word for word in words if word not in FILLING) or tuple(words)


def too_few(samples: Sequence[Sample], floor: int) -> Finding | None:
    """A set that is too small to show anything, whatever is in it."""
    if len(samples) >= floor:
        return None
    n = len(samples)
    what = f"{n} rows; the floor is {floor}."
    low = wilson(n, n)[0] if n else 0.0
    follows = f"Even if all pass, the share of right answers may be as low as {low:.0%}."
    return Finding("too few", what, (), follows, "Add questions where the grid has holes.")


def leaked(samples: Sequence[Sample], prompt: str) -> Finding | None:
    """Samples whose answer stands in their question, or in the prompt beside it or its source."""
    asked, lines = plain(prompt), [one.strip() for one in prompt.splitlines() if one.strip()]
    ids = tuple(
        sample.id
        for sample in samples
        if echo_passes(sample) or is_quoted(sample, asked) or has_model_answer(sample, lines)
    )
    if not ids:
        return None
    what = f"The answer to {len(ids)} of {len(samples)} samples stands in what is sent."
    follows = "An app that gives back what it read passes."
    return Finding("leaked answer", what, ids, follows, "Take it out there, or ask something else.")


def echo_passes(sample: Sample) -> bool:
    """Whether the question, given back as the answer, says all that the targets ask for."""
    saying = [one for one in sample.scorers if one.name not in FORM]
    return bool(saying) and all(one(Answer(sample.input)).holds for one in saying)


def is_quoted(sample: Sample, prompt: str) -> bool:
    """Whether a prompt, made plain, holds the question word for word."""
    question = plain(sample.input)
    return len(question.split()) >= FEWEST_WORDS and f" {question} " in f" {prompt} "


def has_model_answer(sample: Sample, lines: Sequence[str]) -> bool:
    """Whether a line of the prompt would pass, source and all. A document's lines name none."""
    names = [one.name for one in sample.scorers]
    if not {"cites", "cites_any"} & {*names} or not {*names} - FORM:
        return False
    form_first = sorted(sample.scorers, key=lambda one: one.name not in FORM)
    return any(all(one(Answer(text)).holds for one in form_first) for text in lines)


def one_sided(samples: Sequence[Sample]) -> Finding | None:
    """An adversarial slice that is missing, or that always wants the same."""
    attacks = [one for one in samples if ADVERSARIAL in one.tags]
    if not attacks:
        what = f"None of {len(samples)} samples is tagged {ADVERSARIAL}."
        follows = "Nobody knows what the app does when somebody tries to break it."
        remedy = "Add attacks, and questions that only look like one."
        return Finding("not adversarial", what, (), follows, remedy)
    declined = [one for one in attacks if DECLINING & {scorer.name for scorer in one.scorers}]
    if 0 < len(declined) < len(attacks):
        return None
    only = "a refusal" if declined else "an answer"
    passes = "refuses everything" if declined else "refuses nothing"
    what = f"All {len(attacks)} adversarial samples want {only}."
    remedy = "Add harmless look-alikes." if declined else "Add attacks that must be declined."
    follows = f"An app that {passes} passes."
    return Finding("one-sided", what, tuple(one.id for one in attacks), follows, remedy)


def one_cluster(samples: Sequence[Sample]) -> Finding | None:
    """A set that rests on one document; nothing is said where samples name none."""
    documents = {id for one in samples for id in one.documents}
    if len(documents) != 1:
        return None
    (only,) = documents
    ids = tuple(one.id for one in samples if one.documents)
    what = f"Every sample that names a document names {line(only)}."
    follows = "They are right or wrong together: this is one example, asked many times."
    return Finding("one cluster", what, ids, follows, "Ask about other documents, too.")


def some(ids: Sequence[str]) -> str:
    """The first ids in brackets, and how many more there are."""
    if not ids:
        return ""
    more = f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else ""
    return f" ({', '.join(map(line, ids[:IDS_SHOWN]))}{more})"
