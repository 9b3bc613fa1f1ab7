"""What one model does not take, though the API knows it: the request rules of the catalogue.

    catalog.Model (thinking, efforts, requests) -> check_model_rules -> a refusal or nothing

Sources: docs: errors, models, effort, 2026-08-22; official claude-api skill, 2026-10-06.
"""

from collections.abc import Collection, Mapping
from datetime import date

from labkit.catalog import Model
from labkit.sim.rejection import invalid, need_number, need_whole
from labkit.sim.validation.messages import prefilled

FAST_BETA = "fast-mode-2026-02-01"
SAMPLING_DEFAULTS = {"temperature": 1, "top_p": 1, "top_k": None}
"""The sampling parameters, and the value that changes nothing, where there is one."""
WITHOUT_THINKING = ("disabled", "between_tools")
HIGHEST_EFFORTS = ("xhigh", "max")

Body = Mapping[str, object]


def check_model_rules(fields: Body, known: Model) -> None:
    """Refuse what this model does not take."""
    check_max_output(fields, known)
    if "no_prefill" in known.requests and prefilled(fields["messages"]):
        raise invalid(
            "This model does not support assistant message prefill. "
            "The conversation must end with a user message."
        )
    if "no_forced_tool" in known.requests and forces_tool(fields.get("tool_choice")):
        raise invalid('tool_choice: type "tool" and "any" are not supported for this model.')
    check_sampling(fields, known)
    check_effort(effort_of(fields), known)
    check_thinking_of_model(fields, known)


def check_speed(fields: Body, known: Model, betas: Collection[str], today: date) -> None:
    """Refuse a speed that the model does not have, or not without its beta header.

    Sources: docs: fast mode, read 2026-11-24; anthropic 2.12.0, ``types/message_create_params.py``.
    """
    speed = fields.get("speed")
    if speed is None:
        return
    if "speed_beta" in known.requests and FAST_BETA not in betas:
        raise invalid("speed: Extra inputs are not permitted")
    has_gone = known.fast_until is not None and today >= known.fast_until
    is_taken = "ignores_speed" in known.requests or (known.price_fast and not has_gone)
    if speed == "fast" and not is_taken:
        raise invalid(
            f"'{known.id}' does not support the `speed` parameter. This feature is only available "
            "on supported models."
        )


def check_max_output(fields: Body, known: Model) -> None:
    """Refuse to write more than the model can."""
    asked = int(str(fields["max_tokens"]))
    if asked > known.max_output:
        raise invalid(
            f"max_tokens: {asked} > {known.max_output}, which is the maximum allowed number of "
            f"output tokens for {known.id}"
        )


def check_sampling(fields: Body, known: Model) -> None:
    """Refuse sampling parameters where the model has outgrown them."""
    for name, default in SAMPLING_DEFAULTS.items():
        value = fields.get(name)
        if value is None:
            continue
        need_number(name, value)
        is_changed = default is None or value != default
        if "no_sampling" in known.requests or (is_changed and "default_sampling" in known.requests):
            raise invalid(f"{name}: `{name}` is deprecated for this model.")
        check_range(name, value)
    both = fields.get("temperature") is not None and fields.get("top_p") is not None
    if both and "default_sampling" not in known.requests:
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. Please use only "
            "one."
        )


def check_range(name: str, value: object) -> None:
    """``top_k`` counts; the other two are shares."""
    if name == "top_k":
        need_whole(name, value, least=0)
    elif isinstance(value, int | float) and not 0 <= value <= 1:
        raise invalid(f"{name}: range: 0..1")


def check_effort(effort: str | None, known: Model) -> None:
    """Refuse an effort that the model does not have."""
    if effort is None or effort in known.efforts:
        return
    if not known.efforts:
        raise invalid("output_config.effort: This model does not support the effort parameter.")
    raise invalid(
        f"output_config.effort: This model does not support effort level '{effort}'. "
        f"Supported levels: {', '.join(known.efforts)}."
    )


def check_thinking_of_model(fields: Body, known: Model) -> None:
    """Refuse a kind of thinking that the model does not have, or not at this effort."""
    kind = thinking_kind(fields)
    if kind is None:
        return
    if kind == "adaptive" and kind not in known.thinking:
        raise invalid("adaptive thinking is not supported on this model")
    if kind not in known.thinking:
        raise invalid(
            f'"thinking.type.{kind}" is not supported for this model. Use "thinking.type.adaptive"'
            ' and "output_config.effort" to control thinking behavior.'
        )
    effort = effort_of(fields)
    limited = kind in WITHOUT_THINKING and "off_up_to_high" in known.requests
    if limited and effort in HIGHEST_EFFORTS:
        raise invalid(
            f'"thinking.type.{kind}" is not supported for this model at "output_config.effort" '
            f'"{effort}". Use effort "high" or lower, or "thinking.type.adaptive".'
        )


def thinking_kind(fields: Body) -> str | None:
    """The kind of thinking that a request asks for; None where it does not say."""
    thinking = fields.get("thinking")
    return str(thinking["type"]) if isinstance(thinking, dict) else None


def effort_of(fields: Body) -> str | None:
    """The effort that a request asks for; None where it does not say."""
    config = fields.get("output_config")
    effort = config.get("effort") if isinstance(config, dict) else None
    return effort if isinstance(effort, str) else None


def forces_tool(choice: object) -> bool:
    """Whether the model must call a tool."""
    return isinstance(choice, dict) and choice["type"] in ("any", "tool")
