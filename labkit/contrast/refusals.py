"""A conversation in which the model declines: what the screen shows, and what the next turn meets.

    shape -> both chat apps, each in a fresh lab: the refused question, then the next one -> view

A chat app takes ``(client, messages, screen)``, writes to the screen, and returns the history that
goes back with the next question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import anthropic

from labkit import clock
from labkit.arguments import every, function, sendable, text, whole
from labkit.arguments import refused as refused_value
from labkit.contrast.worlds import at_least_one, world
from labkit.errors import OutOfBudget
from labkit.lab import Lab, Screen, one_line
from labkit.sim import refused
from labkit.sim.faults.shapes import CANNED
from labkit.views import View, Who, choice
from labkit.views.figures import ShareRow
from labkit.views.phones import Phone, RefusalScene, Shown, Turn
from labkit.views.reliability.refusals import draw_refusal

Messages = list[dict[str, Any]]
ChatApp = Callable[[anthropic.Anthropic, Messages, Screen], Messages]

SHAPES: Mapping[str, str] = MappingProxyType(
    {"empty content": "empty", "mid-stream": "midstream", "canned text": "canned"}
)
SENTENCE_END = (".", "!", "?", "]", "”")
CANNED_REFUSALS = frozenset(words for language in CANNED.values() for words in language)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what the chat app made of it."""

    text: str
    """What stands on the screen in the end."""
    error: str
    """The exception in one line; empty when the app returned."""
    history: Messages
    """What the app would send next time, before the next question."""
    shape: str
    """How the reply came: a refusal's shape, ``refused again``, or ``answer``."""


def refusals(
    prototype: ChatApp,
    production: ChatApp,
    question: str,
    next_question: str,
    *,
    seed: int = 7,
) -> View:
    """Show what two people see when ``question`` is refused, and what ``next_question`` meets."""
    check_chat_apps(prototype=prototype, production=production)
    sendable("question", question, "Nobody can be asked it.")
    sendable("next_question", next_question, "Nobody can be asked it.")
    whole("seed", seed, "The same seed must give the same bytes.")

    def scene(shape: str) -> RefusalScene:
        return RefusalScene(
            shape=shape,
            question=question,
            next_question=next_question,
            prototype=phone("prototype", prototype, SHAPES[shape]),
            production=phone("production", production, SHAPES[shape]),
            seed=seed,
        )

    def phone(who: Who, app: ChatApp, shape: str) -> Phone:
        lab = world(seed, faults=[refused(shape, times=1)])
        first = exchange(lab, app, [], question, shape)
        if first.error.startswith(OutOfBudget.__name__):  # a budget ends an app once
            lab = world(seed)
        then = exchange(lab, app, first.history, next_question, "answer")
        return Phone(
            who=who,
            outcome=shown(first),
            text=first.text,
            error=first.error,
            history=turns(question, first),
            next_outcome=shown(then),
            next_text=then.error or then.text,
        )

    shapes = choice("How the refusal arrives", list(SHAPES), radio=True)
    return View.of(scene, draw_refusal, {"shape": shapes})


def replies_read(
    prototype: ChatApp,
    production: ChatApp,
    questions: Sequence[str],
    desk: str,
    *,
    seed: int = 7,
) -> list[ShareRow]:
    """How many of these questions each chat app treats rightly, by the way the reply comes.

    Every question is asked once with an answer and once with each shape of refusal, each time in a
    fresh lab. Right is an answer where there is one, and the sentence ``desk`` where there is none.
    """
    check_chat_apps(prototype=prototype, production=production)
    questions = at_least_one(questions)
    text("desk", desk, "No screen can be compared with it.")
    rows = []
    for name, shape in {"an answer": "", **SHAPES}.items():
        apps: dict[Who, ChatApp] = {"prototype": prototype, "production": production}
        for who, app in apps.items():
            seen = [screen_text(app, question, shape, seed) for question in questions]
            right = sum(said == desk if shape else said.endswith("]") for said in seen)
            rows.append(ShareRow(name, right, len(questions), who))
    return rows


def check_chat_apps(**apps: object) -> None:
    """Refuse what cannot hold a conversation, by its name."""
    for name, app in apps.items():
        function(name, app, "client", "messages", "screen")


def screen_text(app: ChatApp, question: str, shape: str, seed: int) -> str:
    """What stands on the screen in the end; nothing of a refusal when there is no shape."""
    lab = world(seed, faults=[refused(shape)] if shape else [])
    return exchange(lab, app, [], question, shape or "answer").text.strip()


def exchange(lab: Lab, app: ChatApp, history: Messages, question: str, shape: str) -> Exchange:
    """Ask one question in a conversation; an exception of the app is a result."""
    screen = Screen()
    messages = [*history, {"role": "user", "content": question}]
    kept, error = messages, ""
    with clock.use(lab.clock):
        try:
            kept = app(lab.client, list(messages), screen)
        except (Exception, OutOfBudget) as raised:
            error = one_line(raised)
    kept = a_history(kept)
    stop_reason = lab.trace[-1].stop_reason if lab.trace else None
    declined = stop_reason == "refusal" and shape == "answer"
    return Exchange(screen.text, error, kept, "refused again" if declined else shape)


def a_history(returned: Messages) -> Messages:
    """What an app returned, once it can be sent again."""
    example = '[*messages, {"role": "assistant", "content": "..."}]'
    found = every("what the app returned", returned, dict, example)
    if all({"role", "content"} <= turn.keys() for turn in found):
        return [*found]
    follows = "Not each of its turns has a role and a content."
    raise refused_value("what the app returned", returned, follows, "Return the messages so far.")


def shown(done: Exchange) -> Shown:
    """How an exchange ended for the person who asked."""
    text = done.text.strip()
    if done.error:
        return "crashed"
    if done.shape == "refused again" and not text:
        return "refused"
    if not text:
        return "blank"
    if done.shape == "answer":
        return "answered"
    if text in CANNED_REFUSALS:
        return "refused"
    return "helped" if text.endswith(SENTENCE_END) else "half a sentence"


def turns(question: str, done: Exchange) -> tuple[Turn, ...]:
    """The first turn's messages, and whether the app took them out."""
    kept = [(message["role"], str(message["content"])) for message in done.history]
    asked = Turn("person", question, removed=("user", question) not in kept, refused=True)
    if len(kept) < 2:  # noqa: PLR2004 - a question without a reply
        return (asked,)
    return asked, Turn("assistant", kept[-1][1], refused=True)
