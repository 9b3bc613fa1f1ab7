"""Verdicts, traces, reports and explanations as views; figures as images with their numbers."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from traitlets.config import Config
from view_scenes import Page, pictures

from labkit.errors import ArgumentError
from labkit.evals import Report, Row, Sample
from labkit.sim.reply import Explanation, RuleFired
from labkit.trace import Attempt, Trace
from labkit.views import Table, View
from labkit.views.figures import ShareRow, figure, share_bars
from labkit.views.values import DRAWN, draw_explanation, draw_report, draw_trace, register
from labkit.views.verdict import draw_verdict
from labkit.views.view import WIDGET
from labkit.views.words import spoken


@dataclass(frozen=True)
class Verdict:
    """A verdict as the checks hand it over."""

    state: str
    code: str = "R9"
    name: str = "classify_outcome"
    cases_held: int = 5
    cases_total: int = 9
    given: str = "Message(content=[])"
    expected: str = "refused"
    got: str = "<b>IndexError</b>"
    hint: str = "A refusal may come without content. Look at `stop_reason` first, e.g. here."
    note: str = ""


def test_a_verdict_that_is_not_yet_shows_the_first_case_and_one_bold_sentence() -> None:
    """Given, expected, got, hint; code in backticks becomes code; foreign marks stay text."""
    page = Page(View(draw_verdict(Verdict("not yet"))).html)
    assert page.named("dt", "dd")
    for words in ("not yet", "5 of 9 cases hold; this is the first that does not", "givenMessage"):
        assert words in page.text
    assert "<b>A refusal may come without content.</b>" in draw_verdict(Verdict("not yet")).body
    assert "<code>stop_reason</code>" in draw_verdict(Verdict("not yet")).body
    assert "&lt;b&gt;IndexError&lt;/b&gt;" in draw_verdict(Verdict("not yet")).body
    assert len(page.named("b")) == 2


@pytest.mark.parametrize(
    ("state", "kind", "form", "words"),
    [
        ("solved", "ok", "lk-verdict", "9 of 9 cases hold"),
        ("not yet", "bad", "lk-verdict no", "9 of 9 cases hold; this"),
        ("could not tell", "na", "lk-verdict na", "neither right nor wrong"),
        ("stopped after 5 s", "na", "lk-verdict na", "neither right nor wrong"),
        ("not written", "na", "lk-verdict na", "nothing to judge"),
    ],
)
def test_every_state_of_a_verdict_has_its_edge_and_its_word(
    state: str, kind: str, form: str, words: str
) -> None:
    """Solid, dashed or dotted; filled, outlined or dotted."""
    verdict = Verdict(state, cases_held=9, note="Item R9 is ticked.")
    page = Page(draw_verdict(verdict).body)
    classes = [tag.attributes.get("class", "") for tag in page.tags]
    assert form in classes
    assert f"lk-badge {kind}" in classes
    assert words in page.text
    assert "Item R9 is ticked." in page.text
    assert ("given" in page.text) == (state == "not yet")


def test_a_hint_without_a_full_stop_is_not_bold() -> None:
    """There is no first sentence to lift out."""
    assert (
        "<dt>hint</dt><dd>look at it</dd>"
        in draw_verdict(Verdict("not yet", hint="look at it")).body
    )


def test_a_verdict_reads_in_every_form() -> None:
    """Without a sheet and as text it holds the same four lines."""
    view = View(draw_verdict(Verdict("not yet")))
    still = Page(view.static).text
    for words in (still, view.text):
        for said in ("R9 classify_outcome", "not yet", "Message(content=[])", "<b>IndexError</b>"):
            assert said in words
    assert "✕ not yet R9 classify_outcome 5 of 9 cases hold; this is the first" in still


TRACE = Trace(
    [
        Attempt(1, 0, "lab-fast-2", False, 60.0, 60.3, None, 429, "rate_limit_error"),
        Attempt(1, 1, "lab-fast-2", False, 62.3, 64.0, 64.0, 200, None, "end_turn"),
    ]
)


def test_a_trace_is_drawn_from_its_first_attempt() -> None:
    """The finding counts attempts and calls; the table is the picture's twin."""
    drawing = draw_trace(TRACE)
    assert spoken(drawing.finding) == "2 attempts for 1 call in 4.0 s; the last one: answered."
    assert draw_trace(Trace(TRACE.attempts[1:])).finding.endswith("1.7\u202fs; answered.")
    assert 'class="bad" style="left:0.0%;width:7.5%"' in drawing.body
    assert Page(View(drawing).html).named("details")[0].attributes == {
        "class": "lk-twin",
        "open": "",
    }
    assert [row[1] for row in drawing.table.rows] == ["429 rate limited", "answered"]
    assert draw_trace(Trace([])).finding == "No attempt yet."


def test_a_trace_of_equal_endings_says_so_of_all() -> None:
    """Who reads "the last one: answered" wonders what became of the others."""
    two = Trace(
        [Attempt(i, 0, "m", False, i, i + 1.0, None, 200, None, "end_turn") for i in (1, 2)]
    )
    assert spoken(draw_trace(two).finding) == "2 attempts for 2 calls in 2.0 s; all answered."


def test_a_long_trace_is_cut_with_its_number() -> None:
    """Forty rows, and how many more there are."""
    many = Trace([Attempt(i, 0, "m", False, i, i + 1.0) for i in range(100)])
    names = [row[0] for row in draw_trace(many).table.rows]
    assert names[-2:] == ["40", "and 60 more"]


def test_a_report_shows_each_share_with_its_interval() -> None:
    """Whole and by tag; what was not run is counted apart."""
    states = {"happy": ["passed"] * 9 + ["failed"], "edge": ["passed", "not run", "error"]}
    rows = [
        Row(Sample(f"{tag}{i}", "?", (), tags=(tag,)), state)
        for tag, of in states.items()
        for i, state in enumerate(of)
    ]
    drawing = draw_report(Report(tuple(rows)))
    assert drawing.finding == "10 of 12 samples passed."
    assert [spoken(row[1]) for row in drawing.table.rows] == [
        "10 of 12 (55–95 %)",
        "9 of 10 (60–98 %)",
        "1 of 2 (9–91 %)",
    ]
    assert "1 not run" in Page(drawing.body).text
    assert draw_report(Report(())).finding == "No sample was scored."


def test_an_explanation_lists_rules_and_faults() -> None:
    """Each rule with its reason; what the lab scripted is not the model's."""
    why = Explanation(
        "msg_1", (RuleFired("grounded", "Found it in <extensions>."),), ("overloaded",)
    )
    page = Page(draw_explanation(why).body)
    assert "groundedFound it in <extensions>." in page.text
    assert "fault overloadedscripted by the lab" in page.text


@pytest.mark.parametrize(
    ("rules", "faults", "said"),
    [
        (("refusal",), (), "Refused. 1 rule of the simulated model shaped this reply."),
        (("a", "b"), ("refused",), "Refused by the lab's script. 2 rules of the simulated"),
        (("a",), ("slow",), "1 rule of the simulated model shaped this reply."),
        ((), (), "No rule of the simulated model shaped this reply."),
    ],
)
def test_an_explanation_begins_with_what_became_of_the_reply(
    rules: tuple[str, ...], faults: tuple[str, ...], said: str
) -> None:
    """A refusal is called one, and so is one that the lab has scripted."""
    why = Explanation("msg_1", tuple(RuleFired(name, "why") for name in rules), faults)
    assert draw_explanation(why).finding.startswith(said)


@pytest.mark.parametrize(("module", "name"), DRAWN, ids=lambda part: part)
def test_every_type_that_is_drawn_exists_where_it_is_named(module: str, name: str) -> None:
    """A type that moves house must be named anew, or its view is lost without a word."""
    pytest.importorskip(".".join(module.split(".")[:2]))
    kind = getattr(import_module(module), name)
    assert (kind.__module__, kind.__name__) == (module, name)


def test_outside_ipython_registering_does_nothing() -> None:
    """A script, a test and a service may import the views."""
    assert register() is None


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """IPython as a kernel has it, with a home of its own."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    config = Config(HistoryManager={"enabled": False})
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


def test_ipython_shows_a_value_live_still_and_as_its_own_text(shell: InteractiveShell) -> None:
    """Registering twice is registering once; the text is the value's own repr."""
    register()
    register()
    bundle, _ = shell.display_formatter.format(TRACE)
    assert set(bundle) == {"text/plain", "text/html", WIDGET}
    assert bundle["text/plain"] == repr(TRACE)
    assert "429 rate limited" in Page(bundle["text/html"]).text
    only_text, _ = shell.display_formatter.format(TRACE, include={"text/plain"})
    assert set(only_text) == {"text/plain"}


ROWS = [
    ShareRow("empty content", 0, 8, "prototype"),
    ShareRow("empty content", 8, 8, "production"),
]


def test_shares_are_a_table_with_a_bar_in_each_row() -> None:
    """The finding stands above it once; label, app, bar and count follow each other."""
    bundle = share_bars(ROWS, title="Production helps in 8 of 8")._repr_mimebundle_()
    page = Page(bundle["text/html"])
    assert [spoken(cell) for cell in page.cells[4:]] == [
        *("empty content", "prototype", "", "0 of 8 (0–32 %)"),
        *("production", "", "8 of 8 (68–100 %)"),
    ]
    assert page.text.count("Production helps in 8 of 8.") == 1
    alts = [spoken(image.attributes["alt"]) for image in page.named("img")]
    assert alts == ["bar to 0 %, interval 0 to 32 %", "bar to 100 %, interval 68 to 100 %"]
    assert "8 of 8 (68–100 %)" in bundle["text/plain"]
    assert "Highest" not in bundle["text/html"]


def test_a_share_of_nothing_has_no_bar() -> None:
    """Outline and interval, and nothing filled; a whole share fills its outline."""
    nothing, whole = pictures(share_bars(ROWS, title="T").picture)
    assert re.findall('fill="([^"]+)"', nothing) == ["none"]
    assert re.findall('fill="([^"]+)"', whole) == ["none", "#0072B2"]
    assert "stroke-dasharray" in nothing
    assert "stroke-dasharray" not in whole


def drawn() -> Figure:
    """A small matplotlib figure."""
    fig = Figure(figsize=(2, 1))
    fig.subplots().bar([1, 2], [3, 4], hatch="//")
    return fig


def test_matplotlib_is_loaded_by_whoever_draws_with_it() -> None:
    """It takes as much memory as the rest of labkit together, and the pages draw without it."""
    names = "labkit.checks, labkit.contrast, labkit.evals, labkit.views.figures"
    code = f"import sys, {names}; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_equal_figures_have_equal_bytes_and_no_date() -> None:
    """No clock, no random ids, no version, coordinates of two decimals."""
    plates = [figure(drawn(), alt="Bars that rise.") for _ in range(2)]
    (first,), (second,) = (pictures(plate.picture) for plate in plates)
    assert first == second
    ET.fromstring(first)
    assert "Matplotlib v" not in first
    assert "dc:date" not in first
    assert "<metadata>" not in first
    assert "pattern" in first


def test_any_figure_needs_a_description() -> None:
    """A picture without alt text is refused; with one it becomes a plate."""
    with pytest.raises(ArgumentError, match="no alt text"):
        figure(drawn(), alt="  ")
    table = Table(("", "y"), (("a", "1"),), "Points")
    plate = figure(drawn(), alt="Bars that rise.", table=table)
    assert repr(plate).startswith("Bars that rise.")
    page = Page(plate._repr_mimebundle_()["text/html"])
    assert page.named("img")[0].attributes["alt"] == "Bars that rise."
    assert page.cells == ["", "y", "a", "1"]
    with pytest.raises(ArgumentError, match="at least one ShareRow"):
        share_bars([], title="T")


@pytest.mark.parametrize(
    "make",
    [
        lambda: share_bars(None, title="T"),
        lambda: share_bars(["a"], title="T"),
        lambda: ShareRow("a", 1, 0, "prototype"),
        lambda: ShareRow("a", 4, 3, "prototype"),
        lambda: ShareRow("a", -1, 3, "prototype"),
        lambda: ShareRow("a", 1, 3, "nobody"),
        lambda: ShareRow(None, 1, 3, "prototype"),
    ],
)
def test_a_bar_that_cannot_be_is_refused(make):
    """A share of nothing, more than the whole, or nobody's: each says what to give."""
    with pytest.raises(ArgumentError, match=r"Give|Use"):
        make()
