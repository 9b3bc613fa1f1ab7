"""What a provider remembers on a long day, and what it forgets."""

import gc
import tracemalloc

import pytest
from sim_batches import PATH, created, requests, send
from sim_world import World, asked, body_of

from labkit.sim.endpoints import batch_work
from labkit.sim.latest import Counts, Latest


def test_what_was_written_longest_ago_is_forgotten() -> None:
    """Three places: the fourth thing takes the place of the one that was written first."""
    kept: Latest[str, int] = Latest(3)
    for number, name in enumerate("abcabd"):
        kept[name] = number
    assert kept == {"a": 3, "b": 4, "d": 5}


def test_a_thing_that_was_never_counted_counts_nothing() -> None:
    """Counting begins at 0, and does so again for what has been forgotten."""
    counts = Counts(2)
    for name in ("a", "a", "b", "c"):
        counts[(name,)] += 1
    assert [counts[(name,)] for name in "abc"] == [0, 1, 1]
    assert len(counts) == 2


def test_a_provider_keeps_a_bounded_number_of_reasons() -> None:
    """Reasons and counts have a limit, and what is within it is there."""
    world = World()
    state = world.provider.state
    assert (state.journal.most, state.counts.most) == (10_000, 100_000)
    message = body_of(world.post(asked()))
    assert world.provider.explain(message["id"]).message_id == message["id"]


def test_a_provider_keeps_a_bounded_number_of_files() -> None:
    """The file that was uploaded longest ago is not found any more, and the others are."""
    world = World()
    files = world.provider.state.files
    assert isinstance(files, Latest)
    assert files.most == 10_000
    files.most = 2
    client = world.client()
    ids = [client.files.upload(file=("a.txt", b"%d" % n, "text/plain")).id for n in range(3)]
    assert [send(world, "GET", f"/v1/files/{name}").status for name in ids] == [404, 200, 200]
    assert [file.id for file in client.files.list()] == ids[:0:-1]


@pytest.mark.parametrize("bound", ["number", "bytes"])
def test_a_provider_keeps_a_bounded_number_of_batches(
    bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest is not found any more and nobody works at it; the newest stays in any case."""
    world = World()
    state = world.provider.state
    first = created(world)
    size_bytes = state.batches[first["id"]].size_bytes
    assert (batch_work.MOST_BATCHES, batch_work.MOST_BYTES) == (1_000, 512_000_000)
    if bound == "number":
        monkeypatch.setattr(batch_work, "MOST_BATCHES", 2)
    else:
        monkeypatch.setattr(batch_work, "MOST_BYTES", 2 * size_bytes)
    others = [created(world) for _ in range(2)]
    paths = [f"{PATH}/{batch['id']}" for batch in (first, *others)]
    assert [send(world, "GET", path).status for path in paths] == [404, 200, 200]
    assert {due[2].id for due in state.underway} == {batch["id"] for batch in others}
    world.clock.sleep(86_400)
    done = [send(world, "GET", f"{path}/results").status for path in paths]
    assert done == [404, 200, 200]
    large = created(world, requests(20))
    assert send(world, "GET", f"{PATH}/{large['id']}").status == 200


def test_a_provider_that_runs_for_days_needs_no_more_memory() -> None:
    """Two equal halves of many requests, once all is full: the second leaves nothing behind."""
    world = World()
    world.provider.state.journal.most = world.provider.state.counts.most = 50

    def half() -> int:
        for number in range(300):
            said = {"role": "user", "content": f"Question {number % 60}?"}
            assert world.post(asked(messages=[said])).status == 200
            assert send(world, "GET", f"/v1/models?limit=-{number}").status == 400
            world.clock.sleep(1)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    half()
    tracemalloc.start()
    try:
        first, second = half(), half()
    finally:
        tracemalloc.stop()
    assert second - first < 20_000
