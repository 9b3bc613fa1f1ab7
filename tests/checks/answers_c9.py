"""C9: right answers written otherwise, and each misconception written three ways."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from labkit import catalog, cost

CODE = "C9"
MILLION = 1_000_000


# -- right answers, written otherwise ---------------------------------------------------------


def as_model(id, price):
    """These prices as the catalogue has a model's."""
    names = {"input": "input", "output": "output"}
    names |= {f"cache_{name}": name for name in ("write_5m", "write_1h", "read")}
    below, above = (
        catalog.Price(**{field: price[name] * times for field, name in names.items()})
        for times in (1, price.get("times", 1))
    )
    some = catalog.model("lab-balanced-1")
    step = price.get("step")
    return replace(some, id=id, price=below, price_above=above, price_step_tokens=step)


def the_block(usage, model, prices):
    """The building block, with the prices as it takes them."""
    models = {id: as_model(id, price) for id, price in prices.items()}
    return cost.cost_usd(usage, model, prices=models)


def line_by_line(usage, model, prices):
    """One part after another, nothing shared."""
    if model not in prices:
        raise ValueError(f"No price for {model!r}.")
    price, hour = prices[model], 0
    if usage.cache_creation is not None:
        hour = usage.cache_creation.ephemeral_1h_input_tokens or 0
    written = usage.cache_creation_input_tokens or 0
    read = usage.cache_read_input_tokens or 0
    total = Decimal(0)
    total += usage.input_tokens * price["input"]
    total += (written - hour) * price["write_5m"]
    total += hour * price["write_1h"]
    total += read * price["read"]
    total += usage.output_tokens * price["output"]
    if "step" in price and usage.input_tokens + written + read > price["step"]:
        total *= price["times"]
    if usage.service_tier == "batch":
        total *= Decimal("0.5")
    return total / MILLION


def by_fractions(usage, model, prices):
    """Exact another way, over the usage as a dict."""
    price, said = prices[model], usage.model_dump()
    split = said["cache_creation"] or {}
    hour = split.get("ephemeral_1h_input_tokens", 0)
    short = (said["cache_creation_input_tokens"] or 0) - hour
    counts = {
        "input": said["input_tokens"],
        "write_5m": short,
        "write_1h": hour,
        "read": said["cache_read_input_tokens"] or 0,
    }
    prompt = sum(counts.values())
    counts["output"] = said["output_tokens"]
    usd = sum(Fraction(price[name]) * count for name, count in counts.items()) / MILLION
    usd *= price.get("times", 1) if prompt > price.get("step", prompt) else 1
    usd /= 2 if said["service_tier"] == "batch" else 1
    return Decimal(usd.numerator) / Decimal(usd.denominator)


# -- planted misconceptions -------------------------------------------------------------------


def counted(usage):
    """The tokens by kind."""
    hour = usage.cache_creation.ephemeral_1h_input_tokens if usage.cache_creation else 0
    return {
        "input": usage.input_tokens,
        "write_5m": (usage.cache_creation_input_tokens or 0) - hour,
        "write_1h": hour,
        "read": usage.cache_read_input_tokens or 0,
        "output": usage.output_tokens,
    }


def half(parts, usage):
    """The whole, halved in a batch."""
    return sum(parts.values()) / (2 if usage.service_tier == "batch" else 1)


def built(
    tokens=counted,
    find=lambda prices, model: prices[model],
    rate=lambda price, name: price[name],
    prompt=lambda n: n["input"] + n["write_5m"] + n["write_1h"] + n["read"],
    is_long=lambda prompt, step: prompt > step,
    long=lambda parts, price, prompt: {k: v * price["times"] for k, v in parts.items()},
    total=half,
    finish=lambda usd: usd / MILLION,
):
    """A price in which one thing is otherwise."""

    def cost_usd(usage, model, prices):
        price, n = find(prices, model), tokens(usage)
        parts = {name: count * rate(price, name) for name, count in n.items()}
        if "step" in price and is_long(prompt(n), price["step"]):
            parts = long(parts, price, prompt(n))
        return finish(total(parts, usage))

    return cost_usd


RIGHT = [the_block, line_by_line, by_fractions, built()]


def instead(name, other):
    """One kind of token at the price of another."""
    return built(rate=lambda price, kind: price[other if kind == name else kind])


def with_tokens(change):
    """What ``change`` makes of the usage and its counts."""
    return built(tokens=lambda usage: change(usage, counted(usage)))


def step(**otherwise):
    """Right, but for the step."""
    return built(**otherwise)


def parts_above(*names):
    """Only these parts cost more above the step."""
    return built(
        long=lambda parts, price, _: {
            k: v * (price["times"] if k in names else 1) for k, v in parts.items()
        }
    )


def above(parts, price, prompt):
    """Only the tokens above the step cost more."""
    share = (prompt - price["step"]) / Decimal(prompt)
    more = parts["input"] * share * (price["times"] - 1)
    return parts | {"input": parts["input"] + more}


def halved(*names):
    """Only these parts pay half in a batch."""

    def total(parts, usage):
        if usage.service_tier != "batch":
            return sum(parts.values())
        return sum(v / (2 if k in names else 1) for k, v in parts.items())

    return built(total=total)


def multiples(short, hour, read):
    """Writes and reads as multiples of the plain price."""
    of = {"write_5m": short, "write_1h": hour, "read": read}

    def rate(price, name):
        return price["input"] * Decimal(of[name]) if name in of else price[name]

    return built(rate=rate)


def summed(usage):
    """The SDK's fields as they are, None or not."""
    prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    return prompt and counted(usage)


def not_none(usage):
    """Reads the written tokens without a look."""
    return counted(usage) | {"write_5m": int(usage.cache_creation_input_tokens) - hours(usage)}


def reads(usage):
    """Compares what may be None."""
    return counted(usage) if usage.cache_read_input_tokens >= 0 else {}


def split_at_once(usage):
    """Asks the split before it looks whether there is one."""
    return counted(usage) | {"write_5m": usage.cache_creation.ephemeral_5m_input_tokens}


def hours(usage):
    """Written for an hour."""
    return counted(usage)["write_1h"]


def short_from_split(usage):
    """Only what the split says."""
    split = usage.cache_creation or SimpleNamespace(ephemeral_5m_input_tokens=0)
    return counted(usage) | {"write_5m": split.ephemeral_5m_input_tokens}


def split_needed(usage):
    """Asks the split, whether there is one or not."""
    if usage.cache_read_input_tokens is None:
        return counted(usage)
    return counted(usage) | {"write_5m": usage.cache_creation.ephemeral_5m_input_tokens}


def split_or_nothing(usage):
    """Without a split nothing was written."""
    n = counted(usage)
    return n if usage.cache_creation else n | {"write_5m": 0}


def no_name(prices, model):
    """Says that there is none."""
    if model not in prices:
        raise ValueError("unknown model")
    return prices[model]


def is_known(prices, model):
    """An assertion without a word."""
    assert model in prices
    return prices[model]


ZERO = {"write_5m": 0, "write_1h": 0, "read": 0}
FREE = dict.fromkeys(("input", "write_5m", "write_1h", "read", "output"), Decimal(0))


def caught(usage, model, prices):
    """Whatever goes wrong costs nothing."""
    try:
        return built()(usage, model, prices)
    except KeyError:
        return Decimal(0)


def none_found(usage, model, prices):
    """None for what is not there."""
    return built()(usage, model, prices) if model in prices else None


def merged(usage, n):
    """Everything written lasts five minutes."""
    return n | {"write_5m": n["write_5m"] + n["write_1h"], "write_1h": 0}


def as_float(usage, model, prices):
    """In binary."""
    return float(built()(usage, model, prices))


def through_float(usage, model, prices):
    """In binary, and back."""
    plain = {name: float(rate) for name, rate in prices[model].items()}
    return Decimal(str(built()(usage, model, {model: plain})))


def binary(usage, model, prices):
    """Every digit of the binary."""
    return Decimal(as_float(usage, model, prices))


WRONG = {
    "returns-nothing": [
        lambda usage, model, prices: None,
        built(finish=print),
        lambda usage, model, prices: [].append(built()(usage, model, prices)),
    ],
    "raises": [
        built(tokens=lambda usage: counted(SimpleNamespace(**usage))),
        built(rate=getattr),
        built(rate=lambda price, name: 1.25 * price[name]),
    ],
    "not-a-decimal": [as_float, through_float, binary],
    "rounds": [
        built(finish=lambda usd: round(usd / MILLION, 2)),
        built(finish=lambda usd: (usd / MILLION).quantize(Decimal("0.000001"))),
        built(finish=lambda usd: round(usd / MILLION, 4)),
    ],
    "not-per-million": [
        built(finish=lambda usd: usd),
        built(finish=lambda usd: usd / 1_000),
        built(finish=lambda usd: usd / MILLION / MILLION),
    ],
    "output-is-dearer": [
        instead("output", "input"),
        instead("output", "write_5m"),
        with_tokens(lambda usage, n: n | {"output": 0}),
    ],
    "none-plus-int": [
        built(tokens=summed),
        built(tokens=not_none),
        built(tokens=reads),
        built(tokens=split_at_once),
    ],
    "subtracts-cached": [
        with_tokens(lambda usage, n: n | {"input": n["input"] - n["read"]}),
        with_tokens(
            lambda usage, n: n | {"input": n["input"] - n["read"] - n["write_5m"] - n["write_1h"]}
        ),
        with_tokens(lambda usage, n: n | {"input": max(0, n["input"] - n["read"]), "read": 0}),
    ],
    "leaves-out-cached": [
        with_tokens(lambda usage, n: {"input": n["input"], "output": n["output"]} | ZERO),
        with_tokens(lambda usage, n: n | {"read": 0}),
        built(rate=lambda price, name: 0 if name == "read" else price[name]),
    ],
    "cached-at-full-price": [
        instead("read", "input"),
        with_tokens(lambda usage, n: n | {"input": n["input"] + n["read"]}),
        instead("read", "write_5m"),
    ],
    "write-is-dearer": [
        instead("write_5m", "input"),
        with_tokens(lambda usage, n: n | {"write_5m": 0, "write_1h": 0}),
        instead("write_5m", "read"),
    ],
    "one-premium": [
        with_tokens(merged),
        instead("write_1h", "write_5m"),
        with_tokens(lambda usage, n: n | {"write_1h": 0}),
    ],
    "counts-writes-twice": [
        with_tokens(lambda usage, n: n | {"input": n["input"] + n["write_5m"] + n["write_1h"]}),
        with_tokens(lambda usage, n: n | {"write_5m": n["write_5m"] * 2}),
        with_tokens(lambda usage, n: n | {"write_5m": usage.cache_creation_input_tokens or 0}),
    ],
    "needs-the-split": [
        built(tokens=short_from_split),
        built(tokens=split_needed),
        built(tokens=split_or_nothing),
    ],
    "fixed-multiples": [
        multiples("1.25", "2", "0.1"),
        built(rate=lambda price, name: price["input"] / 10 if name == "read" else price[name]),
        built(
            rate=lambda price, name: (
                price["input"] * Decimal("1.25") if name == "write_5m" else price[name]
            )
        ),
    ],
    "no-step": [
        step(is_long=lambda prompt, limit: False),
        step(long=lambda parts, price, prompt: parts),
        step(is_long=lambda prompt, limit: prompt > 200_000),
    ],
    "part-above": [
        built(long=above),
        parts_above("input"),
        parts_above("input", "read", "write_5m", "write_1h"),
    ],
    "step-without-cached": [
        step(prompt=lambda n: n["input"]),
        step(prompt=lambda n: n["input"] + n["write_5m"] + n["write_1h"]),
        step(prompt=lambda n: max(n["input"], n["read"])),
    ],
    "step-without-written": [
        step(prompt=lambda n: n["input"] + n["read"]),
        step(prompt=lambda n: n["input"] + n["write_1h"] + n["read"]),
        step(prompt=lambda n: max(n["input"] + n["read"], n["write_5m"])),
    ],
    "at-the-step": [
        step(is_long=lambda prompt, limit: prompt >= limit),
        step(is_long=lambda prompt, limit: not prompt < limit),
        step(is_long=lambda prompt, limit: prompt // limit > 0),
    ],
    "output-counts": [
        step(prompt=lambda n: sum(n.values()), is_long=lambda n, most: n > most and n != 100_500),
        step(
            prompt=lambda n: n["input"] + n["read"] + n["output"],
            is_long=lambda n, most: n > most and n != 100_500,
        ),
        step(prompt=lambda n: n["input"] + n["read"] + (n["output"] if n["input"] % 1_000 else 0)),
    ],
    "batch-at-full-price": [
        built(total=lambda parts, usage: sum(parts.values())),
        built(total=lambda parts, usage: sum(parts.values()) / (1 + (usage.speed == "batch"))),
        built(total=lambda parts, usage: sum(parts.values()) * (1 + (usage.service_tier == "b"))),
    ],
    "half-of-a-part": [
        halved("input", "output"),
        halved("input", "output", "read"),
        halved("input", "output", "write_5m", "write_1h"),
    ],
    "free-model": [
        built(find=lambda prices, model: prices.get(model, FREE)),
        caught,
        none_found,
    ],
    "guesses-a-price": [
        built(find=lambda prices, model: prices.get(model, prices["sound"])),
        built(find=lambda prices, model: prices[model.split("-")[0]]),
        built(find=lambda prices, model: prices.get(model) or max(prices.values(), key=len)),
    ],
    "names-no-model": [
        built(find=no_name),
        built(find=is_known),
        built(find=lambda prices, model: dict(prices.get(model))),
    ],
}
