"""Two apps side by side: the same questions, the same faults, fresh equal labs.

Most functions here make a live view of two apps that really run, at first sight and after every
change; those whose name ends in a past participle only count.

Reliability
    contrast                     questions, while something goes wrong
    refusals, replies_read       a conversation in which the model declines; many questions
    parsing, forms_read          replies that are no JSON; all forms
    quotes, quotes_checked       a quote with one wrong field; many of them
    facts                        a page that changes under an app
    letters, letters_held        what a model writes to somebody; ``posted`` once
    eval_set, eval_light         one app and five bugs; two rules of when to run an eval (all of
                                 them: ``lights_right``)
    tool_moods                   a model that calls tools without an end
    crowd, gates, thresholds, traffic_mix
                                 no app: simulated clients and CI runs, measured scores, draws
    bad_hour                     a drill
Cost & Latency
    formulas, day_bills          the same calls by three formulas; the same day with fixes
    placing, front, cheaper      what ``outcomes_of`` noted of an app on each tier; no app runs
    moving_names                 one call, week by week, under a name that moves
    prefixes, cache_pays         prompts that share a beginning; what keeping it costs
    ceilings                     ``output_lengths``, cut
    prompt_bill, few_shot        a prompt without some of its rules; a learner with few examples
    rush, slow_work              chats and reports at few workers
    batching                     a loop, a batch, and whose answer stands where
    two_phones                   when what stood on two screens; it can play that
    price_step                   a drill
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
