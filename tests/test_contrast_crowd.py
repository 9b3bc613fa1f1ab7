"""The crowd: its waits are those of real code, its numbers add up, and its picture says them."""

import random

import anthropic
import httpx2
import pytest
from anthropic._models import FinalRequestOptions

from labkit.contrast import crowd
from labkit.contrast.crowd import CAPACITY, PEOPLE, WAITS, Crowd, by_policy
from labkit.errors import ArgumentError
from labkit.reliability import RetryPolicy, next_delay
from labkit.views.twin import static_html

POLICY = RetryPolicy(attempts=8)
SEEDS = (7, 1, 2, 42, 1234, 99999)


def numbers(view, name):
    """One row of the table as numbers, prototype first."""
    (row,) = [row[1:] for row in view.drawing.table.rows if row[0] == name]
    return tuple(float(cell.split("\N{NARROW NO-BREAK SPACE}")[0].replace(",", "")) for cell in row)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("waits", "peak", "last_s"),
    [
        ("without jitter", (180, 180), (55, 56)),
        ("as the SDK", (130, 155), (20, 24)),
        ("with equal jitter", (70, 85), (13, 16)),
        ("with full jitter", (45, 65), (12, 16)),
    ],
)
def test_the_less_jitter_the_higher_the_second_spike(waits, peak, last_s, seed):
    """Without jitter all 180 come back together; with full jitter never more than a third."""
    view = crowd(POLICY, seed=seed).move(waits=waits)
    assert peak[0] <= numbers(view, "peak after 0.1 s")[0] <= peak[1]
    assert last_s[0] <= numbers(view, "last answer")[0] <= last_s[1]


@pytest.mark.parametrize("waits", WAITS)
@pytest.mark.parametrize("said", [None, 2.0])
def test_everybody_is_answered_once_and_never_faster_than_the_capacity(waits, said):
    """A client that never gives up is answered; no second answers more than its share."""
    came = Crowd(WAITS[waits](7), said).run()
    assert len(came.answered_s) == PEOPLE
    assert came.told == 0
    assert list(came.arrived_s) == sorted(came.arrived_s)
    for place, at_s in enumerate(came.answered_s):
        assert place + 1 <= CAPACITY * (at_s + 1) + 1e-6


def test_the_sdks_waits_are_the_sdks():
    """Within what anthropic 2.12.0 computes, and retry-after to the second."""
    client = anthropic.Anthropic(api_key="simulated", max_retries=9)
    options = FinalRequestOptions(method="post", url="/v1/messages")
    wait = WAITS["as the SDK"](7)
    for retries in range(7):
        drawn = [client._calculate_retry_timeout(9 - retries, options) for _ in range(300)]
        ours = [wait(retries, None, 0.0) for _ in range(300)]
        assert max(ours) == pytest.approx(max(drawn), rel=0.02)
        assert min(ours) == pytest.approx(min(drawn), rel=0.02)
    headers = httpx2.Headers({"retry-after": "5"})
    assert wait(0, 5.0, 0.0) == client._calculate_retry_timeout(9, options, headers) == 5


def test_production_waits_as_the_building_block_does():
    """The same draws, and None where the deadline is nearer."""
    wait, rng = by_policy(POLICY, 7), random.Random(7)
    for retries, now_s in ((0, 0.0), (3, 2.0), (5, 19.5)):
        left_s = POLICY.deadline_s - now_s
        assert wait(retries, 1.0, now_s) == next_delay(
            retries, retry_after=1.0, deadline_left=left_s, rng=rng
        )


def test_two_layers_send_twice_as_much():
    """The app begins the SDK's three attempts anew, at once, with the shortest wait."""
    once, twice = crowd(POLICY), crowd(POLICY).move(twice=True)
    assert numbers(twice, "attempts a question")[0] > 2 * numbers(once, "attempts a question")[0]
    assert "two layers send" in twice.drawing.finding
    assert "the app retries too" in twice.text


def test_what_the_provider_asks_for_brings_the_sdks_crowd_back_together():
    """Kept to the second it is a spike of everybody; with jitter on top it is none."""
    view = crowd(POLICY).move(asks_s=5.0)
    prototype, production = numbers(view, "peak after 0.1 s")
    assert (prototype, numbers(view, "last answer")[0]) == (180, 45)
    assert production < 60
    assert "tells" in view.drawing.finding


def test_a_wait_beyond_the_deadline_is_said_at_once():
    """Production tells 180 people; the prototype's next attempts lie beyond the axis."""
    view = crowd(POLICY).move(asks_s=30.0)
    assert numbers(view, "told to come later") == (0, 180)
    assert numbers(view, "attempts a question")[1] == 1
    assert "none in production" in view.drawing.finding
    assert "180 after 30" in view.drawing.body
    assert "nobody comes back" in view.drawing.body


def test_a_client_gives_up_after_the_attempts_of_its_policy():
    """One attempt: who is not answered at once is told."""
    view = crowd(RetryPolicy(attempts=1))
    assert numbers(view, "answered in 20 s")[1] == CAPACITY
    assert numbers(view, "told to come later")[1] == PEOPLE - CAPACITY


def test_the_parts_of_the_time_add_up_to_all_attempts():
    """Nothing is left out of the table."""
    view = crowd(POLICY).move(waits="without jitter")
    parts = [row[1:] for row in view.drawing.table.rows if row[0].startswith("attempts, ")]
    sums = [
        sum(int(cell.replace(",", "")) for cell in column) for column in zip(*parts, strict=True)
    ]
    each = numbers(view, "attempts a question")
    assert [round(total / PEOPLE, 1) for total in sums] == pytest.approx(each, abs=0.06)


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_the_facts_of_both_crowds(form):
    """Words and numbers of the table stand in the picture, the prototype's first and hatched."""
    drawing = crowd(POLICY).drawing
    page = drawing.body if form == "live" else static_html(drawing)
    for name, *cells in drawing.table.rows[1:6]:
        assert name in page
        assert all(cell in page for cell in cells)
    assert page.index("Prototype") < page.index("Production")
    assert "in the first 0.1 s" in (page if form == "live" else drawing.picture)


def test_a_short_deadline_shortens_the_axis():
    """The axis ends when people leave, with a decimal where it needs one."""
    view = crowd(RetryPolicy(attempts=8, deadline_s=6))
    assert "answered in 6 s" in view.text
    assert "1.5 s" in view.drawing.body
    assert "attempts, 5 to 6 s" in view.text


def test_the_words_of_a_late_peak_stay_inside():
    """In the second half of the axis they stand left of their bar."""
    view = crowd(RetryPolicy(attempts=8, deadline_s=3)).move(asks_s=2.0)
    assert "right:33.33%" in view.drawing.body


def test_equal_settings_give_equal_bytes_and_a_change_says_what_was():
    """Moved and moved back it is the same picture; another seed draws another."""
    view = crowd(seed=5)
    first = view.html
    assert "was <s>" in view.move(waits="without jitter").html
    assert view.reset().html == first == crowd(seed=5).html
    assert crowd(seed=6).text != view.text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"policy": 5}, "policy is 5"),
        ({"policy": RetryPolicy(attempts=101)}, "attempts is 101"),
        ({"policy": RetryPolicy(deadline_s=0.5)}, "deadline_s is 0.5"),
        ({"policy": RetryPolicy(deadline_s=200)}, "deadline_s is 200"),
        ({"seed": "seven"}, "seed is 'seven'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, says):
    """With the value, what follows and what to do."""
    with pytest.raises(ArgumentError, match=rf"{says}\. [A-Z].*\. [A-Z]"):
        crowd(**arguments)
