"""One question, two screens: an app that waits for the whole answer beside one that relays it.

    what happens, at which token, how fast -> both apps, a fresh lab each -> ReplayScene -> view

An app takes ``(client, question, screen)`` and writes to the screen. The answer is scripted, so
that both get the same one. A button plays the picture at the pace at which it came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from types import MappingProxyType
from typing import Literal

import anthropic

from labkit import clock
from labkit.arguments import function, known, refused, sendable, whole
from labkit.contrast.worlds import world
from labkit.errors import OutOfBudget
from labkit.lab import Screen, one_line
from labkit.sim import says, slow, stream_ends, stream_error, tokens
from labkit.sim.answers.latency import SPEEDS
from labkit.sim.faults import Fault
from labkit.views import Action, Drawing, Provenance, View, Who, amount, choice
from labkit.views.cost.replays import Layer, ReplayScene, ReplaySide, draw_replay
from labkit.views.words import duration

ScreenApp = Callable[[anthropic.Anthropic, str, Screen], object]

WHOLE, SECRET, REFUSED, ENDS, ERROR = (
    "it ends well",
    "a sentence may not be shown",
    "it refuses half-way",
    "the stream just ends",
    "an error comes",
)
STEP = 20
SLOWEST, FASTEST, FIRST = 10, 60, 30
"""Tokens a second."""
ONE_WORD = 6
"""So many characters may stand at the end of any text."""
SENTENCE_ENDS = (".", "!", "?", "…", ")", "]")
ENDINGS: Mapping[str, Literal["ok", "bad"]] = MappingProxyType(
    {
        "the whole answer": "ok",
        "whole sentences": "ok",
        "where to turn": "ok",
        "what may not be shown": "bad",
        "half a sentence": "bad",
        "what was refused": "bad",
        "an error page": "bad",
        "nothing": "bad",
    }
)
"""What a person has in the end."""
NOT_SHOWN = (
    "How long your people wait, and how often a real answer ends like that: answer, speed and "
    "ending are scripted. A check of single sentences does not see what lies across them."
)


@dataclass(slots=True)
class TimedScreen(Screen):
    """A screen that knows when each of its texts came."""

    began_s: float = 0.0
    times: list[float] = field(default_factory=list)

    def replace(self, text: str) -> None:
        """Show another text, and note when."""
        Screen.replace(self, text)
        self.times.append(clock.current().monotonic() - self.began_s)


@dataclass(frozen=True, slots=True)
class Script:
    """The answer that both apps get."""

    words: str
    secret: str
    """A sentence that may not be shown."""

    def faults(self, happens: str, at: int) -> list[Fault]:
        """What makes the provider answer so."""
        if happens == SECRET:
            return [says(self.with_secret(at))]
        if happens == REFUSED:
            return [replace(says(self.cut(at)), stop_reason="refusal")]
        breaks = {ENDS: [stream_ends(after=at)], ERROR: [stream_error(after=at)]}
        return [says(self.words), *breaks.get(happens, ())]

    def cut(self, at: int) -> str:
        """The first so many tokens."""
        return "".join(tokens.split(self.words)[:at])

    def with_secret(self, at: int) -> str:
        """The answer with the secret after the sentence in which that token lies."""
        behind = self.words.find(". ", len(self.cut(at)))
        place = len(self.words) if behind < 0 else behind + 1
        return f"{self.words[:place]} {self.secret}{self.words[place:]}"


@dataclass(frozen=True, slots=True)
class Stage:
    """Both apps, what they are asked, and the answer that they get."""

    prototype: ScreenApp
    production: ScreenApp
    question: str
    script: Script
    tier: str
    seed: int

    def scene(self, happens: str, at: int, speed: float) -> ReplayScene:
        """What stood on both screens when the answer came at so many tokens a second."""
        faults = [*self.script.faults(happens, at), slow(1 / (SPEEDS[self.tier].gap_s * speed))]
        here = (self.question, self.script, (self.seed, faults))
        left = side("prototype", self.prototype, *here)
        beside = side("production", self.production, *here)
        where = "" if happens == WHOLE else f" at token {at}"
        notes = (f"seed {self.seed}", f"scripted answer: {happens}{where}", "speed is made up")
        return ReplayScene(
            finding=finding(left, beside),
            question=self.question,
            prototype=left,
            production=beside,
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
        )


def two_phones(  # noqa: PLR0913 - half of them by name
    prototype: ScreenApp,
    production: ScreenApp,
    question: str,
    words: str,
    *,
    secret: str,
    tier: str = "frontier",
    seed: int = 7,
) -> View:
    """Let both apps ask ``question``, and show when what stood on which screen.

    Args:
        prototype: Shown left.
        production: Shown right.
        question: What both are asked.
        words: The scripted answer, of several sentences.
        secret: A sentence that may not be shown, for the case in which it comes.
        tier: The tier of the model that both call; its speed is what the slider scales.
        seed: The same seed gives the same bytes.
    """
    for name, app in (("prototype", prototype), ("production", production)):
        function(name, app, "client", "question", "screen")
    sendable("question", question, "Nobody can be asked it.")
    script = Script(a_text("words", words), a_text("secret", secret))
    known(tier, SPEEDS, "a tier", "It has no speed.")
    whole("seed", seed, "The same seed must give the same bytes.")
    most = max(len(tokens.split(words)) // STEP * STEP, 2 * STEP)
    scene = cache(Stage(prototype, production, question, script, tier, seed).scene)
    plays = count()

    def play(happens: str, at: int, speed: float) -> Drawing:
        return draw_replay(scene(happens, at, speed), play=next(plays))

    def lasts(happens: str, at: int, speed: float) -> str:
        return f"Play at real pace · {duration(scene(happens, at, speed).whole_s)}"

    return View.of(
        scene,
        draw_replay,
        {
            "happens": choice("What happens", [WHOLE, SECRET, REFUSED, ENDS, ERROR]),
            "at": amount("At token", STEP, most, step=STEP, value=most // 2 // STEP * STEP),
            "speed": amount("Tokens a second", SLOWEST, FASTEST, step=5, value=FIRST),
        },
        actions=[Action(lasts, play, busy="Playing")],
    )


def a_text(name: str, value: object) -> str:
    """A text with something in it."""
    if not sendable(name, value, "No model can say it.").strip():
        raise refused(name, value, "No model can say it.", "Give at least one sentence.")
    return str(value)


def side(
    who: Who, app: ScreenApp, question: str, script: Script, world_of: tuple[int, list[Fault]]
) -> ReplaySide:
    """What one app shows, and when."""
    lab = world(*world_of)
    screen, error = TimedScreen(began_s=lab.clock.monotonic()), ""
    with clock.use(lab.clock):
        try:
            app(lab.client, question, screen)
        except (Exception, OutOfBudget) as raised:
            error = one_line(raised)
    total_s = lab.clock.monotonic() - screen.began_s
    layers = layers_of(screen)
    if error and layers:
        layers = (*layers[:-1], replace(layers[-1], until_s=total_s))
    is_refused = any(one.stop_reason == "refusal" for one in lab.trace)
    word = ending(screen, error, script, is_refused=is_refused)
    return ReplaySide(
        who=who,
        word=word,
        ending=ENDINGS[word],
        layers=layers,
        total_s=total_s,
        seen=seen_of(script.secret, screen),
        error=error,
    )


def seen_of(secret: str, screen: Screen) -> int:
    """How many characters of the secret ever stood on the screen, from its first on."""
    if any(secret in state for state in screen.states):
        return len(secret)
    begun = [n for n in range(1, len(secret)) for one in screen.states if one.endswith(secret[:n])]
    return max((n for n in begun if n > ONE_WORD), default=0)


def layers_of(screen: TimedScreen) -> tuple[Layer, ...]:
    """The texts of a screen, each with the pieces in which it grew."""
    layers: list[Layer] = []
    before = ""
    for at_s, state in zip(screen.times, screen.states, strict=True):
        grew = bool(before) and state.startswith(before)
        if grew:
            piece = state[len(before) :]
            layers[-1] = replace(layers[-1], pieces=(*layers[-1].pieces, (at_s, piece)))
        else:
            if layers:
                layers[-1] = replace(layers[-1], until_s=at_s)
            layers.append(Layer(((at_s, state),)))
        before = state
    return tuple(layers)


def ending(screen: Screen, error: str, script: Script, *, is_refused: bool) -> str:
    """What a person has in the end."""
    stands, words = screen.text.strip(), script.words.strip()
    found = {
        "an error page": bool(error),
        "nothing": not stands,
        "what may not be shown": script.secret in stands,
        "the whole answer": stands == words,
        "where to turn": not words.startswith(stands),
        "what was refused": is_refused,
        "whole sentences": stands.endswith(SENTENCE_ENDS),
        "half a sentence": True,
    }
    return next(word for word, holds in found.items() if holds)


def finding(prototype: ReplaySide, production: ReplaySide) -> str:
    """How long both look at nothing, and what they have in the end."""
    waits = [one.total_s if one.first_s is None else one.first_s for one in (prototype, production)]
    left, beside = map(duration, waits)
    if prototype.word == production.word == "the whole answer":
        return f"The first words come after {beside} and not after {left}; the answer is the same."
    return (
        f"The prototype's reader sees nothing for {left}, then {prototype.word}; production's "
        f"reads from {beside} on, and in the end has {production.word}."
    )
