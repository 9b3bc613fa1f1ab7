"""R12: what each way to loop wrongly does to the person who waits, and to the bill."""

from labkit.checks.exercise import Hint, Usual
from labkit.checks.reliability.looped import DONE, LARGE, SHORT, SO_FAR, WIDE, of
from labkit.checks.signs import raised
from labkit.reliability import LoopLimits, LoopResult

NO_RESULT = Hint(
    "not-a-result",
    lambda got: not isinstance(of(got).result, LoopResult),
    "The page asks for `.text` and `.why` and finds none. Return a `LoopResult`.",
    "`return LoopResult(text, why, turns, calls, usage)`, on every path through the loop.",
)
UNBOUNDED = Hint(
    "no-limit",
    lambda got: of(got).turns > WIDE.turns + 1,
    "Noor waits while your loop goes on, and each turn costs more than the one before. Nothing in "
    "it counts the turns.",
    "`for turn in range(limits.turns)` instead of `while`, and a last word in the last one.",
)
ONE_MORE = Hint(
    "off-by-one",
    lambda got: of(got).turns > SHORT.turns,
    "One call of the model more than the limit allows. The last word is a turn, too, and is paid.",
    "Ask for the last word when one turn is left: `turn == limits.turns - 1`, counted from 0.",
)
BLANK = Hint(
    "blank-at-the-cap",
    lambda got: not of(got).said,
    "Noor looks at an empty bubble. The loop ended, and nobody said anything.",
    'In the last turn send `tool_choice={"type": "none"}`; where it still has no words, or the '
    "model declines, use a sentence of your own.",
)
THREW_AWAY = Hint(
    "throws-the-answer-away",
    lambda got: DONE not in of(got).said,
    "The model had the answer, and Noor reads another sentence. What the model says in the end, "
    "also in the last turn allowed, is what she wants.",
    "Join the text blocks of that reply, and use your own sentence only where they are empty.",
)
NO_LAST_WORD = Hint(
    "no-last-word",
    lambda got: SO_FAR not in of(got).said,
    "The model could have told Noor what is missing, and she reads a sentence that fits "
    "everything. It had no turn for it: as long as it may call a tool, it calls.",
    'In the last turn send `tool_choice={"type": "none"}`.',
)
UNCOUNTED = Hint(
    "no-usage",
    lambda got: not of(got).is_counted,
    "The bill counts every turn and your result does not. The worst price of a question stays "
    "unknown.",
    "Start with `usage = Usage()`, and add `usage_of(reply)` in each turn.",
)
NOT_SEEN = Hint(
    "no-repeat-detector",
    lambda got: of(got).runs > 3,  # noqa: PLR2004 - what the case allows
    "The same call had the same result again and again, and each was paid. The third time says "
    "what the tenth will.",
    "Count `(name, input, result)` in a `Counter`, and end when one reaches `limits.repeats`.",
)
BY_NAME = Hint(
    "repeats-by-name",
    lambda got: of(got).turns < 6,  # noqa: PLR2004 - what the case needs
    "The model looked at one day after the other, and you took it for a circle. Noor gets no "
    "answer to a good question.",
    "A repeat is the same name, the same input *and* the same result.",
)
AS_TURNS = Hint(
    "calls-as-turns",
    lambda got: of(got).runs > LoopLimits().calls,
    "One turn asked for thirty calls, and all of them ran: thirty paid lookups behind a limit of "
    "twenty. A limit of turns does not limit calls.",
    "Count calls as they are run; one that may not run any more still gets a result that says so.",
)
NO_PAIR = Hint(
    "forgets-a-result",
    lambda got: raised("BadRequestError")(got) and "without `tool_result`" in str(got),
    "The API answers 400 and Noor gets nothing: a tool call without its result. Each `tool_use` "
    "needs a `tool_result`, run or not.",
    'For a call that is not run: `{"type": "tool_result", "tool_use_id": call.id, "content": '
    '"Not run: ...", "is_error": True}`.',
)
NO_TALK = Hint(
    "loses-the-talk",
    raised("BadRequestError"),
    "The API answers 400 and Noor gets nothing; above stands what it says. It keeps no talk: each "
    "request begins with her question, and has every turn since.",
    "Behind what you sent, put the model's turn, `{'role': 'assistant', 'content': "
    "reply.content}`, and behind that the results as the user's.",
)
BY_CALL = Hint(
    "repeats-by-call",
    lambda got: of(got).turns < 6,  # noqa: PLR2004 - what the case needs
    "Each look had another result, so the work went on, and you took it for a circle. A slow job "
    "is asked about many times.",
    "A repeat is the same name, the same input *and* the same result.",
)
FALLS = Hint(
    "tool-takes-all-down",
    raised("TimeoutError", "KeyError", "StopIteration"),
    "One tool failed and the whole answer with it. A model that is told can ask again, or say "
    "what is missing.",
    "Catch what the tool raises, and a name that no tool has; send it back with `is_error`.",
)
WHOLE = Hint(
    "whole-result",
    lambda got: of(got).longest > len(LARGE) // 2,
    "A megabyte went to the model, and goes again with every turn after it. That is the whole "
    "month's money for one question.",
    "`said[: limits.result_chars]`, with a note that it was cut.",
)
PAUSE = Hint(
    "pause-is-end",
    lambda got: of(got).turns == 1,
    "The model was in the middle of its work, and Noor reads half of it. `pause_turn` asks to be "
    "sent back as it is.",
    "Append the assistant's content and call again, without a user turn; it counts as a turn.",
)
USUAL = Usual(
    "Compare what was expected with what came, turn by turn.",
    shape=(NO_RESULT,),
    empty=lambda got: of(got).result is None,
)
