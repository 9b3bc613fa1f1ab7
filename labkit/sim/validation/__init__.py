"""Which requests the API refuses, and in which words.

A refusal is a ``Rejection``: a status, and a message that names the field. Statuses and
rules: docs: errors, 2026-08-22, and anthropic 2.12.0, ``types/message_create_params.py``; wording
that the docs do not give follows messages as people have reported them.
"""

from collections.abc import Collection, Mapping
from datetime import date

from labkit import catalog
from labkit.catalog import Model
from labkit.errors import ArgumentError
from labkit.sim.rejection import Rejection, invalid, need_object, required
from labkit.sim.validation.fields import CHECKS, REQUIRED
from labkit.sim.validation.messages import check_messages
from labkit.sim.validation.model_rules import (
    SAMPLING_DEFAULTS,
    check_model_rules,
    check_speed,
    forces_tool,
)
from labkit.sim.validation.pictures import check_attachments
from labkit.sim.validation.schemas import check_structured

Body = Mapping[str, object]


def check_request(
    body: object,
    version: str,
    today: date,
    betas: Collection[str] = (),
    *,
    compacts: bool = False,
) -> Model:
    """The model that a valid request asks for; summaries may stand in it where it ``compacts``.

    Raises:
        Rejection: The API would refuse the request.
    """
    fields = need_object("request", body)
    for name in REQUIRED:
        required(name, fields)
    for name, value in fields.items():
        check = CHECKS.get(name)
        if check is None and not (name in SAMPLING_DEFAULTS and version == "2023-06-01"):
            raise invalid(f"{name}: Extra inputs are not permitted")
        if check is not None and (value is not None or name in REQUIRED):
            check(name, value)
    known = find_model(str(fields["model"]), today)
    instructs = "system_turns" in known.requests
    check_messages(fields["messages"], system_turns=instructs, compacts=compacts)
    check_attachments(fields["messages"], known)
    check_model_rules(fields, known)
    check_speed(fields, known, betas, today)
    check_together(fields)
    return known


def find_model(model_id: str, today: date) -> Model:
    """The model that an id means on a day: out by then, not retired, and open to everybody."""
    try:
        known = catalog.model(model_id, today)
    except ArgumentError:
        known = None
    if known is None or not is_open(known, today):
        raise Rejection(404, f"model: {model_id[:200]}")
    return known


def is_open(known: Model, today: date) -> bool:
    """Whether a model answers the simulated organisation, which nobody has verified."""
    is_there = known.released <= today and known.stage(today) != "retired"
    return is_there and "verified_only" not in known.requests


def check_together(fields: Body) -> None:
    """Fields that do not go with one another."""
    thinking = fields.get("thinking")
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    asked = int(str(fields["max_tokens"]))
    if asked and isinstance(budget, int) and budget >= asked:
        raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")
    if budget is not None and forces_tool(fields.get("tool_choice")):
        raise invalid("Thinking may not be enabled when tool_choice forces tool use.")
    if asked == 0:
        check_prewarming(fields, thinks=budget is not None)
    check_tool_choice_names(fields)
    check_structured(fields)


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
