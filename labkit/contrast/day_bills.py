"""A day's bill split by cause, beside the same day with fixes, at the traffic that one chooses.

    a ledger's lines -> the same lines sooner or later, on other models, cached otherwise -> blame

Tokens and prices are those that the meter recorded. That questions come faster or slower, and what
a cache would have done then, is worked out by the rules of ``labkit.cost.caching``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import accumulate, pairwise
from types import MappingProxyType

from labkit.arguments import every, number, refused, table, whole
from labkit.cost import Line, blame, cost_of
from labkit.cost.caching import LIFETIMES_S, READY_S, Fate, fates_of
from labkit.cost.money import added
from labkit.cost.pricing import model_of
from labkit.cost.tokens import Tokens, tokens_of
from labkit.views import Provenance, View, choice, toggle
from labkit.views.cost.bills import BillScene, draw_bills
from labkit.views.cost.stacks import Block
from labkit.views.words import usd

AS_IT_IS, NONE = "as it was: the clock stands first", "no cache"
CACHES: Mapping[str, str | None] = MappingProxyType(
    {
        AS_IT_IS: None,
        "a stable prefix, kept 5 minutes": "5m",
        "a stable prefix, kept an hour": "1h",
        NONE: None,
    }
)
"""What becomes of the prompt that the recorded day marked for a cache."""
KEPT = list(CACHES)[1]
RATES = (0.5, 1.0, 2.0, 10.0, 30.0, 60.0)
"""Questions per hour, besides those of the recorded day."""
NAMES = ("Prototype, as it was", "Production, with these fixes")
BLOCKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "tier": ("a dearer model than needed", "k2"),
        "cache misses": ("a cache that was missed", "k3"),
        "documents": ("the rules and documents", "k4"),
        "retries": ("asked again", "k1"),
        "few-shot": ("the examples", "f3"),
        "history": ("the talk so far", "f2"),
        "question": ("the question", "f4"),
        "output": ("the output", "f1"),
    }
)
"""The causes of a bill as blocks; what has no block of its own belongs to ``documents``."""
SELDOM = ("retries", "few-shot", "history")
"""Blocks of a day that has them; no fix here makes one."""
READING = timedelta(minutes=1)
"""A gap that short is a person who reads and asks on: it stays, however many people come."""
NOT_SHOWN = (
    "Whether the cheaper models answer as well; that is C1's question. And the same people come "
    "faster or slower here, with the same questions and pauses."
)


def day_bills(
    lines: Iterable[Line], needs: Mapping[str, str], *, per_hour: float, seed: int = 7
) -> View:
    """Choose the fixes and the traffic, and see what is left of each cause.

    Args:
        lines: A ledger's lines of one day.
        needs: By label, the cheapest model that is good enough for it.
        per_hour: How many questions came in an average hour of that day.
        seed: The seed of the day, which the picture names.
    """
    recorded = tuple(every("lines", lines, Line, "ledger.lines"))
    if not any(line.bills for line in recorded):
        raise refused("lines", recorded, "There is no bill to split.", "Give ledger.lines.")
    for name in table("needs", needs, "Nobody knows which model is enough.").values():
        model_of(name, None)
    per_hour = number("per_hour", per_hour, "Nobody knows how much traffic that was.")
    if not per_hour:
        raise refused("per_hour", per_hour, "Nobody would have asked.", "Give 5, for example.")
    whole("seed", seed, "Nobody could have the same day again.")
    bill = cache(Day(recorded, dict(needs), per_hour).bill)

    def fixed(tier: bool, kept: str, rate: float) -> BillScene:
        before = bill(tier=False, kept=AS_IT_IS, rate=rate)
        after = bill(tier=tier, kept=kept, rate=rate)
        without = None if kept == NONE else bill(tier=tier, kept=NONE, rate=rate)
        return scene(before, after, without, Said(tier, kept, rate), seed)

    rates = {rate_words(one, per_hour): one for one in sorted({*RATES, per_hour})}
    return View.of(
        fixed,
        draw_bills,
        {
            "tier": toggle("The model that each call needs", value=True),
            "kept": choice("The manual in the prompt", list(CACHES), value=KEPT),
            "rate": choice("Questions per hour", rates, value=per_hour),
        },
    )


def rate_words(rate: float, recorded: float) -> str:
    """``5, as on the day``."""
    return f"{rate:g}{', as on the day' if rate == recorded else ''}"


@dataclass(frozen=True, slots=True)
class Said:
    """What the controls say."""

    tier: bool
    kept: str
    rate: float


@dataclass(frozen=True, slots=True)
class Bill:
    """What a thousand questions cost, by cause, and how many prompts were read from a cache."""

    blocks: tuple[Block, ...]
    read: int
    cached: int
    """Prompts that a cache could hold."""

    @property
    def usd(self) -> float:
        """All causes together."""
        return sum(one.usd for one in self.blocks)


@dataclass(frozen=True, slots=True)
class Day:
    """One recorded day, which can be played again otherwise."""

    lines: tuple[Line, ...]
    needs: Mapping[str, str]
    per_hour: float

    @property
    def questions(self) -> int:
        """How many there were: as many as the most frequent label has lines that ask no more."""
        return max(Counter(line.label for line in self.lines if not line.again).values(), default=1)

    def bill(self, *, tier: bool, kept: str, rate: float) -> Bill:
        """The bill with these fixes, where the questions come so fast."""
        lines = recached(self.at_rate(rate), kept)
        if tier:
            lines = [on_model(line, self.needs.get(line.label, line.model)) for line in lines]
        causes = dict(blame(lines, needs=self.needs).causes)
        causes["output"] += causes.pop("searches")
        rest = [causes.pop(name) for name in list(causes) if name not in BLOCKS]
        causes["documents"] = added((causes["documents"], *rest))
        blocks = tuple(
            Block(name, float(1000 * causes[cause] / self.questions), look)
            for cause, (name, look) in BLOCKS.items()
            if causes[cause] or cause not in SELDOM
        )
        tokens = [tokens_of(line.usage) for line in lines if line.bills]
        read = sum(one.cache_read_input_tokens > 0 for one in tokens)
        return Bill(blocks, read, sum(prefix_of(tokens_of(one.usage)) > 0 for one in self.lines))

    def at_rate(self, rate: float) -> list[Line]:
        """The day's lines, the pauses between people longer or shorter; who reads, reads on."""
        lines = sorted(self.lines, key=lambda one: one.when)
        if rate == self.per_hour:
            return lines
        gaps = [later.when - one.when for one, later in pairwise(lines)]
        reading = sum((gap for gap in gaps if gap <= READING), timedelta())
        whole = sum(gaps, timedelta())
        wanted = whole * (self.per_hour / rate) - reading
        times = max(0.0, wanted / (whole - reading)) if whole > reading else 1.0
        moved = (gap if gap <= READING else times * gap for gap in gaps)
        since = accumulate(moved, initial=timedelta())
        first = lines[0].when
        return [replace(one, when=first + gap) for one, gap in zip(lines, since, strict=True)]


def recached(lines: Sequence[Line], kept: str) -> list[Line]:
    """The lines as another cache would have left them; other calls stay as they are."""
    if kept == AS_IT_IS:
        return list(lines)
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.bills and prefix_of(tokens_of(line.usage)):
            groups[line.label, line.model].append(place)
    ttl, found = CACHES[kept], list(lines)
    for places in groups.values():
        places.sort(key=lambda place: lines[place].when)
        moments = [lines[place].when.timestamp() for place in places]
        fates = fates_of(moments, LIFETIMES_S[ttl] if ttl else None, READY_S)
        for place, fate in zip(places, fates, strict=True):
            found[place] = with_fate(lines[place], fate, ttl)
    return found


def prefix_of(tokens: Tokens) -> int:
    """How many tokens of a prompt went through a cache."""
    written = tokens.ephemeral_5m_input_tokens + tokens.ephemeral_1h_input_tokens
    return written + tokens.cache_read_input_tokens


def with_fate(line: Line, fate: Fate, ttl: str | None) -> Line:
    """The line, its prefix written, read or plain."""
    tokens = tokens_of(line.usage)
    prefix, written = prefix_of(tokens), fate is Fate.WRITTEN
    usage = {
        "input_tokens": tokens.input_tokens + prefix * (fate is Fate.PLAIN),
        "cache_creation": {
            "ephemeral_5m_input_tokens": prefix * (written and ttl == "5m"),
            "ephemeral_1h_input_tokens": prefix * (written and ttl == "1h"),
        },
        "cache_read_input_tokens": prefix * (fate is Fate.READ),
        "output_tokens": tokens.output_tokens,
    }
    return replace(line, usage=usage, bills=(cost_of(usage, line.model),))


def on_model(line: Line, model: str) -> Line:
    """The line as another model would have billed the same tokens."""
    if model == line.model or not line.bills:
        return line
    return replace(line, model=model, bills=(cost_of(line.usage, model),))


def scene(before: Bill, after: Bill, without: Bill | None, said: Said, seed: int) -> BillScene:
    """Both bills, what is chosen, and what no cache would have cost."""
    return BillScene(
        finding=finding(before, after, without, said),
        names=NAMES,
        before=before.blocks,
        after=after.blocks,
        unit="USD per 1,000 questions",
        mark=None if without is None else ("the same without a cache", without.usd),
        counted=(
            "prompts read from a cache",
            f"{before.read} of {before.cached}",
            f"{after.read} of {after.cached}",
        ),
        provenance=Provenance(
            "simulated",
            (
                f"seed {seed}",
                "tokens as our meter measured them on the day",
                "arrivals and caching are worked out for this traffic",
            ),
        ),
        not_shown=NOT_SHOWN,
    )


def finding(before: Bill, after: Bill, without: Bill | None, said: Said) -> str:
    """What a thousand questions cost, and what the cache does."""
    hourly = f"At {said.rate:g} question{'s' * (said.rate != 1)} an hour"
    if not said.tier and said.kept == AS_IT_IS:
        costs = f"{hourly}, 1,000 questions cost {usd(before.usd)} USD without a fix"
    else:
        costs = f"{hourly}, 1,000 questions cost {usd(after.usd)} USD instead of {usd(before.usd)}"
    if without is None:
        return f"{costs}."
    more = after.usd - without.usd
    does = f"costs {usd(more)} more than none" if more > 0 else f"saves {usd(-more)}"
    return f"{costs}; the cache {does}."
