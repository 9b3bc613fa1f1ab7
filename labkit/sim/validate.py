"""Which requests the API refuses, and in which words.

A refusal is a ``Rejection``: a status, and a message that names the field. Statuses and
rules: docs: errors, 2026-08-22, and anthropic 2.12.0, ``types/message_create_params.py``; wording
that the docs do not give follows messages as people have reported them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from labkit import catalog
from labkit.catalog import Model
from labkit.errors import ArgumentError
from labkit.sim.rejection import (
    Rejection,
    invalid,
    need_boolean,
    need_list,
    need_number,
    need_object,
    need_one_of,
    need_string,
    need_tag,
    need_whole,
    no_extras,
    required,
)
from labkit.sim.validate_messages import check_messages, check_text_blocks, prefilled

MAX_BREAKPOINTS = 4
MIN_THINKING_BUDGET = 1_024

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
EFFORTS = ("low", "medium", "high", "xhigh", "max")
THINKING = ("adaptive", "between_tools", "disabled", "enabled")
SAMPLING = ("temperature", "top_p", "top_k")
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


def check_request(body: object, version: str, today: date) -> Model:
    """The model that a valid request asks for.

    Raises:
        Rejection: The API would refuse the request.
    """
    fields = need_object("request", body)
    for name in ("model", "max_tokens", "messages"):
        required(name, fields)
    for name, value in fields.items():
        check = CHECKS.get(name)
        if check is None and not (name in SAMPLING and version == "2023-06-01"):
            raise invalid(f"{name}: Extra inputs are not permitted")
        if check is not None and (value is not None or name in REQUIRED):
            check(name, value)
    known = find_model(str(fields["model"]), today)
    check_messages(fields["messages"])
    check_model_rules(fields, known)
    check_together(fields)
    return known


def find_model(model_id: str, today: date) -> Model:
    """The catalogue's model, unless it is unknown or retired."""
    try:
        known = catalog.model(model_id)
    except ArgumentError:
        known = None
    if known is None or (known.retires is not None and known.retires <= today):
        raise Rejection(404, f"model: {model_id[:200]}")
    return known


def check_model_rules(fields: Body, known: Model) -> None:
    """What this model does not take. Source: docs: errors and models, 2026-08-22."""
    asked = int(str(fields["max_tokens"]))
    if asked > known.max_output:
        raise invalid(
            f"max_tokens: {asked} > {known.max_output}, which is the maximum allowed number of "
            f"output tokens for {known.id}"
        )
    if "no_prefill" in known.requests and prefilled(fields["messages"]):
        raise invalid(
            "messages: This model does not support assistant message prefill. "
            "The conversation must end with a user message."
        )
    choice = fields.get("tool_choice")
    if "no_forced_tool" in known.requests and forces_tool(choice):
        raise invalid('tool_choice: type "tool" and "any" are not supported for this model.')
    for name in SAMPLING:
        if fields.get(name) is not None:
            need_number(name, fields[name])
            if "no_budget_thinking" in known.requests:
                raise invalid(f"{name}: `{name}` is deprecated for this model.")
    if "thinking" in fields:
        check_thinking_of_model(fields, known)


def check_thinking_of_model(fields: Body, known: Model) -> None:
    """Which kinds of thinking this model takes."""
    thinking = fields.get("thinking")
    kind = thinking["type"] if isinstance(thinking, dict) else None
    if kind == "adaptive" and "no_adaptive_thinking" in known.requests:
        raise invalid("thinking: adaptive thinking is not supported on this model")
    refused = (
        (kind == "enabled" and "no_budget_thinking" in known.requests)
        or (kind == "disabled" and "always_thinks" in known.requests)
        or (kind == "between_tools" and "always_thinks" not in known.requests)
    )
    if refused:
        raise invalid(
            f'"thinking.type.{kind}" is not supported for this model. Use "thinking.type.adaptive"'
            ' and "output_config.effort" to control thinking behavior.'
        )


def check_together(fields: Body) -> None:
    """Fields that do not go with one another."""
    thinking = fields.get("thinking")
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    asked = int(str(fields["max_tokens"]))
    if asked and isinstance(budget, int) and budget >= asked:
        raise invalid("thinking: `max_tokens` must be greater than `thinking.budget_tokens`.")
    if budget is not None and forces_tool(fields.get("tool_choice")):
        raise invalid("thinking: Thinking may not be enabled when tool_choice forces tool use.")
    if asked == 0:
        check_prewarming(fields, thinks=budget is not None)
    check_tool_choice_names(fields)
    if (found := count_breakpoints(fields)) > MAX_BREAKPOINTS:
        raise invalid(
            f"cache_control: A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be "
            f"provided. Found {found}."
        )


def check_prewarming(fields: Body, *, thinks: bool) -> None:
    """``max_tokens: 0`` fills the cache alone. Source: docs: prompt caching, 2026-08-22."""
    config = fields.get("output_config")
    clashes = {
        "stream": fields.get("stream") is True,
        "thinking": thinks,
        "output_config.format": isinstance(config, dict) and config.get("format") is not None,
        "tool_choice": forces_tool(fields.get("tool_choice")),
    }
    for name, is_there in clashes.items():
        if is_there:
            raise invalid(f"max_tokens: 0 is not allowed with {name}")


def check_tool_choice_names(fields: Body) -> None:
    """A tool choice needs tools, and a named tool must be among them."""
    choice, tools = fields.get("tool_choice"), fields.get("tools")
    if not isinstance(choice, dict):
        return
    if not isinstance(tools, list) or not tools:
        raise invalid("tool_choice: tool_choice may only be specified while providing tools.")
    names = [tool["name"] for tool in tools]
    if choice["type"] == "tool" and choice["name"] not in names:
        raise invalid(f"tool_choice: Tool '{choice['name']}' not found in provided tools")


def forces_tool(choice: object) -> bool:
    """Whether the model must call a tool."""
    return isinstance(choice, dict) and choice["type"] in ("any", "tool")


def count_breakpoints(fields: Body) -> int:
    """How many cache breakpoints the request sets."""
    blocks: list[object] = [fields]
    for name in ("tools", "system"):
        value = fields.get(name)
        blocks += value if isinstance(value, list) else []
    messages = fields["messages"]
    for message in messages if isinstance(messages, list) else []:
        content = message["content"]
        blocks += content if isinstance(content, list) else []
    return sum(isinstance(b, dict) and b.get("cache_control") is not None for b in blocks)


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
            raise invalid(f"{name}.{place}.type: the simulated provider has no server tools")
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


def check_cache_control(name: str, value: object) -> None:
    """An ephemeral breakpoint."""
    fields = need_object(name, value)
    need_tag(name, fields, ("ephemeral",))
    if fields.get("ttl") is not None:
        need_one_of(f"{name}.ttl", fields["ttl"], ("5m", "1h"))


def check_diagnostics(name: str, value: object) -> None:
    """The id of the message to compare with; the simulated provider has no cache to compare."""
    fields = need_object(name, value)
    no_extras(name, fields, ("previous_message_id",))


def one_of(*known: str) -> Callable[[str, object], None]:
    """A check for one of the known words."""
    return lambda name, value: need_one_of(name, value, known)


def not_simulated(name: str, value: object) -> None:  # noqa: ARG001 - the signature of a check
    """A part of the API that is not there."""
    raise invalid(f"{name}: the simulated provider does not have this")


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
    "diagnostics": check_diagnostics,
}
"""Every field of a request. Source: anthropic 2.12.0, ``types/message_create_params.py``."""
