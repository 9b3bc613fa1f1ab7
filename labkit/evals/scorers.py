"""The scorers: deterministic rules for one answer, named as the field names them.

Each function takes its targets and returns a ``Scorer``. A sample may combine several;
``scorer(name, target)`` finds one by its name, for eval sets that are typed as data.
"""

import json
import re
from collections.abc import Callable, Mapping

from labkit.arguments import known, refused, table, text
from labkit.evals import reading
from labkit.evals.values import Answer, Scorer, ToolCall

COMPARED = "No answer can be compared with it."


def includes(*texts: str) -> Scorer:
    """The answer contains every one of these texts; capitals do not matter."""
    need_texts("includes", texts)

    def fault(answer: Answer) -> str:
        missing = [text for text in texts if not reading.contains(answer.text, text)]
        return f"{missing[0]!r} is missing" if missing else ""

    return Scorer("includes", texts, fault)


def includes_any(*texts: str) -> Scorer:
    """The answer contains at least one of these texts."""
    need_texts("includes_any", texts)

    def fault(answer: Answer) -> str:
        found = any(reading.contains(answer.text, text) for text in texts)
        return "" if found else f"none of {', '.join(map(repr, texts))} is there"

    return Scorer("includes_any", texts, fault)


def excludes(*texts: str) -> Scorer:
    """The answer contains none of these texts."""
    need_texts("excludes", texts)

    def fault(answer: Answer) -> str:
        found = [text for text in texts if reading.contains(answer.text, text)]
        return f"{found[0]!r} is there" if found else ""

    return Scorer("excludes", texts, fault)


def number(*numbers: str) -> Scorer:
    """The answer has each of these numbers with its unit: ``number("7 days")``."""
    need_texts("number", numbers)
    for one in numbers:
        if not re.fullmatch(r"\d+(\.\d+)? \S+", one):
            raise refused(
                "a target of number",
                one,
                "It is not a number with a unit, and no answer can be compared with it.",
                'Write it like "7 days".',
            )

    def fault(answer: Answer) -> str:
        missing = [one for one in numbers if not reading.has_number(answer.text, one)]
        return f"{missing[0]!r} is missing" if missing else ""

    return Scorer("number", numbers, fault)


def cites(*ids: str) -> Scorer:
    """The answer ends with exactly these document ids in square brackets, in any order."""
    need_texts("cites", ids)

    def fault(answer: Answer) -> str:
        return "" if set(reading.sources(answer.text)) == set(ids) else named(answer)

    return Scorer("cites", ids, fault)


def cites_any(*ids: str) -> Scorer:
    """The answer ends with at least one of these document ids, and with no other."""
    need_texts("cites_any", ids)

    def fault(answer: Answer) -> str:
        found = reading.sources(answer.text)
        return "" if found and set(found) <= set(ids) else named(answer)

    return Scorer("cites_any", ids, fault)


def need_texts(name: str, texts: tuple[str, ...]) -> None:
    """Refuse a scorer without a target, or with one that is not a text."""
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise refused(f"what {name} was given", texts, COMPARED, "Give it one or more texts.")


def named(answer: Answer) -> str:
    """What an answer names as its source, in words."""
    found = reading.sources(answer.text)
    return f"it names {', '.join(found)}" if found else "it names no source"


def abstains() -> Scorer:
    """The answer says that it does not know, and ends with ``[none]``."""

    def fault(answer: Answer) -> str:
        if reading.sources(answer.text) != ("none",):
            return named(answer)
        known = reading.NOT_KNOWN.search(reading.body(answer.text)) is None
        return "it does not say that it does not know" if known else ""

    return Scorer("abstains", (), fault)


def declines_with_next_step() -> Scorer:
    """The answer declines, and offers the desk or something instead."""

    def fault(answer: Answer) -> str:
        text = reading.body(answer.text)
        if reading.DECLINES.search(text) is None:
            return "it does not decline"
        offers = reading.NEXT_STEP.search(text) is not None
        return "" if offers else "it offers neither the desk nor anything instead"

    return Scorer("declines_with_next_step", (), fault)


def language(name: str) -> Scorer:
    """The answer is written in this language: ``en``, ``es`` or ``pl``."""
    known(name, reading.COMMON_WORDS, "a language that can be told here", COMPARED)

    def fault(answer: Answer) -> str:
        found = reading.language_of(answer.text)
        return "" if found == name else f"its language is {found}"

    return Scorer("language", (name,), fault)


def calls_tool(name: str, arguments: Mapping[str, object]) -> Scorer:
    """The app asked for this one tool with exactly these arguments, and for no other."""
    expected = (ToolCall(text("name", name, COMPARED), table("arguments", arguments, COMPARED)),)

    def fault(answer: Answer) -> str:
        if answer.tool_calls == expected:
            return ""
        asked = ", ".join(f"{call.name}({dict(call.input)})" for call in answer.tool_calls)
        return f"it asked for {asked}" if asked else "it asked for no tool"

    return Scorer("calls_tool", (name, dict(arguments)), fault)


def json_true(expected: Mapping[str, object]) -> Scorer:
    """The answer is one JSON object, beside its source, and every expected field is right."""
    table("expected", expected, COMPARED)

    def fault(answer: Answer) -> str:
        text = re.sub(r"^```(?:json)?|```$", "", reading.body(answer.text)).strip()
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return "it is not JSON"
        if not isinstance(found, dict):
            return "it is JSON, but not an object"
        wrong = [key for key in expected if key not in found or found[key] != expected[key]]
        return f"{wrong[0]!r} is {found.get(wrong[0], 'missing')!r}" if wrong else ""

    return Scorer("json_true", (dict(expected),), fault)


ALL: tuple[Callable[..., Scorer], ...] = (
    includes, includes_any, excludes, number, cites, cites_any, abstains,
    declines_with_next_step, language, calls_tool, json_true,
)  # fmt: skip
SCORERS = {make.__name__: make for make in ALL}


def scorer(name: str, target: object) -> Scorer:
    """The scorer of this name for a target as data: a text, a list, a table, or true for none."""
    make = known(name, SCORERS, "a scorer", "Nothing can be scored with it.")
    targets = () if target is True else target if isinstance(target, list) else (target,)
    try:
        return make(*targets)
    except TypeError:
        how = f"{name} takes another number of targets."
        raise refused("target", target, how, f"Write what it takes: {make.__doc__}") from None
