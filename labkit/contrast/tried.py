"""An app on the samples of an eval, with what each answer cost and how long it took.

lab, app, samples -> outcomes_of -> Outcome for each sample: right, USD, seconds, tokens
"""

from collections.abc import Iterable

from labkit import clock
from labkit.arguments import every, function, refused
from labkit.cost import Outcome
from labkit.evals import Sample
from labkit.evals.running import ask
from labkit.lab import App, Lab
from labkit.trace import Usage

STATES = {"passed": True, "failed": False, "error": False}


def outcomes_of(
    lab: Lab, app: App, samples: Iterable[Sample], *, tier: str, task: str = "answers"
) -> tuple[Outcome, ...]:
    """Ask an app every sample, each in a fresh equal lab, and note what it took.

    Args:
        lab: The lab of which each sample gets a fresh one.
        app: A function of client and question.
        samples: The eval set.
        tier: Under which name the app is compared with others.
        task: What it does.
    """
    if not isinstance(lab, Lab):
        raise refused("lab", lab, "Nobody would answer.", "Give Lab(seed).")
    function("app", app, "client", "question")
    wanted = every("samples", samples, Sample, "labkit.case.samples()")
    return tuple(outcome(lab.fresh(), app, one, tier, task) for one in wanted)


def outcome(lab: Lab, app: App, sample: Sample, tier: str, task: str) -> Outcome:
    """One sample."""
    with clock.use(lab.clock):
        row = ask(app, sample, lab.client)
    trace = lab.trace
    first = next((one.usage for one in trace if one.cost_usd), Usage())
    return Outcome(
        id=sample.id,
        tier=tier,
        ok=STATES.get(row.state),
        cost_usd=trace.cost_usd,
        seconds=trace.total_s,
        task=task,
        prompt_tokens=first.total_input_tokens,
        output_tokens=first.output_tokens,
        escalated=trace.calls > 1,
    )
