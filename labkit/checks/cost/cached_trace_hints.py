"""C8: what a wrong bill of a cache makes people decide."""

import math
from collections.abc import Callable

from labkit.checks.cost.cached_trace import Billed
from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign

TENTH, TOO_MUCH = 0.1, 100


def of(got: object) -> Billed:
    """What was billed; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Billed)
    return got


def bills(sign: Callable[[Billed], bool]) -> Sign:
    """A sign for bills; anything else it does not fit."""
    return lambda got: of(got).is_bill and sign(of(got))


def right(got: object) -> bool:
    """Counts and amount are right, and the list is as it was."""
    bill = of(got)
    return bill.is_bill and bill.counts and bill.costs and bill.kept


more_written = bills(lambda got: got.written > got.trace.right.written)
fewer_written = bills(lambda got: got.written < got.trace.right.written)
dear = bills(lambda got: got.counts and got.usd > got.trace.right.usd)
cheap = bills(lambda got: got.counts and got.usd < got.trace.right.usd)

NO_BILL = Hint(
    "not-a-bill",
    lambda got: not of(got).is_bill,
    "Whoever decides about the cache wants to know how many wrote, how many read, and what it "
    "cost. Return a `Bill`.",
    "`Bill(written, read, plain, usd)`: three whole numbers and an amount, on every path.",
)
CHANGES = Hint(
    "changes-the-list",
    bills(lambda got: not got.kept),
    "The request log was in the order of arrival before you looked at it, and now it is in yours. "
    "The next report reads the wrong lines.",
    "`sorted(timestamps)` is a new list; `timestamps.sort()` changes the one that was handed in.",
)
PER_MILLION = Hint(
    "not-per-million",
    bills(lambda got: got.counts and got.usd > TOO_MUCH * got.trace.right.usd),
    "Five questions cost thousands of dollars here. Prices are for a million tokens.",
    "Divide by 1,000,000, once.",
)
NINETY = Hint(
    "saves-ninety-percent",
    bills(
        lambda got: (
            (got.read > 0 and got.written == 0)
            or math.isclose(got.usd, TENTH * got.trace.uncached_usd)
        )
    ),
    "“Caching saves 90 %” is the price of a read. Somebody has to write first, and a write costs "
    "more than no cache.",
    "The first request finds nothing: it is a write, at `write_5m` or `write_1h`.",
)
NEVER_READS = Hint(
    "never-reads",
    bills(lambda got: got.read == 0),
    "On this bill the cache only costs, and nobody would ever switch it on. A minute later the "
    "prefix is still there.",
    "A request that finds a living entry reads it, at `read`.",
)
WRITE = Hint(
    "write-is-dearer",
    cheap,
    "A write at the plain price makes every cache look good, above all where few come after it.",
    '`prices["write_5m"]`, or `prices["write_1h"]`.',
)
READ_FULL = Hint(
    "read-is-cheaper",
    dear,
    "The counts are right and the amount is too high: reads have a price of their own.",
    '`prices["read"]` for what was read, the write\'s price for what was written, nothing else.',
)
FROM_WRITE = Hint(
    "ttl-from-the-write",
    more_written,
    "You paid for many writes that never were: each read starts the five minutes again.",
    "Move the end of the entry with every request: `expires = now + lifetime`.",
)
NEVER_EXPIRES = Hint(
    "never-expires",
    fewer_written,
    "Twenty minutes of silence, and the entry is gone. Your report promises a cheap morning; the "
    "invoice says that the first one writes again.",
    "A request at or after the end of the entry writes: keep `expires`, and compare.",
)
PARALLEL = Hint(
    "parallel-hits",
    fewer_written,
    "Five came in the same second, and none could read what none had written yet: all five paid "
    "for a write. It is the moment after a deploy, or nine in the morning.",
    "An entry can be read `READY_S` after the request that began it; before that all write.",
)
SAME_MOMENT = Hint(
    "same-moment-only",
    fewer_written,
    "They did not come at the very same moment, and still the first answer had not begun. These "
    "requests paid for writes.",
    "Compare with `readable = first + READY_S`, not for equal times.",
)
ROLLING = Hint(
    "waits-for-the-last",
    more_written,
    "The first answer had begun, so its entry could be read. That others were still writing does "
    "not matter.",
    "`readable` is set once, when an entry begins; writes and reads after that leave it alone.",
)
FIRST_BURST = Hint(
    "first-burst-only",
    fewer_written,
    "After the silence the entry is gone, and the next five come together again: they all write, "
    "like the first five did.",
    "Each time an entry has expired, a new one begins, with a new `readable`.",
)
TOO_SHORT = Hint(
    "caches-too-short",
    bills(lambda got: got.plain < got.trace.right.plain),
    "Nothing was cached: the prefix is below what this model caches, both counters stayed 0 for "
    "months, and no error said so. Your report shows savings.",
    "`prefix_tokens < min_tokens`: all are plain.",
)
NOTHING_COSTS = Hint(
    "wrong-price-for-plain",
    bills(lambda got: got.counts),
    "Nothing was written, so nobody pays for writing; and nothing was read. All these tokens pay "
    "the plain price.",
    '`prices["input"]` for each plain request.',
)
AT_LEAST = Hint(
    "at-the-minimum",
    bills(lambda got: got.plain > got.trace.right.plain),
    "A prefix of exactly the least length is cached. You would pad a prompt that is long enough.",
    "Too short is `prefix_tokens < min_tokens`.",
)
ONE_LIFETIME = Hint(
    "one-lifetime",
    more_written,
    "Somebody asks every half hour. For that there is an entry that lives an hour, and on your "
    "bill it dies after five minutes.",
    '`{"5m": 300, "1h": 3600}[ttl]`.',
)
ONE_PRICE = Hint(
    "one-write-price",
    cheap,
    "An hour costs more to write than five minutes. At the price of five minutes the hour always "
    "wins, and your team takes it where it loses.",
    '`prices[f"write_{ttl}"]`.',
)
ORDER = Hint(
    "order-of-the-log",
    bills(lambda got: not got.counts),
    "The log is in the order in which answers ended, and you read it as the order of questions. "
    "An entry cannot be read before it is written.",
    "Go through `sorted(timestamps)`.",
)
JUST_READABLE = Hint(
    "not-yet-readable",
    more_written,
    "This request came when the entry had just become readable, and read it. Your bill says that "
    "it wrote once more.",
    "From `readable` on means that moment, too: `now >= readable`.",
)
JUST_GONE = Hint(
    "alive-at-its-end",
    fewer_written,
    "This request came at the very end of the entry's lifetime, and found nothing to read. Your "
    "bill says that it read: whoever asks every five minutes sharp writes each time.",
    "At `expires` the entry is gone, not only after it: `now >= expires` begins another.",
)
USUAL = Usual(
    "Go through the requests by hand: does each find a living entry?",
    shape=(NO_BILL,),
    empty=lambda got: of(got).value is None,
)
