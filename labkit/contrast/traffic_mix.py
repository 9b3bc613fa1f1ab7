"""Written by hand or drawn out of the log: which set looks like what people ask.

draw number, k, oversample -> sample_for_eval on the case's log -> MixScene -> view

No app is run. The log is simulated: every line of it was typed for this case.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from labkit.arguments import function, whole
from labkit.case import samples, traffic_details, traffic_log
from labkit.evals import Drawn, LogRecord, jensen_shannon, sample_for_eval
from labkit.sim.clock import LAB_BEGINS
from labkit.views import Provenance, View, amount
from labkit.views.reliability.mixes import Bin, Mix, MixScene, draw_mixes
from labkit.views.words import number, several

Redact = Callable[[str], str]
TODAY = LAB_BEGINS.date()
TOPICS = ("fees", "loans", "safety", "visit", "scope")
LANGUAGES = {"en": "English", "es": "Spanish", "pl": "Polish"}
LENGTHS = {"1 or 2 words": 2, "3 to 5": 5, "6 to 10": 10, "11 and more": 10**6}
"""By name, the most words of a message of this length."""
MOST, DRAWS, MOST_TIMES = 60, 20, 8
NOT_SHOWN = (
    "Whether an app answers these messages well: what was drawn has no targets before a person "
    "writes them. And how your traffic is mixed: this log is ours."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What counts of one message."""

    topics: str
    languages: str
    lengths: str


def traffic_mix(redact: Redact, *, seed: int = 7) -> View:
    """Draw messages out of the case's log, and compare their mix with the samples by hand.

    Args:
        redact: Takes out of a text what must not be kept.
        seed: The first draw's; the next ones count on from it.
    """
    function("redact", redact, "text")
    whole("seed", seed, "The same seed must draw the same messages.")

    @cache
    def compared(k: int, times: int, draw: int) -> MixScene:
        messages = sample_for_eval(
            traffic_log(),
            k,
            seed=seed + draw - 1,
            redact=redact,
            stratify_by="topic",
            oversample=times,
            today=TODAY,
        )
        notes = (f"seed {seed + draw - 1}", "the log was typed for this case")
        return scene(messages, Provenance("simulated", notes))

    controls = {
        "k": amount("Draw", 10, MOST, step=10, value=10, unit="messages"),
        "times": amount("Thumbs down drawn", 1, MOST_TIMES, value=1, unit="times as often"),
        "draw": amount("Which draw", 1, DRAWS, value=1, unit=f"of {DRAWS}"),
    }
    return View.of(compared, draw_mixes, controls)


def usable() -> list[LogRecord]:
    """The records that may be used: nobody has said no, nothing is too old."""
    return [
        one
        for one in traffic_log()
        if not one.opted_out and one.expires is not None and one.expires > TODAY
    ]


def scene(drawn: Sequence[Drawn], provenance: Provenance) -> MixScene:
    """Both sets beside the traffic."""
    hand = [one for one in samples() if one.source == "written"]
    written = [asked(one.tags[1], one.language, one.input) for one in hand]
    production = [asked(one.topic, one.language, one.text) for one in drawn]
    traffic = [asked(one.topic, one.language, one.text) for one in usable()]
    mixes = tuple(
        mix(name, bins, [[getattr(one, name) for one in each] for each in sets])
        for sets in [(written, production, traffic)]
        for name, bins in (
            ("topics", TOPICS),
            ("languages", tuple(LANGUAGES.values())),
            ("lengths", tuple(LENGTHS)),
        )
    )
    return MixScene(
        finding=finding(mixes, len(hand), len(drawn)),
        mixes=mixes,
        written=f"{len(written)} written by hand",
        drawn=f"{len(drawn)} drawn",
        traffic=f"{len(traffic)} that may be used",
        said=said(drawn, len(traffic)),
        provenance=provenance,
        not_shown=NOT_SHOWN,
    )


def asked(topic: str, language: str, text: str) -> Asked:
    """A message or a question by what is compared."""
    words = len(text.split())
    length = next(name for name, most in LENGTHS.items() if words <= most)
    return Asked(topic, LANGUAGES[language], length)


def mix(name: str, bins: Iterable[str], sets: Sequence[Sequence[str]]) -> Mix:
    """One way to sort: the shares of the three sets, and two distances from the third."""
    written, drawn, traffic = (Counter(one) for one in sets)
    return Mix(
        name,
        tuple(
            Bin(one, *(each[one] / each.total() for each in (written, drawn, traffic)))
            for one in bins
        ),
        jensen_shannon(written, traffic),
        jensen_shannon(drawn, traffic),
    )


def said(drawn: Sequence[Drawn], traffic: int) -> dict[str, str]:
    """What a set of this draw would keep: thumbs down with their weight, and details."""
    down = [one.weight for one in drawn if one.feedback == "down"]
    left = sum(detail in one.text for detail in traffic_details() for one in drawn)
    return {
        "thumbs down": f"{len(down)} of {len(drawn)}",
        "they stand for": f"{number(sum(down))} of {traffic}",
        "planted details left": several(left, "detail"),
    }


def finding(mixes: Sequence[Mix], written: int, drawn: int) -> str:
    """How far both sets are away in length, where they differ most, and in topic."""
    topics, _, lengths = (one.words for one in mixes)
    return (
        f"{written} questions by hand are {lengths[0]} bits from the traffic in length and "
        f"{topics[0]} in topic; {drawn} drawn messages {lengths[1]} and {topics[1]}."
    )
