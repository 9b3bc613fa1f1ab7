"""C3: right answers written otherwise, and each misconception written three ways."""

import ast
import io
import re
import tokenize
from typing import NamedTuple

from labkit import catalog, cost

CODE = "C3"
KNOWN = (*catalog.models(), *catalog.retired())
FIXED = {one.id for one in KNOWN}
MOVES = {alias: one.id for one in KNOWN for alias in one.aliases}
MAKERS = r"(?:claude|lab|gpt|gemini|mistral)"
ID = re.compile(rf"(?:[\w.-]+[./])?({MAKERS}-(?=.*(?:\d|\{{|latest))[\w.{{}}-]+?)(?:-v\d+:\d+)?")


class Found(NamedTuple):
    """A finding with names."""

    line: int
    id: str
    why: str


def texts(source):
    """Each text of the code and its line; a docstring is one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, ast.unparse(node)[2:-1]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def fault(core, text, lock):
    """Why an id is not pinned; nothing where it is."""
    if core in MOVES:
        return f"an alias of {MOVES[core]}"
    if core.endswith("latest"):
        return "moves with every release"
    return "" if core in FIXED or text in lock.values() else "nobody knows it"


def built(
    texts=texts,
    shape=ID.fullmatch,
    core_of=lambda found: found[1],
    fault=fault,
    text_of=lambda text, found: text,
    line=lambda n: n,
    finally_=lambda found: found,
):
    """A lint in which one thing is otherwise."""

    def find_unpinned(source, lock):
        found = []
        for place, text in texts(source):
            if (core := shape(text)) and (why := fault(core_of(core), text, lock)):
                found.append((line(place), text_of(text, core), why))
        return finally_(sorted(set(found)))

    return find_unpinned


# -- right answers, written otherwise ---------------------------------------------------------


class Visitor(ast.NodeVisitor):
    """Collects texts on its way through the tree."""

    def __init__(self):
        self.texts = []

    def visit_Constant(self, node):
        """A text."""
        self.texts.append((node.lineno, str(node.value)))

    def visit_JoinedStr(self, node):
        """A text with holes."""
        parts = (getattr(one, "value", "") for one in node.values)
        said = "".join(one if isinstance(one, str) else "{…}" for one in parts)
        self.texts.append((node.lineno, said.replace("{…}", "{hole}")))


def by_visitor(source):
    """The same texts."""
    visitor = Visitor()
    visitor.visit(ast.parse(source))
    return visitor.texts


RIGHT = [
    cost.find_unpinned,
    built(),
    built(texts=by_visitor, finally_=lambda found: [Found(*one) for one in found]),
    built(finally_=lambda found: tuple(map(list, reversed(found)))),
]

# -- planted misconceptions -------------------------------------------------------------------


def lines(source):
    """Quoted texts, line by line, comments too."""
    for n, text in enumerate(source.splitlines(), start=1):
        yield from ((n, one) for one in re.findall(r"[\w./:{}-]+", text))


def with_comments(source):
    """The texts of the code, and the words of its comments."""
    yield from texts(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from ((token.start[0], word) for word in token.string.split())


def only(*kinds):
    """Only the texts that are the value of these nodes."""

    def some(source):
        for node in ast.walk(ast.parse(source)):
            value = getattr(node, "value", None)
            if isinstance(node, kinds) and isinstance(value, (ast.Constant, ast.JoinedStr)):
                yield node.lineno, ast.unparse(value).lstrip("f").strip("'")

    return some


def constants(source):
    """No f-strings."""
    tree = ast.walk(ast.parse(source))
    yield from ((one.lineno, one.value) for one in tree if isinstance(one, ast.Constant))


def strings(source):
    """No f-strings: only what is a text."""
    yield from ((place, text) for place, text in constants(source) if isinstance(text, str))


def without_holes(source):
    """F-strings with their holes left out."""
    yield from ((place, re.sub(r"\{\w+\}", "", text)) for place, text in texts(source))


def by_rule(rule):
    """Whether an id is reported is said by ``rule``."""
    return built(fault=lambda core, text, lock: "moves" if rule(core, text, lock) else "")


def right(core, text, lock):
    """The right rule."""
    return bool(fault(core, text, lock))


def search(text):
    """An id anywhere in a text."""
    return re.search(rf"({MAKERS}-[\w.{{}}-]*(?:\d|\}}|latest)[\w.-]*)", text)


def words(text):
    """One of the words of a text."""
    return next(filter(None, map(ID.fullmatch, text.replace(".", " ").split())), None)


def claude(text):
    """Only one maker's ids."""
    return ID.fullmatch(text) if "claude" in text else None


def whole(found):
    """The text as it is, with what a cloud writes around it."""
    return found[0]


def is_cloud(text):
    """Whether a cloud wrote something before it."""
    return "anthropic." in text


WRONG = {
    "raises": [
        built(texts=lambda one: [(1, ast.literal_eval(one))]),
        built(texts=lambda source: [(1, source.body)]),
        built(fault=lambda core, text, lock: MOVES[core]),
    ],
    "returns-nothing": [
        built(finally_=lambda found: None),
        built(finally_=print),
        built(finally_=lambda found: found.sort()),
    ],
    "not-findings": [
        built(finally_=lambda found: [id for _, id, _ in found]),
        built(finally_=lambda found: [(place, id) for place, id, _ in found]),
        built(finally_=lambda found: {place: id for place, id, _ in found}),
    ],
    "misses-the-alias": [
        built(fault=lambda *_: ""),
        by_rule(lambda core, text, lock: core.endswith("latest")),
        by_rule(lambda core, text, lock: core not in MOVES and right(core, text, lock)),
    ],
    "another-line": [
        built(line=lambda n: n - 2),
        built(line=lambda n: 1),
        built(line=lambda n: n + 1),
    ],
    "flags-the-pinned": [
        by_rule(lambda *_: True),
        by_rule(lambda core, text, lock: any(one in core for one in MOVES)),
        by_rule(lambda core, text, lock: text not in lock.values()),
    ],
    "by-date": [
        by_rule(lambda core, text, lock: not re.search(r"-\d{8}$", core)),
        by_rule(lambda core, text, lock: not re.search(r"20\d{6}", text)),
        by_rule(lambda core, text, lock: len(core) < 20),
    ],
    "trusts-a-date": [
        by_rule(lambda core, text, lock: core[-8:].isdigit() is False and right(core, text, lock)),
        by_rule(lambda core, text, lock: "-20" not in core and right(core, text, lock)),
        by_rule(
            lambda core, text, lock: (
                right(re.sub(r"-\d{8}$", "", core), text, lock) and core not in FIXED
            )
        ),
    ],
    "reads-comments": [
        built(texts=lines),
        built(texts=with_comments),
        built(texts=lambda source: [*texts(source), *lines(source)]),
    ],
    "reads-sentences": [
        built(shape=search),
        built(shape=words),
        built(shape=lambda text: next(filter(None, map(ID.fullmatch, text.split())), None)),
    ],
    "some-places": [
        built(texts=only(ast.Assign, ast.Return)),
        built(texts=only(ast.keyword, ast.Assign)),
        built(texts=lambda source: [*only(ast.Assign)(source), *only(ast.keyword)(source)]),
    ],
    "misses-joined": [
        built(texts=strings),
        built(texts=without_holes),
        built(shape=lambda text: None if "{" in text else ID.fullmatch(text)),
    ],
    "misses-latest": [
        built(shape=claude),
        by_rule(lambda core, text, lock: core[:7] == "claude-" and right(core, text, lock)),
        by_rule(lambda core, text, lock: "latest" not in core and right(core, text, lock)),
    ],
    "flags-the-cloud": [
        built(core_of=whole),
        by_rule(lambda core, text, lock: text != core or right(core, text, lock)),
        built(fault=lambda core, text, lock: fault(text, text, lock)),
    ],
    "skips-the-cloud": [
        by_rule(lambda core, text, lock: not is_cloud(text) and right(core, text, lock)),
        built(shape=lambda text: None if text.startswith("us.") else ID.fullmatch(text)),
        built(shape=lambda text: None if "." in text else ID.fullmatch(text)),
    ],
    "unknown-passes": [
        by_rule(
            lambda core, text, lock: (
                core in MOVES
                or "latest" in core
                or "{" in core
                or (re.sub(r"-\d{8}$", "", core) in FIXED and core not in FIXED)
            )
        ),
        by_rule(lambda core, text, lock: right(core, text, lock) and not core.endswith("-9")),
        by_rule(lambda core, text, lock: right(core, text, lock) and len(core) > 14),
    ],
    "ignores-the-lock": [
        by_rule(lambda core, text, lock: right(core, text, {})),
        by_rule(lambda core, text, lock: right(core, text, lock) or core not in FIXED),
        by_rule(lambda core, text, lock: right(core, text, {"": ""}) and text not in lock),
    ],
    "lock-vouches": [
        by_rule(
            lambda core, text, lock: (
                right(core, text, lock) and (core in MOVES or text not in lock.values())
            )
        ),
        by_rule(lambda core, text, lock: text not in lock.values() and right(core, text, lock)),
        by_rule(lambda core, text, lock: core not in {*lock.values()} and right(core, text, {})),
        built(
            fault=lambda core, text, lock: (
                "" if text in [*lock.values()] else fault(core, text, lock)
            )
        ),
    ],
}
