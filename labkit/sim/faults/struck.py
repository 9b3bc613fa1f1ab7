"""The answer of an endpoint at which no model works, or what a fault makes of it.

    checks -> answered(state, call, work) -> Plan

A fault that lets nothing through strikes before ``work`` does anything; one that spoils the
answer strikes after it.
"""

from collections.abc import Callable

from labkit.sim.answers.plan import JSON, Plan, data_plan
from labkit.sim.envelope import Call
from labkit.sim.faults.broken import broken_at_once, broken_on_its_way
from labkit.sim.luck import Luck
from labkit.sim.state import State


def answered(state: State, call: Call, work: Callable[[], bytes], *, kind: str = JSON) -> Plan:
    """What comes back for an attempt that the API accepts: what ``work`` gives, or a fault."""
    luck = luck_of(state, call)
    fault = state.faults.breaks(luck)
    if fault and (nothing := broken_at_once(fault, call.now, luck, streamed=False)):
        return nothing
    plan = data_plan(work(), call.now, luck, kind=kind)
    return broken_on_its_way(plan, fault, streamed=False) if fault else plan


def luck_of(state: State, call: Call) -> Luck:
    """The luck of this attempt: it hangs on where it goes, and how often one went there."""
    retry = call.request.headers.get("x-stainless-retry-count") or "0"
    return state.next_luck("data", call.request.method, call.request.path[:200], retry[:20])
