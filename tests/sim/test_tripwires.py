"""Lists that we copied from the SDK by hand, compared with the SDK that is installed.

When one of these fails after an upgrade, the message says what to bring up to date.
"""

from collections.abc import Collection
from typing import Any, get_args, get_type_hints

import anthropic
import pytest
from anthropic import _constants, types
from anthropic._exceptions import AnthropicError
from anthropic.types import shared
from sim_facts import imitates

from labkit.errors import LabkitError
from labkit.sim import envelope, faults
from labkit.sim.answers import spoken, wire
from labkit.sim.answers.answer import Answer
from labkit.sim.caching.cache import PromptUsage
from labkit.sim.validation import fields as validate_fields
from labkit.sim.validation import messages as validate_messages

SDK = "anthropic 2.12.0"


def keys(params: type) -> set[str]:
    """The keys of a TypedDict."""
    return set(get_type_hints(params))


def words(annotation: Any) -> set[str]:
    """All strings in an annotation made of literals, unions and optionals."""
    if isinstance(annotation, str):
        return {annotation}
    return {word for part in get_args(annotation) for word in words(part)}


def tags(union: Any) -> set[str]:
    """The values of ``type`` of all models of a union."""
    members = get_args(get_args(union)[0]) or get_args(union)
    return {word for member in members for word in words(member.model_fields["type"].annotation)}


def differ(ours: Collection[str], theirs: Collection[str], update: str) -> None:
    """Compare two lists, and say what to update."""
    new, gone = sorted(set(theirs) - set(ours)), sorted(set(ours) - set(theirs))
    assert not new, f"the installed SDK also has {new}. Update {update}."
    assert not gone, f"the installed SDK no longer has {gone}. Update {update}."


STOP_REASONS = (
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
)


@imitates("there are seven stop reasons", source=f"{SDK}, types/stop_reason.py")
def test_stop_reasons() -> None:
    """The stop reasons that the kit teaches are the SDK's."""
    update = "labkit/reliability.py, sim/answers/answer.py and this list"
    differ(STOP_REASONS, words(types.StopReason), update)


@imitates(
    "a refusal's category is one of five, or null", source=f"{SDK}, types/refusal_stop_details.py"
)
def test_refusal_categories() -> None:
    """The categories of a refusal are the SDK's."""
    theirs = words(types.RefusalStopDetails.model_fields["category"].annotation)
    differ(faults.CATEGORIES, theirs, "sim/faults/__init__.py, CATEGORIES")


def test_usage_fields() -> None:
    """Our usage has the fields of the SDK's, at the start and in the middle of a stream."""
    model: Any = None
    ours = wire.usage(Answer("m", "r", model, spoken.Spoken(), PromptUsage(1)))
    differ(ours, types.Usage.model_fields, "sim/answers/wire.py, usage()")
    differ(
        wire.DELTA_USAGE, types.MessageDeltaUsage.model_fields, "sim/answers/wire.py, DELTA_USAGE"
    )


EVENTS = (
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
)


def test_event_names() -> None:
    """The events of a stream are the SDK's."""
    differ(EVENTS, tags(types.RawMessageStreamEvent), "sim/answers/wire.py and this list")


def test_delta_types() -> None:
    """Every kind of delta is sent, but for citations, which the lab's models do not make."""
    ours = {kind for kind, _ in spoken.DELTAS.values()} | {"signature_delta", "citations_delta"}
    differ(ours, tags(types.RawContentBlockDelta), "sim/answers/spoken.py, DELTAS")


NOT_SENT = ("memory_precondition_failed_error", "memory_path_conflict_error")


@imitates("types of errors", source=f"{SDK}, types/shared/error_type.py; docs: errors, 2026-08-22")
def test_error_types() -> None:
    """The types of errors are the SDK's and the one that only the docs list."""
    ours = set(wire.ERROR_TYPES.values()) - {"request_too_large"}
    differ({*ours, *NOT_SENT}, words(shared.ErrorType), "sim/answers/wire.py, ERROR_TYPES")


CLASSES = {
    400: anthropic.BadRequestError,
    401: anthropic.AuthenticationError,
    402: anthropic.PaymentRequiredError,
    403: anthropic.PermissionDeniedError,
    404: anthropic.NotFoundError,
    409: anthropic.ConflictError,
    413: anthropic.ContentTooLargeError,
    429: anthropic.RateLimitError,
    500: anthropic.InternalServerError,
    503: anthropic.ServiceUnavailableError,
    504: anthropic.GatewayTimeoutError,
    529: anthropic.OverloadedError,
}


def test_status_classes() -> None:
    """Every status that we send has its class in the SDK, and the fault table tests them all."""
    assert set(CLASSES) == set(wire.ERROR_TYPES), "Update test_fault_table.py and this list."
    for error in CLASSES.values():
        assert issubclass(error, anthropic.APIStatusError)


def test_request_fields() -> None:
    """We check every field of a request that the SDK can send in its body."""
    in_headers = {"user_profile_id", "workspace_id"}
    theirs = keys(types.message_create_params.MessageCreateParamsStreaming) - in_headers
    of_the_beta = {"thread"}
    differ(validate_fields.CHECKS.keys() - of_the_beta, theirs, "sim/validation/fields.py, CHECKS")


def test_tool_fields() -> None:
    """A tool has the fields of the SDK's."""
    differ(validate_fields.TOOL_FIELDS, keys(types.ToolParam), "sim/validation/fields.py")


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("text", types.TextBlockParam),
        ("tool_use", types.ToolUseBlockParam),
        ("tool_result", types.ToolResultBlockParam),
        ("thinking", types.ThinkingBlockParam),
        ("redacted_thinking", types.RedactedThinkingBlockParam),
    ],
)
def test_block_fields(kind: str, params: type) -> None:
    """Each content block has the fields of the SDK's."""
    differ(validate_messages.FIELDS[kind], keys(params), "sim/validation/messages.py, FIELDS")


def test_thinking_kinds() -> None:
    """The kinds of thinking are the SDK's."""
    theirs = {
        word
        for member in get_args(types.ThinkingConfigParam)
        for word in words(get_type_hints(member)["type"])
    }
    differ(validate_fields.THINKING, theirs, "sim/validation/fields.py, THINKING")


def test_efforts() -> None:
    """The levels of effort are the SDK's."""
    theirs = words(get_type_hints(types.OutputConfigParam)["effort"])
    differ(validate_fields.EFFORTS, theirs, "sim/validation/fields.py, EFFORTS")


@imitates("SDK 2 sends API version 2026-10-21", source=f"{SDK}, _constants.py")
def test_api_version() -> None:
    """The version that the SDK sends is one that we accept."""
    sent = anthropic.Anthropic(api_key="x").default_headers["anthropic-version"]
    assert sent == envelope.API_VERSIONS[-1], "Update sim/envelope.py, API_VERSIONS."


def test_default_timeout() -> None:
    """The SDK's patience is the ten minutes that the timeout tests count on."""
    assert _constants.DEFAULT_TIMEOUT.read == 600, "Update test_transport.py."


def test_our_errors_pass_the_sdk() -> None:
    """The SDK lets its own base error through; ours must stay one of them."""
    assert issubclass(LabkitError, AnthropicError)
