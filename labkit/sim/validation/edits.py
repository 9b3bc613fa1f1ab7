"""Which context edits the API takes: ``context_management``, behind a beta header.

    body, betas -> (the other fields, the edits as values), or a refusal

Source: docs: context editing, read 2026-11-24; anthropic 2.12.0, ``types/beta``.
"""

from collections.abc import Collection, Mapping, Sequence

from labkit.catalog import Model
from labkit.sim.edits import (
    CLEAR_THINKING,
    CLEAR_TOOL_USES,
    ClearThinking,
    ClearToolUses,
    Edit,
    Edits,
)
from labkit.sim.rejection import (
    invalid,
    need_list,
    need_object,
    need_string,
    need_tag,
    need_whole,
    no_extras,
    required,
)
from labkit.sim.validation.model_rules import thinking_kind

FIELD = "context_management"
BETA = "context-management-2025-06-27"
FIELDS = {
    CLEAR_THINKING: ("type", "keep"),
    CLEAR_TOOL_USES: (
        "type",
        "trigger",
        "keep",
        "clear_at_least",
        "exclude_tools",
        "clear_tool_inputs",
    ),
}
USUAL = ClearToolUses()

Body = Mapping[str, object]


def taken_edits(body: object, betas: Collection[str]) -> tuple[object, Edits | None]:
    """The body without its edits, and these; without the beta header the field stays in it.

    Raises:
        Rejection: The API would refuse the edits.
    """
    if not isinstance(body, dict) or FIELD not in body or BETA not in betas:
        return body, None
    plain = {name: value for name, value in body.items() if name != FIELD}
    return plain, None if body[FIELD] is None else edits_in(body[FIELD])


def edits_in(value: object) -> Edits:
    """The edits, in their order."""
    fields = need_object(FIELD, value)
    no_extras(FIELD, fields, ("edits",))
    listed = need_list(f"{FIELD}.edits", fields.get("edits", []))
    return tuple(one_edit(place, item) for place, item in enumerate(listed))


def one_edit(place: int, item: object) -> Edit:
    """One edit; that of thinking comes first."""
    where = f"{FIELD}.edits.{place}"
    fields = need_object(where, item)
    kind = need_tag(where, fields, tuple(FIELDS))
    where = f"{where}.{kind}"
    no_extras(where, fields, FIELDS[kind])
    if kind == CLEAR_TOOL_USES:
        return tool_uses(where, fields)
    if place:
        raise invalid(f"{where}: `{CLEAR_THINKING}` must be the first of the edits")
    return ClearThinking(turns(f"{where}.keep", fields["keep"]) if "keep" in fields else 1)


def turns(where: str, value: object) -> int | None:
    """How many turns keep their thinking; None for all."""
    if value == "all":
        return None
    kind, count = amount(where, value, {"all": None, "thinking_turns": 1})
    return None if kind == "all" else count


def tool_uses(where: str, fields: Body) -> ClearToolUses:
    """The edit that clears results of tools, with the API's defaults."""
    edit = USUAL
    if "trigger" in fields:
        least = {"input_tokens": 0, "tool_uses": 0}
        kind, count = amount(f"{where}.trigger", fields["trigger"], least)
        edit = edit._replace(trigger=count, counts_uses=kind == "tool_uses")
    if "keep" in fields:
        edit = edit._replace(keep=amount(f"{where}.keep", fields["keep"], {"tool_uses": 0})[1])
    if fields.get("clear_at_least") is not None:
        at = f"{where}.clear_at_least"
        tokens = amount(at, fields["clear_at_least"], {"input_tokens": 0})[1]
        edit = edit._replace(least_tokens=tokens)
    if fields.get("exclude_tools") is not None:
        names = strings(f"{where}.exclude_tools", fields["exclude_tools"])
        edit = edit._replace(exclude=names)
    return edit._replace(inputs=inputs(where, fields.get("clear_tool_inputs")))


def inputs(where: str, value: object) -> bool | Sequence[str]:
    """Whether inputs go too, or those of which tools."""
    if value is None or isinstance(value, bool):
        return bool(value)
    return strings(f"{where}.clear_tool_inputs", value)


def amount(where: str, value: object, kinds: Mapping[str, int | None]) -> tuple[str, int]:
    """A count of one of these kinds, each with the least that it may be or no value at all."""
    fields = need_object(where, value)
    kind = need_tag(where, fields, tuple(kinds))
    least = kinds[kind]
    if least is None:
        no_extras(where, fields, ("type",))
        return kind, 0
    no_extras(where, fields, ("type", "value"))
    count = required("value", fields, where)
    need_whole(f"{where}.value", count, least=least)
    return kind, int(str(count))


def strings(where: str, value: object) -> tuple[str, ...]:
    """A list of strings."""
    listed = enumerate(need_list(where, value))
    return tuple(need_string(f"{where}.{place}", item) for place, item in listed)


def check_edits(edits: Edits, body: Body, known: Model) -> None:
    """Refuse to clear the thinking of a model that does not think.

    Wording as users have reported it, 2026-08-14.
    """
    kind = thinking_kind(body)
    is_on = kind != "disabled" if kind else "thinks" in known.requests
    if not is_on and any(isinstance(edit, ClearThinking) for edit in edits):
        raise invalid(f"`{CLEAR_THINKING}` strategy requires `thinking` to be enabled or adaptive")
