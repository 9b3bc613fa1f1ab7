"""Junk for everything that takes a value from a person: one message of three parts, no more."""

import math
import re
import sqlite3
import types
from datetime import date
from random import Random

import httpx2
import pytest
from pydantic import BaseModel

from labkit import Lab, case, catalog, check, checklist, clock, evals, reliability, tables
from labkit.arguments import line, offer, shown, words
from labkit.errors import LabkitError
from labkit.lab import Screen, one_line
from labkit.sim import Limits
from labkit.sim.clock import SimClock
from labkit.sim.model import SimulatedModel
from labkit.trace import AsyncRecordingTransport, Recorder, RecordingTransport, Trace, Usage
from labkit.traffic import traffic


class Unshowable:
    """A value that cannot even be shown."""

    def __repr__(self):
        raise RuntimeError("no")

    __str__ = __repr__


class Nothing:
    """A class that takes no arguments."""


async def waits(client, question):
    """An app that somebody has to await."""


JUNK = {
    "none": None,
    "true": True,
    "zero": 0,
    "minus": -1,
    "half": 0.01,
    "nan": math.nan,
    "inf": math.inf,
    "huge": 10**400,
    "empty": "",
    "word": "labfast",
    "long": "x" * 5_000,
    "steering": "\x1b[31m\u202e\n",
    "surrogate": "\ud800",
    "bytes": b"bytes",
    "list": [],
    "numbers": [1],
    "texts": ("a",),
    "table": {},
    "object": object(),
    "class": Nothing,
    "function": lambda: 1,
    "async": waits,
    "unshowable": Unshowable(),
}
TEXTS = {"empty", "word", "long", "steering", "surrogate"}
FULL_TEXTS = TEXTS - {"empty"}
SENT = TEXTS - {"surrogate"}
"""Texts that can be encoded."""
COUNTS = {"zero", "huge"}
NONE_OF_THEM = {"list", "table"}
LAB = Lab()
ONE = case.samples()[:1]
REPORT = evals.evaluate(lambda client, question: "", ONE, lambda sample: None)
BASE = evals.Baseline("a", "sim", 7, date(2026, 11, 23), "f", {}, {"a": "passed"}, {"a": "1"})
TRANSPORT = httpx2.MockTransport(lambda request: None)
ANSWERED = reliability.Outcome("answered")
TOOLS = [reliability.Tool({"name": "a"}, len)]
DAY = date(2026, 11, 23)
QUOTE = reliability.LoanQuote(
    item="drill", concession=False, first_day=DAY, due_day=DAY, loan_fee=0, deposit=0, total=0
)
DRAFT = reliability.Draft("Due on Saturday.")
ROSA = reliability.Member("m-1", "Rosa", "rosa@example.org")
OUTBOX = reliability.Outbox(sqlite3.connect(":memory:"))


class Nought(BaseModel):
    """An object without fields."""


def wait_s(**changes):
    """The wait after the first failure."""
    return reliability.next_delay(0, **{"rng": Random(7), **changes})


def app(client, question):
    """An app that answers nothing."""
    return ""


def one_answer(message):
    """An answer to an exercise that is none."""
    return None


def drawn(**settings):
    """One message drawn from a log of one."""
    usual = {"log": [evals.LogRecord("a", "hi", "b")], "k": 1, "seed": 7, "redact": str.lower}
    return evals.sample_for_eval(**{**usual, "stratify_by": "topic", **settings})


def asked(model):
    """What the provider answers with this model behind it."""
    lab = Lab(model=model)
    ask = [{"role": "user", "content": "Hello"}]
    return lab.client.messages.create(model=lab.model(), max_tokens=5, messages=ask)


def entered(manager):
    """Go into a `with` block and out again."""
    with manager:
        pass


CALLS = {
    "catalog.model": (catalog.model, set()),
    "catalog.tier": (catalog.tier, set()),
    "catalog.price_of a model": (lambda x: catalog.price_of(x, 1), set()),
    "catalog.price_of a prompt": (
        lambda x: catalog.price_of(catalog.tier("fast"), x),
        {"zero", "half", "huge"},
    ),
    "catalog.cost_usd of a usage": (lambda x: catalog.cost_usd(x, "lab-fast-2"), set()),
    "catalog.cost_usd for a model": (lambda x: catalog.cost_usd(Usage(), x), set()),
    "checklist.item": (checklist.item, set()),
    "checklist.load_checklist": (checklist.load_checklist, set()),
    "tables.read_rows": (lambda x: tables.read_rows(x, "item"), set()),
    "case.document": (case.document, set()),
    "case.sample": (case.sample, set()),
    "case.prompt by name": (lambda x: case.prompt(x, 1), set()),
    "case.prompt by version": (lambda x: case.prompt("latch", x), set()),
    "case.system_prompt": (case.system_prompt, set()),
    "evals.wilson, passed": (lambda x: evals.wilson(x, 10), {"zero"}),
    "evals.wilson, n": (lambda x: evals.wilson(0, x), set()),
    "evals.evaluate, app": (lambda x: evals.evaluate(x, ONE, id), set()),
    "evals.evaluate, samples": (lambda x: evals.evaluate(app, x, id), NONE_OF_THEM),
    "evals.evaluate, client_for": (lambda x: evals.evaluate(app, (), x), set()),
    "evals.Report": (evals.Report, NONE_OF_THEM),
    "evals.Report.only": (REPORT.only, set()),
    "evals.Answer, text": (evals.Answer, TEXTS),
    "evals.Answer, tools": (lambda x: evals.Answer("", x), NONE_OF_THEM),
    "evals.ToolCall, name": (lambda x: evals.ToolCall(x, {}), TEXTS),
    "evals.ToolCall, input": (lambda x: evals.ToolCall("a", x), {"table"}),
    "evals.Sample, input": (lambda x: evals.Sample("a", x, ()), SENT),
    "evals.Sample, scorers": (lambda x: evals.Sample("a", "b", x), NONE_OF_THEM),
    "evals.Sample, tags": (lambda x: evals.Sample("a", "b", (), x), {*NONE_OF_THEM, "texts"}),
    "an answer to a scorer": (evals.includes("7"), TEXTS),
    "evals.scorer, name": (lambda x: evals.scorer(x, "a"), set()),
    "evals.scorer, target": (lambda x: evals.scorer("number", x), set()),
    "evals.includes": (evals.includes, FULL_TEXTS),
    "evals.includes_any": (evals.includes_any, FULL_TEXTS),
    "evals.excludes": (evals.excludes, FULL_TEXTS),
    "evals.number": (evals.number, set()),
    "evals.cites": (evals.cites, FULL_TEXTS),
    "evals.cites_any": (evals.cites_any, FULL_TEXTS),
    "evals.language": (evals.language, set()),
    "evals.calls_tool, name": (lambda x: evals.calls_tool(x, {}), TEXTS),
    "evals.calls_tool, arguments": (lambda x: evals.calls_tool("a", x), {"table"}),
    "evals.json_true": (evals.json_true, {"table"}),
    "evals.audit_eval_set": (evals.audit_eval_set, NONE_OF_THEM),
    "evals.audit_eval_set, prompt": (lambda x: evals.audit_eval_set(ONE, prompt=x), TEXTS),
    "evals.audit_eval_set, floor": (lambda x: evals.audit_eval_set(ONE, floor=x), {"huge"}),
    "evals.coverage": (evals.coverage, NONE_OF_THEM),
    "evals.oracle_report, samples": (lambda x: evals.oracle_report(x, {}), NONE_OF_THEM),
    "evals.oracle_report, gold": (lambda x: evals.oracle_report(ONE, x), set()),
    "evals.oracle_report, a gold answer": (
        lambda x: evals.oracle_report(ONE, {ONE[0].id: x}),
        TEXTS,
    ),
    "evals.null_report, samples": (evals.null_report, NONE_OF_THEM),
    "evals.null_report, text": (lambda x: evals.null_report(ONE, text=x), TEXTS),
    "evals.run_fingerprint": (evals.run_fingerprint, {"table"}),
    "evals.run_fingerprint, a value": (
        lambda x: evals.run_fingerprint({"a": x}),
        {*TEXTS, *NONE_OF_THEM, "none", "true", "zero", "minus", "half", "numbers", "texts"},
    ),
    "evals.needs_eval, changed_paths": (
        lambda x: evals.needs_eval(x, ["a"]),
        {*NONE_OF_THEM, "texts"},
    ),
    "evals.needs_eval, watch": (lambda x: evals.needs_eval([], x), {"texts"}),
    "evals.gate, baseline": (lambda x: evals.gate(x, {}), {"table"}),
    "evals.gate, candidate": (lambda x: evals.gate({}, x), {"table"}),
    "evals.gate, a state": (lambda x: evals.gate({"a": x}, {}), set()),
    "evals.gate, alpha": (lambda x: evals.gate({}, {}, alpha=x), {"half"}),
    "evals.gate, critical": (lambda x: evals.gate({}, {}, critical=x), NONE_OF_THEM),
    "evals.gate, max_not_run": (lambda x: evals.gate({}, {}, max_not_run=x), COUNTS),
    "evals.mcnemar_p": (lambda x: evals.mcnemar_p(x, 1), {"zero"}),
    "evals.GateScenario, n": (lambda x: evals.GateScenario(n=x), set()),
    "evals.GateScenario, drop": (lambda x: evals.GateScenario(drop=x), {"zero", "half"}),
    "evals.GateScenario, alpha": (lambda x: evals.GateScenario(alpha=x), {"zero", "half"}),
    "evals.simulate_gates": (evals.simulate_gates, set()),
    "evals.simulate_gates, runs": (
        lambda x: evals.simulate_gates(evals.GateScenario(), runs=x),
        set(),
    ),
    "evals.simulate_gates, seed": (
        lambda x: evals.simulate_gates(evals.GateScenario(), runs=1, seed=x),
        {"zero", "minus", "huge"},
    ),
    "evals.jensen_shannon": (lambda x: evals.jensen_shannon(x, {"a": 1}), set()),
    "evals.jensen_shannon, a share": (
        lambda x: evals.jensen_shannon({"a": 1}, {"a": x}),
        {"half"},
    ),
    "evals.LogRecord, text": (lambda x: evals.LogRecord("a", x, "b"), TEXTS),
    "evals.LogRecord, feedback": (lambda x: evals.LogRecord("a", "b", "c", feedback=x), set()),
    "evals.LogRecord, opted_out": (
        lambda x: evals.LogRecord("a", "b", "c", opted_out=x),
        {"true"},
    ),
    "evals.LogRecord, expires": (lambda x: evals.LogRecord("a", "b", "c", expires=x), {"none"}),
    "evals.sample_for_eval, log": (lambda x: drawn(log=x), set()),
    "evals.sample_for_eval, k": (lambda x: drawn(k=x), set()),
    "evals.sample_for_eval, seed": (lambda x: drawn(seed=x), {"zero", "minus", "huge"}),
    "evals.sample_for_eval, redact": (lambda x: drawn(redact=x), set()),
    "evals.sample_for_eval, what redact returns": (
        lambda x: drawn(redact=lambda text: x),
        FULL_TEXTS,
    ),
    "evals.sample_for_eval, stratify_by": (lambda x: drawn(stratify_by=x), set()),
    "evals.sample_for_eval, oversample": (
        lambda x: drawn(oversample=x),
        {"zero", "half"},
    ),
    "evals.sample_for_eval, today": (lambda x: drawn(today=x), {"none"}),
    "evals.load_samples": (evals.load_samples, set()),
    "evals.read_baseline": (evals.read_baseline, set()),
    "evals.Baseline": (
        lambda x: evals.Baseline("a", "sim", 7, date(2026, 11, 23), "f", {}, x, {}),
        {"table"},
    ),
    "evals.sample_fingerprints": (evals.sample_fingerprints, NONE_OF_THEM),
    "evals.check_comparable, baseline": (lambda x: evals.check_comparable(x, ONE, "sim"), set()),
    "evals.check_comparable, samples": (lambda x: evals.check_comparable(BASE, x, "sim"), set()),
    "evals.check_comparable, provider": (lambda x: evals.check_comparable(BASE, ONE, x), set()),
    "evals.junit_xml, report": (evals.junit_xml, set()),
    "evals.junit_xml, decision": (lambda x: evals.junit_xml(REPORT, x), {"none"}),
    "evals.junit_xml, facts": (
        lambda x: evals.junit_xml(REPORT, facts=x),
        {"none", "zero", "empty", *NONE_OF_THEM},
    ),
    "clock.use": (lambda x: entered(clock.use(x)), set()),
    "clock.SystemClock.sleep": (clock.SystemClock().sleep, {"zero", "half"}),
    "trace.Usage": (Usage, {"zero", "huge"}),
    "trace.Trace": (Trace, NONE_OF_THEM),
    "trace.Trace.since": (Trace().since, {"zero", "half"}),
    "trace.Recorder": (Recorder, set()),
    "trace.RecordingTransport": (lambda x: RecordingTransport(x, Recorder(SimClock())), set()),
    "trace.AsyncRecordingTransport": (
        lambda x: AsyncRecordingTransport(x, Recorder(SimClock())),
        set(),
    ),
    "a recorder": (lambda x: RecordingTransport(TRANSPORT, x), set()),
    "Lab, seed": (Lab, {"zero", "minus", "huge"}),
    "Lab, provider": (lambda x: Lab(provider=x), set()),
    "Lab, pace": (lambda x: Lab(pace=x), {"zero", "half"}),
    "Lab, model": (asked, {"none"}),
    "Lab, faults": (lambda x: Lab(faults=x), NONE_OF_THEM),
    "Lab, drift": (lambda x: Lab(drift=x), {"none"}),
    "Lab, today": (lambda x: Lab(today=x), {"none"}),
    "Lab, limits": (lambda x: Lab(limits=x), {"none"}),
    "Limits, requests_per_minute": (lambda x: Limits(requests_per_minute=x), set()),
    "Limits, input_tokens_per_minute": (lambda x: Limits(input_tokens_per_minute=x), set()),
    "Limits, output_tokens_per_minute": (lambda x: Limits(output_tokens_per_minute=x), set()),
    "Limits, spend_usd": (lambda x: Limits(spend_usd=x), {"zero", "half", "inf"}),
    "Lab, max_attempts": (lambda x: Lab(max_attempts=x), {"none", *COUNTS}),
    "Lab, max_seconds": (lambda x: Lab(max_seconds=x), {"zero", "half", "inf"}),
    "lab.model": (LAB.model, set()),
    "lab.ask, app": (lambda x: LAB.ask(x, "Hello"), set()),
    "lab.ask, question": (lambda x: LAB.ask(app, x), TEXTS),
    "lab.run": (LAB.run, set()),
    "lab.run, what main returns": (lambda x: LAB.run(lambda client: x), set()),
    "lab.evaluate, app": (lambda x: LAB.evaluate(x, ONE), set()),
    "lab.evaluate, samples": (lambda x: LAB.evaluate(app, x), NONE_OF_THEM),
    "lab.fresh, seed": (lambda x: LAB.fresh(seed=x), {"none", "zero", "minus", "huge"}),
    "lab.fresh, faults": (lambda x: LAB.fresh(faults=x), {"none", *NONE_OF_THEM}),
    "lab.faults": (lambda x: entered(LAB.faults(x)), set()),
    "lab.explain": (LAB.explain, set()),
    "traffic, app": (lambda x: traffic(x, per_hour=1), {"async"}),
    "traffic, users": (lambda x: traffic(waits, per_hour=1, users=x), set()),
    "traffic, hours": (lambda x: traffic(waits, hours=x), {"half"}),
    "traffic, per_hour": (lambda x: traffic(waits, per_hour=x), set()),
    "traffic, pattern": (lambda x: traffic(waits, per_hour=1, pattern=x), set()),
    "traffic, turns": (lambda x: traffic(waits, per_hour=1, turns=x), set()),
    "traffic, questions": (
        lambda x: traffic(waits, per_hour=1, questions=x),
        {"none", "texts"},
    ),
    "traffic, seed": (lambda x: traffic(waits, per_hour=1, seed=x), {"zero", "minus", "huge"}),
    "traffic, lab": (lambda x: traffic(waits, per_hour=1, lab=x), {"none"}),
    "Traffic.every": (traffic(waits, per_hour=1).every, set()),
    "Screen.write": (Screen().write, TEXTS),
    "Screen.replace": (Screen().replace, TEXTS),
    "one_line": (one_line, set(JUNK)),
    "classify_outcome": (reliability.classify_outcome, set(JUNK)),
    "classify_outcome, source": (
        lambda x: reliability.classify_outcome(None, source=x),
        {"none"},
    ),
    "history_after, history": (lambda x: reliability.history_after(x, ANSWERED), NONE_OF_THEM),
    "history_after, outcome": (lambda x: reliability.history_after([], x), set()),
    "parse_reply, message": (lambda x: reliability.parse_reply(x, Nought), set(JUNK)),
    "parse_reply, model_cls": (lambda x: reliability.parse_reply(None, x), set()),
    "ask_for, model_cls": (lambda x: reliability.ask_for(None, x, max_tokens=1), set()),
    "ask_for, max_tokens": (
        lambda x: reliability.ask_for(None, Nought, max_tokens=x, stream=True),
        set(),
    ),
    "ask_for, ceiling": (
        lambda x: reliability.ask_for(None, Nought, max_tokens=1, ceiling=x, stream=True),
        set(),
    ),
    "ask_for, messages": (
        lambda x: reliability.ask_for(None, Nought, max_tokens=1, messages=x, stream=True),
        set(),
    ),
    "is_retryable, error": (reliability.is_retryable, set()),
    "is_retryable, chars_shown": (lambda x: reliability.is_retryable(OSError(), x), COUNTS),
    "next_delay, attempt": (lambda x: reliability.next_delay(x, rng=Random(7)), COUNTS),
    "next_delay, base": (lambda x: wait_s(base=x), {"zero", "half"}),
    "next_delay, cap": (lambda x: wait_s(cap=x), {"zero", "half"}),
    "next_delay, retry_after": (lambda x: wait_s(retry_after=x), {"none", "zero", "half", "inf"}),
    "next_delay, deadline_left": (
        lambda x: wait_s(deadline_left=x),
        {"zero", "minus", "half", "inf"},
    ),
    "next_delay, rng": (lambda x: wait_s(rng=x), set()),
    "RetryPolicy, attempts": (reliability.RetryPolicy, {"huge"}),
    "RetryPolicy, deadline_s": (lambda x: reliability.RetryPolicy(deadline_s=x), {"zero", "half"}),
    "RetryBudget, ratio": (reliability.RetryBudget, {"zero", "half"}),
    "RetryBudget, reserve": (lambda x: reliability.RetryBudget(reserve=x), {"zero", "half"}),
    "Retries, policy": (reliability.Retries, {"none"}),
    "Retries, budget": (lambda x: reliability.Retries(budget=x), {"none"}),
    "Retries, rng": (lambda x: reliability.Retries(rng=x), {"none"}),
    "CircuitBreaker, failures": (reliability.CircuitBreaker, {"huge"}),
    "CircuitBreaker, cool_s": (lambda x: reliability.CircuitBreaker(cool_s=x), {"zero", "half"}),
    "Tool, definition": (lambda x: reliability.Tool(x, len), set()),
    "Tool, call": (lambda x: reliability.Tool({"name": "a"}, x), set()),
    "LoopLimits, turns": (reliability.LoopLimits, {"huge"}),
    "LoopLimits, seconds": (lambda x: reliability.LoopLimits(seconds=x), {"zero", "half"}),
    "run_tools, messages": (lambda x: reliability.run_tools(None, x, TOOLS, stream=True), set()),
    "run_tools, tools": (lambda x: reliability.run_tools(None, [], x), set()),
    "run_tools, limits": (
        lambda x: reliability.run_tools(None, [], TOOLS, x, stream=True),
        set(),
    ),
    "run_tools, last_word": (
        lambda x: reliability.run_tools(None, [], TOOLS, last_word=x, stream=True),
        set(),
    ),
    "grounded, answer": (lambda x: reliability.grounded(x, {}), TEXTS),
    "grounded, passages": (lambda x: reliability.grounded("[a]", x), {"table"}),
    "grounded, a passage": (lambda x: reliability.grounded("[a]", {"a": x}), TEXTS),
    "risk_coverage, scores": (lambda x: reliability.risk_coverage(x, [True]), {"numbers"}),
    "risk_coverage, a score": (
        lambda x: reliability.risk_coverage([x], [True]),
        {"true", "zero", "minus", "half", "inf", "huge"},
    ),
    "risk_coverage, answerable": (lambda x: reliability.risk_coverage([1], x), set()),
    "choose_threshold": (
        lambda x: reliability.choose_threshold([1], [True], x),
        {"zero", "half"},
    ),
    "check_quote, quote": (lambda x: reliability.check_quote(x, {}, date.min), set()),
    "check_quote, catalogue": (lambda x: reliability.check_quote(QUOTE, x, date.min), {"table"}),
    "check_quote, today": (lambda x: reliability.check_quote(QUOTE, {}, x), set()),
    "Draft": (reliability.Draft, TEXTS),
    "Member, name": (lambda x: reliability.Member("a", x, "a@b"), {"word", "long"}),
    "Member, email": (lambda x: reliability.Member("a", "b", x), set()),
    "stage_email, draft": (lambda x: reliability.stage_email(x, ROSA), set()),
    "stage_email, member": (lambda x: reliability.stage_email(DRAFT, x), set()),
    "stage_email, other_names": (
        lambda x: reliability.stage_email(DRAFT, ROSA, other_names=x),
        {*NONE_OF_THEM, "texts"},
    ),
    "stage_email, subject": (
        lambda x: reliability.stage_email(DRAFT, ROSA, subject=x),
        {"word", "long"},
    ),
    "Outbox": (reliability.Outbox, set()),
    "Outbox.put": (OUTBOX.put, set()),
    "Outbox.rows": (OUTBOX.rows, set()),
    "Outbox.release": (OUTBOX.release, TEXTS),
    "Outbox.deliver": (OUTBOX.deliver, set()),
    "check, code": (lambda x: check(x, app, app), set(JUNK)),
    "check, answers": (lambda x: check("R9", x, x), set(JUNK)),
    "check, hint": (lambda x: check("R9", one_answer, app, hint=x), set(JUNK)),
    "check, limit_s": (lambda x: check("R9", one_answer, app, limit_s=x), set(JUNK)),
}
LONGER = {"lab.explain": {"long"}}
"""The provider repeats an id that it does not know."""


def meets_junk(call, accepted, longer=()):
    """Give each piece of junk to a call: what it does not take, it refuses in three parts."""
    for kind, value in JUNK.items():
        if kind in accepted:
            call(value)
            continue
        with pytest.raises(LabkitError) as raised:
            call(value)
        said = str(raised.value)
        assert len(re.findall(r"[.?](?= |$)", said)) >= 3, (kind, said)
        assert said.isprintable(), kind
        assert len(said) < 450 or kind in longer, (kind, said)
        assert " at 0x" not in said, kind


@pytest.mark.parametrize("name", CALLS)
def test_junk_is_refused_in_three_parts(name):
    """What is wrong with the value; what follows; what to do: short, on one printable line."""
    meets_junk(*CALLS[name], longer=LONGER.get(name, ()))


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (lambda: catalog.model("lab-fast"), "Did you mean 'lab-fast-3' or 'lab-fast-2'"),
        (lambda: catalog.tier("Fast"), "Did you mean 'fast'"),
        (lambda: checklist.item("r9"), "Did you mean 'R9'"),
        (lambda: case.document("extension"), "Did you mean 'extensions'"),
        (lambda: case.sample("drill-day"), "Did you mean 'drill-days'"),
        (lambda: case.prompt("lach", 1), r"Did you mean 'latch-v1\.md'"),
        (lambda: evals.scorer("include", "a"), "Did you mean 'includes'"),
        (lambda: evals.language("EN"), "Did you mean 'en'"),
        (lambda: LAB.model("frontire"), "Did you mean 'frontier'"),
        (lambda: REPORT.only("hapy"), "Did you mean 'happy'"),
    ],
)
def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(call, wanted):
    """Capitals and a slip of the finger do not send anybody to the documentation."""
    with pytest.raises(LabkitError, match=wanted):
        call()


def test_names_are_all_shown_where_they_are_few_and_cut_where_they_are_many():
    """Three names are all shown; of many, twelve and how many more there are."""
    assert offer("x", ["fast", "slow"]) == "Use one of: fast, slow."
    assert offer("fats", ["fast", "slow"]) == "Did you mean 'fast'? Use one of: fast, slow."
    many = [f"name {n}" for n in range(20)]
    assert offer(7, many).endswith("name 11 and 8 more.")
    assert "Use one of" not in offer("name 1", many)


def test_a_value_is_shown_short_printable_and_without_an_address():
    """Whatever its repr does: raise, run on, break lines, steer a terminal, name an address."""
    assert shown(Unshowable()) == "a value of Unshowable whose repr raises RuntimeError"
    assert shown("a\x1b[31m") == r"'a\x1b[31m'"
    assert shown(app) == "<function app>"
    assert len(shown("x" * 1_000)) == 82
    assert line("a\n\x1b b\u202e") == "a \ufffd b\ufffd"
    assert words(Unshowable()) == ""


@pytest.mark.parametrize(
    "given", [evals.calls_tool, Lab().ask], ids=["a function of other arguments", "a method"]
)
def test_an_app_of_other_arguments_is_refused_before_anything_is_asked(given):
    """The mistake is named at the call, not 84 times in a report."""
    with pytest.raises(LabkitError, match=r"cannot be called with \(sample\)"):
        evals.evaluate(app, ONE, given)


def test_an_asynchronous_app_is_sent_to_lab_run():
    """It would give a coroutine that nobody awaits in place of every answer."""
    for call in (lambda: LAB.ask(waits, "Hello"), lambda: LAB.evaluate(waits, ONE)):
        with pytest.raises(LabkitError, match=r"asynchronous.*lab\.run"):
            call()


def test_an_app_that_returns_something_to_await_is_told_so():
    """A plain function that only begins an asynchronous one is found when it returns."""

    def begins(client, question):
        return waits(client, question)

    run = LAB.ask(begins, "Hello")
    assert run.text is None
    assert "what the app returned is <coroutine object waits>" in run.error


def test_what_cannot_be_a_block_or_a_reason_is_unknown_and_not_kept():
    """`classify_outcome` never raises, and what it keeps can be sent."""
    blocks = [1, None, "text", object(), {"type": "thinking"}]
    reply = types.SimpleNamespace(content=blocks, stop_reason=["end_turn"])
    outcome = reliability.classify_outcome(reply)
    assert (outcome.kind, outcome.content) == ("unknown", ({"type": "thinking"},))


def test_a_fault_that_was_not_called_is_told_how():
    """`faults=[overloaded]` is the likeliest slip."""
    from labkit.sim import overloaded

    with pytest.raises(LabkitError, match=r"something in faults is <function overloaded>.*times=2"):
        Lab(faults=[overloaded])


@pytest.mark.parametrize("limit", [0, -1, math.nan, math.inf, "5", None, 10**400])
def test_a_check_that_cannot_be_timed_is_a_verdict_with_what_to_give(limit):
    """A check never raises, not even for its own options."""
    verdict = check("R9", one_answer, app, limit_s=limit)
    assert verdict.state == "could not tell"
    assert re.match(r"limit_s is .*\. Give seconds, at most 3,600\.", verdict.note)


def test_what_nobody_can_look_into_is_called_as_it_is():
    """Some built-in classes do not say what they take; they may still be right."""
    report = evals.evaluate(app, ONE, type)
    assert report.n == 1


def test_values_that_are_right_stay_right():
    """What is refused is junk, and not another way to write it."""
    assert Lab(pace=0, max_seconds=10, max_attempts=3, model=SimulatedModel()).seed == 7
    assert evals.Sample("a", "b", [evals.cites("x")], ["t"]).tags == ["t"]
    assert Usage(1) + Usage(2) == Usage(3)
    with pytest.raises(TypeError):
        Usage() + 1
    with pytest.raises(IndexError):
        Trace()[0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda path: path.write_bytes(b""), "is not made of"),
        (lambda path: path.write_text("[[item]]\n" * 2_000), "is 'None'|is None"),
        (lambda path: None, "missing"),
    ],
    ids=["a folder", "not UTF-8", "empty", "rows of nothing", "missing"],
)
def test_a_file_that_is_none_names_itself_and_what_to_do(tmp_path, make, says):
    """Whatever stands where a data file should: the file, the line, and the remedy."""
    path = tmp_path / "checklist.toml"
    make(path)
    with pytest.raises(LabkitError, match=rf"^checklist\.toml, line \d+: .*(?:{says}).*To mend it"):
        list(map(checklist.read_item, tables.read_rows(path, "item"), [{}] * 9, [{}] * 9))
