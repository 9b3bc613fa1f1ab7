"""Whether the harness itself can be trusted: two reports to look at before any other.

gold answers    -> oracle_report -> should pass all: what fails is the samples' or a scorer's fault
one same answer -> null_report   -> should pass next to nothing, or the scorers let anything through
"""

from collections.abc import Iterable, Mapping

from labkit.arguments import every, refused, table, text
from labkit.errors import ArgumentError
from labkit.evals.running import Report, evaluate
from labkit.evals.values import Answer, Sample

DONT_KNOW = "I don't know."


def oracle_report(samples: Iterable[Sample], gold: Mapping[str, str | Answer]) -> Report:
    """The report of an app that gives each sample's gold answer.

    Args:
        samples: The eval set.
        gold: A right answer by a sample's id, written by a person. An app never sees it.
    """
    wanted = every("samples", samples, Sample, "labkit.case.samples()")
    answers = table("gold", gold, "No sample's answer can be found in it.")
    for id, answer in answers.items():
        if not isinstance(answer, (str, Answer)):
            raise refused(
                f"the gold answer of {id}",
                answer,
                "It is no answer.",
                'Give a text, or Answer("").',
            )
    if missing := [one.id for one in wanted if one.id not in gold]:
        raise ArgumentError(
            f"gold has no answer for {missing[0]!r} ({len(missing)} of {len(wanted)} are missing). "
            "An oracle that does not know all proves nothing. Write the missing ones by hand."
        )
    return evaluate(lambda answer, _question: answer, wanted, lambda sample: gold[sample.id])


def null_report(samples: Iterable[Sample], *, text: str = DONT_KNOW) -> Report:
    """The report of an app that says the same to everything."""
    same = said(text)
    return evaluate(lambda _client, _question: same, samples, lambda _sample: None)


def said(value: object) -> str:
    """Refuse what no app could say."""
    return text("text", value, "No app answers with it.")
