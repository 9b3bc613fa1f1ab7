"""Summaries: what the simulated model keeps of a conversation that is compacted.

    conversation -> what its turns say, what they brought, what was called -> lines -> Summary

Default: what people said of themselves (as long as the tier keeps it in mind), the last questions,
and of the documents in the turns what bears on the last one. Instructions replace all of that:
then what has a word of theirs is kept. What was asked last, and the calls since, always are.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from labkit.sim.model import memory
from labkit.sim.model.context import read
from labkit.sim.model.question import LONGEST
from labkit.sim.model.results import text_of_result
from labkit.sim.model.scene import Scene, text_of
from labkit.sim.model.statements import (
    Statement,
    apart,
    beside_documents,
    has_documents,
    sentences,
)
from labkit.sim.model.telling import Made, made_for
from labkit.sim.model.words import STOP, stem, terms, words
from labkit.sim.reply import RuleFired

HEADING = "Summary of the conversation."
TOLD, ANSWERED, BEFORE, CALLED, LAST = "Told", "Answered", "Asked before", "Called", "Asked last"
"""What each line begins with."""
MOST_SENTENCES, LONGEST_SENTENCE = 12, 500
"""Of the turns, of the answers and of the documents in the turns, each; and the characters."""
MOST_BEFORE, LONGEST_BEFORE = 3, 200
"""Questions before the last one, and the characters of each."""
MOST_CALLS, LONGEST_RESULT = 20, 1_000
"""Calls since the person last wrote, and the characters of what came back."""
OF_THEMSELVES = re.compile(
    r"\b(?:constraints?|preferences?|requirements?|needs?|themselves"
    r"|(?:about|by) (?:the )?(?:user|person|people|member|customer|visitor))\b",
    re.IGNORECASE,
)
"""Instructions that name all that people said of themselves."""
OF_SUMMARIES = (
    "summary summarise summarize summarising summarizing transcript conversation context preserve "
    "preserving keep keeping focus include including information relevant every all any only each "
    "word words said write call while respond text tool tools tag tags inside next task window"
)
"""Words that instructions are made of and that name nothing to keep."""


class Summary(NamedTuple):
    """What is left of a conversation."""

    text: str
    rules: tuple[RuleFired, ...]
    """What was kept, and each thing that was lost of what people said of themselves."""


class Own(NamedTuple):
    """What somebody said of themselves."""

    said: str
    turns_ago: int


def summed_up(scene: Scene, instructions: str | None) -> Summary:
    """Sum a conversation up, by the instructions if there are any."""
    wanted = named_in(instructions) if instructions and instructions.strip() else None
    own = own_words(scene)
    reasons = {one: why_lost(one, scene, instructions, wanted) for one in own}
    told = [f"{TOLD}: {one.said}." for one, why in reasons.items() if why is None]
    named = named_lines(scene, wanted or (), {one.said for one in own})
    papers = document_lines(scene, wanted or ())
    before = before_lines(scene) if wanted is None else []
    kept = RuleFired(
        "compaction",
        f"the summary keeps {len(told)} of {len(own)} things that people said of themselves, "
        f"{len(named)} sentences that the instructions name, and statements of {len(papers)} "
        "documents that turns brought; the rest is gone",
    )
    lost = [RuleFired("compaction-lost", why) for why in reasons.values() if why is not None]
    lines = [HEADING, *told, *named, *papers, *before, *call_lines(scene)]
    return Summary("\n".join(lines), (kept, *lost))


def named_in(instructions: str) -> frozenset[str]:
    """The words of instructions that name something to keep."""
    return frozenset(map(stem, set(words(instructions)) - set(OF_SUMMARIES.split()) - STOP))


def own_words(scene: Scene) -> list[Own]:
    """What people said of themselves before the last turn, each thing where it was said last."""
    turns = plain_turns(scene)
    said = [
        (one.strip(), len(turns) - 1 - at)
        for at, turn in enumerate(turns[:-1])
        for one in memory.told_in(turn)
    ]
    return [Own(one, ago) for one, ago in dict(said).items()]


def why_lost(
    own: Own, scene: Scene, instructions: str | None, wanted: Collection[str] | None
) -> str | None:
    """Why something is not in the summary; None if it is."""
    skill = scene.skill
    if wanted is None:
        if own.turns_ago <= skill.remembers_turns:
            return None
        return (
            f"“{own.said}” was said {own.turns_ago} turns ago, beyond the {skill.remembers_turns} "
            f"that the {skill.tier} tier keeps in mind, and is not in the summary"
        )
    if OF_THEMSELVES.search(str(instructions)) or set(wanted).intersection(terms(own.said)):
        return None
    return (
        f"“{own.said}” has no word of the instructions, which replace the default prompt, and is "
        "not in the summary"
    )


def named_lines(scene: Scene, wanted: Collection[str], own: Collection[str]) -> list[str]:
    """Sentences of turns and answers that the instructions name."""
    if not wanted:
        return []
    turns = [one for turn in plain_turns(scene)[:-1] for one in sentences(turn)]
    answers = [
        one
        for message in scene.messages
        if message["role"] == "assistant"
        for one in sentences(text_of(message["content"]))
    ]
    others = [one for one in turns if one.strip(".!;") not in own]
    return [
        f"{label}: {one}"
        for label, said in ((TOLD, others), (ANSWERED, answers))
        for one in bearing_on(wanted, said)
    ]


def bearing_on(wanted: Collection[str], said: Sequence[str]) -> list[str]:
    """The sentences with the most of these words, in their order."""
    shared = {at: len(set(wanted).intersection(terms(one))) for at, one in enumerate(said)}
    best = sorted((at for at in shared if shared[at]), key=lambda at: (-shared[at], -at))
    return [one_line(said[at]) for at in sorted(best[:MOST_SENTENCES])]


def one_line(text: str, most: int = LONGEST_SENTENCE) -> str:
    """The beginning of a text, on one line."""
    return " ".join(text[: 2 * most].split())[:most]


def document_lines(scene: Scene, wanted: Collection[str]) -> list[str]:
    """Of documents that turns brought, what bears on the last question or is named, by document."""
    brought = "\n".join(filter(has_documents, scene.turns))
    sought = {*wanted, *terms(scene.asked[:LONGEST])}
    statements = read(apart(brought).documents).statements
    shared = {at: bears(one, sought) for at, one in enumerate(statements)}
    best = sorted((at for at in shared if shared[at]), key=lambda at: (-shared[at], -at))
    said: dict[tuple[str, str], list[str]] = {}
    for at in sorted(best[:MOST_SENTENCES]):
        one = statements[at]
        said.setdefault((one.document, one.updated), []).append(one_line(one.text))
    return [
        f'<document id="{name}" updated="{updated}">{" ".join(texts)}</document>'
        for (name, updated), texts in said.items()
    ]


def bears(one: Statement, sought: set[str]) -> int:
    """How much of what is sought a statement has; its own words count twice its title's."""
    own = len(one.terms & sought)
    return 2 * own + len(one.about & sought) if own else 0


def before_lines(scene: Scene) -> list[str]:
    """The questions before the last one."""
    before = plain_turns(scene)[-MOST_BEFORE - 1 : -1]
    return [f"{BEFORE}: {one_line(turn, LONGEST_BEFORE)}" for turn in before]


def call_lines(scene: Scene) -> Iterator[str]:
    """What was asked last, word for word, and the calls of tools since."""
    if scene.asked:
        yield f"{LAST}: {one_line(scene.asked, LONGEST)}"
    for made in made_for(scene)[-MOST_CALLS:]:
        yield f"{CALLED}: {json.dumps(as_told(made), ensure_ascii=False)}"


def as_told(made: Made) -> dict[str, object]:
    """A call and what came back, as the summary has it."""
    told: dict[str, object] = {
        "name": made.call.name,
        "input": made.call.given,
        "result": text_of_result(made.result)[:LONGEST_RESULT],
    }
    return {**told, "is_error": True} if made.result.get("is_error") else told


def plain_turns(scene: Scene) -> list[str]:
    """What people wrote, without the documents that they brought."""
    turns = [beside_documents(turn).strip() for turn in scene.turns]
    return [turn for turn in turns if turn]
