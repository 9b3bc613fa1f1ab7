"""R2, an eval on every change: what its first function must tell apart, and what it must not.

a config and a changed one -> the learner's fingerprint of both -> equal or not
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from labkit.checks.exercise import Answer, Case, Exercise, Hint, Usual
from labkit.checks.reliability.watching import WATCHING
from labkit.checks.signs import Sign
from labkit.checks.verdict import told

Config = Mapping[str, Any]
SALT = 0x5EED
CONFIG: Config = {
    "prompt": "You are Latch. Answer from the documents only.",
    "model": "model-a",
    "params": {"max_tokens": 300, "effort": "low"},
    "tools": [
        {"name": "quote_fee", "description": "The fee of a loan.", "risk": "low"},
        {"name": "extend_loan", "description": "Extends a loan.", "risk": "medium"},
    ],
    "documents": {"ladders": "A ladder carries 120 kg.", "extensions": "A drill: 7 days."},
    "rules": ["no medical advice"],
    "samples": [{"id": "drill-days", "input": "How long may I keep a drill?", "number": "7 days"}],
    "scorer": 3,
}


@dataclass(frozen=True, slots=True)
class Both:
    """The fingerprints of two configs."""

    one: object
    other: object

    def __repr__(self) -> str:
        same = "equal" if self.is_same else "different"
        return f"{same}: {told(self.one)} and {told(self.other)}"

    @property
    def is_same(self) -> bool:
        """Whether nobody can tell them apart."""
        return bool(self.one == self.other)

    @property
    def is_text(self) -> bool:
        """Whether both are texts with something in them."""
        return all(isinstance(one, str) and one for one in (self.one, self.other))


def of(got: object) -> Both:
    """Both fingerprints; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Both)
    return got


def same(got: object) -> bool:
    """Fits equal fingerprints."""
    return of(got).is_same


def differ(got: object) -> bool:
    """Fits two fingerprints."""
    return not of(got).is_same


def empty(got: object) -> bool:
    """Fits a function without ``return``."""
    return of(got).one is None


NO_TEXT = Hint(
    "not-a-text",
    lambda got: not of(got).is_text,
    "The badge and the file of results need a short text, and this is none. Return hexadecimal "
    "digits.",
    "`hashlib.sha256(text.encode()).hexdigest()[:16]`.",
)
CLOCK = Hint(
    "not-the-content",
    differ,
    "Nothing was edited and the eval runs again: a fresh clone changes every file's time and every "
    "address in memory. The content alone may count.",
    "No `id`, no time, no random number: make one text of the config, and hash that.",
)
PROCESS = Hint(
    "another-process",
    differ,
    "Run it in a second process: same value? `hash` is salted anew in each, so CI never finds "
    "yesterday's result and pays for every run.",
    "`hashlib.sha256` gives the same in every process and on every machine.",
)
ORDER = Hint(
    "order-counts",
    differ,
    "Somebody sorted the keys, nothing else changed, and the team waits for an eval. The order of "
    "keys means nothing.",
    "`json.dumps(config, sort_keys=True)` sorts on every level; `str(config)` on none.",
)
TIDIED = Hint(
    "tidies-the-text",
    same,
    "A model reads every space and every capital; a prompt that differs in one is another prompt, "
    "and your light stayed green.",
    "Hash the text as it is: no `strip`, no `split`, no `lower`.",
)
TYPES = Hint(
    "numbers-as-texts",
    same,
    'A 3 became a "3": whoever reads the config gets a text where a number was, and your light '
    "stayed green.",
    "JSON keeps them apart; `str(value)` and an f-string do not.",
)
GLUED = Hint(
    "runs-together",
    same,
    "A word moved from one part to the next, the app behaves otherwise, and your light stayed "
    "green. The parts ran together.",
    "JSON keeps the boundaries; `''.join(...)` does not.",
)
USUAL = Usual("The fingerprint is a text that only the content decides.", empty=empty)


def forgot(what: str) -> Hint:
    """A part that the fingerprint leaves out."""
    return Hint(
        "forgets-a-part",
        same,
        f"The mutant changed {what} and your light stayed green. What people read changed, too.",
        "Hash the whole config and choose no keys: tomorrow it has one more.",
    )


def changed(*path: str | int, to: object) -> Config:
    """The config with another value in one place."""
    config = deepcopy(dict(CONFIG))
    inner: Any = config
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return config


def turned(value: object) -> object:
    """The same with the keys of every table in the other order."""
    if isinstance(value, Mapping):
        return {key: turned(inner) for key, inner in reversed(list(value.items()))}
    return [turned(inner) for inner in value] if isinstance(value, list) else value


@contextmanager
def another_process(answer: Answer) -> Iterator[None]:
    """Give the module of an answer another ``hash``, as a second process has.

    A process of its own would need the learner's source, which a notebook may not have. Only the
    names of that one module change, and only if it has no ``hash`` of its own.
    """
    names = getattr(answer, "__globals__", {"hash": None})
    if "hash" in names:
        yield
        return
    names["hash"] = lambda value: hash(value) ^ SALT
    try:
        yield
    finally:
        del names["hash"]


def elsewhere(answer: Answer) -> Both:
    """The fingerprint here, and where ``hash`` is salted in another way."""
    here = answer(deepcopy(CONFIG))
    with another_process(answer):
        return Both(here, answer(deepcopy(CONFIG)))


def compares(given: str, other: object, *own: Hint, expected: str, holds: Sign) -> Case:
    """Fingerprints the config and another one."""
    return Case(
        given=given,
        ask=lambda answer: Both(answer(deepcopy(CONFIG)), answer(deepcopy(other))),
        expected=expected,
        holds=lambda got: of(got).is_text and holds(got),
        usual=USUAL,
        own=(*own, NO_TEXT),
    )


def stays(given: str, other: object, *own: Hint) -> Case:
    """The fingerprint must be the same."""
    return compares(given, other, *own, expected="two equal texts", holds=same)


def flips(given: str, other: object, *own: Hint) -> Case:
    """The fingerprint must be another."""
    return compares(given, other, *own, expected="two different texts", holds=differ)


def tool(text: str) -> Config:
    """The config with another description of its second tool."""
    return changed("tools", 1, "description", to=text)


FINGERPRINTS = (
    Case(
        "the same config twice",
        lambda answer: Both(answer(deepcopy(CONFIG)), answer(deepcopy(CONFIG))),
        "two equal texts",
        lambda got: same(got) and not empty(got),
        USUAL,
        (CLOCK,),
    ),
    Case(
        "the same config in a second process",
        elsewhere,
        "two equal texts",
        lambda got: of(got).is_text and same(got),
        USUAL,
        (PROCESS, NO_TEXT),
    ),
    stays("the keys of every table in another order", turned(CONFIG), ORDER),
    flips(
        "another word in the prompt", changed("prompt", to="You are Lilo."), forgot("the prompt")
    ),
    flips("one more space in the prompt", changed("prompt", to=CONFIG["prompt"] + " "), TIDIED),
    flips("another description of the second tool", tool("Never."), forgot("a tool's description")),
    flips(
        "another number in a document",
        changed("documents", "ladders", to="A ladder carries 150 kg."),
        forgot("a document"),
    ),
    flips("another model", changed("model", to="model-b"), forgot("the model")),
    flips("another max_tokens", changed("params", "max_tokens", to=200), forgot("a parameter")),
    flips("another version of the scorer", changed("scorer", to=4), forgot("the scorer")),
    flips(
        "another gold answer in one example",
        changed("samples", 0, "number", to="8 days"),
        forgot("the eval set"),
    ),
    flips("one more part", {**CONFIG, "guardrail": "v2"}, forgot("a part that is new")),
)


def moved() -> Case:
    """Two configs whose values are the same when they are written one after the other."""
    one = {"prompt": "Answer in short.", "rules": ""}
    other = {"prompt": "Answer in", "rules": " short."}
    return Case(
        "a word that moves from one part to the next",
        lambda answer: Both(answer(one), answer(other)),
        "two different texts",
        lambda got: of(got).is_text and differ(got),
        USUAL,
        (GLUED, NO_TEXT),
    )


R2 = Exercise(
    code="R2",
    names=("run_fingerprint", "needs_eval"),
    parameters=(1, 2),
    cases=(
        *FINGERPRINTS,
        moved(),
        flips("the scorer's number as a text", changed("scorer", to="3"), TYPES),
        *WATCHING,
    ),
    minutes=15,
    points=4.0,
    after="Tick R2 when the badge shows the fingerprint of what is deployed.",
)
