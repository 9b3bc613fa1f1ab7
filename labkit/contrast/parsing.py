"""A reply that a program must read: what each app makes of it.

    shape, cut -> a scripted first reply -> both apps, a fresh lab each -> PairScene -> view

An app takes ``(client, question)`` and returns the value that the program stores, or None where it
hands the form to a person.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import anthropic
from pydantic import BaseModel, ValidationError

from labkit import clock
from labkit.arguments import function, sendable, shown, whole
from labkit.arguments import table as need_table
from labkit.contrast.worlds import at_least_one, world
from labkit.errors import OutOfBudget
from labkit.lab import Lab, one_line
from labkit.reliability.parsing import check_model
from labkit.sim import refused, says, tokens
from labkit.sim.faults import Fault
from labkit.trace import Attempt
from labkit.views import PairScene, PairSide, Provenance, Step, View, Who, amount, choice, draw_pair
from labkit.views.figures import ShareRow

FormApp = Callable[[anthropic.Anthropic, str], object]

CLEAN = '{"loan_fee_cr": 12, "deposit_cr": 40, "note": "Goggles go with it."}'
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "the object alone": CLEAN,
        "in a code fence": f"```json\n{CLEAN}\n```",
        "a sentence before it": f"Here is what you asked for: {CLEAN}",
        "two objects": f"{CLEAN}\n{CLEAN.replace('12', '18')}",
        "a key twice": CLEAN.replace('"note"', '"deposit_cr": 4, "note"'),
        "NaN for a number": CLEAN.replace("40", "NaN"),
        "a canned refusal": "",
    }
)
"""What comes instead of the model's own first reply; a second call gets the model's own."""
COUNTED: Mapping[str, tuple[Fault, ...]] = MappingProxyType(
    {
        "as it comes": (),
        "cut": (says('{"loan_fee_cr": 1', stop_reason="max_tokens", times=1),),
        "declined": (refused("canned"),),
        "nothing in it": (refused("empty"),),
    }
)
"""What happens to every form of a count."""
MOST_TOKENS = 50
ENDINGS: Mapping[str, Literal["ok", "bad"]] = MappingProxyType(
    {"stored": "ok", "handed to a person": "ok", "crashed": "bad", "stored, and wrong": "bad"}
)
VERBS: Mapping[str, str] = MappingProxyType(
    {
        "stored": "stores the form",
        "handed to a person": "hands the form to a person",
        "crashed": "crashes",
        "stored, and wrong": "stores a wrong form",
    }
)
NOT_SHOWN = (
    "How often a real model writes any of these. With output_config the API keeps to a schema; a "
    "reply that is cut, declined or untrue comes all the same."
)


def parsing(
    prototype: FormApp,
    production: FormApp,
    question: str,
    right: Mapping[str, object],
    *,
    seed: int = 7,
) -> View:
    """Let the first reply come in another shape, or cut, and show what both apps store.

    Args:
        prototype: Shown left.
        production: Shown right.
        question: What the form is filled in for.
        right: What must stand in it; a form with anything else is wrong.
        seed: The same seed gives the same bytes.
    """
    function("prototype", prototype, "client", "question")
    function("production", production, "client", "question")
    sendable("question", question, "No app can be asked it.")
    whole("seed", seed, "The same seed must give the same bytes.")
    need_table("right", right, "No form can be compared with it.")

    def scene(shape: str, cut: int) -> PairScene:
        first = FirstReply.of(shape, cut)
        left = side("prototype", prototype, question, right, world(seed, faults=[first.fault]))
        beside = side("production", production, question, right, world(seed, faults=[first.fault]))
        notes = (f"seed {seed}", f"first reply: {shape}, scripted", "models are made up")
        return PairScene(
            finding=finding(left, beside),
            given=first.words,
            given_label=first.label,
            given_is_code=True,
            gets_label="What the program stores",
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
            prototype=left,
            production=beside,
        )

    shapes = choice("How the first reply comes", list(SHAPES), value="in a code fence")
    cuts = amount("Cut after", 5, MOST_TOKENS, step=5, value=MOST_TOKENS, unit="tokens")
    return View.of(scene, draw_pair, {"shape": shapes, "cut": cuts})


def forms_read(
    prototype: FormApp,
    production: FormApp,
    questions: Sequence[str],
    model_cls: type[BaseModel],
    *,
    seed: int = 7,
) -> list[ShareRow]:
    """How many forms end well in each app, by the way the first reply comes.

    Well is a form that ``model_cls`` accepts as it is, or None: a person fills it in. Whether its
    numbers are true is not looked at.
    """
    function("prototype", prototype, "client", "question")
    function("production", production, "client", "question")
    questions = at_least_one(questions)
    check_model(model_cls)
    rows = []
    apps: dict[Who, FormApp] = {"prototype": prototype, "production": production}
    for name, faults in COUNTED.items():
        for who, app in apps.items():
            ends = [stored(app, one, world(seed, faults=faults)) for one in questions]
            well = sum(not error and fits(form, model_cls) for form, error in ends)
            rows.append(ShareRow(name, well, len(questions), who))
    return rows


def fits(form: object, model_cls: type[BaseModel]) -> bool:
    """Whether a stored form is one, or none was stored."""
    if form is None:
        return True
    try:
        model_cls.model_validate(form, strict=True)
    except ValidationError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class FirstReply:
    """What the model is made to say first."""

    words: str
    label: str
    fault: Fault

    @classmethod
    def of(cls, shape: str, cut: int) -> "FirstReply":
        """The reply in this shape, cut after so many tokens where it is longer."""
        if not SHAPES[shape]:
            said = "(a polite sentence that declines, stop_reason end_turn)"
            return cls(said, "The first reply", refused("canned", times=1))
        pieces = list(tokens.split(SHAPES[shape]))
        is_cut = len(pieces) > cut
        reason = "max_tokens" if is_cut else "end_turn"
        words = "".join(pieces[:cut])
        fault = says(words, stop_reason=reason, times=1)
        return cls(words, f"The first reply, {min(len(pieces), cut)} tokens, {reason}", fault)


def side(
    who: Who,
    app: FormApp,
    question: str,
    right: Mapping[str, object],
    lab: Lab,
) -> PairSide:
    """What one app stored, and the replies that it had for it."""
    form, error = stored(app, question, lab)
    word = ending(form, error, right)
    usage = lab.trace.usage
    return PairSide(
        who=who,
        word=word,
        ending=ENDINGS[word],
        shown=line_of(form),
        error=error,
        is_code=form is not None,
        steps=tuple(step(number, one) for number, one in enumerate(lab.trace, 1)),
        facts={"calls": str(len(lab.trace)), "tokens out": str(usage.output_tokens)},
    )


def stored(app: FormApp, question: str, lab: Lab) -> tuple[object, str]:
    """The form that an app stores, as plain data, or its exception in one line."""
    with clock.use(lab.clock):
        try:
            value = app(lab.client, question)
        except (Exception, OutOfBudget) as raised:
            return None, one_line(raised)
    return (value.model_dump() if isinstance(value, BaseModel) else value), ""


def ending(form: object, error: str, right: Mapping[str, object]) -> str:
    """How it ended for the program that stores the form."""
    if error:
        return "crashed"
    if form is None:
        return "handed to a person"
    holds = isinstance(form, Mapping) and right.items() <= form.items()
    return "stored" if holds else "stored, and wrong"


def line_of(form: object) -> str:
    """The stored form as a program writes it; nothing where a person fills it in."""
    if form is None:
        return "Nothing: a person fills in this form."
    try:
        return json.dumps(form, ensure_ascii=False, default=shown)
    except (TypeError, ValueError, RecursionError):  # a key that is no text, or a list in itself
        return shown(form)


def step(number: int, attempt: Attempt) -> Step:
    """One reply on the way to the form."""
    name = f"reply {number}"
    return Step(name, "seen", f"{attempt.outcome}, {attempt.usage.output_tokens} tokens")


def finding(prototype: PairSide, production: PairSide) -> str:
    """What both made of it, in one sentence."""
    calls = production.facts["calls"]
    more = "" if calls == "1" else ", after one more call"
    return f"The prototype {VERBS[prototype.word]}; production {VERBS[production.word]}{more}."
