"""A recorded run that later runs are compared with; it is kept in the repository beside the app.

    Report -> Baseline -> stable JSON -> read_baseline -> check_comparable -> gate

It says under which conditions its states were found: without them a number means nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import cast

from labkit.arguments import every, refused, shown
from labkit.arguments import text as a_text
from labkit.errors import ArgumentError
from labkit.evals.fingerprint import run_fingerprint
from labkit.evals.gating import STATES
from labkit.evals.values import Sample
from labkit.tables import wrong

FORMAT = 1
MADE_ANEW = "make it anew with --write-baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What became of each sample in a recorded run, and the conditions of that run."""

    app: str
    provider: str
    """``sim`` or ``live``."""
    seed: int
    date: date
    """In simulated time, the lab's day."""
    fingerprint: str
    """Of everything that shaped the behaviour, as ``run_fingerprint`` has it."""
    versions: Mapping[str, str]
    """Of labkit, whose scorers judged, and of the SDK."""
    states: Mapping[str, str]
    """The state of each sample by its id."""
    samples: Mapping[str, str]
    """A fingerprint of each sample's question and targets by its id."""

    def __post_init__(self) -> None:
        """Refuse what could not be compared."""
        if problem := fault({name: getattr(self, name) for name in self.__slots__}):
            raise ArgumentError(
                f"This is no baseline: {problem}. Nothing can be compared with it. "
                "Record one with labkit eval --write-baseline."
            )

    def to_json(self) -> str:
        """The same bytes for the same run; one line for each sample, so that a diff can be read."""
        fields = {**asdict(self), "date": self.date.isoformat(), "format": FORMAT}
        return json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def sample_fingerprints(samples: Iterable[Sample]) -> dict[str, str]:
    """What identifies each sample by its id: its question and its targets, not its tags."""
    return {
        one.id: run_fingerprint({"input": one.input, "targets": [str(s) for s in one.scorers]})
        for one in every("samples", samples, Sample, "labkit.case.samples()")
    }


def read_baseline(text: str, file: str = "baseline.json") -> Baseline:
    """A baseline out of its JSON; a mistake names the file and the line."""
    written = a_text("text", text, "No baseline can be read from it.")
    try:
        found = json.loads(written)
    except json.JSONDecodeError as error:
        raise wrong(file, error.lineno, f"it is not JSON ({error.msg})", MADE_ANEW) from None
    except (RecursionError, ValueError):
        raise wrong(
            file, 1, "it is nested too deep or holds too long a number", MADE_ANEW
        ) from None
    if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
        raise wrong(file, 1, f'it is no baseline with "format": {FORMAT}', MADE_ANEW)
    try:
        found["date"] = date.fromisoformat(found["date"])
    except (KeyError, TypeError, ValueError):
        raise wrong(file, 1, "its date is missing or no day", MADE_ANEW) from None
    if problem := fault(found):
        raise wrong(file, 1, problem, MADE_ANEW)
    return Baseline(**found)


TYPES = {
    "app": str, "provider": str, "seed": int, "date": date, "fingerprint": str,
    "versions": Mapping, "states": Mapping, "samples": Mapping,
}  # fmt: skip


def fault(fields: Mapping[str, object]) -> str:
    """What is wrong with the fields of a baseline; nothing where nothing is."""
    if odd := sorted(set(fields) ^ set(TYPES)):
        return f"the field {shown(odd[0])} is missing, or nobody reads it"
    for name, kind in TYPES.items():
        if not isinstance(fields[name], kind) or isinstance(fields[name], bool):
            return f"{name} is {shown(fields[name])}"
    states, samples = (dict(cast(Mapping[str, object], fields[n])) for n in ("states", "samples"))
    if odd_states := [shown(state) for state in states.values() if state not in STATES]:
        return f"{odd_states[0]} is not a state"
    return "" if states.keys() == samples.keys() else "states and samples have other ids"


def check_comparable(baseline: Baseline, samples: Iterable[Sample], provider: str) -> None:
    """Refuse to compare what was asked or judged otherwise, or on another provider."""
    if not isinstance(baseline, Baseline):
        remedy = "Give what read_baseline returns."
        raise refused("baseline", baseline, "Nothing can be compared with it.", remedy)
    now = sample_fingerprints(samples)
    if baseline.provider != provider:
        raise ArgumentError(
            f"The baseline was made on provider {shown(baseline.provider)}, and this run is on "
            f"{shown(provider)}. Another model answered, so nothing can be compared. "
            "Keep a baseline for each."
        )
    shared = [id for id in baseline.samples if id in now]
    if not shared:
        raise ArgumentError(
            f"The baseline is of another eval set: none of its {len(baseline.samples)} samples is "
            f"among these {len(now)}. Nothing can be compared. To start from here, {MADE_ANEW}."
        )
    if "passed" not in (baseline.states[id] for id in shared):
        raise ArgumentError(
            f"In the baseline none of the {len(shared)} samples passed. Nothing can get worse, so "
            f"every change would pass. Once the app works, {MADE_ANEW}."
        )
    if changed := [id for id in shared if baseline.samples[id] != now[id]]:
        raise ArgumentError(
            f"The sample {changed[0]!r} has another question or other targets than in the baseline "
            f"({len(changed)} of {len(shared)} do). Old and new answers cannot be compared. "
            "Give a changed sample a new id, or make the baseline anew with --write-baseline."
        )
