"""Pictures, documents and search results that nobody would send on purpose."""

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sim_blocks import KINDS, PDF, TEXT, document, image, in_result, linked, pdf, picture
from sim_blocks import search_result as found
from sim_facts import imitates
from sim_world import World, asked, body_of

PICTURES = [picture(kind=kind) for kind in KINDS]
BROKEN = [one[:cut] for one in PICTURES for cut in (4, 16, 20, 40)]
LARGE = [picture(8_001, 2), picture(2_500, 3)]
FILE = {"type": "file", "file_id": "file_1"}
INSIDE = {"type": "content", "content": [TEXT, image()]}
GOOD = [
    *(image(kind=kind) for kind in KINDS),
    image(LARGE[1], transformations={"oversized_image": "error"}),
    linked(),
    linked("document"),
    document(title="Kites", context="Old.", citations={"enabled": True}),
    document(INSIDE),
    document(FILE),
    pdf(),
    found(),
    found(citations={"enabled": True}, cache_control={"type": "ephemeral"}),
    TEXT,
]
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JUNK = st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | st.just([]) | st.just({})
KNOWN = (
    "image document search_result text base64 url file content tool_result error image/png "
    "image/gif application/pdf text/plain file_1"
)
FIELDS = "type source content data url file_id title citations x text"
WORDS = st.sampled_from(KNOWN.split())
DATA = st.sampled_from([*PICTURES, *BROKEN, *LARGE, PDF, "", "==", "AA=A", "\n", "żółw", "A" * 64])
DATA |= st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode())
VALUES = JUNK | WORDS | DATA | st.sampled_from([*GOOD, [TEXT], [image()] * 2, [image()] * 30])
NAMES = st.sampled_from(FIELDS.split())
"""Values and names that may stand anywhere."""


def holders(value: object) -> Iterator[Any]:
    """The lists and objects in a value, itself included."""
    if isinstance(value, dict | list):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from holders(part)


@st.composite
def odd_blocks(draw: st.DrawFn) -> list[Any]:
    """Good blocks, of which some places then hold something else, or nothing, or too much."""
    blocks: list[Any] = copy.deepcopy(draw(st.lists(st.sampled_from(GOOD), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 2))):
        places = list(holders(blocks))
        holder = places[draw(st.integers(0, len(places) - 1))]
        value = copy.deepcopy(draw(VALUES))
        if isinstance(holder, list):
            holder[: draw(st.integers(0, 1))] = [value]
        elif not holder or draw(st.integers(0, 3)) == 0:
            holder[draw(NAMES)] = value
        else:
            name = draw(st.sampled_from(sorted(holder)))
            holder[name] = value
            if draw(st.integers(0, 3)) == 0:
                del holder[name]
    return blocks


def outcome(status: int, error: Any) -> tuple[int, str]:
    """A status and the words of a refusal, which has the API's shape and names a field."""
    if status == 200:
        return 200, ""
    assert error["type"] == "error"
    assert error["error"]["type"] == {400: "invalid_request_error", 404: "not_found_error"}[status]
    message = str(error["error"]["message"])
    assert message.startswith(("messages.0", "messages.2", "messages: "))
    return status, message


def batched(world: World, body: dict[str, Any]) -> tuple[int, str]:
    """What a batch makes of a request."""
    sent = json.dumps({"requests": [{"custom_id": "a", "params": body}]}).encode("utf-8", "replace")
    made = body_of(world.post(sent, path="/v1/messages/batches"))
    world.clock.advance(24 * 3_600)
    path = f"/v1/messages/batches/{made['id']}/results"
    result = body_of(world.post(b"", method="GET", path=path))["result"]
    if result["type"] == "succeeded":
        return 200, ""
    kind = result["error"]["error"]["type"]
    return outcome(404 if kind == "not_found_error" else 400, result["error"])


@imitates(
    "whatever stands in a block, creating, counting and a batch agree on it",
    source="docs: errors, 2026-08-22",
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=odd_blocks(),
    model=st.sampled_from(["lab-fast-2", "claude-opus-5-5"]),
    nested=st.booleans(),
)
def test_odd_blocks_are_answered_or_refused_alike(
    content: list[Any], model: str, nested: bool
) -> None:
    """Nothing raises, every refusal names a field, and all three say the same."""
    world = World()
    messages = in_result(*content)["messages"]
    if not nested:
        messages = [{"role": "user", "content": content}]
    body = asked(model=model, messages=messages)
    inputs = {name: value for name, value in body.items() if name != "max_tokens"}
    created = world.post(json.dumps(body).encode("utf-8", "replace"))
    counted = world.post(
        json.dumps(inputs).encode("utf-8", "replace"), path="/v1/messages/count_tokens"
    )
    assume(b"A maximum of 4 blocks with cache_control" not in created.frames[0].data)
    said = outcome(created.status, body_of(created))
    assert outcome(counted.status, body_of(counted)) == said
    assert batched(world, body) == said
