"""What batches spend: they count toward the spend limit, and end where it is reached."""

from typing import Any

import anthropic
import pytest
from sim_batches import BATCHES, DAY_S, PATH, created, each, kinds, lines, send
from sim_facts import imitates
from sim_world import World, asked, body_of

from labkit import Lab
from labkit.sim import Limits

CODE = "enforced_spend_limit_reached"


def cost_usd(count: int) -> float:
    """What so many answers cost in a batch."""
    world = World()
    created(world, each(count, asked()))
    return float(world.provider.invoice(DAY_S).total_usd)


def limited(count: int, spend_usd: float) -> tuple[World, Any]:
    """A batch of so many under a spend limit, a day later."""
    world = World(limits=Limits(spend_usd=spend_usd))
    batch = created(world, each(count, asked()))
    world.clock.advance(DAY_S)
    return world, batch


def test_a_batch_counts_toward_the_spend_limit() -> None:
    """What it costs, at half the price, ends later messages and batches alike."""
    world, _ = limited(4, 0.999 * cost_usd(4))
    for path, body in (("/v1/messages", asked()), (PATH, {"requests": each(1, asked())})):
        plan = world.post(body, path=path)
        assert plan.status == 429
        assert "retry-after" not in dict(plan.headers)
        assert body_of(plan)["error"]["details"]["error_code"] == CODE
    roomy, _ = limited(4, 1.001 * cost_usd(4))
    assert roomy.post().status == 200


@imitates("a batch may go slightly over the spend limit", source=BATCHES)
def test_a_batch_that_reaches_the_limit_fails_from_there_on() -> None:
    """The request that crosses the limit is answered; later ones are errors and cost nothing."""
    world, batch = limited(10, cost_usd(4) - cost_usd(1) / 2)
    assert kinds(world, batch) == {"succeeded": 4, "errored": 6}
    spent = world.provider.state.meter.spent_usd
    assert spent > world.provider.state.meter.limits.spend_usd
    assert spent == pytest.approx(cost_usd(4))
    assert float(world.provider.invoice(2 * DAY_S).total_usd) == pytest.approx(cost_usd(4))
    failed = [one["result"]["error"] for one in lines(world, batch)[4:]]
    assert {one["error"]["type"] for one in failed} == {"rate_limit_error"}
    assert {one["error"]["details"]["error_code"] for one in failed} == {CODE}


def test_a_message_in_the_middle_takes_from_what_a_batch_may_spend() -> None:
    """Both spend from the same limit, each at its own moment."""
    world = World(limits=Limits(spend_usd=0.999 * cost_usd(6)))
    batch = created(world, each(6, asked()))
    for _ in range(2):
        assert world.post().status == 200  # as dear as two in a batch
    world.clock.advance(DAY_S)
    assert kinds(world, batch) == {"succeeded": 2, "errored": 4}


def test_a_bad_request_is_bad_whatever_is_spent() -> None:
    """It would not have cost anything, so it says what is wrong with it."""
    world, batch = limited(3, cost_usd(1))
    bad = body_of(world.post({"requests": []}, path=PATH))
    assert bad["error"]["message"].startswith("requests: ")
    assert send(world, "GET", f"{PATH}/{batch['id']}/results").status == 200


def test_the_sdk_names_the_limit() -> None:
    """A batch that is not taken on raises the SDK's class for it, after retries in vain."""
    lab = Lab(limits=Limits(spend_usd=0))
    wanted: list[Any] = each(1, asked())
    with pytest.raises(anthropic.EnforcedSpendLimitReachedError):
        lab.client.messages.batches.create(requests=wanted)
    assert len(lab.trace) == 3
