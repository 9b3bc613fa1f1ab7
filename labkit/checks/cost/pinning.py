"""C3, aliases replaced: which model ids in source code a lint must report, and which it must not.

a few lines of Python and a lock -> the answer's findings -> Findings -> the first case that fails
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.checks.cost import pinning_hints as hints
from labkit.checks.cost.pinned import Findings
from labkit.checks.exercise import Answer, Case, Exercise, Hint

LOCK = {"triage": "claude-haiku-5-5", "answers": "claude-sonnet-5-5"}
NEXT = "claude-haiku-9"
ALIAS = "claude-haiku-4-5"
LATEST = "mistral-large-latest"
PLACES = """\
import anthropic

FAST = {"triage": "claude-haiku-4-5"}
def ask(client, model="claude-sonnet-4-5"):
    return client.messages.create(model="claude-opus-" "4-5")
"""
JOINED = """\
def model_of(version):
    return f"claude-haiku-{version}"
"""
LONGER = '''\
def ask(log):
    """We used claude-haiku-4-5 until May."""
    log.info("claude-haiku-4-5 is an alias")
'''


@dataclass(frozen=True, slots=True)
class Code:
    """Some lines, and what must be found in them."""

    source: str
    found: tuple[tuple[int, str], ...] = ()
    lock: Mapping[str, str] | None = None


def finds(given: str, code: Code, *own: Hint) -> Case:
    """These lines, and no others, must be reported."""

    def ask(answer: Answer) -> object:
        lock = LOCK if code.lock is None else code.lock
        return Findings.of(answer(code.source, dict(lock)))

    return Case(
        given=given,
        ask=ask,
        expected=repr(Findings(code.found)),
        holds=lambda got: isinstance(got, Findings) and got.are(code.found),
        usual=hints.USUAL,
        own=(*own, hints.other_line(code.found)),
    )


def literal(id: str, *own: Hint, found: bool, lock: Mapping[str, str] | None = None) -> Case:
    """One id in the third line."""
    where = ((3, id),) if found else ()
    inside = ", which is in the lock" if lock else ""
    return finds(
        f'line 3: MODEL = "{id}"{inside}', Code(f'\n\nMODEL = "{id}"\n', where, lock), *own
    )


C3 = Exercise(
    code="C3",
    names=("find_unpinned",),
    parameters=(2,),
    cases=(
        literal(ALIAS, hints.FINDS_NOTHING, found=True),
        literal("claude-haiku-4-5-20251001", hints.FLAGS_PINNED, found=False),
        literal("claude-haiku-5-5", hints.BY_DATE, found=False),
        literal("claude-haiku-5-5-20261007", hints.TRUSTS_A_DATE, found=True),
        finds(
            "line 1: # claude-haiku-4-5 stood here",
            Code('# claude-haiku-4-5 stood here\nMODEL = LOCK["triage"]\n'),
            hints.GREP,
        ),
        finds("a docstring and a log line that speak of it", Code(LONGER), hints.IN_A_SENTENCE),
        finds(
            "lines 3, 4 and 5: a dict, a default, two texts side by side",
            Code(
                PLACES,
                ((3, ALIAS), (4, "claude-sonnet-4-5"), (5, "claude-opus-4-5")),
            ),
            hints.SOME_PLACES,
        ),
        finds(
            'line 2: return f"claude-haiku-{version}"',
            Code(JOINED, ((2, "claude-haiku-{version}"),)),
            hints.MISSES_JOINED,
        ),
        literal(LATEST, hints.MISSES_LATEST, found=True),
        literal("us.anthropic.claude-haiku-4-5-20251001-v1:0", hints.CLOUD, found=False),
        literal("us.anthropic.claude-haiku-4-5", hints.SKIPS_CLOUD, found=True),
        literal(NEXT, hints.UNKNOWN_PASSES, found=True),
        literal(NEXT, hints.NO_LOCK, found=False, lock={"triage": NEXT}),
        literal(ALIAS, hints.LOCK_VOUCHES, found=True, lock={"triage": ALIAS}),
        literal(LATEST, hints.LOCK_VOUCHES, found=True, lock={"answers": LATEST}),
    ),
    minutes=20,
    points=4.0,
    after="Tick C3 when this runs in your CI, and the lock is the only file that names a model.",
)
