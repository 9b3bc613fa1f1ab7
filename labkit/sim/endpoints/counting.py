"""The endpoint that counts: ``POST /v1/messages/count_tokens``.

Call -> the checks of a message, without a limit -> its tokens -> an estimate, some per cent off

Sources: docs: token counting, 2026-08-22; anthropic 2.12.0, ``message_count_tokens_params.py``.
"""

from collections.abc import Mapping
from typing import NamedTuple

from labkit.sim.answers import wire
from labkit.sim.answers.plan import Plan, data_plan
from labkit.sim.asked import reading
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.edits import edited, size
from labkit.sim.endpoints.messages import MAX_BODY_BYTES
from labkit.sim.endpoints.stored_files import check_sources
from labkit.sim.envelope import Call
from labkit.sim.luck import Luck
from labkit.sim.rejection import invalid, need_object, need_string, required
from labkit.sim.state import State
from labkit.sim.tokens import TOKENIZERS
from labkit.sim.validation import check_request, find_model
from labkit.sim.validation.edits import taken_edits

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
    sizes = tokens_of(state, fields, call)
    state.meter.admit_count(call.now_s)
    asked = fingerprint(fields)
    luck = state.luck.child("count", asked)
    told: dict[str, object] = {"input_tokens": estimate(sizes.read, luck)}
    if sizes.before is not None:
        told["context_management"] = {"original_input_tokens": estimate(sizes.before, luck)}
    data = wire.as_body(told)
    return data_plan(data, call.now, state.next_luck("counted", asked))


class Sizes(NamedTuple):
    """The tokens of a request."""

    read: int
    """Those that the model would read."""
    before: int | None = None
    """Those before the edits that are asked for; None where there are none."""


def tokens_of(state: State, body: Mapping[str, object], call: Call) -> Sizes:
    """The tokens that the model would read, and those before edits."""
    plain, wished = taken_edits(body, call.betas)
    fields = need_object("request", plain)
    for name in fields:
        if name not in COUNTED:
            raise invalid(f"{name}: Extra inputs are not permitted")
    today = call.now.date()
    model = find_model(need_string("model", required("model", fields)), today)
    longest = {**fields, "max_tokens": model.max_output}
    compacts = wished.compact is not None
    known = check_request(longest, call.version, today, call.betas, compacts=compacts)
    asked = reading(longest, wished, known)
    check_sources(state.files, asked.read.body, call.now)
    if not wished.is_given:
        return Sizes(asked.rendered.tokens)
    tokenizer = TOKENIZERS[known.tokenizer]
    before = asked.read.before if asked.is_whole else edited(longest, (), tokenizer).before
    return Sizes(asked.rendered.tokens, size(before, tokenizer))


def estimate(size: int, luck: Luck) -> int:
    """The size, up to ``MARGIN`` more or less."""
    return max(1, round(size * (1 + MARGIN * (2 * luck.uniform("margin") - 1))))
