"""Each field of a request by itself: its type and its values.

Source: anthropic 2.12.0, ``types/message_create_params.py`` and the types it names.
"""

import re
from collections.abc import Callable, Mapping

from labkit.sim.rejection import (
    Rejection,
    invalid,
    need_boolean,
    need_list,
    need_object,
    need_one_of,
    need_string,
    need_tag,
    need_whole,
    no_extras,
    required,
)
from labkit.sim.validation.messages import check_cache_control, check_text_blocks

MIN_THINKING_BUDGET = 1_024

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
EFFORTS = ("low", "medium", "high", "xhigh", "max")
THINKING = ("adaptive", "between_tools", "disabled", "enabled")
TOOL_FIELDS = (
    "type",
    "name",
    "description",
    "input_schema",
    "strict",
    "cache_control",
    "eager_input_streaming",
    "defer_loading",
    "input_examples",
    "allowed_callers",
)

Body = Mapping[str, object]


def check_max_tokens(name: str, value: object) -> None:
    """A whole number; 0 only fills the prompt cache."""
    need_whole(name, value, least=0)


def check_system(name: str, value: object) -> None:
    """A string, or a list of text blocks."""
    if not isinstance(value, str):
        check_text_blocks(name, need_list(name, value))


def check_stop_sequences(name: str, value: object) -> None:
    """A list of strings with something to see in each."""
    for place, item in enumerate(need_list(name, value)):
        if not need_string(f"{name}.{place}", item).strip():
            raise invalid(f"{name}: each stop sequence must contain non-whitespace")


def check_metadata(name: str, value: object) -> None:
    """An object with a user id at most."""
    fields = need_object(name, value)
    no_extras(name, fields, ("user_id",))
    if fields.get("user_id") is not None:
        need_string(f"{name}.user_id", fields["user_id"])


def check_thinking(name: str, value: object) -> None:
    """One of four kinds; a budget for the kind that needs it."""
    fields = need_object(name, value)
    kind = need_tag(name, fields, THINKING)
    where = f"{name}.{kind}"
    no_extras(
        where,
        fields,
        {
            "enabled": ("type", "budget_tokens", "display"),
            "adaptive": ("type", "display"),
        }.get(kind, ("type",)),
    )
    if fields.get("display") is not None:
        need_one_of(f"{where}.display", fields["display"], ("summarized", "omitted"))
    if kind == "enabled":
        budget = required("budget_tokens", fields, where)
        need_whole(f"{where}.budget_tokens", budget, least=MIN_THINKING_BUDGET)


def check_output_config(name: str, value: object) -> None:
    """Effort and format."""
    fields = need_object(name, value)
    no_extras(name, fields, ("effort", "format"))
    if fields.get("effort") is not None:
        need_one_of(f"{name}.effort", fields["effort"], EFFORTS)
    if fields.get("format") is not None:
        shape = need_object(f"{name}.format", fields["format"])
        need_tag(f"{name}.format", shape, ("json_schema",))
        need_object(f"{name}.format.schema", required("schema", shape, f"{name}.format"))


def check_tools(name: str, value: object) -> None:
    """Tools of the client's own, each with a name of its own."""
    names: set[str] = set()
    for place, item in enumerate(need_list(name, value)):
        tool = need_object(f"{name}.{place}", item)
        if tool.get("type") not in (None, "custom"):
            raise invalid(f"{name}.{place}.type: the simulated provider has no tools of the API's")
        names.add(check_tool(f"{name}.{place}.custom", tool))
        if len(names) != place + 1:
            raise invalid(f"{name}: Tool names must be unique.")


def check_tool(where: str, tool: Body) -> str:
    """One tool; returns its name."""
    no_extras(where, tool, TOOL_FIELDS)
    name = need_string(f"{where}.name", required("name", tool, where))
    if not TOOL_NAME.fullmatch(name):
        raise invalid(f"{where}.name: String should match pattern '^{TOOL_NAME.pattern}$'")
    if tool.get("description") is not None:
        need_string(f"{where}.description", tool["description"])
    if tool.get("strict") is not None:
        need_boolean(f"{where}.strict", tool["strict"])
    if tool.get("cache_control") is not None:
        check_cache_control(f"{where}.cache_control", tool["cache_control"])
    schema = need_object(f"{where}.input_schema", required("input_schema", tool, where))
    if required("type", schema, f"{where}.input_schema") != "object":
        raise invalid(f"{where}.input_schema.type: Input should be 'object'")
    return name


def check_tool_choice(name: str, value: object) -> None:
    """Automatic, any, one by name, or none."""
    fields = need_object(name, value)
    kind = need_tag(name, fields, ("any", "auto", "none", "tool"))
    if fields.get("disable_parallel_tool_use") is not None:
        need_boolean(
            f"{name}.{kind}.disable_parallel_tool_use", fields["disable_parallel_tool_use"]
        )
    if kind == "tool":
        need_string(f"{name}.tool.name", required("name", fields, f"{name}.tool"))


def check_diagnostics(name: str, value: object) -> None:
    """The id of the message to compare with, or null to be compared with later."""
    fields = need_object(name, value)
    no_extras(name, fields, ("previous_message_id",))
    if fields.get("previous_message_id") is not None:
        need_string(f"{name}.previous_message_id", fields["previous_message_id"])


def one_of(*known: str) -> Callable[[str, object], None]:
    """A check for one of the known words."""
    return lambda name, value: need_one_of(name, value, known)


def not_simulated(name: str, value: object) -> None:  # noqa: ARG001 - the signature of a check
    """A part of the API that is not there."""
    raise invalid(f"{name}: the simulated provider does not have this")


def no_threads(name: str, value: object) -> None:  # noqa: ARG001 - the signature of a check
    """Message threads are not there; the SDK's tool runner then sends the whole conversation."""
    raise Rejection(
        400,
        f"{name}: the simulated provider does not have message threads",
        "thread_unsupported_request",
    )


REQUIRED = ("model", "max_tokens", "messages")
CHECKS: dict[str, Callable[[str, object], object]] = {
    "model": need_string,
    "max_tokens": check_max_tokens,
    "messages": need_list,
    "system": check_system,
    "tools": check_tools,
    "tool_choice": check_tool_choice,
    "stop_sequences": check_stop_sequences,
    "stream": need_boolean,
    "metadata": check_metadata,
    "cache_control": check_cache_control,
    "thinking": check_thinking,
    "output_config": check_output_config,
    "service_tier": one_of("auto", "standard_only"),
    "speed": one_of("standard", "fast"),
    "inference_geo": need_string,
    "container": not_simulated,
    "thread": no_threads,
    "diagnostics": check_diagnostics,
}
"""Every field of a request. Source: anthropic 2.12.0, ``types/message_create_params.py``."""
