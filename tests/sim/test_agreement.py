"""One plan, however it is asked for: the same seed gives the same answer in every way."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from anthropic.lib.streaming._messages import accumulate_event
from sim_facts import imitates
from sim_world import EVERYTHING, HEADERS, QUESTION, TOOLS, WAYS, Says, World, asked, body_of

from labkit.sim import empty_reply, overloaded, refused, slow, stream_lost, thinking_first
from labkit.sim.answers.plan import Plan
from labkit.sim.faults import Fault
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply

MODEL = Says(EVERYTHING, "tool_use")


def folded(events: list[Any]) -> dict[str, Any]:
    """A message from raw events, by the SDK's own folding."""
    snapshot, pieces = None, {}
    for event in events:
        snapshot = accumulate_event(event=event, current_snapshot=snapshot, json_bufs=pieces)
    assert snapshot is not None
    return snapshot.to_dict()


def message(way: str, faults: tuple[Fault, ...], **changes: Any) -> tuple[dict[str, Any], float]:
    """What one way of asking gives, and when it was there."""
    world = World(faults, model=MODEL)
    answer = world.ask(way, tools=TOOLS, **changes)
    whole = folded(answer) if isinstance(answer, list) else answer.to_dict()
    return whole, round(world.clock.monotonic(), 9)


@imitates(
    "a stream folds into the message that create() returns",
    source="anthropic 2.12.0, lib/streaming/_messages.py",
)
@pytest.mark.parametrize("way", WAYS[1:])
@pytest.mark.parametrize(
    ("faults", "changes"),
    [
        ((), {}),
        ((), {"max_tokens": 14}),
        ((), {"max_tokens": 52}),
        ((), {"stop_sequences": ["days"]}),
        ((), {"thinking": {"type": "adaptive", "display": "omitted"}}),
        ((refused(),), {}),
        ((refused("midstream"), thinking_first()), {}),
        ((refused("canned"), thinking_first()), {}),
        ((empty_reply(), slow(3)), {}),
    ],
)
def test_every_way_gives_the_same_message(
    faults: tuple[Fault, ...], changes: dict[str, Any], way: str
) -> None:
    """Sync, async, streamed, raw or whole: the same message at the same simulated time."""
    assert message(way, faults, **changes) == message("create", faults, **changes)


def test_the_same_world_gives_the_same_bytes() -> None:
    """Two providers with one seed answer a row of requests alike to the byte."""
    rows = [
        [world.post(asked(stream=streamed)) for streamed in (False, True, False)]
        for world in (World(model=MODEL), World(model=MODEL))
    ]
    assert rows[0] == rows[1]


def test_another_seed_gives_another_world() -> None:
    """The seed changes ids and times."""
    one, other = World(model=MODEL).post(), World(model=MODEL, seed=8).post()
    assert body_of(one)["id"] != body_of(other)["id"]
    assert one.frames[0].delay_s != other.frames[0].delay_s


def test_asking_again_gives_new_ids() -> None:
    """The second time is another message of the same provider."""
    world = World(model=MODEL)
    assert body_of(world.post())["id"] != body_of(world.post())["id"]


def beside_limits(plan: Plan) -> Plan:
    """A plan without what it tells of the rate limits, which everybody uses up together."""
    kept = tuple(header for header in plan.headers if "ratelimit" not in header[0])
    return plan._replace(headers=kept)


def test_the_order_of_different_questions_does_not_matter() -> None:
    """What one request gets does not depend on which others came before it."""
    bodies = [asked(messages=[{"role": "user", "content": f"{QUESTION} {n}"}]) for n in range(5)]
    faults = (overloaded(rate=0.5),)
    forward, backward = World(faults, model=MODEL), World(faults, model=MODEL)
    first = {n: beside_limits(forward.post(bodies[n])) for n in range(5)}
    second = {n: beside_limits(backward.post(bodies[n])) for n in reversed(range(5))}
    assert first == second


def test_the_order_of_keys_does_not_matter() -> None:
    """The same request written otherwise is the same request."""
    body = asked(system="Be brief.")
    turned = dict(reversed(body.items()))
    assert World(model=MODEL).post(body) == World(model=MODEL).post(turned)


class Wordy(Says):
    """A model whose words come from luck."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """Words that nobody can foresee."""
        return Reply(({"type": "text", "text": str(luck.uniform("words"))},))


@pytest.mark.parametrize("fault", [overloaded(), stream_lost()])
def test_a_failed_attempt_does_not_change_the_answer(fault: Fault) -> None:
    """After a failed attempt the model says what it would have said at once."""
    calm, busy = World(model=Wordy()), World((fault,), model=Wordy())
    busy.post()
    assert body_of(busy.post())["content"] == body_of(calm.post())["content"]


def test_a_question_asked_again_may_be_answered_otherwise() -> None:
    """After a whole answer, the same request draws new words; another request has its own."""
    world = World(model=Wordy())
    contents = [body_of(world.post(asked(system=s)))["content"] for s in ("x", "x", "y")]
    assert contents[0] != contents[1]
    assert contents[0] != contents[2]


def test_retries_do_not_push_other_attempts_aside() -> None:
    """Whether a retry comes before or after an equal question changes nothing for either."""
    retry = {**HEADERS, "x-stainless-retry-count": "1"}
    first, second = World((overloaded(rate=0.5),)), World((overloaded(rate=0.5),))
    early = [beside_limits(first.post(headers=how)) for how in (retry, HEADERS, HEADERS)]
    late = [beside_limits(second.post(headers=how)) for how in (HEADERS, HEADERS, retry)]
    assert early == [late[2], late[0], late[1]]


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from sim_world import *
from labkit.sim import *
world = World((refused(rate=0.5), overloaded(rate=0.3), stream_lost(rate=0.2)), Says(EVERYTHING))
seen = hashlib.sha256()
for n in range(40):
    body = asked(messages=[{"role": "user", "content": f"{n}?"}], stream=bool(n % 2))
    seen.update(repr(world.post(body)).encode())
print(seen.hexdigest())
"""


def test_two_fresh_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Another process, another hash seed, another folder: the same bytes."""
    here = str(Path(__file__).parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, here],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "TZ": zone},
            cwd=tmp_path,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == len(hashlib.sha256().hexdigest())
