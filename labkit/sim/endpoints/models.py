"""The list of models: ``GET /v1/models`` and ``GET /v1/models/{id}``, by the lab's date.

    catalog.models(), catalog.retired() -> record on this day -> newest first -> a page

Shapes: anthropic 2.12.0, ``types/model_info.py``; docs: models, 2026-08-22.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import parse_qsl

from labkit import catalog
from labkit.catalog import STAGES, Model, Retired
from labkit.errors import ArgumentError
from labkit.sim.answers import wire
from labkit.sim.answers.plan import Plan, data_plan
from labkit.sim.compaction import COMPACT
from labkit.sim.edits import CLEAR_THINKING, CLEAR_TOOL_USES
from labkit.sim.endpoints.paging import page
from labkit.sim.envelope import Call
from labkit.sim.rejection import Rejection, need_one_of
from labkit.sim.state import State
from labkit.sim.validation.fields import EFFORTS, THINKING

USUAL = ("active", "deprecated")
"""What a list shows that was not asked for retired models."""
UNKNOWN_DAY = "1970-01-01T00:00:00Z"
"""How the API says that it does not know when a model came out."""
SIMULATED = ("batch", "image_input", "pdf_input", "structured_outputs")
NOT_SIMULATED = ("citations", "code_execution")
EDITS = (CLEAR_THINKING, CLEAR_TOOL_USES, COMPACT)

Record = Mapping[str, object]


def models(state: State, call: Call) -> Plan:
    """The models of this day, newest first.

    Raises:
        Rejection: The filter or the page cannot be given.
    """
    wanted = lifecycle(call)
    known = (*records(call.now.date()), *state.extra_models)
    shown = page(
        [one for one in known if one["lifecycle"] in wanted], call.query, state.empty_cursors
    )
    return data_plan(wire.as_body(shown), call.now, state.next_luck("models"))


def model(state: State, call: Call) -> Plan:
    """One model, also one that has retired; an alias gives the version that it means today.

    Raises:
        Rejection: No model has this name on this day.
    """
    name, today = call.names[0], call.now.date()
    wanted = resolved(name, today)
    known = (*records(today), *state.extra_models)
    found = next((one for one in known if one["id"] == wanted), None)
    if found is None:
        raise Rejection(404, f"model: {name[:200]}")
    return data_plan(wire.as_body(found), call.now, state.next_luck("model", name))


def lifecycle(call: Call) -> tuple[str, ...]:
    """The stages that a list is asked for; the SDK writes them as ``lifecycle[]=…``."""
    pairs = parse_qsl(call.request.path.partition("?")[2], keep_blank_values=True)
    wanted = tuple(value for name, value in pairs if name.removesuffix("[]") == "lifecycle")
    for place, stage in enumerate(wanted):
        need_one_of(f"lifecycle.{place}", stage, STAGES)
    return wanted or USUAL


def records(today: date) -> list[Record]:
    """Every model that is out by this day, newest first; those that have long gone come last.

    Who is not verified does not see the models that answer the verified alone.
    """
    out = [
        one
        for one in catalog.models()
        if one.released <= today and "verified_only" not in one.requests
    ]
    gone = [one for one in catalog.retired() if one.retired <= today]
    return [
        *(record(one, today) for one in sorted(out, key=lambda one: one.released, reverse=True)),
        *(record_of_retired(one) for one in gone),
    ]


def resolved(name: str, today: date) -> str:
    """The id behind a name."""
    try:
        return catalog.model(name, today).id
    except ArgumentError:
        return next((one.id for one in catalog.retired() if name in one.aliases), name)


def record(known: Model, today: date) -> Record:
    """What the API tells about a model on a day."""
    stage = known.stage(today)
    is_active = stage == "active"
    return {
        "id": known.id,
        "type": "model",
        "display_name": known.display_name,
        "created_at": midnight(known.released),
        "line": known.line,
        "lifecycle": stage,
        "deprecated_at": None if is_active else midnight(known.deprecated),
        "retires_at": None if is_active else midnight(known.retires),
        "max_input_tokens": known.context_window,
        "max_tokens": known.max_output,
        "capabilities": capabilities(known),
    }


def record_of_retired(gone: Retired) -> Record:
    """What is left of a model that has gone."""
    return {
        "id": gone.id,
        "type": "model",
        "display_name": gone.display_name,
        "created_at": UNKNOWN_DAY,
        "line": gone.line,
        "lifecycle": "retired",
        "deprecated_at": None,
        "retires_at": midnight(gone.retired),
        "max_input_tokens": None,
        "max_tokens": None,
        "capabilities": None,
    }


def capabilities(known: Model) -> Record:
    """What the simulated provider takes for this model; thinking and effort are the catalogue's."""
    return {
        **dict.fromkeys(SIMULATED, supported(True)),
        **dict.fromkeys(NOT_SIMULATED, supported(False)),
        "context_management": {**supported(True), **each(EDITS, EDITS)},
        "server_tools": {**supported(False), **each(("code_execution", "web_search"), ())},
        "effort": {**supported(bool(known.efforts)), **each(EFFORTS, known.efforts)},
        "thinking": {**supported(bool(known.thinking)), "types": each(THINKING, known.thinking)},
    }


def each(names: Iterable[str], known: Iterable[str]) -> Record:
    """Whether each of these is supported."""
    there = set(known)
    return {name: supported(name in there) for name in names}


def supported(is_there: bool) -> Record:
    """How the API says yes or no."""
    return {"supported": is_there}


def midnight(day: date | None) -> str | None:
    """The beginning of a day, as the API writes a time."""
    return None if day is None else f"{day}T00:00:00Z"
