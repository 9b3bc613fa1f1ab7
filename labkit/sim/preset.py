"""A memory to begin with, read from a JSON file: for runs that check a client against a list.

    {"batches": [{"id": "message_batch_id", "requests": [{"custom_id": "a", "params": {…}}]}],
     "models": [{"id": "model_id", "display_name": "A model"}],
     "empty_cursors": ["after_id", "before_id"]}

Its batches have ended, and survive being canceled and deleted. Every key may be left out.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from labkit import catalog
from labkit.arguments import offer, shown
from labkit.errors import ArgumentError
from labkit.sim.endpoints.batch import DAY_S, Batch, course, in_order
from labkit.sim.endpoints.batch_check import requests_of
from labkit.sim.endpoints.batch_work import begin
from labkit.sim.endpoints.models import record
from labkit.sim.envelope import API_VERSIONS, Call, Request
from labkit.sim.rejection import (
    Rejection,
    need_list,
    need_object,
    need_string,
    no_extras,
    required,
)
from labkit.sim.state import State

KEYS = ("batches", "models", "empty_cursors")
FOLLOWS = "The provider cannot begin with it."
STAND_IN = "balanced"
"""The tier whose sizes and capabilities an extra model has."""


def load(state: State, path: Path) -> None:
    """Fill a provider's memory from a file.

    Raises:
        ArgumentError: The file cannot be read or used; it names the line or the key.
    """
    data = contents(path)
    for name in data:
        if name not in KEYS:
            raise ArgumentError(f"{path}: {shown(name)} is no key. {FOLLOWS} {offer(name, KEYS)}")
    try:
        batches = [batch_of(state, *one) for one in placed("batches", data)]
        models = [model_of(state, *one) for one in placed("models", data)]
        cursors = need_list("empty_cursors", data.get("empty_cursors", []))
        names = [need_string(f"empty_cursors.{at}", one) for at, one in enumerate(cursors)]
    except Rejection as no:
        remedy = "Change that key; the docstring of labkit.sim.preset has an example."
        raise ArgumentError(f"{path}: {no.message}. {FOLLOWS} {remedy}") from None
    for one in {one.id: one for one in batches}.values():
        begin(state, one)
    state.extra_models.extend(models)
    state.empty_cursors = frozenset(names)


def contents(path: Path) -> Mapping[str, object]:
    """The JSON object in the file."""
    try:
        data: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ArgumentError(
            f"{path} cannot be read: {problem.strerror}. {FOLLOWS} Give the path of a JSON file."
        ) from None
    except json.JSONDecodeError as problem:
        raise ArgumentError(
            f"{path}, line {problem.lineno}: {problem.msg}. {FOLLOWS} Write it as JSON."
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise ArgumentError(
            f"{path} is not JSON in UTF-8. {FOLLOWS} Give the path of a JSON file."
        ) from None
    if not isinstance(data, dict):
        raise ArgumentError(
            f"{path}, line 1: it holds {shown(data)}, not an object. {FOLLOWS} "
            f"Write an object with some of these keys: {', '.join(KEYS)}."
        )
    return data


def placed(name: str, data: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    """The objects in a list, each with its place in the file."""
    items = need_list(name, data.get(name, []))
    return [(f"{name}.{at}", need_object(f"{name}.{at}", one)) for at, one in enumerate(items)]


def batch_of(state: State, where: str, fields: Mapping[str, object]) -> Batch:
    """A batch that was made a day ago, has ended, and stays."""
    name = need_string(f"{where}.id", required("id", fields, where))
    no_extras(where, fields, ("id", "requests"))
    wanted = required("requests", fields, where)
    try:
        requests = requests_of({"requests": wanted})
    except Rejection as no:
        raise Rejection(no.status, f"{where}, {no.message}") from None
    luck = state.luck.child("preset", name)
    made = Request("POST", "", {}, b"")
    created = state.started_at - timedelta(seconds=DAY_S)
    return Batch(
        id=name,
        call=Call(made, API_VERSIONS[-1], -DAY_S, created),
        waiting=in_order(requests, luck),
        luck=luck,
        course=course(len(requests), luck, ()),
        is_lasting=True,
    )


def model_of(state: State, where: str, fields: Mapping[str, object]) -> Mapping[str, object]:
    """A model that is listed beside those of the catalogue; nothing can be asked of it."""
    name = need_string(f"{where}.id", required("id", fields, where))
    title = need_string(f"{where}.display_name", fields.get("display_name", name))
    no_extras(where, fields, ("id", "display_name"))
    like = record(catalog.tier(STAND_IN), state.started_at.date())
    return {**like, "id": name, "display_name": title}
