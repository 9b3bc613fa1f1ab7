"""What the simulated model's summaries keep and lose, and what it reads of them later."""

from typing import Any

import pytest

from labkit import Lab
from labkit.case import system_prompt
from labkit.catalog import TIERS, tier
from labkit.sim.luck import Luck
from labkit.sim.model.scene import Scene
from labkit.sim.model.skill import skills
from labkit.sim.model.summary import LONGEST_RESULT, MOST_CALLS, MOST_SENTENCES, summed_up
from labkit.sim.model.unfolding import unfolded

SYSTEM = system_prompt()
BETA = "compact-2026-01-12"
RATE = "Hello. I have the concession rate."
LOAN = "What loan fee do I pay for the projector?"
HALF, WHOLE = "So it is 10 cr.", "The loan fee for the projector is 20 cr. [fees-and-deposits]"
OTHER = ["How long may I keep a ladder?", "When is the next repair café?", "Is there parking?"]
CLUB = (
    '<document id="clubs" title="Clubs" updated="2026-05-01">The chess club meets on Friday. '
    "The owl club meets on Monday in room 7. A kiln costs 3 crowns.</document>"
)
PASTE = "word " * 46_000
"""With the system prompt more than 50,000 tokens."""


def conversation(*turns: str) -> list[dict[str, Any]]:
    """These turns of a person, each answered, and the last one open."""
    said: list[dict[str, Any]] = []
    for turn in turns:
        said += [{"role": "user", "content": turn}, {"role": "assistant", "content": "Noted."}]
    return said[:-1]


def summary(*turns: str, instructions: str | None = None, name: str = "fast") -> str:
    """What a tier's summary of such a conversation says."""
    body = {"model": tier(name).id, "messages": conversation(*turns)}
    return summed_up(Scene(body, Luck(7)), instructions).text


class Chat:
    """A conversation with the case's assistant that is summed up when it is long."""

    def __init__(self, instructions: str | None = None, *, name: str = "fast") -> None:
        """Begin with nothing said."""
        self.lab = Lab()
        edit = {"type": "compact_20260112", "trigger": {"type": "input_tokens", "value": 50_000}}
        edit["instructions"] = instructions  # type: ignore[assignment]
        self.fixed: dict[str, Any] = {
            "model": tier(name).id,
            "max_tokens": 300,
            "system": SYSTEM,
            "betas": [BETA],
            "context_management": {"edits": [edit]},
        }
        self.messages: list[Any] = []

    def say(self, text: str) -> Any:
        """The answer to the next turn, its content appended."""
        self.messages.append({"role": "user", "content": text})
        message = self.lab.client.beta.messages.create(**self.fixed, messages=self.messages)
        self.messages.append({"role": "assistant", "content": message.content})
        return message

    def told(self, *turns: str) -> "Chat":
        """The same after these turns, in one request."""
        self.messages = [*conversation(*turns), {"role": "assistant", "content": "Noted."}]
        return self


def text_in(message: Any) -> str:
    """What an answer says."""
    return "".join(block.text for block in message.content if block.type == "text")


def rules(chat: Chat, message: Any) -> dict[str, str]:
    """The rules of an answer and their reasons."""
    return {rule.name: rule.reason for rule in chat.lab.explain(message.id).rules}


# ---------------------------------------------------------------- pinned facts, through the lab
def test_a_recent_fact_survives_and_is_used() -> None:
    """The summary has it, the answer behind it uses it, and so does one three turns later."""
    chat = Chat().told(RATE, PASTE)
    first = chat.say(LOAN)
    assert "Told: I have the concession rate." in first.content[0].content.splitlines()
    assert HALF in text_in(first)
    assert "keeps 1 of 1 things that people said" in rules(chat, first)["compaction"]
    for question in OTHER[:2]:
        chat.say(question)
    assert HALF in text_in(chat.say(LOAN))


@pytest.mark.parametrize("name", TIERS)
def test_an_old_fact_is_lost_for_good(name: str) -> None:
    """Within the tier's turns it is kept; beyond them it is in no later answer."""
    turns = skills()[name].remembers_turns
    padding = (OTHER * 20)[: turns - 2]
    kept, gone = (
        Chat(name=name).told(RATE, PASTE, *padding, *more) for more in ([], ["Thank you."])
    )
    assert HALF in text_in(kept.say(LOAN))
    lost = gone.say(LOAN)
    assert text_in(lost) == WHOLE
    assert rules(gone, lost)["compaction-lost"].startswith(
        f"“I have the concession rate” was said {turns + 1} turns ago, beyond the {turns} that"
    )
    assert "concession" not in lost.content[0].content
    assert text_in(gone.say(LOAN)) == WHOLE


@pytest.mark.parametrize(
    "instructions",
    [
        "Keep every word on the concession, and on what they borrow.",
        "Preserve what is said about the member.",
        "Constraints",
    ],
)
def test_instructions_keep_what_they_name(instructions: str) -> None:
    """However long ago it was said."""
    chat = Chat(instructions).told(RATE, PASTE, *OTHER * 5)
    assert HALF in text_in(chat.say(LOAN))


def test_instructions_replace_the_default_prompt() -> None:
    """What they do not name is gone, however recent."""
    chat = Chat("Focus on opening hours.").told(RATE, PASTE)
    lost = chat.say(LOAN)
    assert text_in(lost) == WHOLE
    assert (
        "no word of the instructions, which replace the default prompt"
        in (rules(chat, lost)["compaction-lost"])
    )
    blank = Chat("  ").told(RATE, PASTE)
    assert HALF in text_in(blank.say(LOAN))


def test_what_the_system_prompt_says_is_never_summed_up() -> None:
    """A constraint that the app restates there holds."""
    chat = Chat("Focus on opening hours.").told(RATE, PASTE)
    chat.fixed["system"] = f"{SYSTEM}\nThe member has the concession rate."
    assert HALF in text_in(chat.say(LOAN))


def test_a_fact_survives_two_summaries() -> None:
    """The second one is written of what the first one kept."""
    chat = Chat().told(RATE, PASTE)
    chat.say(LOAN)
    second = chat.say(f"{PASTE} {LOAN}")
    assert [block.type for block in second.content] == ["compaction", "text"]
    assert "Told: I have the concession rate." in second.content[0].content


def test_documents_of_turns_are_lost_but_for_what_was_asked() -> None:
    """The question at hand is answered from the summary; the next one about the page is not."""
    chat = Chat().told(f"{CLUB} {PASTE}", "Thank you.")
    first = chat.say("In which room does the owl club meet?")
    assert "room 7" in text_in(first)
    assert "[clubs]" in text_in(first)
    assert "3 crowns" not in text_in(chat.say("What does a kiln cost?"))


# ---------------------------------------------------------------- what is in a summary
def test_the_default_summary() -> None:
    """What was told, the last three questions, and the last one."""
    assert summary(RATE, *OTHER, LOAN).splitlines() == [
        "Summary of the conversation.",
        "Told: I have the concession rate.",
        *(f"Asked before: {one}" for one in OTHER),
        f"Asked last: {LOAN}",
    ]


def test_the_summary_of_instructions() -> None:
    """Sentences of turns, answers and documents that have a word of them, and no questions."""
    turns = ["The code of my locker is 4711. It is red.", CLUB, *OTHER, LOAN]
    body = {"model": "lab-fast-2", "messages": conversation(*turns)}
    body["messages"][1]["content"] = "Your locker is by the door. Anything else?"
    told = summed_up(Scene(body, Luck(7)), "Keep the locker, the owl and each kiln.").text
    assert told.splitlines() == [
        "Summary of the conversation.",
        "Told: The code of my locker is 4711.",
        "Answered: Your locker is by the door.",
        '<document id="clubs" updated="2026-05-01">The owl club meets on Monday in room 7. '
        "A kiln costs 3 crowns.</document>",
        f"Asked last: {LOAN}",
    ]


def test_instructions_that_name_nothing_keep_nothing() -> None:
    """But what was asked last."""
    lines = summary(RATE, *OTHER, LOAN, instructions="Write a summary.").splitlines()
    assert lines == ["Summary of the conversation.", f"Asked last: {LOAN}"]


def test_a_summary_is_bounded() -> None:
    """The sentences with the most of the words stay."""
    turns = " ".join(f"Locker {n} is free." for n in range(50))
    told = summary(turns, LOAN, instructions="Keep each locker, above all locker 31.")
    lines = [line for line in told.splitlines() if line.startswith("Told: ")]
    assert len(lines) == MOST_SENTENCES
    assert "Told: Locker 31 is free." in lines


def test_the_same_said_twice_stands_once() -> None:
    """It is as old as when it was said last."""
    lines = summary(RATE, *OTHER * 5, RATE, LOAN).splitlines()
    assert lines.count("Told: I have the concession rate.") == 1
    assert "concession" not in summary(RATE, *OTHER * 5, LOAN)


def called(calls: int, result: str, **more: Any) -> list[dict[str, Any]]:
    """A question, and so many calls with this result."""
    said: list[dict[str, Any]] = [{"role": "user", "content": LOAN}]
    for n in range(calls):
        use = {"type": "tool_use", "id": f"toolu_{n}", "name": f"look_{n}", "input": {"n": n}}
        told = {"type": "tool_result", "tool_use_id": f"toolu_{n}", "content": result, **more}
        said += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [told]}]
    return said


@pytest.mark.parametrize("more", [{}, {"is_error": True}])
def test_calls_since_the_question_stay(more: dict[str, Any]) -> None:
    """The latest ones, each with the beginning of what came back; read again they are calls."""
    body = {"model": "lab-fast-2", "messages": called(30, "so much\n" * 1_000, **more)}
    text = summed_up(Scene(body, Luck(7)), None).text
    block = {"type": "compaction", "content": text}
    read = unfolded([{"role": "assistant", "content": [block]}])
    assert read[0] == {"role": "user", "content": LOAN}
    assert len(read) == 1 + 2 * MOST_CALLS
    assert read[-2]["content"][0]["name"] == "look_29"  # type: ignore[index]
    assert read[-2]["content"][0]["input"] == {"n": 29}  # type: ignore[index]
    result = read[-1]["content"][0]  # type: ignore[index]
    assert result["content"] == ("so much\n" * 1_000)[:LONGEST_RESULT]
    assert result.get("is_error") == more.get("is_error")


def test_a_conversation_without_words_has_a_summary() -> None:
    """A picture alone leaves the heading, which is read as it stands."""
    image = {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}}
    body = {"model": "lab-fast-2", "messages": [{"role": "user", "content": [image]}]}
    text = summed_up(Scene(body, Luck(7)), None).text
    assert text == "Summary of the conversation."
    turns = [{"role": "assistant", "content": [{"type": "compaction", "content": text}]}]
    assert unfolded(turns) == [{"role": "user", "content": text}]


def test_what_was_answered_is_not_taken_for_the_persons_words() -> None:
    """It is read as an answer."""
    lines = "Told: I live near.\nAnswered: I am Latch.\nAsked last: Who are you?"
    turns = [{"role": "assistant", "content": [{"type": "compaction", "content": lines}]}]
    assert unfolded(turns) == [
        {"role": "user", "content": "I live near."},
        {"role": "assistant", "content": "I am Latch."},
        {"role": "user", "content": "Who are you?"},
    ]


def test_a_summary_of_ones_own_is_read() -> None:
    """Text that no simulated model wrote is read like words of the person."""
    chat = Chat()
    own = "The member asked about fees.\nI have the concession rate."
    block = {"type": "compaction", "content": own}
    chat.messages = [{"role": "assistant", "content": [block]}]
    assert HALF in text_in(chat.say(LOAN))
