"""The endpoint that counts: ``POST /v1/messages/count_tokens``.

Call -> the checks of a message, without a limit -> its tokens -> an estimate, some per cent off

Sources: docs: token counting, 2026-08-22; anthropic 2.12.0, ``message_count_tokens_params.py``.
"""

from collections.abc import Mapping

from labkit.sim.answers import wire
from labkit.sim.answers.plan import Plan, data_plan
from labkit.sim.answers.thinking import without_old_thoughts
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.caching.rendered import render
from labkit.sim.endpoints.messages import MAX_BODY_BYTES
from labkit.sim.envelope import Call
from labkit.sim.luck import Luck
from labkit.sim.rejection import invalid, need_object, need_string, required
from labkit.sim.state import State
from labkit.sim.tokens import TOKENIZERS
from labkit.sim.validation import check_request, find_model

COUNTED = (
    "cache_control",
    "messages",
    "model",
    "output_config",
    "speed",
    "system",
    "thinking",
    "tool_choice",
    "tools",
)
MARGIN = 0.03
"""How far an estimate is off at the most, in either direction; made up. The same request always
gets the same estimate."""


def create(state: State, call: Call) -> Plan:
    """How many input tokens a message would have; caching and the window do not matter.

    Raises:
        Rejection: A message with these fields would be refused, or too many are counted.
    """
    fields = need_object("request", call.json(MAX_BODY_BYTES))
    size = tokens_of(fields, call)
    state.meter.admit_count(call.now_s)
    asked = fingerprint(fields)
    told = estimate(size, state.luck.child("count", asked))
    data = wire.encode({"input_tokens": told}).encode()
    return data_plan(data, call.now, state.next_luck("counted", asked))


def tokens_of(fields: Mapping[str, object], call: Call) -> int:
    """The tokens that the model would read."""
    for name in fields:
        if name not in COUNTED:
            raise invalid(f"{name}: Extra inputs are not permitted")
    today = call.now.date()
    model = find_model(need_string("model", required("model", fields)), today)
    longest = {**fields, "max_tokens": model.max_output}
    known = check_request(longest, call.version, today)
    read = without_old_thoughts({name: one for name, one in longest.items() if one is not None})
    return render(read, TOKENIZERS[known.tokenizer]).tokens


def estimate(size: int, luck: Luck) -> int:
    """The size, up to ``MARGIN`` more or less."""
    return max(1, round(size * (1 + MARGIN * (2 * luck.uniform("margin") - 1))))
