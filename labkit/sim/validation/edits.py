"""Which context edits the API takes: ``context_management``, behind its beta headers.

    body, betas -> (the other fields, what is wished as values), or a refusal

Sources: docs: context editing, compaction at a token threshold, read 2026-11-24; anthropic
2.12.0, ``types/beta``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim.compaction import COMPACT, Compact
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
    need_boolean,
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
BETA, COMPACT_BETA = "context-management-2025-06-27", "compact-2026-01-12"
KINDS = {BETA: (CLEAR_THINKING, CLEAR_TOOL_USES), COMPACT_BETA: (COMPACT,)}
"""The edits that each header allows."""
LEAST_TRIGGER = 50_000
"""Input tokens from which on compaction may begin at the earliest."""
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
    COMPACT: ("type", "trigger", "pause_after_compaction", "instructions"),
}
USUAL, USUALLY_COMPACT = ClearToolUses(), Compact()

Body = Mapping[str, object]


class Wished(NamedTuple):
    """What a request wants to be done with its context."""

    edits: Edits = ()
    """What is cleared, in this order."""
    compact: Compact | None = None
    """When a summary is written; the first such edit counts."""
    is_given: bool = False
    """Whether the field is there at all."""


def taken_edits(body: object, betas: Collection[str]) -> tuple[object, Wished]:
    """The body without its edits, and these; without a beta header the field stays in it.

    Raises:
        Rejection: The API would refuse the edits.
    """
    known = [kind for beta, kinds in KINDS.items() if beta in betas for kind in kinds]
    if not isinstance(body, dict) or FIELD not in body or not known:
        return body, Wished()
    plain = {name: value for name, value in body.items() if name != FIELD}
    return plain, Wished() if body[FIELD] is None else wished_in(body[FIELD], known)


def wished_in(value: object, known: Sequence[str]) -> Wished:
    """The edits, of the kinds that the headers allow."""
    fields = need_object(FIELD, value)
    no_extras(FIELD, fields, ("edits",))
    listed = need_list(f"{FIELD}.edits", fields.get("edits", []))
    edits = [one_edit(place, item, known) for place, item in enumerate(listed)]
    compact = next((one for one in edits if isinstance(one, Compact)), None)
    return Wished(tuple(one for one in edits if not isinstance(one, Compact)), compact, True)


def one_edit(place: int, item: object, known: Sequence[str]) -> Edit | Compact:
    """One edit; that of thinking comes first."""
    where = f"{FIELD}.edits.{place}"
    fields = need_object(where, item)
    kind = need_tag(where, fields, known)
    where = f"{where}.{kind}"
    no_extras(where, fields, FIELDS[kind])
    if kind == CLEAR_TOOL_USES:
        return tool_uses(where, fields)
    if kind == COMPACT:
        return compaction(where, fields)
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


def compaction(where: str, fields: Body) -> Compact:
    """The edit that sums up, with the API's defaults."""
    edit = USUALLY_COMPACT
    if fields.get("trigger") is not None:
        least = {"input_tokens": LEAST_TRIGGER}
        edit = edit._replace(trigger=amount(f"{where}.trigger", fields["trigger"], least)[1])
    if "pause_after_compaction" in fields:
        need_boolean(f"{where}.pause_after_compaction", fields["pause_after_compaction"])
        edit = edit._replace(pauses=fields["pause_after_compaction"] is True)
    if fields.get("instructions") is not None:
        words = need_string(f"{where}.instructions", fields["instructions"])
        edit = edit._replace(instructions=words)
    return edit


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
