"""The smallest fix on a page and the whole block in labkit say the same on the page's cases.

Where the block does more, a test says what it leaves out: the exercise asks for that.
"""

from dataclasses import replace
from itertools import product

import pytest

from labkit.case import catalogue, documents
from labkit.checks.messages import message, text
from labkit.contrast import posted
from labkit.contrast.facts import WRITES
from labkit.contrast.lights import EDITS, HARMLESS, the_app
from labkit.contrast.parsing import CLEAN, COUNTED
from labkit.contrast.quote_replies import (
    ONLY,
    RIGHT,
    RULE,
    WAYS,
    right_quotes,
    written,
)
from labkit.evals import (
    audit_eval_set,
    gate,
    mcnemar_p,
    needs_eval,
    run_fingerprint,
    sample_for_eval,
)
from labkit.reliability import (
    Draft,
    LoanQuote,
    LoopLimits,
    Outbox,
    Parsed,
    check_quote,
    classify_outcome,
    grounded,
    history_after,
    parse_reply,
    risk_coverage,
    run_tools,
    stage_email,
)
from labkit.sim import empty_reply
from labkit.sim.clock import LAB_BEGINS

TODAY = LAB_BEGINS.date()


def test_a_reply_is_read_alike(page):
    """R9: on an answer and on the three shapes of a refusal, what it is and its text."""
    replies = [
        message(text("Seven days. [extensions]")),
        message(stop_reason="refusal"),
        message(text("Sure, first you "), stop_reason="refusal"),
        message(text("I can't help with that.")),
    ]
    for reply in replies:
        outcome = classify_outcome(reply)
        assert page["read_reply"](reply) == (outcome.kind, outcome.text)


@pytest.mark.parametrize("shape", [None, "empty", "midstream", "canned"])
def test_a_history_goes_on_alike(page, shape):
    """R9: the same turns are sent with the next question, by their role and text."""
    question = page["QUESTION"] if shape else page["QUESTIONS"][0]
    asked = [{"role": "user", "content": question}]
    faults = [page["refused"](shape)] if shape else []
    here = page["lab"].fresh(faults=faults)
    request = {"model": page["MODEL"], "max_tokens": 300, "system": page["SYSTEM"]}
    reply = here.fresh(faults=faults).client.messages.create(messages=asked, **request)
    block = history_after(asked, classify_outcome(reply))
    words = ["".join(one["text"] for one in turn["content"]) for turn in block[1:]]
    history = page["production_chat"](here.client, asked, page["Screen"]())
    assert [turn["content"] for turn in history[1:]] == words
    assert history[:1] == block[:1]
    assert bool(history) is (shape is None)


@pytest.mark.parametrize("how", COUNTED)
def test_a_form_is_read_alike(page, how):
    """R10: of every thing the same terms, and of a reply without any the same reason."""
    reasons = {"max_tokens": "truncated", "refusal": "refused"}
    for thing in page["THINGS"]:
        lab = page["lab"].fresh(faults=COUNTED[how])
        reply = lab.client.messages.create(
            model=page["MODEL"],
            max_tokens=300,
            system=page["FORM"],
            messages=[{"role": "user", "content": page["asked_for"](thing)}],
            output_config={"format": page["FORMAT"]},
        )
        terms, problem = page["read_terms"](reply)
        found = parse_reply(reply, page["Terms"])
        assert (terms is not None) is isinstance(found, Parsed) is (how == "as it comes")
        if terms:
            assert terms == found.value
        else:
            assert reasons.get(problem, "invalid") == found.reason


@pytest.mark.parametrize(
    "words", [CLEAN.replace("40", "NaN"), CLEAN.replace("12", '"12"'), "[12, 40]", "12", "{}"]
)
def test_a_form_that_no_schema_lets_through_is_refused_by_both(page, words):
    """R10: nothing is mended."""
    reply = message(text(words))
    assert page["read_terms"](reply)[0] is None
    assert parse_reply(reply, page["Terms"]).reason == "invalid"


def test_an_eval_set_is_audited_alike(page):
    """R1: of the six, the whole set and parts of it, both find the same of what the page knows."""
    everything = page["EVAL_SET"]
    calm = [one for one in everything if "adversarial" not in one.tags]
    attacks = [one for one in everything if "adversarial" in one.tags]
    sets = [page["SIX"], everything, calm, attacks, everything[:49], everything[:50], calm[:49]]
    found = set()
    for examples in sets:
        block = {one.fault for one in audit_eval_set(examples)}
        assert set(page["audit"](examples)) == block & {"too few", "not adversarial"}
        found.add(frozenset(page["audit"](examples)))
    assert len(found) == 4


def test_fingerprints_tell_the_same_edits_apart(page):
    """R2: every edit of the page moves both, and what changes no content moves neither."""
    before = the_app()
    turned = dict(reversed(before.items()))
    for edit in (*EDITS.values(), *HARMLESS):
        for config in (edit.after(before), edit.after(turned)):
            by_page = page["fingerprint"](config) != page["fingerprint"](before)
            by_block = run_fingerprint(config) != run_fingerprint(before)
            assert by_page is by_block is bool(edit.part), edit
    assert len(page["fingerprint"](before)) == len(run_fingerprint(before))


def test_paths_are_watched_alike(page):
    """R2: the prototype's filter is the block's with one pattern."""
    for edit in (*EDITS.values(), *HARMLESS):
        assert page["prototype_filter"]([edit.path]) is needs_eval([edit.path], ["prompts/**"])


def test_two_runs_are_compared_alike(page):
    """R3: of any two runs of the page the same word, the same flips and the same p."""
    runs = [*page["RUNS"].values(), page["unlucky"], page["polite"]]
    words = set()
    for before, after in product(runs, repeat=2):
        block = gate(before, after, critical=page["GUARDED"])
        worse, better = page["flips"](before, after)
        assert page["merge_gate"](before, after) == block.verdict
        assert (tuple(worse), tuple(better)) == (block.worse, block.better)
        assert page["p_worse"](len(worse), len(better)) == block.p
        words.add(block.verdict)
    assert words == {"PASS", "BLOCK", "INCONCLUSIVE"}


def test_the_chance_of_flips_is_the_same(page):
    """R3: to the last bit, for as many flips as an eval set of the page can have."""
    for worse, better in product(range(0, 85, 4), repeat=2):
        assert page["p_worse"](worse, better) == mcnemar_p(worse, better)


@pytest.mark.parametrize("pending", [0, 1, 4, 5, 6, 10, 50])
def test_a_tool_loop_ends_alike(page, pending):
    """R12: after as many turns, with the model's words and as many tool calls.

    The block alone asks for the last word, and minds repeats; here they are let go.
    """

    def block(client, question, tools):
        asked = [{"role": "user", "content": question}]
        limits = LoopLimits(turns=6, repeats=99)
        ended = run_tools(client, asked, tools, limits, last_word=page["DESK"], **page["TASK"])
        return ended.text

    both = [page["looked"](app, pending) for app in (page["production_tools"], block)]
    turns, words = zip(*((turns, words) for turns, _, words in both), strict=True)
    assert turns == (min(pending + 2, 6),) * 2
    assert all(words)
    if pending <= 4:
        assert words[0] == words[1]


def test_a_tool_loop_without_words_ends_in_the_same_sentence(page):
    """R12: where the model has none in its last turn, both say what the app says."""
    silent = page["lab"].fresh(faults=[empty_reply()])
    tool = page["Tool"](page["LOOK"].definition(), lambda _: "It is free.")
    asked = [{"role": "user", "content": page["FREE"]}]
    block = run_tools(silent.client, asked, [tool], last_word=page["DESK"], **page["TASK"])
    by_page = page["production_tools"](silent.fresh().client, page["FREE"], [tool])
    assert by_page == block.text == page["DESK"]
    assert block.why == "empty"


def test_a_draw_can_come_to_the_same(page):
    """R4: both can draw the same messages, redacted alike, of every topic."""
    rules = {"redact": page["redact"], "stratify_by": "topic", "today": page["TODAY"]}

    def both(k, seed):
        block = sample_for_eval(page["log"], k, seed=seed, **rules)
        return page["production_draw"](page["log"], k, seed), [(one.id, one.text) for one in block]

    topics = {one.id: one.topic for one in page["log"]}
    for seed in range(6):
        for drawn in both(10, seed):
            assert {topics[id] for id, _ in drawn} == {*topics.values()}
    everything = 91  # different messages of people who have not said no, of the last 30 days
    first, second = ({page["plain"](text) for _, text in drawn} for drawn in both(everything, 1))
    assert first == second
    assert len(first) == everything


def test_an_answer_is_looked_up_alike(page):
    """R5: on the texts of the page and of its view, both say whether the answer stands there."""
    pages = {one.id: one.text for one in documents()}
    said = [text.format(fee=2, other=7) for text in WRITES.values() if text]
    for answer in (*said, *page["SAID"].values(), "2 crowns. [late-fees]", "2 crowns."):
        assert (not page["missing"](answer, pages)) is grounded(answer, pages).holds, answer


def test_a_line_lets_the_same_through(page):
    """R6: at the page's line, as many shown, wrong and sent away as the block counts."""
    shown, scores, answerable = [], [], []
    for one, has in product(page["CHOSEN_ON"], (True, False)):
        score = page["best_score"](one.input, page["HANDBOOK"] if has else page["without"](one))
        scores.append(score)
        answerable.append(has)
        shown.append(score >= page["LINE"])
    points = risk_coverage(scores, answerable)
    (point,) = [one for one in points if one.threshold == page["LINE"]]
    wrong = sum(out and not has for out, has in zip(shown, answerable, strict=True))
    away = sum(has and not out for out, has in zip(shown, answerable, strict=True))
    assert (point.shown, point.wrong, point.sent_away) == (sum(shown), wrong, away)
    assert 0 < wrong < len(page["CHOSEN_ON"]) / 2


THAT_FIT_THE_SCHEMA = [
    (field, way, fit)
    for field, way, fit in product(RIGHT, WAYS, (False, True))
    if written(field, way, fit=fit).quote
]


def layers(problems):
    """Which layer finds something in which field; a first day that is past is out of order."""
    return {(one.field.replace("first_day", "due_day"), one.layer) for one in problems}


@pytest.mark.parametrize(("field", "way", "fit"), THAT_FIT_THE_SCHEMA)
def test_a_wrong_quote_has_the_same_problems(page, field, way, fit):
    """R7: the same fields at the same layers.

    By its rules the block also knows how long the longest loan is, and what is no amount: that it
    does not add up.
    """
    quote = written(field, way, fit=fit).quote
    by_page = layers(page["problems_in"](quote, TODAY))
    found = check_quote(quote, catalogue(), TODAY)
    assert bool(by_page) is bool(found) is (way != "not at all")
    block = layers(found)
    if (field, way) == ("due_day", "by far"):
        block.remove((field, RULE))
    elif any("no amount" in one.says for one in found):
        by_page, block = ({one for one in each if RULE not in one} for each in (by_page, block))
    assert by_page == block


def test_every_right_quote_has_no_problem_in_either(page):
    """R7: one for each thing, full and half."""
    for values in right_quotes():
        quote = LoanQuote.model_validate(values)
        assert [*page["problems_in"](quote, TODAY)] == check_quote(quote, catalogue(), TODAY) == []


@pytest.mark.parametrize("layer", ONLY)
def test_what_one_layer_alone_can_see_is_seen_alike(page, layer):
    """R7: days in the past, amounts in each other's place."""
    quote = LoanQuote.model_validate(ONLY[layer])
    both = page["problems_in"](quote, TODAY), check_quote(quote, catalogue(), TODAY)
    for problems in map(list, both):
        assert {one.layer for one in problems} == {layer}


def test_a_letter_that_was_let_go_is_the_same(page):
    """R8: to Noor alone, with the same words, in one row; nothing goes out before."""

    def block(client, member, db, mailbox):
        """Everything waits, as on the page, and then somebody lets it go."""
        outbox, draft = Outbox(db), Draft(page["draft_for"](client, member))
        row = replace(stage_email(draft, member, subject="Your loan"), state="review")
        outbox.put(row)
        outbox.release(row.key)
        outbox.deliver(mailbox.send_message)

    for words in page["SAYS"].values():
        mine, whole = (posted(app, words, seed=page["SEED"]) for app in (page["let_go"], block))
        (letter,), (other,) = mine.letters, whole.letters
        assert letter.to == other.to == ("noor@lantern.example",)
        assert letter.body == other.body
        assert dict(letter.headers)["Subject"] == dict(other.headers)["Subject"]
        assert letter.is_html is other.is_html is False
        assert [one.body for one in mine.rows] == [one.body for one in whole.rows] == [words]
        assert posted(page["production_letter"], words, seed=page["SEED"]).letters == ()
