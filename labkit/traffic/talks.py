"""A conversation of one person with an app, question by question.

Arrival, questions -> Talk: asks() -> the app -> hears(text or error) -> the next question
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from anthropic.types import MessageParam

from labkit.arguments import every, refused
from labkit.case import samples
from labkit.sim.luck import Luck
from labkit.traffic.arrivals import Arrival
from labkit.traffic.values import Visit

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 40.0
"""How long a person reads an answer before they ask on; made up."""


@dataclass(slots=True)
class Talk:
    """Where one conversation stands."""

    arrival: Arrival
    questions: Sequence[str]
    pauses_s: Sequence[float]
    """Between an answer and the next question."""
    when_s: float
    """When the next question is asked."""
    turn: int = 0
    """How many questions have been asked."""
    messages: list[MessageParam] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Whether there is a next question."""
        return self.turn < len(self.questions)

    def asks(self) -> str | list[MessageParam]:
        """What the app is given: the question, or all messages where there are several turns."""
        question = self.questions[self.turn]
        if len(self.questions) == 1:
            return question
        self.messages.append({"role": "user", "content": question})
        return list(self.messages)

    def hears(self, text: str | None, error: str | None, now_s: float) -> Visit:
        """Take the answer in; a person who gets none goes away."""
        question, asked_s = self.questions[self.turn], self.when_s
        self.turn += 1
        if not text:
            self.questions = self.questions[: self.turn]
        elif self.goes_on:
            self.messages.append({"role": "assistant", "content": text})
            self.when_s = now_s + self.pauses_s[self.turn - 1]
        return Visit(
            user=self.arrival.user,
            kind=self.arrival.kind,
            turn=self.turn,
            when_s=asked_s,
            question=question,
            text=text,
            error=error,
            total_s=now_s - asked_s,
        )


def talks(
    coming: Callable[[], Iterable[Arrival]], turns: int, questions: Sequence[str], luck: Luck
) -> Iterator[Talk]:
    """A conversation for each arrival; attackers ask what the case's adversarial samples ask.

    Nobody is drawn before the first conversation is asked for: to draw many takes a while.
    """
    attacks = questions_of("adversarial")
    for arrival in coming():
        offered = attacks if arrival.kind == "attacker" else questions
        own = luck.child(arrival.number)
        asked = [luck.choice(offered, "what", arrival.number, n) for n in range(turns)]
        spread_s = LONGEST_PAUSE_S - SHORTEST_PAUSE_S
        pauses = [SHORTEST_PAUSE_S + spread_s * own.uniform("pause", n) for n in range(turns - 1)]
        yield Talk(arrival, asked, pauses, arrival.when_s)


def questions_of(*kinds: str) -> tuple[str, ...]:
    """What the case's samples of these kinds ask."""
    return tuple(one.input for one in samples() if one.tags[0] in kinds)


def usable(questions: Sequence[str] | None) -> Sequence[str]:
    """The questions to ask: those given, or the case's ordinary ones."""
    if questions is None:
        return questions_of("happy", "production")
    found = every("questions", questions, str, '["How long may I keep a drill?"]')
    if not found:
        raise refused("questions", found, "Nobody would ask anything.", "Give a list of questions.")
    return found
