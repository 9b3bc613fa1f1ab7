"""Few-shot examples, scored by a learner that is small and real: how much does each one help?

traffic log, samples -> topic_examples -> the pool and the eval, as examples
pasted, a rule that picks, a learner -> few_shot -> FewShotScene -> view

The simulated model does not learn from examples. So the learner is the page's own, and stands in
for a model: its curve says what examples can do to a score, not what they do to a model's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from math import ceil

import anthropic

from labkit import catalog
from labkit.arguments import every, function, refused, text, whole
from labkit.case import samples, traffic_details, traffic_log
from labkit.cost import Example, noninferior
from labkit.views import Provenance, View, Who, amount, toggle
from labkit.views.cost.few_shot import Choice, FewShotScene, Shown, draw_few_shot
from labkit.views.words import several

Learner = Callable[[Sequence[Example], str], str]
Picker = Callable[[int, int], Sequence[Example]]

NAMES = {"safety": "things", "visit": "visits", "scope": "other"}
"""What the page's topics call the case's."""
DRAWS = 7
MARGIN = 0.05
EXAMPLE = "labkit.cost.Example(…)"
NOT_SHOWN = (
    "What examples do to a real model: it has read the world and needs fewer. Run the same curve "
    "with yours, on questions that took no part in choosing."
)


def topic_examples(client: anthropic.Anthropic, model: str) -> tuple[list[Example], list[Example]]:
    """The log's messages as a pool, and the eval set's questions, each with its topic.

    Of the log: what is written in English, says nothing about anybody, and may be used. How many
    tokens each adds is rough: all are counted at once, and that is shared out by length.

    Args:
        client: Counts the tokens, which is free.
        model: The id of the model for which they are counted.
    """
    if not isinstance(client, anthropic.Anthropic):
        raise refused("client", client, "It cannot count tokens.", "Give lab.client.")
    catalog.model(model)
    private = traffic_details()
    said = {
        one.text: one.topic
        for one in traffic_log()
        if one.language == "en"
        and not one.opted_out
        and not any(detail in one.text for detail in private)
    }
    asked = {one.input: one.tags[1] for one in samples()}

    everything = "\n".join([*said, *asked])
    counted = client.messages.count_tokens(
        model=model, messages=[{"role": "user", "content": everything}]
    )
    rate = counted.input_tokens / len(everything)

    def example(question: str, topic: str) -> Example:
        name = NAMES.get(topic, topic)
        tokens = ceil(rate * len(f"Member: {question}\nTopic: {name}\n"))
        return Example(question, name, name, tokens, abstains=name == "other")

    pool, held = ([example(*pair) for pair in some.items()] for some in (said, asked))
    return pool, held


def few_shot(  # noqa: PLR0913 - all but three by name
    pasted: Sequence[Example],
    picker: Picker,
    learner: Learner,
    *,
    asked: Sequence[Example],
    model: str,
    seed: int = 7,
) -> View:
    """Show more and more examples to a learner, and see what its score can say.

    Args:
        pasted: The prototype's examples; the first k of them are shown.
        picker: ``(k, seed)`` gives production's.
        learner: ``(examples, question)`` gives a label.
        asked: The questions of the eval, with their labels.
        model: The id of the model whose price for input is paid for the examples.
        seed: The first draw.
    """
    ours = every("pasted", pasted, Example, EXAMPLE)
    rows = every("asked", asked, Example, EXAMPLE)
    function("picker", picker, "k", "seed")
    function("learner", learner, "examples", "question")
    if not (ours and rows):
        raise refused("pasted or asked", [], "There is nothing to score.", "Give at least one.")
    first = whole("seed", seed, "The same seed must draw the same examples.")
    price = catalog.model(text("model", model, "Its price is not known.")).price.input or 0.0
    copied = {one.input for one in ours} & {one.input for one in rows}

    @cache
    def hits(some: tuple[Example, ...]) -> tuple[bool, ...]:
        return tuple(learner(some, one.input) == one.label for one in rows)

    @cache
    def scored(some: tuple[Example, ...], honest: bool) -> Choice:
        held = [n for n, one in enumerate(rows) if not (honest and one.input in copied)]
        none, own = ({str(n): found[n] for n in held} for found in (hits(()), hits(some)))
        gains = bool(some) and noninferior(none, own, MARGIN).interval[0] > 0
        usd = price * sum(one.tokens for one in some) / 1_000
        return Choice(some, sum(own.values()), len(held), usd, gains)

    @cache
    def production(n: int, drawn: int) -> tuple[Example, ...]:
        return every("what picker gave", picker(n, drawn), Example, EXAMPLE) if n else ()

    def taught(k: float, honest: bool, luck: float) -> FewShotScene:
        shown, drawn = int(k), first + int(luck) - 1
        curves: dict[Who, list[Choice]] = {
            "prototype": [scored(ours[:n], honest) for n in range(len(ours) + 1)],
            "production": [scored(production(n, drawn), honest) for n in range(len(ours) + 1)],
        }
        return scene(curves, shown, copied, drawn)

    controls = {
        "k": amount("Examples shown", 0, len(ours), value=len(ours)),
        "honest": toggle("Score without the copied rows"),
        "luck": amount("Production's draw", 1, DRAWS),
    }
    return View.of(taught, draw_few_shot, controls)


def scene(
    curves: Mapping[Who, Sequence[Choice]], k: int, copied: Collection[str], drawn: int
) -> FewShotScene:
    """Both curves with k examples shown; of the prototype's those that the eval asks are marked."""
    notes = (f"draw of seed {drawn}", "a stand-in learner, not a model", "prices made up")
    return FewShotScene(
        finding=finding(curves, k),
        k=k,
        curves=curves,
        examples=tuple(Shown(one, one.input in copied) for one in curves["prototype"][k].examples),
        provenance=Provenance("measured", notes),
        not_shown=NOT_SHOWN,
    )


def finding(curves: Mapping[Who, Sequence[Choice]], k: int) -> str:
    """What k examples say against none."""
    none, ours, theirs = curves["prototype"][0], curves["prototype"][k], curves["production"][k]
    if not k:
        return f"Without any example the stand-in gets {none.share} right, from the topics alone."
    pasted = f"{several(k, 'pasted example')}: {ours.share}"
    said = f"{pasted}; {len(theirs.examples)} picked: {theirs.share}"
    return f"{said}; none: {none.share}. {judged(ours, theirs)}"


def judged(*others: Choice) -> str:
    """Whether any of them gains over no example, by what flips on the same questions."""
    if any(one.gains for one in others):
        return "By what flips, more than chance; another draw may not."
    return "By what flips, no gain is shown."
