"""What an exercise is: its cases, and what each misconception does in them."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace

from labkit.checks.signs import Sign, anything, nothing, raised

Answer = Callable[..., object]
Asks = Callable[[Answer], object]
"""Calls an answer and says what came."""
OTHER = "other"
"""The id of a hint for what nobody has thought of."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One misconception, recognised by what an answer gives in one case."""

    id: str
    fits: Sign
    """Whether what came is what this misconception gives."""
    says: str
    """What it does to a person; then where to look."""
    more: str = ""
    """A fuller hint, for ``hint=2``."""


PRINTED = Hint(
    "returns-nothing",
    nothing,
    "Nothing came back. `print` shows a value to you; only `return` hands it to the app.",
    "End the function with `return` and the value, on every path through it.",
)
RAISED = Hint(
    "raises",
    raised(),
    "The app stops here, and Noor sees an error page. Whatever came from the provider, this "
    "function must give a value.",
    "The line above names the exception. Find which line of yours raises it for what was given.",
)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is said in every case of one function, before and after the case's own hints."""

    other: str
    """Where nothing else fits."""
    more: str = ""
    _: KW_ONLY
    shape: tuple[Hint, ...] = ()
    """Where something of another kind came than was asked for."""
    stops: str = RAISED.says
    """Where it raises."""
    empty: Sign | None = PRINTED.fits
    """How it shows that nothing was returned; None where nothing is an answer."""
    part: int = 0
    """Which of the answers it is."""

    @property
    def before(self) -> tuple[Hint, ...]:
        """Nothing came, it raised, or it is of another kind."""
        printed = replace(PRINTED, fits=self.empty) if self.empty else None
        return (*filter(None, (printed, replace(RAISED, says=self.stops))), *self.shape)

    @property
    def after(self) -> Hint:
        """The one that fits everything."""
        return Hint(OTHER, anything, self.other, self.more)

    def gives(
        self, given: str, ask: Asks, expected: object, *own: Hint, first: tuple[Hint, ...] = ()
    ) -> "Case":
        """The case that this value must come, and nothing that merely equals it."""
        return Case(given, ask, repr(expected), is_like(expected), self, own, first)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that an answer must do."""

    given: str
    ask: Asks
    expected: str
    holds: Sign
    usual: Usual
    own: tuple[Hint, ...] = ()
    """What this case alone can tell."""
    first: tuple[Hint, ...] = ()
    """The same, of what the usual hints would take for theirs, such as an exception."""

    @property
    def hints(self) -> tuple[Hint, ...]:
        """All, in the order in which they are tried."""
        return (*self.first, *self.usual.before, *self.own, self.usual.after)


def is_like(expected: object) -> Sign:
    """Fits what equals this and is of its kind; True is no 1."""
    is_bool = isinstance(expected, bool)
    return lambda got: (
        isinstance(got, type(expected)) and isinstance(got, bool) is is_bool and got == expected
    )


@dataclass(frozen=True, slots=True)
class Exercise:
    """What ``check`` knows of one exercise."""

    code: str
    names: tuple[str, ...]
    """The functions to write, in the order in which ``check`` takes them."""
    parameters: tuple[int, ...]
    """How many arguments each takes."""
    cases: tuple[Case, ...]
    minutes: int
    points: float
    after: str
    """What to do when it is solved."""
    keywords: tuple[tuple[str, ...], ...] = ()
    """What each takes by name only, besides; empty where none does."""

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """What its hints can name, in the order of the cases."""
        ids = (hint.id for case in self.cases for hint in case.hints)
        return tuple(dict.fromkeys(id for id in ids if id != OTHER))

    @property
    def name(self) -> str:
        """The functions in words."""
        return " and ".join(self.names)
