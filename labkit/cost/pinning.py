"""Model ids in source code whose meaning somebody else can change.

    Python source, and the lock (task -> id) -> find_unpinned -> findings: line, id, why

A date in the name is no sign: since Claude 4.6 an id without one is a fixed version, and only
earlier models have short names that move (docs: model ids and versions, 2026-08-22). The catalogue
decides.
"""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from labkit import catalog
from labkit.arguments import every, line, table, text
from labkit.errors import ArgumentError

HOLES = r"\{[^{}]*\}|%[sd]|%\(\w+\)[sd]"
"""What is filled in when the code runs."""
HOLE = re.compile(HOLES)
ID = re.compile(
    rf"(?P<before>(?:[\w./:@-]|{HOLES})*(?<![\w-]))"
    rf"(?P<core>(?:claude|lab-(?:{'|'.join(catalog.TIERS)}))-(?:[\w.:@-]|{HOLES})+?)"
    r"(?P<after>-v\d+(?::\d+)?)?"
)
"""A model of the catalogue, as a whole text. A cloud writes its name or region before it, and a
version of its own behind it."""
OTHERS = "chatgpt|codestral|deepseek|gemini|gemma|gpt|grok|llama|magistral|mistral|pixtral|qwen"
OWN = f"claude|lab-(?:{'|'.join(catalog.TIERS)})"
FLOATING = re.compile(rf"(?:[\w.-]+[/.])*(?:{OTHERS}|{OWN})[\w.-]*[-@:]latest")
"""A name of any maker that says itself that it moves."""
DATED = re.compile(r"-\d{8}$")
LOCK = 0
"""The line of what stands in the lock itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A model id that can change its meaning, or of which nobody can tell."""

    line: int
    """Where it stands in the source; 0 where it stands in the lock."""
    id: str
    """As it is sent; what is filled in when the code runs stands in braces."""
    why: str
    """What is wrong with it, and what to write."""

    def __repr__(self) -> str:
        """One line: where, which, why."""
        place = f"line {self.line}" if self.line else "the lock"
        return f"{place}: {line(self.id)!r} {self.why}"


def find_unpinned(source: str, lock: Mapping[str, str]) -> list[Finding]:
    """The ids in Python source that do not name one fixed version, by line.

    An id is a whole text in the code, also one joined from parts that stand in the code. Comments,
    docstrings and ids within longer texts are not looked at: they send nothing.

    Args:
        source: The text of a module.
        lock: The ids that the project has agreed on, by task. It vouches for an id that the
            catalogue does not know, such as a cloud's own or one of next week; never for one that
            moves.
    """
    tree = parsed(text("source", source, "It cannot be read as Python."))
    agreed = ids_of(lock)
    written = [*((LOCK, id) for id in agreed), *literals(tree)]
    found = sorted({(place, id) for place, id in written if is_id(id)})
    findings = (Finding(place, id, fault(id, agreed)) for place, id in found)
    return [one for one in findings if one.why]


def ids_of(lock: Mapping[str, str]) -> tuple[str, ...]:
    """What the project has agreed on."""
    table("lock", lock, "No id is agreed on.")
    return every("lock", lock.values(), str, "'lab-fast-2'")


def parsed(source: str) -> ast.Module:
    """The syntax tree; a refusal names the line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape is somebody else's business
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        place = f" (line {problem.lineno})" if isinstance(problem, SyntaxError) else ""
        raise ArgumentError(
            f"source is no Python{place}: {line(str(problem))}. No id can be found in it. "
            "Give the text of a module that runs."
        ) from None


def is_id(said: str) -> bool:
    """Whether a text is a model's name: of the catalogue's makers with a number, or a latest."""
    return bool(ID.fullmatch(said) and re.search(r"\d|[{%]", said)) or is_floating(said)


def is_floating(said: str) -> bool:
    """Whether a name says itself that it moves."""
    return bool(FLOATING.fullmatch(said.lower()))


def fault(id: str, agreed: Collection[str]) -> str:
    """What is wrong with an id; nothing where it names one fixed version."""
    shape = ID.fullmatch(id)
    core = shape["core"].replace("@", "-") if shape else id
    fixed = {*(one.id for one in catalog.models()), *(one.id for one in catalog.retired())}
    if meant := aliases().get(core):
        return f"is an alias: {meant}. Write that id."
    if is_floating(id):
        return "says itself that it moves with every release. Write the id of one version."
    if core in fixed or (id in agreed and DATED.sub("", core) not in fixed):
        return ""
    return untold(core, fixed)


def untold(core: str, fixed: Collection[str]) -> str:
    """Why nobody can tell what an id names."""
    if HOLE.search(core):
        return (
            "is put together when the code runs: nobody can read here what it names. "
            "Write whole ids into the lock and choose among them."
        )
    if (base := DATED.sub("", core)) in fixed:
        return f"is no id: {base!r} is the fixed version, and it has no date."
    return (
        f"is neither in the catalogue of {catalog.checked()} nor in the lock: nobody can tell "
        "whether it moves. Look it up, then put it into the lock."
    )


def aliases() -> dict[str, str]:
    """Every moving name, with what it means on the day of the catalogue."""
    day = catalog.checked()
    moving = {alias for one in catalog.models() for alias in one.aliases}
    now = {alias: f"on {day} it means {catalog.model(alias).id!r}" for alias in moving}
    gone = {
        alias: f"it meant {one.id!r}, which is gone since {one.retired}"
        for one in catalog.retired()
        for alias in one.aliases
    }
    return {**gone, **now}


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each text in the code with its line; joined ones whole, and not their parts again."""
    constants, seen = named_once(tree), docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or id(node) in seen:
            continue
        said = joined(node, constants)
        if said is not None:
            seen.update(id(part) for part in ast.walk(node))
            yield node.lineno, said


def joined(node: ast.expr, constants: Mapping[str, str]) -> str | None:
    """The text that an expression makes, as far as it can be read; None where it is no text."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.JoinedStr(values=parts):
            return "".join(part_of(one, constants) for one in parts)
        case ast.BinOp(op=ast.Add()):
            parts = summands(node)
            if any(is_read(one, constants) for one in parts):
                return "".join(part_of(one, constants) for one in parts)
    return None


def is_read(node: ast.expr, constants: Mapping[str, str]) -> bool:
    """Whether a part of a sum says something."""
    named = isinstance(node, ast.Name) and node.id in constants
    return named or isinstance(node, (ast.Constant, ast.JoinedStr))


def summands(node: ast.expr) -> list[ast.expr]:
    """What is added up, from left to right."""
    found = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def part_of(node: ast.expr, constants: Mapping[str, str]) -> str:
    """One part of a text: what it says, or in braces what is filled in."""
    match node:
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return part_of(value, constants)
        case ast.FormattedValue(value=value):
            return hole(value)
        case ast.Name(id=name) if name in constants:
            return constants[name]
        case ast.Constant(value=value):
            return str(value)
    said = joined(node, constants)
    return hole(node) if said is None else said


def hole(node: ast.expr) -> str:
    """What is filled in, in braces that hold no others."""
    return f"{{{re.sub('[{}]', '', ast.unparse(node))}}}"


def docstrings(tree: ast.Module) -> set[int]:
    """The texts that stand for themselves and do nothing."""
    alone = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(node) for node in alone if isinstance(node, ast.Constant)}


def named_once(tree: ast.Module) -> dict[str, str]:
    """The names that mean one text, or one number, in the whole module."""
    times: Counter[str] = Counter()
    texts = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                times[name] += 1
            case (
                ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Constant(value=str() | int() as said)
                )
                | ast.AnnAssign(
                    target=ast.Name(id=name), value=ast.Constant(value=str() | int() as said)
                )
            ):
                texts[name] = str(said)
    return {name: said for name, said in texts.items() if times[name] == 1}
