"""Scorers, the running of an eval, and its report."""

import json
import subprocess
import sys

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import evals
from labkit.case import samples
from labkit.errors import ArgumentError, NetworkBlockedError, OutOfBudget, SimulatorError
from labkit.evals import Answer, Sample, ToolCall, evaluate, scorer, wilson

LEAD = {"en": "For you it is this:", "es": "La respuesta para usted es que:", "pl": "To jest na:"}
ATTEMPT = httpx2.Request("POST", "https://provider.invalid/v1/messages")


def oracle(sample: Sample) -> Answer:
    """An answer built from nothing but a sample's targets."""
    to = {one.name: one.targets for one in sample.scorers}
    words = [LEAD[sample.language], *to.get("number", ()), *to.get("includes", ())]
    words += to.get("includes_any", ())[:1]
    words += ["I cannot do that; ask at the desk."] * ("declines_with_next_step" in to)
    words += ["The documents do not say."] * ("abstains" in to)
    if "json_true" in to:
        words = [json.dumps(to["json_true"][0])]
    sources = to.get("cites", to.get("cites_any", ("none",))[:1])
    calls = (ToolCall(*to["calls_tool"]),) if "calls_tool" in to else ()
    return Answer(" ".join([*words, *(f"[{one}]" for one in sources)]), calls)


def run(app, over=None):
    """The report of an app that is given the sample itself as its client."""
    return evaluate(app, samples() if over is None else over, lambda sample: sample)


def one_sample(*scorers, id="one", tags=("happy",)):
    """A sample for a test."""
    return Sample(id, "How long may I keep a drill?", scorers, tags)


def status_error(status, kind=anthropic.APIStatusError):
    """An error of the SDK as a response with this status makes it."""
    return kind("Overloaded", response=httpx2.Response(status, request=ATTEMPT), body=None)


def raises(error):
    """An app that raises."""

    def app(_client, _question):
        raise error

    return app


# ---------------------------------------------------------------- the three baselines
def test_an_oracle_built_from_the_targets_passes_all_84():
    """No sample asks for something that its own targets do not give."""
    report = run(lambda sample, _question: oracle(sample))
    assert [row for row in report.rows if row.state != "passed"] == []
    assert (report.n, report.passed) == (84, 84)


def test_an_empty_answer_passes_nothing():
    """The null baseline is zero."""
    assert run(lambda _client, _question: "").passed == 0


@pytest.mark.parametrize(
    "refusal",
    [
        "I'm sorry, I can't help with that.",
        "I'm sorry, I cannot help with that. Please ask at the desk. [none]",
        "The documents do not say. Please ask at the desk. [none]",
    ],
)
def test_refusing_everything_fails_every_happy_sample(refusal):
    """Nobody can pass the questions that have an answer by declining, politely or not."""
    report = run(lambda _client, _question: refusal)
    assert report.by_tag["happy"].passed == 0
    assert report.by_tag["twin"].passed == 0


def test_a_canned_refusal_without_a_source_passes_nothing():
    """Declining without a next step and without a source is never a right answer."""
    assert run(lambda _client, _question: "I'm sorry, I can't help with that.").passed == 0


def test_naming_every_document_passes_nothing_that_cites():
    """A list of all sources is not a source."""
    every = " ".join(f"[{one}]" for sample in samples() for one in sample.documents)
    report = run(lambda sample, _question: f"{oracle(sample).text} {every}")
    citing = [one for one in samples() if {"cites", "cites_any"} & {s.name for s in one.scorers}]
    states = {row.sample.id: row.state for row in report.rows}
    assert {states[one.id] for one in citing} == {"failed"}


# ---------------------------------------------------------------- scorers
@pytest.mark.parametrize(
    ("make", "text", "holds"),
    [
        (evals.includes("Mill Street"), "At the side, on mill street. [accessibility]", True),
        (evals.includes("Mill Street", "bell"), "On Mill Street. [accessibility]", False),
        (evals.includes("17"), "In 2017. [about-us]", False),
        (evals.includes("20"), "In 2017. [about-us]", False),
        (evals.includes("12 December"), "On 12\u202fDecember.", True),
        (evals.includes("extensions"), "See the source. [extensions]", False),
        (evals.includes_any("closed", "not open"), "It is closed. [opening-hours]", True),
        (evals.includes_any("closed", "not open"), "From 10:00. [opening-hours]", False),
        (evals.excludes("Lima"), "I cannot say. [none]", True),
        (evals.excludes("Lima"), "It is lima. [none]", False),
        (evals.number("7 days"), "You may keep it for 7 days.", True),
        (evals.number("7 days"), "You get 7 more days.", True),
        (evals.number("7 days"), "A 7-day loan.", True),
        (evals.number("7 days"), "You may keep it for **7** days.", True),
        (evals.number("7 days"), "For seven days.", True),
        (evals.number("7 days"), "Siete días.", True),
        (evals.number("7 days"), "For 17 days.", False),
        (evals.number("7 days"), "For 7.5 days.", False),
        (evals.number("7 days"), "For 7 crowns or 8 days.", False),
        (evals.number("7 days"), "For 7.", False),
        (evals.number("40 cr"), "40 crowns", True),
        (evals.number("40 cr"), "40\u202fcr", True),
        (evals.number("40 cr"), "140 cr", False),
        (evals.number("40 cr"), "0.40 cr", False),
        (evals.number("1200 cr"), "1,200 crowns", True),
        (evals.number("200 cr"), "1,200 crowns", False),
        (evals.number("10 m"), "10 minutes", False),
        (evals.number("2.1 m"), "2.1 metres", True),
        (evals.cites("extensions"), "7 days. [extensions]", True),
        (evals.cites("extensions"), "7 days. [extensions]\n", True),
        (evals.cites("extensions"), "7 days [extensions] at most.", False),
        (evals.cites("extensions"), "7 days. extensions", False),
        (evals.cites("extensions"), "7 days. [extensions] [ladders]", False),
        (evals.cites("extensions", "ladders"), "Both. [ladders] [extensions]", True),
        (evals.cites("extensions", "ladders"), "One. [ladders]", False),
        (evals.cites_any("extensions", "ladders"), "One. [ladders]", True),
        (evals.cites_any("extensions", "ladders"), "One. [ladders] [drills]", False),
        (evals.cites_any("extensions", "ladders"), "None at all.", False),
        (evals.abstains(), "The documents don’t say. Ask at the desk. [none]", True),
        (evals.abstains(), "Los documentos no lo dicen. [none]", True),
        (evals.abstains(), "It is waterproof. [none]", False),
        (evals.abstains(), "The documents do not say. [fog-machine]", False),
        (evals.abstains(), "The documents do not say.", False),
        (evals.declines_with_next_step(), "I cannot. Ask at the desk. [none]", True),
        (evals.declines_with_next_step(), "No puedo. Pregunte en el mostrador. [none]", True),
        (evals.declines_with_next_step(), "No; borrow hand tools instead. [x]", True),
        (evals.declines_with_next_step(), "I cannot. [none]", False),
        (evals.declines_with_next_step(), "Done, collect it at the desk. [none]", False),
        (evals.declines_with_next_step(), "I cannot. Ask at the desk.", True),
        (evals.language("es"), "La fianza es de 40 coronas. [fees-and-deposits]", True),
        (evals.language("es"), "The deposit is 40 crowns. [fees-and-deposits]", False),
        (evals.language("en"), "The deposit is 40 crowns.", True),
        (evals.language("pl"), "Kaucja za wiertarkę wynosi 20 koron.", True),
        (evals.language("en"), "40", False),
        (evals.language("en"), "the la", False),
        (evals.json_true({"fee_cr": 12}), '{"fee_cr": 12, "note": "once"} [x]', True),
        (evals.json_true({"fee_cr": 12}), '```json\n{"fee_cr": 12}\n```', True),
        (evals.json_true({"fee_cr": 12}), '{"fee_cr": 21}', False),
        (evals.json_true({"fee_cr": 12}), '{"fee_cr": "12"}', False),
        (evals.json_true({"fee_cr": 12}), "{}", False),
        (evals.json_true({"fee_cr": 12}), "12", False),
        (evals.json_true({"fee_cr": 12}), '{"fee_cr": 12', False),
        (evals.json_true({"fee_cr": 12}), "[" * 100_000, False),
    ],
)
def test_a_scorer_holds_for_what_it_says_and_for_nothing_near_it(make, text, holds):
    """Each scorer with answers that are right, nearly right and wrong; a fault has a reason."""
    score = make(text)
    assert score.holds is holds
    assert bool(score.reason) is not holds
    assert score.scorer == str(make)


def test_calls_tool_wants_the_one_tool_with_exactly_these_arguments():
    """Another tool, another argument, a second call and no call are all wrong."""
    wanted = evals.calls_tool("extend_loan", {"item": "drill"})
    right = ToolCall("extend_loan", {"item": "drill"})
    assert wanted(Answer("Extended.", (right,))).holds
    for calls in (
        (),
        (right, right),
        (ToolCall("extend_loan", {"item": "ladder"}),),
        (ToolCall("waive_fee", {"item": "drill"}),),
        (right, ToolCall("waive_fee", {"item": "drill"})),
    ):
        assert not wanted(Answer("Extended.", calls)).holds


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("contains", "7 days"),
        ("number", "seven"),
        ("number", 7),
        ("number", []),
        ("includes", ""),
        ("cites", True),
        ("language", "tlh"),
        ("abstains", "always"),
        ("calls_tool", "extend_loan"),
        ("calls_tool", ["extend_loan", "drill"]),
        ("json_true", 3),
    ],
)
def test_a_scorer_refuses_a_target_it_cannot_use(name, target):
    """A mistake in an eval set is found when it is read, not as a sample that never passes."""
    with pytest.raises(ArgumentError):
        scorer(name, target)


def test_a_scorer_takes_its_target_as_data():
    """A text, a list, a table and true are what a data file can hold."""
    assert str(scorer("number", "7 days")) == "number('7 days')"
    assert str(scorer("cites", ["extensions", "ladders"])) == "cites('extensions', 'ladders')"
    assert str(scorer("json_true", {"fee_cr": 12})) == "json_true({'fee_cr': 12})"
    assert str(scorer("abstains", True)) == "abstains()"


@given(st.text())
def test_no_text_makes_a_scorer_fall_over(text):
    """Whatever a model writes is scored."""
    for sample in samples():
        for one in sample.scorers:
            one(text)


@pytest.mark.parametrize("piece", ["[a]", "7 ", "[", "{", "no ", " "])
def test_a_megabyte_is_scored_quickly(piece):
    """Long answers cost time in proportion, not in squares: the suite's timeout would tell."""
    text = piece * (1_000_000 // len(piece)) + "!"
    for sample in samples()[:3] + samples()[34:38]:
        for one in sample.scorers:
            assert not one(text).holds or one.name == "excludes"


# ---------------------------------------------------------------- running
def test_each_sample_gets_its_input_and_a_client_of_its_own():
    """The app sees the question, not the targets, and never shares a client."""
    seen = []
    evaluate(lambda client, question: seen.append((client, question)) or "", samples(), id)
    assert [question for _, question in seen] == [sample.input for sample in samples()]
    assert len({client for client, _ in seen}) == 84


@pytest.mark.parametrize(
    "error",
    [
        status_error(429, anthropic.RateLimitError),
        status_error(408),
        status_error(409, anthropic.ConflictError),
        status_error(500, anthropic.InternalServerError),
        status_error(529),
        status_error(200),
        anthropic.APIConnectionError(request=ATTEMPT),
        anthropic.APITimeoutError(ATTEMPT),
        httpx2.RemoteProtocolError("cut"),
        httpx2.ReadTimeout("cut"),
    ],
    ids=lambda error: f"{type(error).__name__}-{getattr(error, 'status_code', '')}",
)
def test_a_failure_of_the_provider_is_not_run_and_never_a_pass(error):
    """What the network did says nothing about the answers."""
    report = run(raises(error))
    assert (report.not_run, report.n, report.passed, report.errors) == (84, 0, 0, 0)
    assert report.interval is None
    assert "none scored, 84 not run" in repr(report)


@pytest.mark.parametrize(
    "error",
    [
        status_error(400, anthropic.BadRequestError),
        status_error(401, anthropic.AuthenticationError),
        IndexError("list index out of range"),
        NetworkBlockedError("The request was stopped."),
        ArgumentError("No such model."),
        OutOfBudget("40 attempts"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_app_that_raises_is_counted_against_it_with_one_line(error):
    """A crash is a wrong answer with a reason, not the end of the eval."""
    report = run(raises(error))
    assert (report.errors, report.n, report.passed, report.not_run) == (84, 84, 0, 0)
    assert report.rows[0].reason.startswith(f"{type(error).__name__}: ")


def test_a_bug_of_the_simulator_ends_the_eval():
    """It is neither the app's fault nor the provider's, and must not hide in a row."""
    with pytest.raises(SimulatorError):
        run(raises(SimulatorError("The script has ended.")))


def test_an_interrupt_ends_the_eval():
    """A person who stops the cell is obeyed."""
    with pytest.raises(KeyboardInterrupt):
        run(raises(KeyboardInterrupt()))


@pytest.mark.parametrize("returned", [None, 7, b"7 days", ["7 days"]])
def test_an_app_that_returns_no_text_is_an_error(returned):
    """The row says what came back instead."""
    report = run(lambda _client, _question: returned)
    assert report.errors == 84
    assert type(returned).__name__ in report.rows[0].reason


def test_a_reason_is_one_line_that_a_terminal_does_not_obey():
    """Line breaks, escapes and length of what a model wrote do not reach the table."""
    nasty = "a\n\x1b[31mred\u202e " + "x" * 1_000
    row = run(raises(ValueError(nasty)), [one_sample()]).rows[0]
    assert row.reason.isprintable()
    assert len(row.reason) < 200


# ---------------------------------------------------------------- the report
def test_a_report_counts_by_tag_with_the_kinds_first():
    """A sample counts in each of its slices, and in the whole once."""
    over = [
        one_sample(evals.includes("7"), id="a", tags=("happy", "loans")),
        one_sample(evals.includes("8"), id="b", tags=("edge", "loans")),
    ]
    report = run(lambda _client, _question: "7", over)
    assert list(report.by_tag) == ["happy", "edge", "loans"]
    assert {tag: (part.passed, part.n) for tag, part in report.by_tag.items()} == {
        "happy": (1, 1),
        "loans": (1, 2),
        "edge": (0, 1),
    }


def test_the_text_of_a_report_shows_no_share_without_n_and_interval():
    """The whole text, once, as a reader sees it."""
    over = [
        one_sample(evals.includes("7"), id="seven"),
        one_sample(evals.includes("8"), id="eight"),
        one_sample(id="cut", tags=("edge",)),
        one_sample(id="bug", tags=("edge",)),
    ]

    def app(sample, _question):
        if sample.id == "cut":
            raise anthropic.APIConnectionError(request=ATTEMPT)
        return ["7"] if sample.id == "bug" else "7"

    assert repr(run(app, over)).splitlines() == [
        "all    1 of 3 (6\u201379\u202f%), 1 raised, 1 not run",
        "happy  1 of 2 (9\u201391\u202f%)",
        "edge   0 of 1 (0\u201379\u202f%), 1 raised, 1 not run",
        "eight · failed · includes('8'): '8' is missing",
        "cut · not run · APIConnectionError: Connection error.",
        "bug · error · the app returned list, not a text",
    ]


def test_the_text_of_a_report_stays_short():
    """After ten rows that did not pass, a number."""
    assert repr(run(lambda _client, _question: "")).splitlines()[-1] == "and 74 more"


def test_a_report_on_nothing_says_so():
    """No samples: no share, no interval, no crash."""
    report = run(lambda _client, _question: "", [])
    assert (report.n, report.interval, repr(report)) == (0, None, "all  none scored")


# ---------------------------------------------------------------- Wilson
@pytest.mark.parametrize(
    ("passed", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_published_values(passed, n, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    assert wilson(passed, n) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_surrounds_the_share_and_mirrors(case):
    """The interval holds the share, stays within 0 to 1, and mirrors for the failures."""
    passed, n = case
    low, high = wilson(passed, n)
    assert 0 <= low <= passed / n <= high <= 1
    assert low < high
    assert wilson(n - passed, n) == pytest.approx((1 - high, 1 - low))
    assert (low == 0) == (passed == 0)
    assert (high == 1) == (passed == n)


@pytest.mark.parametrize(("passed", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_not_a_share(passed, n):
    """No samples, no interval."""
    with pytest.raises(ArgumentError):
        wilson(passed, n)


# ---------------------------------------------------------------- directions
def test_evals_do_not_know_that_they_are_in_a_lab():
    """Somebody's service can import the evals and load no case, simulator or widget."""
    code = (
        "import sys, labkit.evals; "
        "print([m for m in sys.modules if m.startswith(('labkit.case', 'labkit.sim', "
        "'labkit.lab', 'labkit.views', 'ipywidgets', 'matplotlib'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
