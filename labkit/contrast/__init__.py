"""Two apps side by side: the same questions, the same faults, fresh equal labs.

``contrast`` asks questions while something goes wrong; ``refusals`` holds a short conversation
in which the model declines. Both really run both apps, at first sight and after every change.
``replies_read``, ``forms_read`` and ``quotes_checked`` ask many questions and count; ``quotes``
makes one field of a quote wrong, ``facts`` changes what a page says; ``eval_set`` runs one app
and five bugs, ``eval_light`` two rules of when to run an eval. ``letters`` and ``letters_held``
let a model write to somebody, ``posted`` once. ``formulas`` prices the same calls by three
formulas, ``day_bills`` the same day with fixes; ``prefixes`` sends prompts that share a
beginning, ``cache_pays`` shows what a prompt cache costs, ``ceilings`` cuts answers whose
``output_lengths`` are seeded. ``two_phones`` shows when what stood on two screens; it can play
that. ``outcomes_of`` notes what an app's answers cost on a tier; ``placing``, ``front`` and
``cheaper`` show such outcomes and run no app. ``moving_names`` makes one call week by week under
a name that moves; ``rush`` lets chats and reports meet at few workers, ``slow_work`` shows it.
``bad_hour`` and ``price_step`` are drills. ``crowd``, ``gates``, ``thresholds`` and
``traffic_mix`` run no app: they show what simulated clients and CI runs, measured scores, and
draws from a log do.
makes one field of a quote wrong, ``facts`` changes what a page says; ``eval_set`` runs one app and
five bugs, ``eval_light`` two rules of when to run an eval. ``letters`` and ``letters_held`` let a
model write to somebody, ``posted`` once. ``formulas`` prices the same calls by three formulas,
``day_bills`` the same day with fixes. ``bad_hour`` and ``price_step`` are drills. ``crowd``,
``gates``, ``thresholds`` and ``traffic_mix`` run no app: they show what simulated clients and CI
runs, measured scores, and draws from a log do. ``cache_pays`` shows what a prompt cache costs,
``two_phones`` when what stood on two screens; it can play that.
``outcomes_of`` notes what an app's answers cost on a tier; ``placing``, ``front`` and ``cheaper``
show such outcomes and run no app.
``day_bills`` the same day with fixes; ``prefixes`` sends prompts that share a beginning.
``day_bills`` the same day with fixes; ``prefixes`` sends prompts that share a beginning,
and ``ceilings`` cuts answers whose ``output_lengths`` are seeded.
``bad_hour`` and ``price_step`` are drills. ``crowd``, ``gates``, ``thresholds`` and ``traffic_mix``
run no app: they show what simulated clients and CI runs, measured scores, and draws from a log do.
``batching`` shows a loop, a batch, and whose answer stands where.
``prompt_bill`` takes rules out of a prompt and runs its eval.
``few_shot`` scores a small learner with more and more ``topic_examples``.
"""

import sys
from types import ModuleType

from labkit.contrast.bad_hour import bad_hour
from labkit.contrast.batching import batching
from labkit.contrast.caching import cache_pays
from labkit.contrast.ceilings import ceilings, output_lengths
from labkit.contrast.crowd import crowd
from labkit.contrast.day_bills import day_bills
from labkit.contrast.eval_sets import eval_set
from labkit.contrast.facts import facts
from labkit.contrast.few_shot import few_shot, topic_examples
from labkit.contrast.formulas import formulas
from labkit.contrast.fronts import cheaper, front
from labkit.contrast.gates import gates
from labkit.contrast.letters import letters, letters_held
from labkit.contrast.lights import eval_light, lights_right
from labkit.contrast.moving_names import moving_names
from labkit.contrast.parsing import forms_read, parsing
from labkit.contrast.placing import placing
from labkit.contrast.post_room import posted
from labkit.contrast.prefixes import prefixes
from labkit.contrast.price_step import price_step
from labkit.contrast.prompt_bills import prompt_bill
from labkit.contrast.questions import FAULTS, contrast
from labkit.contrast.quotes import quotes, quotes_checked
from labkit.contrast.refusals import refusals, replies_read
from labkit.contrast.rushes import rush
from labkit.contrast.slow_work import slow_work
from labkit.contrast.thresholds import thresholds
from labkit.contrast.tool_moods import tool_moods
from labkit.contrast.traffic_mix import traffic_mix
from labkit.contrast.tried import outcomes_of
from labkit.contrast.two_phones import two_phones

__all__ = [
    "FAULTS",
    "bad_hour",
    "batching",
    "cache_pays",
    "ceilings",
    "cheaper",
    "contrast",
    "crowd",
    "day_bills",
    "eval_light",
    "eval_set",
    "facts",
    "few_shot",
    "forms_read",
    "formulas",
    "front",
    "gates",
    "letters",
    "letters_held",
    "lights_right",
    "moving_names",
    "outcomes_of",
    "output_lengths",
    "parsing",
    "placing",
    "posted",
    "prefixes",
    "price_step",
    "prompt_bill",
    "quotes",
    "quotes_checked",
    "refusals",
    "replies_read",
    "rush",
    "slow_work",
    "thresholds",
    "tool_moods",
    "topic_examples",
    "traffic_mix",
    "two_phones",
]


class Room(ModuleType):
    """Whoever imports this room first finds it where ``from labkit import contrast`` looks."""

    def __call__(self, *arguments: object, **settings: object) -> object:
        """What the function of the same name does."""
        return contrast(*arguments, **settings)  # type: ignore[arg-type]


sys.modules[__name__].__class__ = Room
