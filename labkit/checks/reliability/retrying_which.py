"""R11, retry with back-off: which failures its second function may try again."""

from collections.abc import Callable

import httpx2

from labkit.checks import failures
from labkit.checks.exercise import Case, Hint, Usual

SHOWN = 17

NOT_YES_OR_NO = Hint(
    "not-yes-or-no",
    lambda got: not isinstance(got, bool) and got is not None,
    "The app behind this needs a plain yes or no. Return True or False.",
)
NEVER = Hint(
    "never",
    lambda got: got is False,
    "One short hiccup, and the visitor reads that Latch cannot be reached. Half a second later the "
    "same request would have been answered.",
    "408, 409, 429 and everything from 500 on may be another status next time.",
)
SAME_AGAIN = Hint(
    "same-again",
    lambda got: got is True,
    "The same answer comes five times, and the visitor waits for all of them. Nothing about this "
    "request becomes right by sending it again.",
    "Say which failures pass, and leave out all others: 400, 401, 403, 404, 413, your own bugs.",
)
SPEND = Hint(
    "waits-for-money",
    lambda got: got is True,
    "The month's money is used up. No wait of seconds changes that, and the visitor waits for it. "
    "It comes as a 429, like a rate limit.",
    "`error.body['error']['details']['error_code']` says which; the SDK has an exception for it.",
)
NO_STATUS = Hint(
    "statuses-only",
    lambda got: got is False,
    "The connection broke before any status came, and the visitor is sent away for a lost packet.",
    "`anthropic.APIConnectionError` has no status; a timeout is one of its kind.",
)
BY_STATUS = Hint(
    "reads-the-status",
    lambda got: got is False,
    "An overload that a stream reports is not seen as one: its status is 200, because the response "
    "had begun well. The visitor gets an error page for it.",
    "Look at `error.type` where the status is 200. `except OverloadedError` misses it, too.",
)
NOT_THE_SDKS = Hint(
    "sdk-errors-only",
    lambda got: got is False,
    "When the connection breaks inside a stream, httpx2's own exception comes out of the SDK. "
    "Nothing was shown yet, and the visitor could have been answered.",
    "`isinstance(exc, httpx2.TransportError)`.",
)
AFTER_TEXT = Hint(
    "after-text",
    lambda got: got is True,
    "The visitor read two different beginnings: part of the first reply stood on the screen, and a "
    "second one began below it.",
    "After the first character nothing is tried again: `if chars_shown: return False`.",
)
USUAL = Usual("Return True or False.", shape=(NOT_YES_OR_NO,), part=1)


def retries(
    given: str, failure: Callable[[], BaseException], wanted: bool, *hints: Hint, shown: int = 0
) -> Case:
    """The second function must say yes or no to this failure."""
    return USUAL.gives(given, lambda answer: answer(failure(), shown), wanted, *hints)


def status(code: int, kind: str, wanted: bool) -> Case:
    """A status that the API documents, before anything was shown."""
    hint = NEVER if wanted else SAME_AGAIN
    return retries(f"{code} {kind}", lambda: failures.status(code, kind), wanted, hint)


WHICH = (
    status(529, "overloaded_error", True),
    status(429, "rate_limit_error", True),
    status(500, "api_error", True),
    status(408, "timeout_error", True),
    status(409, "conflict_error", True),
    status(400, "invalid_request_error", False),
    status(401, "authentication_error", False),
    status(403, "permission_error", False),
    status(404, "not_found_error", False),
    status(413, "request_too_large", False),
    retries("a KeyError in your own code", lambda: KeyError("deposit"), False, SAME_AGAIN),
    retries(
        "a timeout: no response came",
        lambda: failures.lost(httpx2.ReadTimeout),
        True,
        NO_STATUS,
    ),
    retries(
        "a connection that could not be made",
        lambda: failures.lost(httpx2.ConnectError),
        True,
        NO_STATUS,
    ),
    retries(
        "429, and its error_code says that the spend limit is reached",
        lambda: failures.status(429, "rate_limit_error", error_code="enforced_spend_limit_reached"),
        False,
        SPEND,
    ),
    retries(
        "overloaded_error inside a stream, nothing shown",
        lambda: failures.in_stream("overloaded_error"),
        True,
        BY_STATUS,
    ),
    retries(
        "invalid_request_error inside a stream, nothing shown",
        lambda: failures.in_stream("invalid_request_error"),
        False,
        SAME_AGAIN,
    ),
    retries(
        "a connection that broke inside a stream, nothing shown",
        failures.lost_in_stream,
        True,
        NOT_THE_SDKS,
    ),
    retries(
        "overloaded_error inside a stream, after 17 characters",
        lambda: failures.in_stream("overloaded_error"),
        False,
        AFTER_TEXT,
        shown=SHOWN,
    ),
    retries(
        "a connection that broke inside a stream, after 17 characters",
        failures.lost_in_stream,
        False,
        AFTER_TEXT,
        shown=SHOWN,
    ),
)
