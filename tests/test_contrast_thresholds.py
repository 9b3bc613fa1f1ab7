"""The view of a threshold: its counts are those of the scores, in every form and mix."""

import pytest

from labkit.case import retrieval_scores
from labkit.contrast import thresholds
from labkit.errors import ArgumentError
from labkit.reliability import RiskPoint
from labkit.views import Provenance
from labkit.views.reliability.thresholds import ThresholdScene, draw_thresholds
from labkit.views.twin import static_html

TABLE = retrieval_scores()


def view(**more):
    """The view of the measured scores."""
    return thresholds(TABLE.scores, TABLE.answerable, **more)


def counts(one):
    """Wrong, sent away and shown, of 1,000 people, by app."""
    rows = {row[0]: row[1:] for row in one.drawing.table.rows}
    names = "wrong answers shown", "sent away for nothing", "people who get an answer"
    columns = zip(*(rows[name] for name in names), strict=True)
    return [[int(cell.replace(",", "")) for cell in column] for column in columns]


def by_hand(threshold, unanswerable):
    """The same, counted from the scores."""
    pairs = list(zip(TABLE.scores, TABLE.answerable, strict=True))
    shown = [has for score, has in pairs if score >= threshold]
    right, wrong = shown.count(True) / 100, shown.count(False) / 100
    without = 1_000 * unanswerable
    rest = 1_000 - without
    return [wrong * without, rest * (1 - right), wrong * without + right * rest]


@pytest.mark.parametrize(
    ("mix", "share"), [("1 in 2", 1 / 2), ("1 in 5", 1 / 5), ("1 in 20", 1 / 20)]
)
@pytest.mark.parametrize("threshold", [6.5, 12, 18.5, 25, 33])
def test_the_counts_are_those_of_the_scores(threshold, mix, share):
    """Counted anew, for each threshold and each share of questions that no page answers."""
    one = view().move(threshold=threshold, unanswerable=mix)
    assert one.error is None
    everybody, chosen = counts(one)
    assert everybody == [round(1_000 * share), 0, 1_000]
    assert chosen == pytest.approx(by_hand(threshold, share), abs=0.51)


def test_no_threshold_is_clean():
    """Wherever it stands, somebody reads a wrong answer or is sent away for nothing."""
    one = view()
    low, high = one.controls["threshold"].widget.min, one.controls["threshold"].widget.max
    for step in range(int(2 * (high - low)) + 1):
        wrong, away, _ = counts(one.move(threshold=low + step / 2))[1]
        assert wrong + away > 100


def test_the_first_picture_says_both_mistakes_and_where_the_numbers_come_from():
    """The finding has both counts; a note stands in the line below it."""
    one = view(first=18.4, notes=["n = 2,655"])
    wrong, away, _ = counts(one)[1]
    assert f"{wrong} read a wrong answer" in one.drawing.finding
    assert f"{away} are sent away" in one.drawing.finding
    assert "measured · n = 2,655" in one.text
    assert "from a score of 18.5" in one.text


def test_a_moved_threshold_says_what_the_counts_were():
    """The number before stands beside the new one, struck out."""
    assert "was <s>" in view().move(threshold=30).html
    assert "was <s>" not in view().html


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_have_both_dots_and_all_counts(form):
    """An open dot and a filled one on the curve; the numbers of the table below it."""
    one = view()
    html = one.drawing.body if form == "live" else static_html(one.drawing)
    for count in (number for side in counts(one) for number in side):
        assert f"{count:,}" in html
    if form == "live":
        assert html.count('<i class="') == 2
    assert "answers everybody" in html


def test_nobody_gets_an_answer_above_the_best_score():
    """A picture without an answer is still a picture."""
    one = thresholds([1, 2, 3], [False, True, True], first=3)
    assert counts(one)[1] == [0, 333, 333]
    none = RiskPoint(9, 0, 0, 2, 3)
    points = (RiskPoint(3, 1, 0, 1, 3), RiskPoint(1, 3, 1, 0, 3))
    scene = ThresholdScene("Nobody.", points, none, Provenance("measured"))
    assert "0" in draw_thresholds(scene).body


def test_what_no_score_reaches_is_said():
    """The slider may end above the best score; then nobody is answered."""
    one = thresholds([1.2, 2.2], [False, True]).move(threshold=2.5)
    assert one.drawing.finding == "Nobody gets an answer, and 500 of 1,000 could have had one."


def test_the_measured_scores_are_what_they_say():
    """Two hundred quantiles, sorted, whose order is right for 81 in 100 pairs."""
    has, has_not = TABLE.scores[:100], TABLE.scores[100:]
    assert list(has) == sorted(has)
    assert list(has_not) == sorted(has_not)
    assert TABLE.answerable == (True,) * 100 + (False,) * 100
    above = sum((a > b) + (a == b) / 2 for a in has for b in has_not)
    assert round(above / 10_000, 3) == 0.813
    assert repr(TABLE).startswith("200 scores for 2,655 questions")


@pytest.mark.parametrize(
    "arguments",
    [
        {"scores": [], "answerable": []},
        {"scores": [1, 2], "answerable": [True]},
        {"scores": [1, 2], "answerable": [True, False], "first": "high"},
        {"scores": [1, 2], "answerable": [True, False], "notes": [5]},
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        thresholds(**arguments)
