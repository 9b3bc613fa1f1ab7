"""A bill split by cause, so that the parts are the bill to the last digit.

    ledger.lines -> each line: asked again? a dearer model than needed? a cache that was missed?
                 -> what is left: the prompt by its pieces, in their order, and the output

Each step prices the same tokens once more, as they would have been without that cause; the
difference is the cause's. Pieces are measured in characters, so the split of a prompt is an
estimate; the sum is not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from itertools import pairwise

from labkit.arguments import every, number, refused
from labkit.catalog import Model
from labkit.cost.caching import READY_S, Fate, fates_of
from labkit.cost.lines import Line, counted
from labkit.cost.money import EXACT, NOTHING, added, columns, dollars
from labkit.cost.pieces import Piece
from labkit.cost.pricing import Bill, Prices, all_priced, cost_of, model_of
from labkit.cost.tokens import Tokens

PARTS = {
    "tools": "tools",
    "system": "system prompt",
    "examples": "few-shot",
    "documents": "documents",
    "history": "history",
    "question": "question",
}
"""What each piece of a prompt is called in a bill."""
CAUSES = (
    "tier",
    *PARTS.values(),
    "prompt, unknown",
    "cache misses",
    "retries",
    "output",
    "searches",
)
STABLE = ("tools", "system", "examples", "documents")
LIFETIME_S = 300.0
SLACK = 0.9
"""A read of at least so much of what is stable is a hit: characters tell tokens no better."""


@dataclass(frozen=True, slots=True, repr=False)
class Blame:
    """What each cause cost; together they are the bill."""

    causes: Mapping[str, Decimal]
    """USD by cause, every cause of ``CAUSES`` in its order."""
    attempts: int = 0
    """Attempts whose price is known."""
    unpriced: int = 0
    """Attempts whose price is not known; they are in no cause."""

    @property
    def total_usd(self) -> Decimal:
        """The bill."""
        return added(self.causes.values())

    def share(self, cause: str) -> float:
        """The part of the bill that a cause has; 0 of an empty bill."""
        total = self.total_usd
        return float(self.causes[cause] / total) if total else 0.0

    def __repr__(self) -> str:
        """The causes that cost something, with their shares."""
        rows = [
            (cause, dollars(usd), f"{self.share(cause):.1%}")
            for cause, usd in self.causes.items()
            if usd
        ]
        table = columns([("cause", "USD", "share"), *rows, ("total", dollars(self.total_usd), "")])
        missing = f"\n{counted(self.unpriced, 'attempt')} without a known price"
        return table + missing * bool(self.unpriced)


def blame(
    lines: Iterable[Line],
    *,
    needs: Mapping[str, str] | None = None,
    stable: Collection[str] = STABLE,
    lifetime_s: float = LIFETIME_S,
    prices: Prices | None = None,
) -> Blame:
    """Split what some attempts cost by its causes.

    ``retries``: all of a call that was labelled ``again``; what the SDK tries again after a failure
    costs nothing more. ``tier``: what the answer cost more than on the model that its label needs,
    if the tokens were the same. ``cache misses``: what the stable beginning of a prompt cost more
    than a read, where it is long enough to be cached and the same label had asked the same model
    less than a lifetime before; the first of them, which somebody has to pay, is none.

    Args:
        lines: A ledger's lines.
        needs: By label, the cheapest model that is good enough for it.
        stable: The pieces that are the same in every request of a label.
        lifetime_s: How long a cache would keep them.
        prices: The prices that the ledger had; the catalogue's if None.
    """
    found = sorted(every("lines", lines, Line, "ledger.lines"), key=lambda one: one.when)
    needed = wanted(needs, all_priced(prices))
    lifetime_s = number("lifetime_s", lifetime_s, "Nothing would be cached.")
    follows = "Nobody knows what could be cached."
    parts = frozenset(every("stable", stable, str, '("tools", "system")'))
    if strange := sorted(parts - PARTS.keys()):
        raise refused("a part in stable", strange[0], follows, f"Use some of {', '.join(PARTS)}.")
    warm = warm_lines(found, lifetime_s)
    causes: defaultdict[str, Decimal] = defaultdict(Decimal)
    with localcontext(EXACT):
        for place, one in enumerate(found):
            for cause, usd in causes_of(one, needed, parts if place in warm else (), prices):
                causes[cause] += usd
    unpriced = sum(one.bills is None for one in found)
    split = {cause: causes[cause] for cause in CAUSES}
    return Blame(split, len(found) - unpriced, unpriced)


def warm_lines(lines: Sequence[Line], lifetime_s: float) -> set[int]:
    """The places of lines whose label's prompt a cache would have held at that moment."""
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(lines):
        if one.bills:
            places[one.label, one.model].append(place)
    warm = set()
    for group in places.values():
        fates = fates_of([lines[place].when.timestamp() for place in group], lifetime_s, READY_S)
        warm |= {place for place, fate in zip(group, fates, strict=True) if fate is Fate.READ}
    return warm


def wanted(needs: Mapping[str, str] | None, prices: Prices | None) -> Mapping[str, str]:
    """The model that each label needs, if all of them can be priced."""
    if needs is not None and not isinstance(needs, Mapping):
        follows = "Nobody knows which model would have been enough."
        raise refused("needs", needs, follows, 'Give {"triage": "lab-fast-2"}, by label.')
    for name in (needs or {}).values():
        model_of(name, prices)
    return needs or {}


def causes_of(
    line: Line, needs: Mapping[str, str], stable: Collection[str], prices: Prices | None
) -> Iterator[tuple[str, Decimal]]:
    """The causes of one line, each with its part of the price."""
    for bill in line.bills or ():
        if line.again:
            yield "retries", bill.total_usd
            continue
        enough = priced(bill, needs.get(line.label, bill.model), prices)
        cheaper = enough if enough.total_usd < bill.total_usd else bill
        yield "tier", bill.total_usd - cheaper.total_usd
        missed = missed_tokens(line.pieces, cheaper, stable, prices)
        hit = priced(cheaper, cheaper.model, prices, read(cheaper.tokens, missed))
        yield "cache misses", cheaper.total_usd - hit.total_usd
        yield from by_piece(line.pieces, hit)
        yield "output", hit.output_usd
        yield "searches", hit.searches_usd


def priced(bill: Bill, model_id: str, prices: Prices | None, tokens: Tokens | None = None) -> Bill:
    """The bill of the same answer on a model, or of other tokens; the same one if nothing changes.

    Another model answers at the standard speed: the price of the fast mode is the tier's.
    """
    if model_id == bill.model and tokens in (None, bill.tokens):
        return bill
    usage = usage_of(tokens or bill.tokens)
    terms = bill.terms.split(", ")
    usage["inference_geo"] = "us" if "us" in terms else None
    usage["speed"] = "fast" if "fast" in terms and model_id == bill.model else None
    return cost_of(usage, model_id, prices=prices, batch="batch" in terms)


def usage_of(tokens: Tokens) -> dict[str, object]:
    """Tokens as a usage tells them."""
    return {
        "input_tokens": tokens.input_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.ephemeral_5m_input_tokens,
            "ephemeral_1h_input_tokens": tokens.ephemeral_1h_input_tokens,
        },
        "cache_read_input_tokens": tokens.cache_read_input_tokens,
        "output_tokens": tokens.output_tokens,
        "server_tool_use": {"web_search_requests": tokens.web_search_requests},
    }


def missed_tokens(
    pieces: tuple[Piece, ...], bill: Bill, stable: Collection[str], prices: Prices | None
) -> int:
    """How many tokens of the stable beginning a cache could have read and did not."""
    model = model_of(bill.model, prices)
    price = model.price if isinstance(model, Model) else model
    least = (model.cache_minimum if isinstance(model, Model) else None) or 0
    end = 0
    for piece, (_, until) in zip(pieces, spans(pieces, bill.tokens.prompt), strict=True):
        if piece.part not in stable:
            break
        end = until
    done = bill.tokens.cache_read_input_tokens
    is_miss = end >= least and done < SLACK * end and price.cache_read is not None
    return end - done if is_miss else 0


def read(tokens: Tokens, missed: int) -> Tokens:
    """The same tokens, so many more of them read: first those that were written."""
    hour = min(missed, tokens.ephemeral_1h_input_tokens)
    short = min(missed - hour, tokens.ephemeral_5m_input_tokens)
    return replace(
        tokens,
        cache_read_input_tokens=tokens.cache_read_input_tokens + missed,
        ephemeral_1h_input_tokens=tokens.ephemeral_1h_input_tokens - hour,
        ephemeral_5m_input_tokens=tokens.ephemeral_5m_input_tokens - short,
        input_tokens=tokens.input_tokens - (missed - hour - short),
    )


def by_piece(pieces: tuple[Piece, ...], bill: Bill) -> Iterator[tuple[str, Decimal]]:
    """The price of a prompt by its pieces, each at the price of the stretch that it lies in.

    What was read stands first, then what was written for an hour, for five minutes, and the rest.
    """
    stretches = [bill.parts[kind] for kind in ("read", "written 1h", "written 5m", "input")]
    if not any(piece.chars for piece in pieces):
        yield "prompt, unknown", sum((usd for _, usd in stretches), NOTHING)
        return
    for piece, (start, end) in zip(pieces, spans(pieces, bill.tokens.prompt), strict=True):
        usd, at = NOTHING, 0
        for count, amount in stretches:
            inside = max(0, min(end, at + count) - max(start, at))
            usd += amount / count * inside if inside else NOTHING
            at += count
        yield PARTS.get(piece.part, "prompt, unknown"), usd


def spans(pieces: tuple[Piece, ...], tokens: int) -> list[tuple[int, int]]:
    """Where each piece begins and ends among so many tokens, by its share of the characters."""
    total = sum(piece.chars for piece in pieces) or 1
    done, ends = 0, [0]
    for piece in pieces:
        done += piece.chars
        ends.append(tokens * done // total)
    return list(pairwise(ends))
