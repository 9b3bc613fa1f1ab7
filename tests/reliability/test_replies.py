"""Replies: what they are, and what to send next; a service imports the block unchanged."""

import re
import subprocess
import sys

import pytest

from labkit.checks.messages import NEW_KIND, THINKING, TOOL_USE, message, text
from labkit.reliability import Outcome, classify_outcome, history_after

QUESTION = {"role": "user", "content": "How long?"}


@pytest.mark.parametrize("junk", [None, "", "<html>", 7, [], {}, object(), b"\x00", ["text"]])
def test_anything_that_is_no_message_is_unknown(junk):
    """Whatever an HTTP 200 may turn into, it is read without an exception."""
    assert classify_outcome(junk) == Outcome("unknown")


def test_a_service_can_set_its_own_contract():
    """Another pattern for what an answer carries, or none at all."""
    reply = message(text("Seven days, see page 4"))
    assert classify_outcome(reply).kind == "declined"
    assert classify_outcome(reply, source=re.compile(r"page \d")).kind == "answered"
    assert classify_outcome(reply, source=None).kind == "answered"


def test_the_category_of_a_refusal_is_kept_and_its_explanation_is_not():
    """The explanation's text is not stable and not meant for people."""
    details = {"type": "refusal", "category": "bio", "explanation": "internal words"}
    outcome = classify_outcome(message(stop_reason="refusal", stop_details=details))
    assert outcome.category == "bio"
    assert "internal" not in repr(outcome)


def test_a_tool_call_stays_in_the_history_whole():
    """Thinking and tool blocks go back to the API as they came."""
    reply = message(THINKING, TOOL_USE, stop_reason="tool_use")
    after = history_after([QUESTION], classify_outcome(reply))
    assert [block["type"] for block in after[-1]["content"]] == ["thinking", "tool_use"]
    assert after[-1]["content"][1]["input"] == {}


def test_an_answer_with_a_block_of_a_new_kind_can_go_back():
    """Blocks that this SDK does not know are kept with all their fields."""
    after = history_after([QUESTION], classify_outcome(message(text("Yes. [a]"), NEW_KIND)))
    assert after[-1]["content"][1] == NEW_KIND


@pytest.mark.parametrize("kind", ["refused", "declined", "truncated", "empty", "unknown"])
def test_nothing_but_answers_and_tool_calls_stays(kind):
    """The person's turn goes with the reply that is no answer, also when it has two parts."""
    earlier = [QUESTION, {"role": "assistant", "content": "Seven days. [a]"}]
    history = [*earlier, QUESTION, QUESTION]
    assert history_after(history, Outcome(kind, "some text")) == earlier
    assert len(history) == 4
    assert history_after([], Outcome(kind)) == []


def test_a_tool_call_goes_with_the_result_that_was_refused():
    """A call that nobody answers would make every later request a bad one."""
    call = {"role": "assistant", "content": [TOOL_USE]}
    brought = {"type": "tool_result", "tool_use_id": TOOL_USE["id"], "content": "no"}
    history = [QUESTION, call, {"role": "user", "content": [brought]}]
    earlier = [QUESTION, {"role": "assistant", "content": "Seven days. [a]"}]
    assert history_after([*earlier, *history], Outcome("refused")) == earlier
    assert history_after(history, Outcome("refused")) == []


def test_importing_it_loads_no_lab():
    """A service that imports the block gets neither the simulator nor a widget nor a figure."""
    code = (
        "import sys, labkit.reliability\n"
        "bad = ('labkit.sim', 'labkit.lab', 'labkit.views', 'ipywidgets', 'matplotlib')\n"
        "print([name for name in bad if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
