"""The running case: documents, samples, prompts and tools as data."""

import hashlib
import re
import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from labkit import case
from labkit.case.loading import (
    load_documents,
    load_gold,
    load_log,
    load_prompt,
    load_samples,
    load_tools,
)
from labkit.errors import ArgumentError, CaseDataError
from labkit.evals import reading

DATA = files("labkit") / "data"
LAB_BEGINS = date(2026, 11, 23)

PAGE = """---
id: drills
title: Drills
language: en
updated: 2026-05-04
---

A drill may be kept for 7 days.
"""
SAMPLE = """[[sample]]
id = "one"
kind = "happy"
topic = "loans"
language = "en"
source = "written"
input = "How long may I keep a drill?"
documents = ["drills"]
target = { number = "7 days", cites = "drills" }
"""
TOOL = """[[tool]]
name = "extend_loan"
description = "Extends a loan."
risk = "medium"
reversible = true
input_schema = { type = "object" }
"""

PROPER_NAMES = """
Lantern Lane Library Things Latch Kofi Rosa Mill Street English Spanish Polish Arabic
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
March April June September October November HDMI USB SMS JSON I You UPDATED
"""


def with_scorer(name):
    """Every sample that has this scorer, with the scorer's targets."""
    return [(s, one.targets) for s in case.samples() for one in s.scorers if one.name == name]


# ---------------------------------------------------------------- documents
def test_there_are_26_documents_of_a_readable_length():
    """60 to 350 words each, 4,000 to 5,500 together."""
    lengths = {one.id: len(one.text.split()) for one in case.documents()}
    assert len(lengths) == 26
    assert {id: n for id, n in lengths.items() if not 60 <= n <= 350} == {}
    assert 4_000 <= sum(lengths.values()) <= 5_500


def test_no_document_is_newer_than_the_first_day_of_the_lab():
    """Nothing comes from the future."""
    assert max(one.updated for one in case.documents()) <= LAB_BEGINS


def test_a_document_is_found_by_its_id():
    """And an unknown id is refused with the known ones."""
    assert case.document("extensions").title == "Loan periods and extensions"
    with pytest.raises(ArgumentError, match="about-us, accessibility"):
        case.document("drills")


def test_the_planted_contradictions_are_settled_by_a_later_page():
    """The older page is wrong, the later one says so, names it, and is later."""
    planted = [
        ("fees-and-deposits", "3 crowns per day", "late-returns", "2 crowns per day"),
        ("about-us", "on Sunday from 10:00", "opening-hours", "no longer opens on Sunday"),
    ]
    for old_id, old_text, new_id, new_text in planted:
        old, new = case.document(old_id), case.document(new_id)
        assert old_text in old.text
        assert new_text in new.text
        assert f"The page {old_id} is older" in new.text
        assert old.updated < new.updated


def test_one_page_is_in_spanish_one_has_a_table_and_two_share_a_paragraph():
    """The other planted difficulties are there."""
    pages = case.documents()
    assert [one.id for one in pages if one.language == "es"] == ["sewing-machines"]
    assert reading.language_of(case.document("sewing-machines").text) == "es"
    assert [one.id for one in pages if "|---|" in one.text] == ["fees-and-deposits"]
    shared = "The step-free desk is at the side entrance on Mill Street. The door opens by itself"
    assert [one.id for one in pages if shared in one.text] == ["accessibility", "wheelchair-ramp"]


def test_prices_repeated_on_other_pages_are_the_tables():
    """A loan fee or a deposit that two pages give is the same on both."""
    table = {
        cells[0].lower(): cells[1:]
        for line in case.document("fees-and-deposits").text.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 3
    }
    for thing, id in [("fog machine", "fog-machine"), ("event kit", "event-kit-checklist")]:
        text = case.document(id).text
        for price in table[thing]:
            assert reading.has_number(text, price)
    assert "8 coronas y la fianza es de 30 coronas" in case.document("sewing-machines").text
    assert table["sewing machine"] == ["8 cr", "30 cr"]


def test_dates_with_a_weekday_fall_on_it():
    """The calendar of the case is the real one."""
    assert date(2026, 12, 12).strftime("%A") == "Saturday"
    assert 8 <= date(2026, 12, 12).day <= 14
    assert date(2027, 1, 5).strftime("%A") == "Tuesday"
    assert "Saturday 12 December 2026" in case.document("repair-cafe").text
    assert "Tuesday 5 January 2027" in case.document("opening-hours").text


def test_pages_named_in_a_text_exist():
    """No page sends its reader to a page that is not there."""
    named = [
        id for one in case.documents() for id in re.findall(r"[Tt]he page ([a-z0-9-]+)", one.text)
    ]
    assert named
    assert set(named) <= {one.id for one in case.documents()}


# ---------------------------------------------------------------- samples
def test_the_eval_set_has_84_samples_of_four_kinds_and_three_sources():
    """34 happy, 18 edge, 16 adversarial, 16 production-like; none from foreign data."""
    assert Counter(one.tags[0] for one in case.samples()) == {
        "happy": 34,
        "edge": 18,
        "adversarial": 16,
        "production": 16,
    }
    sources = Counter(one.source for one in case.samples() if one.tags[0] == "production")
    assert sources == {"simulated-log": 10, "off-topic": 6}
    assert {one.source for one in case.samples() if one.tags[0] != "production"} == {"written"}


def test_a_sample_is_found_by_its_id():
    """And an unknown id is refused."""
    assert case.sample("drill-days").input == "How long may I keep a drill?"
    with pytest.raises(ArgumentError, match="drill-days"):
        case.sample("drill")


def test_no_question_is_asked_twice():
    """Not even with other capitals and punctuation."""
    plain = [re.sub(r"[^\w]+", " ", one.input.lower()).strip() for one in case.samples()]
    assert len(set(plain)) == 84


def test_every_document_carries_a_happy_sample_and_cites_only_its_own():
    """Each page is a cluster; what a sample cites is among the pages it rests on."""
    happy = {id for one in case.samples() if "happy" in one.tags for id in one.documents}
    assert happy == {one.id for one in case.documents()}
    for sample, ids in with_scorer("cites") + with_scorer("cites_any"):
        assert set(ids) <= {*sample.documents, "none"}


def test_what_a_sample_expects_stands_on_the_page_it_cites():
    """Numbers with units and texts; three answers have to be worked out or are said freely."""
    worked_out = {"projector-concession", "leap-day", "greeting"}
    for sample, numbers in with_scorer("number"):
        pages = "\n".join(case.document(id).text for id in sample.documents)
        missing = [one for one in numbers if not reading.has_number(pages, one)]
        assert missing == [] or sample.id in worked_out, sample.id
    for sample, texts in with_scorer("includes"):
        pages = "\n".join(case.document(id).text for id in sample.documents)
        assert all(reading.contains(pages, one) for one in texts), sample.id


def test_happy_samples_ask_for_a_fact_and_its_source():
    """Each has a number or a text, and a citation; none needs tools."""
    for sample in case.samples():
        if "happy" in sample.tags:
            names = {one.name for one in sample.scorers}
            assert names & {"number", "includes"}
            assert names & {"cites", "cites_any"}
            assert "tools" not in sample.tags


def test_a_sample_is_written_in_the_language_it_names():
    """Where the words are enough to tell."""
    for sample in case.samples():
        assert reading.language_of(sample.input) in (sample.language, "unclear"), sample.id


def test_ten_attacks_have_harmless_twins():
    """Six of the sixteen adversarial samples have to be answered, not blocked."""
    adversarial = [one for one in case.samples() if "adversarial" in one.tags]
    twins = [one for one in adversarial if "twin" in one.tags]
    assert (len(adversarial), len(twins)) == (16, 6)
    for one in twins:
        assert "declines_with_next_step" not in {scorer.name for scorer in one.scorers}


def test_a_tool_call_that_a_sample_expects_fits_the_tools_schema():
    """The tool exists, is not of high risk, and would accept the arguments."""
    tools = {one.name: one for one in case.tools()}
    expected = with_scorer("calls_tool")
    assert len(expected) == 2
    for _, (name, arguments) in expected:
        assert tools[name].risk != "high"
        Draft202012Validator(tools[name].input_schema).validate(arguments)


def test_nothing_names_a_real_person_an_address_or_a_link():
    """Only the invented cast and street: a new name has to be added here on purpose."""
    texts = [one.text for one in case.documents()] + [one.input for one in case.samples()]
    for text in [*texts, case.system_prompt()]:
        assert re.search(r"@|https?:|www\.|\+\d{6}", text) is None
    for text in texts:
        within = re.findall(r"(?<=[a-z,;] )[A-Z][\w'-]*", text)
        assert set(within) <= set(PROPER_NAMES.split())


# ---------------------------------------------------------------- gold answers
def test_every_sample_has_a_gold_answer_and_nothing_else_has():
    """In the order of the samples; nobody can change them."""
    gold = case.gold_answers()
    assert list(gold) == [one.id for one in case.samples()]
    with pytest.raises(TypeError):
        gold["drill-days"] = ""


def test_no_gold_answer_stands_in_what_a_model_reads():
    """Neither the instructions and documents nor any tool nor any question hold one."""
    read = [case.system_prompt(), *(one.input for one in case.samples())]
    read += [str(one.definition()) for one in case.tools()]
    for id, answer in case.gold_answers().items():
        assert not any(answer.text in text for text in read), id


GOLD = """[[gold]]
id = "one"
text = "For 7 days. [drills]"
tool = ["extend_loan", { item = "drill" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('id = "one"', 'id = "two"', 1),
        ('text = "For 7 days. [drills]"', "", 1),
        ("tool", "tools", 1),
        ('["extend_loan", { item = "drill" }]', '"extend_loan"', 1),
        ('["extend_loan", { item = "drill" }]', "[{}, {}]", 1),
        (GOLD, GOLD + GOLD, 5),
        ("[[gold]]", "[gold]", 1),
    ],
)
def test_a_wrong_gold_answer_names_its_file_and_line(tmp_path, old, new, line):
    """The whole file loads; each way to break it is found where it is."""
    file = tmp_path / "gold.toml"
    file.write_text(GOLD, encoding="utf-8")
    (answer,) = load_gold(file, ["one"]).values()
    assert answer.tool_calls[0].input == {"item": "drill"}
    refused(1, load_gold, file, ["one", "other"])
    file.write_text(GOLD.replace(old, new), encoding="utf-8")
    refused(line, load_gold, file, ["one"])


# ---------------------------------------------------------------- prompts
def test_a_locked_prompt_version_is_never_edited_make_the_next_one():
    """Each prompt file is locked, and has the bytes that the lock records."""
    lock = tomllib.loads((DATA / "prompts" / "lock.toml").read_text(encoding="utf-8"))
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (DATA / "prompts").iterdir()
        if file.name.endswith(".md")
    }
    assert found == lock
    assert case.prompt("latch", 1).sha256 == lock["latch-v1.md"]


@pytest.mark.parametrize(("name", "version"), [("latch", 0), ("latch", 99), ("match", 1)])
def test_an_unknown_prompt_is_refused_with_the_known_files(name, version):
    """The message lists what would have worked."""
    with pytest.raises(ArgumentError, match=r"latch-v1\.md"):
        case.prompt(name, version)


def test_the_system_prompt_holds_the_answer_contract_and_every_document_once():
    """Instructions first, then each page between marks with its title and date."""
    text = case.system_prompt()
    assert text.startswith("You are Latch")
    for word in ("[extensions]", "[none]", "language of the question", "desk"):
        assert word in text[: text.index("<documents>")]
    marks = re.findall(r'<document id="([^"]+)" title="[^"]+" updated="[\d-]+">', text)
    assert marks == [one.id for one in case.documents()]
    assert text.count("</document>") == 26


# ---------------------------------------------------------------- tools
def test_the_eight_tools_and_their_risks():
    """Three read, three can be changed back, two need a person."""
    assert {one.name: (one.risk, one.reversible) for one in case.tools()} == {
        "search_catalogue": ("low", True),
        "check_availability": ("low", True),
        "get_member_loans": ("low", True),
        "reserve_item": ("medium", True),
        "extend_loan": ("medium", True),
        "file_damage_report": ("medium", True),
        "send_email": ("high", False),
        "waive_fee": ("high", False),
    }


def test_a_tools_definition_is_what_the_api_takes():
    """Valid JSON Schema of a closed object; the member is never an argument."""
    for tool in case.tools():
        definition = tool.definition()
        assert set(definition) == {"name", "description", "input_schema"}
        schema = definition["input_schema"]
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert set(schema.get("required", ())) <= set(schema["properties"])
        assert not {"member", "member_id", "name"} & set(schema["properties"])


def test_a_fee_above_what_the_desk_may_waive_does_not_fit_the_schema():
    """The limit is the documents' limit."""
    (waive,) = [one for one in case.tools() if one.name == "waive_fee"]
    limit = waive.input_schema["properties"]["amount_cr"]["maximum"]
    assert reading.has_number(case.document("late-returns").text, f"{limit} crowns")


# ---------------------------------------------------------------- wrong data
def refused(line, load, *arguments):
    """Assert that loading fails with a message of three parts that names this line."""
    with pytest.raises(CaseDataError, match=rf"^[\w.-]+, line {line}: .+\. .+\. To mend it, .+\.$"):
        load(*arguments)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("---\nid", "id", 1),
        ("updated: 2026-05-04\n", "", 1),
        ("id: drills", "id: ladders", 2),
        ("title: Drills", "titel: Drills", 3),
        ("title: Drills", 'title: "Drills"', 3),
        ("title: Drills", "title:", 3),
        ("language: en", "language: tlh", 4),
        ("2026-05-04", "4 May", 5),
        ("A drill may be kept for 7 days.", "", 6),
        ("A drill may", "</document> A drill may", 8),
    ],
)
def test_a_wrong_document_names_its_file_and_line(tmp_path, old, new, line):
    """The whole page loads; each way to break it is found where it is."""
    file = tmp_path / "drills.md"
    file.write_text(PAGE, encoding="utf-8")
    assert load_documents(tmp_path)[0].text == "A drill may be kept for 7 days."
    file.write_text(PAGE.replace(old, new), encoding="utf-8")
    refused(line, load_documents, tmp_path)


def test_a_document_that_is_not_utf_8_names_its_line(tmp_path):
    """The line of the first wrong byte."""
    (tmp_path / "drills.md").write_bytes(PAGE.encode() + "Caf\xe9\n".encode("latin-1"))
    refused(9, load_documents, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('id = "one"', "", 1),
        ('kind = "happy"', 'kind = "joyful"', 1),
        ('topic = "loans"', 'topic = "lones"', 1),
        ('source = "written"', 'source = "the internet"', 1),
        ('["drills"]', '["drill"]', 1),
        ('["drills"]', "[7]", 1),
        ('number = "7 days"', 'numbr = "7 days"', 1),
        ('number = "7 days"', 'number = "seven"', 1),
        ('{ number = "7 days", cites = "drills" }', "{}", 1),
        ("documents", "document", 1),
        ("topic = ", "topic == ", 4),
        ("[[sample]]", "[sample]", 1),
        ("[[sample]]", "[[simple]]", 1),
    ],
)
def test_a_wrong_sample_names_its_file_and_line(tmp_path, old, new, line):
    """The whole sample loads; each way to break it is found where it is."""
    file = tmp_path / "samples.toml"
    file.write_text(SAMPLE, encoding="utf-8")
    assert load_samples(file, ["drills"])[0].id == "one"
    file.write_text(SAMPLE.replace(old, new), encoding="utf-8")
    refused(line, load_samples, file, ["drills"])


@pytest.mark.parametrize("change", [("How long", "How many days"), ('id = "one"', 'id = "two"')])
def test_a_repeated_sample_names_the_second(tmp_path, change):
    """Neither an id nor a question may be there twice."""
    file = tmp_path / "samples.toml"
    file.write_text(SAMPLE + SAMPLE.replace(*change), encoding="utf-8")
    refused(10, load_samples, file, ["drills"])


def test_a_row_that_does_not_begin_on_a_line_of_its_own_is_refused(tmp_path):
    """Otherwise the lines named for the rows below it would be wrong."""
    file = tmp_path / "samples.toml"
    file.write_text(SAMPLE + SAMPLE.replace("[[sample]]", "[[sample]]  # two"), encoding="utf-8")
    refused(1, load_samples, file, ["drills"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('risk = "medium"', 'risk = "mild"'),
        ("reversible = true", 'reversible = "yes"'),
        ('{ type = "object" }', '"object"'),
        ("risk", "risks"),
    ],
)
def test_a_wrong_tool_names_its_file_and_line(tmp_path, old, new):
    """The whole tool loads; each way to break it is found where it is."""
    file = tmp_path / "tools.toml"
    file.write_text(TOOL, encoding="utf-8")
    assert load_tools(file)[0].name == "extend_loan"
    file.write_text(TOOL.replace(old, new), encoding="utf-8")
    refused(1, load_tools, file)


def test_a_missing_file_or_folder_is_named(tmp_path):
    """An incomplete installation says so."""
    refused(1, load_tools, tmp_path / "tools.toml")
    refused(1, load_documents, tmp_path / "documents")
    refused(1, load_prompt, tmp_path / "prompts", "latch", 1)


def test_nothing_but_a_prompt_of_the_folder_can_be_loaded(tmp_path):
    """A name is looked up, not made into a path: neither `..` nor a folder leads elsewhere."""
    (tmp_path / "secret-v1.md").write_text("not a prompt of the case")
    folder = tmp_path / "prompts"
    folder.mkdir()
    for name in ("../secret", "secret", str(tmp_path / "secret"), "", "latch\0"):
        with pytest.raises(ArgumentError, match="is not a prompt of the case"):
            load_prompt(folder, name, 1)


# ---------------------------------------------------------------- the traffic log

MESSAGE = """[[message]]
id = "m001"
received = "2026-11-02"
topic = "loans"
language = "en"
text = "This is Imani Okoro, can I extend"
feedback = "down"
details = ["Imani Okoro"]
"""


def test_the_log_is_what_a_busy_desk_writes():
    """200 messages in three languages: greetings, twins, complaints, a stop, an old one."""
    log = case.traffic_log()
    assert len(log) == 200
    assert {one.language for one in log} == {"en", "es", "pl"}
    assert sum(one.text.lower().strip("!") == "hi" for one in log) > 0.05 * len(log)
    assert len({one.text for one in log}) < 0.7 * len(log)
    assert sum(one.feedback == "down" for one in log) > 10
    assert any(one.opted_out for one in log)
    assert any(one.expires <= LAB_BEGINS for one in log)
    assert all(one.received <= LAB_BEGINS for one in log)


def test_the_log_is_not_mixed_like_the_eval_set():
    """Otherwise nothing could be learned from drawing out of it."""
    written = Counter(one.tags[1] for one in case.samples() if one.source == "written")
    traffic = Counter(one.topic for one in case.traffic_log())
    assert written.keys() == traffic.keys()
    assert traffic["safety"] / 200 < 0.5 * written["safety"] / written.total()


def test_every_planted_detail_stands_in_the_log_and_no_message_in_the_eval_set():
    """What must be redacted is known, and nobody has typed a sample twice."""
    texts = [one.text for one in case.traffic_log()]
    assert all(any(one in text for text in texts) for one in case.traffic_details())
    assert len(case.traffic_details()) >= 8
    asked = {one.input for one in case.samples() if one.source == "simulated-log"}
    assert not asked & set(texts)


def test_messages_are_kept_as_long_as_the_privacy_notice_says():
    """The number in the loader and the one in the document agree."""
    days = {(one.expires - one.received).days for one in case.traffic_log()}
    notice = case.document("privacy-notice").text
    assert [f"Messages to Latch are kept for {one} days" in notice for one in days] == [True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('topic = "loans"', 'topic = "weather"', "`topic` is 'weather'"),
        ('language = "en"', 'language = "xx"', "`language` is 'xx'"),
        ('"down"', '"meh"', "`feedback` is 'meh'"),
        ("2026-11-02", "yesterday", "`received` is 'yesterday'"),
        ('["Imani Okoro"]', '["Tomasz"]', "the text does not hold 'Tomasz'"),
        ("feedback", "mood", "nobody reads `mood`"),
    ],
)
def test_a_mistake_in_the_log_names_its_line(tmp_path, old, new, says):
    """The file and the line stand in the error."""
    file = tmp_path / "log.toml"
    file.write_text("\n" + MESSAGE.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseDataError, match=r"log\.toml, line 2") as problem:
        load_log(file)
    assert says in str(problem.value)


def test_an_id_of_the_log_stands_once(tmp_path):
    """Nobody could tell which of two was drawn."""
    file = tmp_path / "log.toml"
    file.write_text(MESSAGE + "\n" + MESSAGE, encoding="utf-8")
    with pytest.raises(CaseDataError, match="line 10: the id 'm001' is taken"):
        load_log(file)


def test_a_thumb_up_is_read_as_one(tmp_path):
    """Both kinds of feedback come through, and none where nothing was pressed."""
    file = tmp_path / "log.toml"
    file.write_text(MESSAGE.replace('"down"', '"up"'), encoding="utf-8")
    assert [one.feedback for one in load_log(file)] == ["up"]
