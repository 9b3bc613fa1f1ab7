"""The benchmarks run outside of CI, so the parts that meet any page are tried here."""

from itertools import pairwise
from pathlib import Path

import pytest

from labkit.views import Action, Drawing, Table, View, amount, toggle

ROOT = Path(__file__).parents[2]


def drawn(**settings: object) -> Drawing:
    """A picture of its settings."""
    table = Table(("", "value"), tuple((name, str(now)) for name, now in settings.items()), "All")
    return Drawing(finding="As it is set.", body="<p>it</p>", table=table)


CONTROLS = {"n": amount("Retries", 0, 6, value=2), "on": toggle("Streamed")}
VIEWS = {
    "controls": lambda: View(drawn, CONTROLS),
    "none": lambda: View(drawn()),
    "a button": lambda: View(drawn, actions=[Action("Play", drawn, busy="Playing")]),
}


@pytest.mark.parametrize("kind", VIEWS)
def test_every_view_is_walked(kind, monkeypatch):
    """A control moves at each step; a view without controls is drawn as often."""
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks.views import MOVES, walk

    view = VIEWS[kind]()
    before = [view.settings]
    for move in walk(view):
        move()
        before.append(view.settings)
    assert len(before) == MOVES + 1
    moved = [now != then for then, now in pairwise(before)]
    assert set(moved) == {bool(view.controls)}
