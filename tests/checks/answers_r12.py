"""R12: right answers written otherwise, and each misconception written three ways."""

import json
from collections import Counter

from labkit import reliability
from labkit.reliability import LoopResult
from labkit.trace import Usage, usage_of

CODE = "R12"
SORRY = "I could not finish this. Please ask at the desk."
REQUEST = {"model": "lab-balanced-1", "max_tokens": 300}


def by_block(client, messages, tools, limits):
    """The building block."""
    return reliability.run_tools(client, messages, tools, limits, **REQUEST)


def words(reply):
    """The visible text."""
    return "".join(block.text for block in reply.content if block.type == "text").strip()


def result(call, said, **more):
    """The result of one call."""
    return {"type": "tool_result", "tool_use_id": call.id, "content": said, **more}


class Loop:
    """One loop with a method for each decision, so that a wrong one can take its place."""

    def __init__(self, limits):
        """Begin with nothing used."""
        self.limits, self.seen, self.calls, self.usage = limits, Counter(), 0, Usage()

    def turns(self):
        """How many turns it may take."""
        return self.limits.turns

    def is_last(self, turn):
        """Whether this turn lets only a last word through."""
        over = self.calls >= self.limits.calls or self.limits.repeats in self.seen.values()
        return over or turn == self.turns() - 1

    def pays(self, reply):
        """Count a reply."""
        self.usage += usage_of(reply)

    def may_run(self):
        """Whether another call may run."""
        return self.calls < self.limits.calls

    def run(self, tool, call):
        """What a tool says, or what it raised."""
        try:
            return str(tool(call.input))
        except Exception as problem:
            return repr(problem)

    def cut(self, said):
        """What of it goes back."""
        return said[: self.limits.result_chars]

    def name(self, call, said):
        """What makes two calls the same."""
        return call.name, json.dumps(call.input), said

    def results(self, asked, run):
        """All results of a turn."""
        found = []
        for call in asked:
            said = "Not run."
            if self.may_run():
                self.calls += 1
                said = self.run(self.find(run, call.name), call)
            self.seen[self.name(call, said)] += 1
            found.append(result(call, self.cut(said)))
        return found

    def find(self, run, name):
        """The tool of this name."""
        return run.get(name, lambda given: "no such tool")

    def says(self, reply):
        """What the person reads."""
        return words(reply) or SORRY

    def goes_on(self, reply):
        """Whether a turn without calls is no end."""
        return reply.stop_reason == "pause_turn"

    def gives(self, said, why, turn):
        """How it ended."""
        return LoopResult(said, why, turn + 1, self.calls, self.usage)

    def ask(self, client, last, given):
        """One turn."""
        choice = {"type": "none" if last else "auto"}
        return client.messages.create(tool_choice=choice, **REQUEST, **given)


def answer(kind):
    """A loop of this kind as an answer."""

    def run_tools(client, messages, tools, limits):
        loop, messages = kind(limits), list(messages)
        run = {tool.definition["name"]: tool.call for tool in tools}
        given = {"tools": [tool.definition for tool in tools]}
        turn = 0
        while True:
            last = loop.is_last(turn)
            reply = loop.ask(client, last, {**given, "messages": messages})
            loop.pays(reply)
            asked = [block for block in reply.content if block.type == "tool_use"]
            if last or not (asked or loop.goes_on(reply)):
                return loop.gives(loop.says(reply), "turns" if last else "answered", turn)
            messages.append({"role": "assistant", "content": reply.content})
            if results := loop.results(asked, run) if asked else []:
                messages.append({"role": "user", "content": results})
            turn += 1

    return run_tools


def but(**methods):
    """The right loop with other methods."""
    return answer(type("Wrong", (Loop,), methods))


RIGHT = [by_block, answer(Loop)]


def never(self, turn):
    """No turn is the last one."""
    return False


def only_repeats(self, turn):
    """Repeats and calls end it, turns do not."""
    return self.calls >= self.limits.calls or self.limits.repeats in self.seen.values()


def no_repeats(self, turn):
    """Turns and calls end it."""
    return self.calls >= self.limits.calls or turn == self.turns() - 1


def pops(self, asked, run):
    """Only the calls that may run have results."""
    found = Loop.results(self, asked, run)
    return [one for one in found if one["content"] != "Not run."]


def first_only(self, asked, run):
    """Only the first call has a result."""
    return Loop.results(self, asked[:1], run)


def by_place(self, asked, run):
    """Results up to the limit of calls."""
    return Loop.results(self, asked[: self.limits.calls], run)


def stops_before(client, messages, tools, limits):
    """Leaves at the cap with words of its own."""
    found = by_block(client, messages, tools, limits)
    return found if found.why != "turns" else LoopResult(SORRY, "turns", 6, 5, found.usage)


def of(change):
    """The building block with its result changed."""
    return lambda *given: change(by_block(*given))


def made(found, said=None, usage=None):
    """A result like this one with another text or usage."""
    usage = found.usage if usage is None else usage
    said = found.text if said is None else said
    return LoopResult(said, found.why, found.turns, found.calls, usage)


def one_more(self):
    """One turn too many."""
    return self.limits.turns + 1


def asks_again(self, client, last, given):
    """Sends the last two turns alone."""
    return Loop.ask(self, client, last, {**given, "messages": given["messages"][-2:]})


def without_replies(self, client, last, given):
    """Sends what the model did not say."""
    asked = [one for one in given["messages"] if one["role"] == "user"]
    return Loop.ask(self, client, last, {**given, "messages": asked})


def as_the_user(self, client, last, given):
    """Sends every turn as the person's."""
    asked = [{**one, "role": "user"} for one in given["messages"]]
    return Loop.ask(self, client, last, {**given, "messages": asked})


WRONG = {
    "returns-nothing": [
        lambda *given: None,
        of(print),
        of(lambda found: found if found.why != "answered" else None),
    ],
    "raises": [
        lambda *given: 1 / 0,
        but(says=lambda self, reply: reply.content[0].text),
        but(says=lambda self, reply: next(b for b in reply.content).text + b""),
    ],
    "not-a-result": [
        of(lambda found: found.text),
        of(lambda found: {"text": found.text, "why": found.why}),
        of(lambda found: (found.text, found.why)),
    ],
    "no-limit": [
        but(is_last=never),
        but(is_last=only_repeats),
        but(turns=lambda self: 30),
    ],
    "off-by-one": [
        but(turns=one_more),
        but(is_last=lambda self, turn: only_repeats(self, turn) or turn >= self.limits.turns),
        but(is_last=lambda self, turn: only_repeats(self, turn) or turn > self.limits.turns - 1),
    ],
    "blank-at-the-cap": [
        but(says=lambda self, reply: words(reply)),
        of(lambda found: made(found, "") if found.why == "turns" else found),
        of(lambda found: made(found, "  ") if found.why != "answered" else found),
    ],
    "throws-the-answer-away": [
        stops_before,
        of(lambda found: made(found, SORRY)),
        of(lambda found: made(found, "Here is what I have.") if found.why == "turns" else found),
    ],
    "no-last-word": [
        but(ask=lambda self, client, last, given: Loop.ask(self, client, False, given)),
        but(ask=lambda self, client, last, given: client.messages.create(**REQUEST, **given)),
        but(
            says=lambda self, reply: SORRY if "calendar" in words(reply) else words(reply) or SORRY
        ),
    ],
    "no-usage": [
        of(lambda found: made(found, usage=Usage())),
        but(pays=lambda self, reply: setattr(self, "usage", usage_of(reply))),
        but(pays=lambda self, reply: None),
    ],
    "no-repeat-detector": [
        but(is_last=no_repeats),
        but(name=lambda self, call, said: call.id + said + str(self.calls)),
        but(name=lambda self, call, said: object()),
    ],
    "repeats-by-name": [
        but(name=lambda self, call, said: call.name),
        but(name=lambda self, call, said: said),
        but(name=lambda self, call, said: (call.name, said)),
    ],
    "repeats-by-call": [
        but(name=lambda self, call, said: (call.name, json.dumps(call.input))),
        but(name=lambda self, call, said: json.dumps(call.input)),
        but(name=lambda self, call, said: call.input["day"]),
    ],
    "loses-the-talk": [
        but(ask=asks_again),
        but(ask=without_replies),
        but(ask=as_the_user),
    ],
    "calls-as-turns": [
        but(may_run=lambda self: True),
        but(may_run=lambda self: self.calls < 100),
        but(may_run=lambda self: len(self.seen) < 100),
    ],
    "forgets-a-result": [
        but(results=pops),
        but(results=first_only),
        but(results=by_place),
    ],
    "tool-takes-all-down": [
        but(run=lambda self, tool, call: str(tool(call.input))),
        but(find=lambda self, run, name: run[name]),
        but(find=lambda self, run, name: next(run[one] for one in run if one == name)),
    ],
    "whole-result": [
        but(cut=lambda self, said: said),
        but(cut=lambda self, said: said.strip()),
        but(cut=lambda self, said: said[: 50 * self.limits.result_chars]),
    ],
    "pause-is-end": [
        but(goes_on=lambda self, reply: False),
        but(goes_on=lambda self, reply: reply.stop_reason == "tool_use"),
        but(goes_on=lambda self, reply: reply.stop_reason == "pause_turn" and not words(reply)),
    ],
}
