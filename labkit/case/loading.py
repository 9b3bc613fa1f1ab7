"""Reads the case's files into values; anything wrong in them names its file and line."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.resources.abc import Traversable
from types import MappingProxyType

from labkit.arguments import known, shown, text, whole
from labkit.case.values import Document, LoanTerms, Prompt, Tool
from labkit.evals import Answer, LogRecord, Sample, ToolCall
from labkit.evals.loading import read_sample as read_any_sample
from labkit.evals.records import Feedback
from labkit.tables import Row, read_rows, read_text, wrong

FRONT_MATTER = ("id", "title", "language", "updated")
LANGUAGES = ("en", "es", "pl")
KINDS = ("happy", "edge", "adversarial", "production")
TOPICS = ("fees", "loans", "safety", "visit", "scope")
SOURCES = ("written", "simulated-log", "off-topic")
CENT_DIGITS = 2
CLOSED = {"kind": KINDS, "topic": TOPICS, "language": LANGUAGES, "source": SOURCES}
"""What a sample of the case may say of itself; an eval set of somebody else may say more."""
RISKS = ("low", "medium", "high")
FEEDBACK = ("up", "down")
KEPT = timedelta(days=30)
"""How long messages to Latch are kept; it stands in the document privacy-notice."""


def load_documents(folder: Traversable) -> tuple[Document, ...]:
    """Every Markdown file of a folder, in the order of the names."""
    return tuple(load_document(page) for page in markdown(folder))


def load_document(file: Traversable) -> Document:
    """One Markdown file with front matter."""
    lines = read_text(file).splitlines()
    end = len(FRONT_MATTER) + 1
    if lines[:1] != ["---"] or lines[end : end + 1] != ["---"]:
        keys = ", ".join(FRONT_MATTER)
        raise wrong(file.name, 1, "its front matter is not whole", f"write {keys} between two ---")
    id, title, language, updated = (
        front_matter(file.name, number, key, lines[number - 1])
        for number, key in enumerate(FRONT_MATTER, 2)
    )
    if f"{id.text('id')}.md" != file.name:
        raise id.wrong(f"the id is {id.text('id')!r}", "make it the file's name without .md")
    if '"' in title.text("title"):
        raise title.wrong("the title holds a quotation mark", "write it without")
    return Document(
        id=id.text("id"),
        title=title.text("title"),
        language=language.one_of("language", LANGUAGES),
        updated=updated.day("updated"),
        text=document_text(file.name, lines, end + 1),
    )


def front_matter(file: str, number: int, key: str, line: str) -> Row:
    """One ``key: value`` line above a document, as a row of its own."""
    name, _, value = line.partition(":")
    if name != key:
        raise wrong(file, number, f"{line!r} stands where `{key}` belongs", f"write {key}: ...")
    return Row(file, number, {key: value.strip()})


def document_text(file: str, lines: Sequence[str], begin: int) -> str:
    """The text below the front matter; a document mark in it would end the document early."""
    for number, line in enumerate(lines[begin:], begin + 1):
        if re.search(r"</?documents?\b", line):
            raise wrong(file, number, "the text holds a document mark", "write it without the mark")
    text = "\n".join(lines[begin:]).strip()
    if not text:
        raise wrong(file, begin, "the document has no text", "write it below the ---")
    return text


def load_samples(file: Traversable, known_documents: Sequence[str]) -> tuple[Sample, ...]:
    """The eval set of a TOML file; ids and inputs are unique."""
    found: dict[str, Sample] = {}
    inputs: set[str] = set()
    for row in read_rows(file, "sample"):
        one = read_sample(row, known_documents)
        if one.id in found or one.input in inputs:
            raise row.wrong(f"the id or the input of {one.id!r} is taken", "change it")
        found[one.id] = one
        inputs.add(one.input)
    return tuple(found.values())


def read_sample(row: Row, known_documents: Sequence[str]) -> Sample:
    """One ``[[sample]]``."""
    documents = row.texts("documents")
    if strange := [one for one in documents if one not in known_documents]:
        raise row.wrong(f"there is no document {strange[0]!r}", "name a document of the case")
    for key, allowed in CLOSED.items():
        row.one_of(key, allowed)
    return read_any_sample(row)


def load_gold(file: Traversable, ids: Sequence[str]) -> dict[str, Answer]:
    """A right answer for each of these samples; in the order of the file."""
    found: dict[str, Answer] = {}
    row = Row(file.name, 1, {})
    for row in read_rows(file, "gold"):
        row.only("id", "text", "tool")
        id = row.one_of("id", tuple(ids))
        if id in found:
            raise row.wrong(f"{id!r} has an answer already", "keep one")
        found[id] = Answer(row.text("text"), read_call(row))
    if missing := [id for id in ids if id not in found]:
        raise row.wrong(f"{missing[0]!r} has no answer", "write one below")
    return found


def read_call(row: Row) -> tuple[ToolCall, ...]:
    """The tool call of a gold answer, where it has one."""
    match row.fields.get("tool", []):
        case []:
            return ()
        case [str(name), dict(arguments)]:
            return (ToolCall(name, arguments),)
        case other:
            remedy = 'write tool = ["name", { ... }]'
            raise row.wrong(f"`tool` is {shown(other)}, not a name and arguments", remedy)


def load_tools(file: Traversable) -> tuple[Tool, ...]:
    """The tools of a TOML file."""
    return tuple(read_tool(row) for row in read_rows(file, "tool"))


def read_tool(row: Row) -> Tool:
    """One ``[[tool]]``."""
    row.only("name", "description", "risk", "reversible", "input_schema")
    return Tool(
        name=row.text("name"),
        description=row.text("description"),
        risk=row.one_of("risk", RISKS),
        reversible=row.flag("reversible"),
        input_schema=row.table("input_schema"),
    )


def load_catalogue(file: Traversable) -> Mapping[str, LoanTerms]:
    """The things of a TOML file and their terms, by id."""
    found: dict[str, LoanTerms] = {}
    for row in read_rows(file, "thing"):
        if row.text("id") in found:
            raise row.wrong(f"the id {row.text('id')!r} is taken", "change it")
        found[row.text("id")] = read_terms(row)
    return MappingProxyType(found)


def read_terms(row: Row) -> LoanTerms:
    """One ``[[thing]]``."""
    row.only("id", "loan_fee", "deposit", "days")
    return LoanTerms(
        id=row.text("id"),
        loan_fee_cents=read_cents(row, "loan_fee"),
        deposit_cents=read_cents(row, "deposit"),
        days=row.whole("days"),
    )


def read_cents(row: Row, key: str) -> int:
    """An amount such as ``12.50``, in cents."""
    crowns, point, cents = row.text(key).partition(".")
    if not (point and len(cents) == CENT_DIGITS and (crowns + cents).isdecimal()):
        raise row.wrong(f"`{key}` is {row.text(key)!r}, not an amount", f'write {key} = "12.50"')
    return int(crowns + cents)


def load_log(file: Traversable) -> dict[LogRecord, tuple[str, ...]]:
    """The messages of a TOML file, each with what must not be kept of it."""
    found: dict[LogRecord, tuple[str, ...]] = {}
    ids: set[str] = set()
    for row in read_rows(file, "message"):
        record, details = read_record(row), row.texts("details")
        if record.id in ids:
            raise row.wrong(f"the id {record.id!r} is taken", "change it")
        if strange := [one for one in details if one not in record.text]:
            raise row.wrong(f"the text does not hold {strange[0]!r}", "write it as the text has it")
        ids.add(record.id)
        found[record] = details
    return found


def read_record(row: Row) -> LogRecord:
    """One ``[[message]]``."""
    row.only("id", "received", "topic", "language", "text", "feedback", "details", "opted_out")
    received = row.day("received")
    return LogRecord(
        id=row.text("id"),
        text=row.text("text"),
        topic=row.one_of("topic", TOPICS),
        language=row.one_of("language", LANGUAGES),
        feedback="none" if "feedback" not in row.fields else read_feedback(row),
        opted_out="opted_out" in row.fields and row.flag("opted_out"),
        received=received,
        expires=received + KEPT,
    )


def read_feedback(row: Row) -> Feedback:
    """What the reader pressed."""
    return "up" if row.one_of("feedback", FEEDBACK) == "up" else "down"


def load_prompt(folder: Traversable, name: str, version: int) -> Prompt:
    """The file ``name-vN.md`` of a folder."""
    follows = "Nothing can be sent."
    wanted = f"{text('name', name, follows)}-v{shown(whole('version', version, follows))}.md"
    have = {one.name: one for one in markdown(folder)}
    content = read_text(known(wanted, have, "a prompt of the case", follows))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Prompt(name=name, version=version, text=content, sha256=digest)


def markdown(folder: Traversable) -> list[Traversable]:
    """The Markdown files of a folder, in the order of their names."""
    try:
        files = [one for one in folder.iterdir() if one.name.endswith(".md")]
    except OSError:
        raise wrong(folder.name, 1, "the folder cannot be read", "install labkit again") from None
    return sorted(files, key=lambda one: one.name)
