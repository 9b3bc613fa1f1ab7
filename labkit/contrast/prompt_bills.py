"""A system prompt taken apart while its eval runs: what a rule costs, and what is lost without it.

app_for(rules that stay) -> the app, asked every example in one lab -> PromptScene -> view

What holds, what is read from the cache and what a question costs are read off the app's own calls.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import nan

from anthropic.types import MessageParam

from labkit import catalog
from labkit.arguments import every, function, known, refused, sendable, table, text, whole
from labkit.catalog import Model
from labkit.contrast.worlds import world
from labkit.evals import Sample
from labkit.lab import App
from labkit.views import Provenance, View, amount, choice
from labkit.views.cost.prompt_rules import WORDS, PromptScene, Rule, Verdict, draw_prompt
from labkit.views.cost.slices import Asked
from labkit.views.words import NARROW, number, usd

AppFor = Callable[[tuple[str, ...]], App]

PLANS: Mapping[str, tuple[Verdict, ...]] = {
    "nothing": (),
    "the spare ones": ("drop",),
    "the spare and the untested": ("drop", "untested"),
}
QUESTIONS = {"1,000": 1_000, "10,000": 10_000, "100,000": 100_000}
MILLION = 1_000_000
UNTAGGED = "no slice"
"""The slice of an example without a tag; of any other its first tag says it."""
NOT_SHOWN = (
    "How a real model takes these rules: which example is lost is made up. And a rule for which "
    "no example asks may be the one that matters."
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the app did with one prompt."""

    held: Mapping[str, bool]
    read: int
    """Tokens that its last question read from the cache."""
    usd: float
    """What a question costs once the cache is warm."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The whole prompt, what each of its rules adds, and what is asked of it."""

    verdicts: Mapping[str, Verdict]
    """By rule, in the prompt's order."""
    tokens: Mapping[str, int]
    examples: tuple[Sample, ...]
    tried: Callable[[tuple[str, ...]], Tried]
    """Of the rules that stay: what the app does with them."""

    @property
    def rules(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.verdicts)

    def without(self, plan: str, one: int) -> tuple[str, ...]:
        """The rules that stay when a plan takes some out, and a number one more."""
        kept = [name for name, word in self.verdicts.items() if word not in PLANS[plan]]
        return tuple(name for name in kept if not one or name != self.rules[one - 1])

    def scene(self, stay: tuple[str, ...], model: Model, questions: int, seed: int) -> PromptScene:
        """The prompt with the rules that stay, beside the whole one."""
        now, before = self.tried(stay), self.tried(self.rules)
        paid = model.price.cache_read if now.read else model.price.input
        price = nan if paid is None else paid
        counted = ((name, self.tokens[name], word) for name, word in self.verdicts.items())
        rows = tuple(
            Rule(name, tokens, tokens * price * questions / MILLION, word, name not in stay)
            for name, tokens, word in counted
        )
        notes = (f"seed {seed}", "what is lost is made up", "what is read is measured")
        return PromptScene(
            finding=finding(rows, now, before, model.cache_minimum),
            rules=rows,
            asked=compared(self.examples, now, before),
            facts=facts(rows, now, questions),
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
        )


def prompt_bill(
    app_for: AppFor,
    verdicts: Mapping[str, Verdict],
    examples: Sequence[Sample],
    *,
    model: str,
    seed: int = 7,
) -> View:
    """Take rules out of a prompt, and see what they cost and what is lost.

    Args:
        app_for: Makes the app with the rules that stay, given as a tuple: ``(client, question)``.
        verdicts: ``keep``, ``drop`` or ``untested`` by rule, in the prompt's order.
        examples: What is asked; two or more, because the first one writes the cache.
        model: The id of the model that the app asks, for its prices.
        seed: The same seed gives the same answers.
    """
    function("app_for", app_for, "rules")
    rules, asked = checked(verdicts), several(examples)
    prices = catalog.model(text("model", model, "Its prices are not known."))
    whole("seed", seed, "The same seed must give the same answers.")
    tried = cache(lambda stay: run(app_for(stay), asked, seed))
    prompt = Prompt(dict(verdicts), counted(rules, model, seed), asked, tried)

    def scene(out: str, one: float, questions: int) -> PromptScene:
        return prompt.scene(prompt.without(out, int(one)), prices, questions, seed)

    controls = {
        "out": choice("Taken out", list(PLANS)),
        "one": amount("And one more, by its number (0: none)", 0, len(rules)),
        "questions": choice("Questions a month", QUESTIONS, value=10_000),
    }
    return View.of(scene, draw_prompt, controls)


def checked(verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """The rules, or what is wrong with them."""
    follows = "The view does not know what to draw for it."
    found = table("verdicts", verdicts, follows)
    if not found:
        raise refused("verdicts", {}, follows, 'Give {"Answer in one sentence.": "keep"}.')
    for name, one in found.items():
        sendable("a rule", name, "No model can be given it.")
        known(one, {str(word): said for word, said in WORDS.items()}, "a verdict", follows)
    return tuple(found)


def several(examples: Sequence[Sample]) -> tuple[Sample, ...]:
    """The examples: two or more, and no two of one name."""
    found = every("examples", examples, Sample, "labkit.case.samples()[:6]")
    if len(found) < 2:  # noqa: PLR2004 - one writes, one reads
        follows = "The first question writes the cache, and none is left to read from it."
        raise refused("the number of examples", len(found), follows, "Give two or more.")
    for id, count in Counter(one.id for one in found).items():
        if count > 1:
            follows = f"{count} examples have it, and nobody could tell which of them is lost."
            raise refused("an id", id, follows, "Give each example an id of its own.")
    return found


def counted(rules: Sequence[str], model: str, seed: int) -> dict[str, int]:
    """The tokens that each rule adds, by the API's own count."""
    client = world(seed).client
    asks: list[MessageParam] = [{"role": "user", "content": "?"}]

    def count(system: str) -> int:
        said = client.messages.count_tokens(model=model, system=system, messages=asks)
        return said.input_tokens

    alone = count("Rules:")
    return {one: count(f"Rules:\n{one}") - alone for one in rules}


def run(app: App, examples: Sequence[Sample], seed: int) -> Tried:
    """Ask every example in one lab, so that the later ones can read what the first one wrote."""
    lab, held = world(seed, questions=len(examples)), {}
    for one in examples:
        said = lab.ask(app, one.input).text
        held[one.id] = said is not None and all(score(said).holds for score in one.scorers)
    warm = [one for one in lab.trace if one.usage.output_tokens][1:]
    read = warm[-1].usage.cache_read_input_tokens if warm else 0
    return Tried(held, read, sum(one.cost_usd for one in warm) / max(len(warm), 1))


def compared(examples: Sequence[Sample], now: Tried, before: Tried) -> tuple[Asked, ...]:
    """Each example with its slice, and whether it holds now and held with the whole prompt."""
    return tuple(
        Asked(one.id, one.tags[0] if one.tags else UNTAGGED, now.held[one.id], before.held[one.id])
        for one in examples
    )


def facts(rules: Sequence[Rule], now: Tried, questions: int) -> dict[str, str]:
    """The numbers above the rows."""
    left = [one for one in rules if not one.is_out]
    return {
        "examples that hold": f"{sum(now.held.values())} of {len(now.held)}",
        "tokens of these rules": number(sum(one.tokens for one in left)),
        "read from the cache": number(now.read) if now.read else "none",
        "USD a month, rules": usd(sum(one.usd for one in left)),
        "USD a month, all": usd(now.usd * questions),
    }


def finding(rules: Sequence[Rule], now: Tried, before: Tried, minimum: int | None) -> str:
    """What is saved and what is lost, in words."""
    gone = sum(one.is_out for one in rules)
    tokens = sum(one.tokens for one in rules if one.is_out)
    held = f"{sum(now.held.values())} of {len(now.held)} examples hold"
    nobody = sum(one.verdict == "untested" and not one.is_out for one in rules)
    if not gone:
        asks = f"; for {nobody} no example asks" if nobody else ""
        return f"All {len(rules)} rules: {held}{asks}."
    are = "rule is" if gone == 1 else "rules are"
    said = f"{gone} {are} out, {tokens} tokens fewer: {held}."
    if before.read and not now.read:
        least = f", which begins at {number(minimum)} tokens" if minimum else ""
        return f"{said} Nothing is read from the cache any more{least}: {dearer(now, before)}."
    return f"{said} {dearer(now, before).capitalize()}."


def dearer(now: Tried, before: Tried) -> str:
    """What a question costs, against the whole prompt."""
    change = round(100 * (now.usd / before.usd - 1)) if before.usd else 0
    if not change:
        return "a question costs the same"
    return f"a question costs {abs(change)}{NARROW}% {'more' if change > 0 else 'less'}"
