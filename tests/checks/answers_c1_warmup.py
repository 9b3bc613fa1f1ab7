"""The warm-up of C1: one line in three right forms, and each misconception three ways."""

from fractions import Fraction

CODE = "C1-warmup"


def right_way(call, above, handed_up, right):
    """The sum of a mean call, divided."""
    return (call + handed_up * above) / right


def by_thousand(call, above, handed_up, right):
    """What a thousand calls cost, and how many of them are right."""
    paid = 1_000 * call + 1_000 * handed_up * above
    return paid / (1_000 * right)


def exact(call, above, handed_up, right):
    """In fractions, and a float at the end."""
    call, above, handed_up, right = map(Fraction, (call, above, handed_up, right))
    return float((call + handed_up * above) / right)


RIGHT = [right_way, by_thousand, exact]
WRONG = {
    "price-of-a-call": [
        lambda call, above, handed_up, right: call + handed_up * above,
        lambda call, above, handed_up, right: call,
        lambda call, above, handed_up, right: sum([call, above * handed_up]) / 1,
    ],
    "multiplies": [
        lambda call, above, handed_up, right: (call + handed_up * above) * right,
        lambda call, above, handed_up, right: call * right + handed_up * above * right,
        lambda call, above, handed_up, right: right * call,
    ],
    "handing-up-is-free": [
        lambda call, above, handed_up, right: call / right,
        lambda call, above, handed_up, right: (call + 0 * above) / right,
        lambda call, above, handed_up, right: 1 / right * call,
    ],
    "paid-once": [
        lambda call, above, handed_up, right: ((1 - handed_up) * call + handed_up * above) / right,
        lambda call, above, handed_up, right: (call + handed_up * (above - call)) / right,
        lambda call, above, handed_up, right: (call - call * handed_up + above * handed_up) / right,
    ],
    "all-handed-up": [
        lambda call, above, handed_up, right: (call + above) / right,
        lambda call, above, handed_up, right: call / right + above / right,
        lambda call, above, handed_up, right: sum((call, above)) / right,
    ],
    "raises": [
        lambda call, above, handed_up, right: call / handed_up,
        lambda call, above, handed_up, right: (call + up * above) / right,  # noqa: F821
        lambda call, above, handed_up, right: call["usd"] / right,
    ],
    "returns-nothing": [
        lambda call, above, handed_up, right: None,
        lambda call, above, handed_up, right: print(right_way(call, above, handed_up, right)),
        lambda call, above, handed_up, right: [].append(call / right),
    ],
}
