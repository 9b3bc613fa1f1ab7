"""What a provider remembers on a long day, and what it forgets."""

from sim_world import World, asked, body_of

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
