"""C7, what is stable first: two requests of an answer, sent one after the other to one provider.

two situations -> the answer's requests -> Lab -> what the second read from the cache -> Pair
"""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import anthropic

from labkit import case
from labkit.arguments import line
from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told
from labkit.lab import Lab, one_line

Messages = tuple[Mapping[str, str], ...]
MONDAY, TUESDAY = "Monday, 23 November 2026", "Tuesday, 24 November 2026"
IDS = ("about-us", "extensions", "fees-and-deposits", "ladders", "late-returns", "opening-hours")
RULES = """You are Latch, the assistant of the Lantern Lane Library of Things.
Answer from the documents only, in the language of the question, in two sentences at most.
Where the documents do not say it, say so and offer the desk."""
ENOUGH = 0.95
MOST_MARKERS = 4
TRIED = {"max_tokens": 20}


def turn(role: str, words: str) -> Mapping[str, str]:
    """One message of a conversation."""
    return {"role": role, "content": words}


GREETING = (turn("user", "Hello."), turn("assistant", "Hello, how can I help?"))
REPLIED = turn("assistant", "Seven days. You can extend the loan once.")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a request is made of."""

    tools: tuple[Mapping[str, Any], ...]
    docs: Mapping[str, str]
    today: str = MONDAY
    member: str = "Noor, member m-1"
    history: Messages = GREETING
    question: str = "How long may I keep a drill?"

    @property
    def settings(self) -> dict[str, Any]:
        """The same as an answer takes it; a copy, so that nothing of it is shared."""
        return copy.deepcopy(
            {
                "tools": list(self.tools),
                "rules": RULES,
                "docs": dict(self.docs),
                "today": self.today,
                "member": self.member,
                "history": [dict(one) for one in self.history],
                "question": self.question,
            }
        )


@cache
def usual() -> Situation:
    """A question on Monday, after a greeting."""
    tools = [dict(tool.definition()) for tool in case.tools()[:4]]
    return Situation(tuple(tools), {id: case.document(id).text for id in IDS})


def longer(turns: int) -> Situation:
    """The same after a longer conversation."""
    talk = [
        turn(role, f"{words} {number}: " + "a ladder, a drill, a projector and a tent, " * 4)
        for number in range(turns)
        for role, words in (("user", "Do you have"), ("assistant", "Yes, we have"))
    ]
    return replace(usual(), history=(*GREETING, *talk))


def following(before: Situation, **changes: str) -> Situation:
    """The next question of a conversation."""
    told = (*before.history, turn("user", before.question), REPLIED)
    return replace(before, history=told, question="And the projector?", **changes)  # type: ignore[arg-type]


def backwards(value: Any) -> Any:
    """The same with the keys of each dict the other way round."""
    if isinstance(value, dict):
        return {name: backwards(value[name]) for name in reversed(value)}
    return [backwards(one) for one in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """Two requests, and what the provider counted for them."""

    first: Any
    second: Any
    situation: Situation
    """Of the second one."""
    reads: int = 0
    """Tokens that the second read from the cache."""
    could: int = 0
    """Tokens that it can read."""
    problem: str = ""
    """Why a request was refused; empty where none was."""
    kept: bool = True
    """Whether what the answer was given is as it was."""

    def __repr__(self) -> str:
        if not self.are_requests:
            return told(self.second, 120)
        if self.problem:
            return line(self.problem, 140)
        count = f"{self.markers} marker{'s' * (self.markers != 1)}"
        said = f"{min(self.reads, self.could):,} of {self.could:,} tokens read, {count}"
        if self.missing:
            return f"{self.missing} is missing; {said}"
        return said if self.kept else f"what was handed in is changed; {said}"

    @property
    def are_requests(self) -> bool:
        """Whether both can be sent at all."""
        return all(isinstance(one, Mapping) and "messages" in one for one in self.both)

    @property
    def both(self) -> tuple[Any, Any]:
        """The first and the second."""
        return self.first, self.second

    @property
    def markers(self) -> int:
        """Breakpoints of the second request."""
        return sum("cache_control" in one for one in dicts(self.second))

    @property
    def marks_the_last(self) -> bool:
        """Whether the second request has a breakpoint in its last message, or one of its own."""
        last = self.second["messages"][-1:]
        return "cache_control" in self.second or any("cache_control" in one for one in dicts(last))

    @property
    def hits(self) -> bool:
        """Whether nearly all was read that could be read."""
        return not self.problem and self.reads >= ENOUGH * self.could

    @property
    def missing(self) -> str:
        """What the second request does not say; empty where it says all."""
        said = "\n".join(texts(self.second))
        given = self.situation.settings
        if self.situation.today not in said:
            return "the date"
        parts = {"the member": [given["member"]], "the question": [given["question"]]}
        parts["the rules"] = given["rules"].splitlines()
        parts |= {f"the document {id}": words.splitlines() for id, words in given["docs"].items()}
        parts["the conversation"] = [one["content"] for one in given["history"]]
        for name, lines in parts.items():
            if not all(one.strip() in said for one in lines):
                return name
        tools = [unmarked(tool) for tool in self.second.get("tools", [])]
        lost = [tool["name"] for tool in given["tools"] if tool not in tools]
        return f"the tool {lost[0]}" if lost else ""

    @property
    def share(self) -> float:
        """How far both are equal, as a part of the tokens that can be shared, in characters."""
        one, other = (rendered(request) for request in self.both)
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
        length = min(len(one), len(other)) if same is None else same
        return length / len(rendered(reference(**usual().settings)))


def dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    """All dicts in a request, itself included."""
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value
    if isinstance(inner, list | tuple) or isinstance(value, Mapping):
        for one in inner:
            yield from dicts(one)


def texts(value: Any) -> Iterator[str]:
    """All texts in a request."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, Mapping) else ():
        yield from texts(one)
    for one in value if isinstance(value, list | tuple) else ():
        yield from texts(one)


def unmarked(value: Any) -> Any:
    """The same without breakpoints."""
    if isinstance(value, Mapping):
        return {name: unmarked(one) for name, one in value.items() if name != "cache_control"}
    return [unmarked(one) for one in value] if isinstance(value, list | tuple) else value


def rendered(request: Any) -> str:
    """A request in the order in which the API reads it."""
    parts = (request.get(name) for name in ("tools", "system", "messages"))
    return "".join(json.dumps(unmarked(part), default=str) for part in parts)


def reference(**given: Any) -> dict[str, Any]:
    """A request that shares what can be shared, in as few tokens as possible."""
    mark = {"cache_control": {"type": "ephemeral"}}
    tools = json.loads(json.dumps(given["tools"], sort_keys=True))
    words = "\n".join([given["rules"], *(given["docs"][id] for id in sorted(given["docs"]))])
    turns = list(given["history"])
    if turns:
        last = {"type": "text", "text": turns[-1]["content"]} | mark
        turns[-1] = {"role": turns[-1]["role"], "content": [last]}
    asks = f"{given['today']} {given['member']} {given['question']}"
    return {
        "tools": sorted(tools, key=lambda tool: str(tool["name"])),
        "system": [{"type": "text", "text": words} | mark],
        "messages": [*turns, {"role": "user", "content": asks}],
    }


def sent(lab: Lab, request: Any) -> int:
    """Send it; how many tokens were read from the cache."""
    settings = {**request, **TRIED, "model": lab.model("balanced")}
    return lab.client.messages.create(**settings).usage.cache_read_input_tokens or 0


def read_by(first: Any, second: Any) -> int:
    """What the second of two requests reads."""
    lab = Lab(7)
    sent(lab, first)
    return sent(lab, second)


def paired(first: Situation, second: Situation) -> Asks:
    """Two situations, one after the other."""

    @cache
    def could() -> int:
        return read_by(reference(**first.settings), reference(**second.settings))

    def ask(answer: Answer) -> object:
        given = [first.settings, second.settings]
        one, other = (copy.deepcopy(answer(**settings)) for settings in given)
        kept = given == [first.settings, second.settings]
        pair = Pair(one, other, second, kept=kept)
        if not pair.are_requests:
            return pair
        try:
            return replace(pair, reads=read_by(one, other), could=could())
        except (anthropic.AnthropicError, TypeError, ValueError) as problem:
            return replace(pair, could=could(), problem=one_line(problem))

    return ask
