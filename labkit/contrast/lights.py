"""The eval's light after an edit: what a path filter makes of it, and what a fingerprint makes.

edit, taken back -> the path that it touches, the config -> both rules -> PairScene -> view

Nothing is sent and no eval runs: this is about whether one *would* run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from labkit import catalog
from labkit.arguments import function, refused
from labkit.case import documents, prompt, samples, tools
from labkit.views import PairScene, PairSide, Provenance, Step, View, choice, draw_pair, toggle
from labkit.views.figures import ShareRow

Config = Mapping[str, object]
Filter = Callable[[Sequence[str]], bool]
Fingerprint = Callable[[Config], str]
Change = Callable[[Config], object]

LETTERS = 6
"""So many of a fingerprint tell two apart in a picture."""
NOT_SHOWN = (
    "Whether the edit makes any answer worse: the eval is there to say that. And an eval on a "
    "simulated model tests the application and the harness, never the model."
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that somebody pushes."""

    path: str
    """The file that it touches."""
    words: str
    """What is done there, as one would say it."""
    part: str = ""
    """The part of the config that differs; empty where the app behaves as before."""
    value: Change = dict
    """What stands in that part then."""

    def after(self, config: Config) -> Config:
        """The config with this edit in it."""
        return {**config, self.part: self.value(config)} if self.part else config


def reworded(_: Config) -> object:
    """The tools, the first with one more sentence in its description."""
    first, *others = (dict(one.definition()) for one in tools())
    return [{**first, "description": f"{first['description']} Ask only once."}, *others]


def dearer(_: Config) -> object:
    """The documents with a late fee of three crowns."""
    return {one.id: one.text.replace("now 2 crowns", "now 3 crowns") for one in documents()}


def longer(_: Config) -> object:
    """The eval set with another gold answer in its first row."""
    first, *others = rows()
    return [[*first[:2], "number('8 days')"], *others]


EDITS: Mapping[str, Edit] = MappingProxyType(
    {
        "one space in the prompt": Edit(
            "prompts/latch.md",
            "one more space at the end",
            "prompt",
            lambda config: f"{config['prompt']} ",
        ),
        "the model": Edit(
            "app/settings.toml",
            "another tier of model",
            "model",
            lambda _: catalog.tier("fast").id,
        ),
        "a tool's description": Edit(
            "tools/search_catalogue.toml", "one more sentence: Ask only once.", "tools", reworded
        ),
        "a document": Edit(
            "documents/late-returns.md",
            "the late fee is 3 crowns instead of 2",
            "documents",
            dearer,
        ),
        "the scorer": Edit(
            "evals/scorers.py", "numbers are compared in another way", "scorer", lambda _: 2
        ),
        "a row of the eval set": Edit(
            "evals/samples.toml", "8 days instead of 7", "samples", longer
        ),
        "the README": Edit("README.md", "a word is spelt rightly"),
    }
)
HARMLESS = (
    Edit("README.md", "a word is spelt rightly"),
    Edit("docs/setup.md", "a page for new colleagues"),
    Edit("app/settings.toml", "its keys are sorted"),
)
"""Changes after which the app behaves as before."""


def the_app() -> Config:
    """Everything that shapes what Latch says, and how it is judged."""
    return {
        "prompt": prompt("latch", 1).text,
        "model": catalog.tier("balanced").id,
        "tools": [one.definition() for one in tools()],
        "documents": {one.id: one.text for one in documents()},
        "samples": rows(),
        "scorer": 1,
    }


def rows() -> list[list[str]]:
    """The eval set as data."""
    return [[one.id, one.input, *map(str, one.scorers)] for one in samples()]


def eval_light(prototype: Filter, production: Fingerprint) -> View:
    """Edit something, and see whether the light of yesterday's eval stays green.

    Args:
        prototype: Shown left: whether these changed paths need an eval.
        production: Shown right: the fingerprint of a config.
    """
    checked(prototype, production)
    light = partial(scene, prototype=prototype, production=production)
    controls = {
        "edit": choice("What is edited", list(EDITS), value="a tool's description"),
        "back": toggle("Then take it back"),
    }
    return View.of(light, draw_pair, controls)


def lights_right(prototype: Filter, production: Fingerprint) -> list[ShareRow]:
    """How often each light is right: after edits that shape the app, and after harmless ones."""
    checked(prototype, production)
    config = the_app()
    turned = dict(reversed(list(config.items())))
    edits = [one for one in EDITS.values() if one.part]
    before = production(config)
    greys = {
        "prototype": [bool(prototype([one.path])) for one in edits],
        "production": [production(one.after(config)) != before for one in edits],
    }
    greens = {
        "prototype": [not prototype([one.path]) for one in HARMLESS],
        "production": [production(one.after(turned)) == before for one in HARMLESS],
    }
    return [
        *shares("the app behaves otherwise: grey", greys),
        *shares("it behaves as before: green", greens),
    ]


def shares(label: str, rights: Mapping[str, Iterable[bool]]) -> list[ShareRow]:
    """One bar for each rule."""
    counted = {who: list(each) for who, each in rights.items()}
    return [
        ShareRow(label, sum(counted["prototype"]), len(counted["prototype"]), "prototype"),
        ShareRow(label, sum(counted["production"]), len(counted["production"]), "production"),
    ]


def checked(prototype: object, production: object) -> None:
    """Refuse what is no rule."""
    function("prototype", prototype, "changed_paths")
    function("production", production, "config")


def scene(edit: str, prototype: Filter, production: Fingerprint, *, back: bool) -> PairScene:
    """Both lights after one edit."""
    one, before = EDITS[edit], the_app()
    after = before if back else one.after(before)
    differs = bool(one.part) and not back
    left = by_paths(one, differs=differs, needs=bool(prototype([one.path])))
    right = by_content(production, before, after, differs=differs)
    also = ", and then taken back" if back else ""
    return PairScene(
        finding=finding(f"{edit}{also}", left, right),
        given=f"{one.path}: {one.words}{also}",
        given_label="Somebody pushes",
        given_is_code=True,
        gets_label="What the badge shows",
        provenance=Provenance("measured", ("both rules really run", "no eval runs")),
        not_shown=NOT_SHOWN,
        prototype=left,
        production=right,
    )


def by_paths(edit: Edit, *, differs: bool, needs: bool) -> PairSide:
    """The light of a rule that looks at the names of files."""
    shown = "eval: not run yet for this change" if needs else "eval: passed (yesterday)"
    said = "needs an eval" if needs else "needs none"
    word = light(grey=needs, differs=differs)
    return PairSide(
        who="prototype",
        word=word,
        ending="ok" if word in RIGHT else "bad",
        shown=shown,
        is_code=True,
        steps=(Step(edit.path, "seen", said),),
        facts={"fingerprint": "none", "yesterday": "none"},
    )


def by_content(
    production: Fingerprint, before: Config, after: Config, *, differs: bool
) -> PairSide:
    """The light of a rule that looks at what is in them."""
    was, now = letters(production(before)), letters(production(after))
    grey = was != now
    word = light(grey=grey, differs=differs)
    state = "not run yet" if grey else "passed (yesterday)"
    return PairSide(
        who="production",
        word=word,
        ending="ok" if word in RIGHT else "bad",
        shown=f"eval of {now}: {state}",
        is_code=True,
        steps=tuple(
            Step(
                part,
                "seen",
                moved(*(letters(production({part: one[part]})) for one in (before, after))),
            )
            for part in before
        ),
        facts={"fingerprint": now, "yesterday": was},
    )


RIGHT = ("green", "grey")


def light(*, grey: bool, differs: bool) -> str:
    """The colour in a word, and whether it tells the truth."""
    if grey:
        return "grey" if differs else "grey for nothing"
    return "green, and wrong" if differs else "green"


def letters(fingerprint: object) -> str:
    """The first of a fingerprint."""
    try:
        return str(fingerprint)[:LETTERS]
    except Exception:
        follows = "No badge can show it."
        raise refused("What production returned", fingerprint, follows, "Return a text.") from None


def moved(old: str, new: str) -> str:
    """The letters of one part, and what they were."""
    return new if old == new else f"changed: {old} → {new}"


def finding(what: str, left: PairSide, right: PairSide) -> str:
    """What both lights show after the edit."""
    lights = f"The path filter's light is {left.word}; the fingerprint's is {right.word}."
    return f"Edited: {what}. {lights}"
