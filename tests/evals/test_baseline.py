"""Recorded runs, eval sets of one's own, and JUnit reports as values."""

import json
from dataclasses import replace
from datetime import date

import pytest

from labkit import case, evals
from labkit.errors import ArgumentError, CaseDataError
from labkit.evals import (
    Baseline,
    Sample,
    evaluate,
    junit_xml,
    load_samples,
    read_baseline,
    sample_fingerprints,
)

BASELINE = Baseline(
    app="my_app:answer",
    provider="sim",
    seed=7,
    date=date(2026, 11, 23),
    fingerprint="0123456789abcdef",
    versions={"labkit": "0.1.0"},
    states={"a": "passed", "caf\u00e9": "failed"},
    samples={"a": "1", "caf\u00e9": "2"},
)


def test_a_baseline_is_read_as_it_was_written():
    """Field by field; ids are readable in the file."""
    text = BASELINE.to_json()
    assert read_baseline(text) == BASELINE
    assert '  "caf\u00e9": "failed"\n' in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text[:-9], "line 1[0-9]: it is not JSON"),
        (lambda text: "[" * 100_000, "line 1: it is nested too deep"),
        (lambda text: "[]", "no baseline"),
        (lambda text: text.replace('"format": 1', '"format": 2'), "no baseline"),
        (
            lambda text: text.replace('"app"', '"apps"'),
            "the field 'app' is missing, or nobody reads it",
        ),
        (lambda text: text.replace("2026-11-23", "Monday"), "its date is missing or no day"),
        (lambda text: text.replace('"2026-11-23"', "7"), "its date is missing or no day"),
        (lambda text: text.replace('"date"', '"day"'), "its date is missing or no day"),
        (lambda text: text.replace('"sim"', "7"), "provider is 7"),
        (lambda text: text.replace("7", "true"), "seed is True"),
        (lambda text: text.replace('"passed"', '"pass"'), "'pass' is not a state"),
        (lambda text: text.replace('"passed"', "[]"), "is not a state"),
        (lambda text: text.replace('"a": "1"', '"b": "1"'), "other ids"),
        (lambda text: json.dumps({**json.loads(text), "states": []}), "states is "),
    ],
)
def test_a_file_that_is_no_baseline_names_itself(change, says):
    """What is wrong and where; it is to be made anew."""
    text = change(BASELINE.to_json())
    assert text != BASELINE.to_json()
    with pytest.raises(CaseDataError, match=rf"^b\.json, line \d+: .*|{says}") as raised:
        read_baseline(text, "b.json")
    assert raised.match(says)
    assert "To mend it, make it anew with --write-baseline." in str(raised.value)


def test_what_is_no_baseline_cannot_be_made():
    """Nor by hand."""
    with pytest.raises(ArgumentError, match="This is no baseline: seed is '7'"):
        replace(BASELINE, seed="7")
    with pytest.raises(ArgumentError, match="states and samples have other ids"):
        replace(BASELINE, states={})


def test_a_sample_is_known_by_its_question_and_targets_and_not_by_its_tags():
    """A new tag changes no answer."""
    one = Sample("a", "How long?", (evals.number("7 days"),), ("happy",))
    same = Sample("a", "How long?", (evals.number("7 days"),), ("edge",))
    other = Sample("a", "How long?", (evals.number("8 days"),), ("happy",))
    asked = Sample("a", "How long", (evals.number("7 days"),), ("happy",))
    assert sample_fingerprints([one]) == sample_fingerprints([same])
    assert sample_fingerprints([one]) != sample_fingerprints([other])
    assert sample_fingerprints([one]) != sample_fingerprints([asked])


# ---------------------------------------------------------------- an eval set of one's own
OWN = """[[sample]]
id = "one"
kind = "joyful"
input = "How long?"
target = { number = "7 days" }
"""


def test_an_eval_set_of_ones_own_needs_four_fields(tmp_path):
    """Kinds, topics and languages are free; what is left out has a plain value."""
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    (one,) = load_samples(file)
    assert (one.tags, one.language, one.source, one.documents) == (("joyful",), "en", "written", ())
    more = 'topic = "tea"\nlanguage = "tlh"\nsource = "x"\ntags = ["t"]\ndocuments = ["d"]\n'
    file.write_text(OWN + more, encoding="utf-8")
    (one,) = load_samples(file)
    assert one.tags == ("joyful", "tea", "t")
    assert (one.language, one.source, one.documents) == ("tlh", "x", ("d",))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('id = "one"', "", 1),
        ('kind = "joyful"', "", 1),
        ('number = "7 days"', "", 1),
        ('number = "7 days"', 'number = "seven"', 1),
        ("target", "targets", 1),
        ("input", 'topic = ""\ninput', 1),
        (OWN, OWN + OWN, 6),
    ],
)
def test_what_is_wrong_in_it_names_its_line(tmp_path, old, new, line):
    """As for the case's own."""
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseDataError, match=rf"^own\.toml, line {line}: .*To mend it"):
        load_samples(file)


def test_the_cases_own_file_can_be_read_as_anybodys():
    """One format."""
    found = load_samples(case.DATA / "case" / "samples.toml")
    assert sample_fingerprints(found) == sample_fingerprints(case.samples())


# ---------------------------------------------------------------- JUnit
def test_a_report_alone_is_a_junit_report():
    """Without a decision nothing is worse or better; a sample without tags has a class, too."""
    odd = Sample("a\n<&\x00", "q", (evals.includes("7"),))
    report = evaluate(lambda _, q: "", [odd], lambda sample: None)
    assert junit_xml(report, facts={"seed\n": "7 < 8"}).splitlines() == [
        '<testsuites name="labkit eval" tests="1" failures="1" errors="0" skipped="0">',
        '  <testsuite name="labkit eval" tests="1" failures="1" errors="0" skipped="0">',
        "    <properties>",
        '      <property name="seed" value="7 &lt; 8" />',
        "    </properties>",
        '    <testcase classname="sample" name="a &lt;&amp;\ufffd">',
        "      <failure type=\"failed\" message=\"includes('7'): '7' is missing\" />",
        "    </testcase>",
        "  </testsuite>",
        "</testsuites>",
    ]
