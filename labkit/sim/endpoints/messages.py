"""The endpoint that answers: ``POST /v1/messages``.

Call -> asked (valid?) -> limits -> faults -> model, thinking, drift -> shapes -> cache -> spoken
     -> wire -> Plan
"""

from datetime import timedelta

from labkit.sim.answers.answer import Answer, make_answer, paused_answer
from labkit.sim.answers.compacting import as_read, compacted
from labkit.sim.answers.plan import Plan, answer_plan
from labkit.sim.answers.thinking import thoughtful
from labkit.sim.asked import Asked, question_of, understand
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.drift import drift_of, drifted
from labkit.sim.endpoints.stored_files import check_sources
from labkit.sim.envelope import Call
from labkit.sim.faults import Fault
from labkit.sim.faults.broken import broken_at_once, broken_on_its_way
from labkit.sim.faults.shapes import factor_of, shaped
from labkit.sim.faults.shapes_of_tools import tools_shaped
from labkit.sim.limits import Used
from labkit.sim.luck import Luck
from labkit.sim.reply import Explanation, Reply
from labkit.sim.state import State

MAX_BODY_BYTES = 32_000_000
"""Source: docs: errors, request size limits, 2026-08-22."""


def create(state: State, call: Call) -> Plan:
    """What comes back for one attempt at a message.

    Raises:
        Rejection: The API would refuse it.
    """
    asked = understand(call.json(MAX_BODY_BYTES), call)
    check_sources(state.files, asked.body, call.now)
    uncached = asked.input_tokens - state.cache.readable_tokens(asked)
    state.meter.admit(asked.model, uncached, call.now_s, call.now)
    plan = attempt(state, asked, call)
    if "request-id" not in dict(plan.headers):  # nobody answers, or somebody else
        return plan
    limits = state.meter.headers(asked.model, call.now_s, call.now)
    return plan._replace(headers=(*plan.headers, *limits))


def attempt(state: State, asked: Asked, call: Call) -> Plan:
    """What comes of an attempt within the limits: a fault, an answer, or one that breaks off."""
    luck = state.next_luck("attempt", asked.whole, asked.retry)
    fault_luck = luck_of_faults(state, asked)
    fault = state.faults.breaks(fault_luck)
    how = {"streamed": asked.streamed, "compacts": asked.compact is not None}
    if fault and (nothing := broken_at_once(fault, call.now, luck, **how)):
        return nothing
    given = answer(state, asked, luck, state.faults.reply_shapes(fault_luck), fault)
    paid = sum(map(state.ledger.bill, arrived(given, fault, streamed=asked.streamed)))
    state.meter.charge(asked.model, used(given), call.now_s, cost_usd=float(paid))
    whole = answer_plan(given, call.now, streamed=asked.streamed)
    return broken_on_its_way(whole, fault, streamed=asked.streamed) if fault else whole


def answer(
    state: State,
    asked: Asked,
    luck: Luck,
    shapes: tuple[Fault, ...] = (),
    fault: Fault | None = None,
) -> Answer:
    """Let the model reply, and note why.

    The same question gets the next wording only after a whole answer to it, so that an
    attempt which fails on its way does not change what a later one says.
    """
    key = ("reply", asked.whole)
    reply_luck = state.luck.child(*key, state.counts[key])
    state.counts[key] += fault is None
    diagnostics, question = state.diagnoses.compare(asked), question_of(asked)
    summary, asked = compacted(state.cache, asked, reply_luck)
    if summary and summary.pauses:
        reply, given = Reply(()), paused_answer(asked, luck)
    else:
        reply = replied(state, asked, question, reply_luck)
        if shapes:
            reply = shaped(reply, shapes, question, luck)
            reply = tools_shaped(reply, shapes, asked.body, question, luck)
        given = spoken_answer(state, reply, asked, luck)
    given = given._replace(compacted=summary, diagnostics=diagnostics).slower(factor_of(shapes))
    state.diagnoses.remember(given.message_id, asked)
    struck = tuple(known.name for known in (*shapes, *([fault] if fault else ())))
    rules = (*(summary.rules if summary else ()), *reply.rules)
    state.journal[given.message_id] = Explanation(given.message_id, rules, struck)
    return given


def spoken_answer(state: State, reply: Reply, asked: Asked, luck: Luck) -> Answer:
    """The answer of a reply, its prompt read from the cache and written to it."""
    prompt = state.cache.read(asked)
    given = make_answer(reply, asked, prompt, luck)
    state.cache.write(asked, prompt, asked.now_s + given.begins_s)
    return given


def arrived(given: Answer, fault: Fault | None, *, streamed: bool) -> list[Answer]:
    """What is billed of an answer: of a stream that a fault breaks, what its start reported."""
    if fault is None:
        return [given]
    return [given.begun] if streamed else []


def replied(state: State, asked: Asked, question: str, luck: Luck) -> Reply:
    """What the model says on this day: after thinking, and with what has drifted."""
    reply = state.model.reply(as_read(asked.body), luck)
    reply = thoughtful(reply, asked.body, asked.model, luck)
    today = (state.started_at + timedelta(seconds=asked.now_s)).date()
    drift = drift_of(asked.model, state.drift, today)
    if drift is None:
        return reply
    return drifted(reply, drift, question, asked.body, state.luck)


def used(given: Answer) -> Used:
    """The tokens that an answer reports, those of a summary too."""
    prompts = [one.prompt for one in given.iterations]
    return Used(
        input_tokens=sum(one.input_tokens for one in prompts),
        output_tokens=sum(one.output_tokens for one in given.iterations),
        cache_creation_input_tokens=sum(one.cache_creation_input_tokens for one in prompts),
    )


def luck_of_faults(state: State, asked: Asked) -> Luck:
    """What rates of faults hang on: the last message alone, and how often it was sent.

    So two apps that ask the same question meet the same faults at the same attempts, whatever else
    they send, and whether the SDK tries again or the app does.
    """
    if not state.faults.faults:
        return state.luck
    return state.next_luck("fault", fingerprint(asked.last_message))
