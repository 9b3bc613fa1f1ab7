"""Batches over the wire: make one, look at it, read what came of it."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sim_world import HEADERS, MODEL, World, asked, body_of

from labkit.sim.core import Plan

BATCHES = "docs: batch processing, 2026-08-22"
PATH = "/v1/messages/batches"
HOUR_S, DAY_S = 3600.0, 24 * 3600.0
BAD = {"model": MODEL, "messages": []}


def requests(count: int = 3, **changes: Any) -> list[dict[str, Any]]:
    """So many requests."""
    return [{"custom_id": f"r{n}", "params": asked(**changes)} for n in range(count)]


def each(count: int, params: dict[str, Any], name: str = "r") -> list[dict[str, Any]]:
    """So many equal requests."""
    return [{"custom_id": f"{name}{n}", "params": params} for n in range(count)]


def created(world: World, wanted: Sequence[object] | None = None) -> Any:
    """A new batch of three, as it was created over the wire."""
    return body_of(world.post({"requests": wanted or requests()}, path=PATH))


def send(world: World, method: str, path: str, **headers: str) -> Plan:
    """A request without a body."""
    return world.post(b"", method=method, path=path, headers={**HEADERS, **headers})


def seen(world: World, batch: Any) -> Any:
    """How the batch stands now."""
    return body_of(send(world, "GET", f"{PATH}/{batch['id']}"))


def lines(world: World, batch: Any) -> list[Any]:
    """What came of its requests."""
    plan = send(world, "GET", f"{PATH}/{batch['id']}/results")
    assert plan.status == 200
    return [json.loads(line) for line in b"".join(f.data for f in plan.frames).splitlines()]


def kinds(world: World, batch: Any) -> Counter[str]:
    """How often each outcome stands in the results."""
    return Counter(line["result"]["type"] for line in lines(world, batch))


def ended(world: World, batch: Any) -> Any:
    """The batch a day later."""
    world.clock.advance(DAY_S)
    return seen(world, batch)
