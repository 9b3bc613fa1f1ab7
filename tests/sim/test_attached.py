"""Pictures, documents and search results by themselves: which are taken, and how others fail."""

import base64
import io
from typing import Any

import anthropic
import pytest
from sim_blocks import (
    KINDS,
    TEXT,
    asked_with,
    document,
    image,
    in_result,
    linked,
    pdf,
    picture,
    search_result,
)
from sim_facts import imitates
from sim_world import World, body_of

from labkit.sim.tokens import MESSAGE_TOKENS

SHAPES = (
    "anthropic 2.12.0, types/{image,document,search_result}_block_param.py, types/*_source_param.py"
)
REPORTED = "docs: vision, PDF support, 2026-08-22; wording as users have reported it"
COUNT = "/v1/messages/count_tokens"
HOUR_S = 3_600
CITED = {"citations": {"enabled": True}}


def outcomes(body: dict[str, Any], world: World | None = None) -> list[tuple[int, str]]:
    """What creating, counting and a batch make of a request: a status, and why."""
    world = world or World()
    counted = {name: value for name, value in body.items() if name != "max_tokens"}
    plans = world.post(body), world.post(counted, path=COUNT)
    found = [
        (plan.status, "" if plan.status == 200 else body_of(plan)["error"]["message"])
        for plan in plans
    ]
    client = world.client()
    batch = client.messages.batches.create(requests=[{"custom_id": "a", "params": body}])  # type: ignore[list-item]
    world.clock.advance(24 * HOUR_S)
    (one,) = client.messages.batches.results(batch.id)
    if one.result.type == "succeeded":
        return [*found, (200, "")]
    error = one.result.error.error  # type: ignore[union-attr]
    status = {"invalid_request_error": 400, "not_found_error": 404}[error.type]
    return [*found, (status, error.message)]


def refusal(body: dict[str, Any], status: int = 400) -> str:
    """Why a request is refused, everywhere alike."""
    first, *others = outcomes(body)
    assert others == [first, first]
    assert first[0] == status
    return first[1]


GOOD = [
    *(image(kind=kind) for kind in KINDS),
    image(transformations={}, cache_control={"type": "ephemeral"}),
    image(transformations={"oversized_image": "downsize"}),
    image(transformations=None, cache_control=None),
    linked(),
    linked("document"),
    document(),
    document(title="Kites", context="Written in 2026.", citations={"enabled": False}),
    document(title=None, context=None, citations=None),
    document(citations={}),
    document({"type": "content", "content": "Kites fly."}),
    document({"type": "content", "content": [TEXT, image()]}),
    pdf(),
    search_result(),
    search_result(content=[TEXT, TEXT], cache_control={"type": "ephemeral"}, **CITED),
]


@imitates("pictures, documents and search results in each form of the SDK are taken", source=SHAPES)
@pytest.mark.parametrize("block", GOOD, ids=repr)
def test_each_form_is_taken(block: dict[str, Any]) -> None:
    """In a message and in the result of a tool, by all that read messages."""
    assert outcomes(asked_with(block)) == [(200, "")] * 3
    assert World().post(in_result(block)).status == 200


def source(**fields: Any) -> dict[str, Any]:
    """A document block with such a source."""
    return document(fields)


BAD = [
    ({"type": "image"}, "image.source: Field required"),
    (image() | {"source": "x"}, "image.source: Input should be an object"),
    (image() | {"source": {}}, "image.source.type: Field required"),
    (image(alt="A kite"), "image.alt: Extra inputs are not permitted"),
    (image(title="A kite"), "image.title: Extra inputs are not permitted"),
    (image() | {"source": {"type": "text"}}, "image.source: Input tag 'text' found"),
    (linked() | {"source": {"type": "url"}}, "image.source.url.url: Field required"),
    (linked(url=5), "image.source.url.url: Input should be a valid string"),  # type: ignore[arg-type]
    (image() | {"source": {"type": "file"}}, "image.source.file.file_id: Field required"),
    (image(kind="bmp", data="x"), "image.source.base64.media_type: Input should be 'image/jpeg'"),
    (image(data=5), "image.source.base64.data: Input should be a valid string"),  # type: ignore[arg-type]
    (image(transformations=3), "image.transformations: Input should be an object"),
    (image(transformations={"a": 1}), "image.transformations.a: Extra inputs are not permitted"),
    (
        image(transformations={"oversized_image": "crop"}),
        "image.transformations.oversized_image: Input should be 'downsize' or 'error'",
    ),
    ({"type": "document"}, "document.source: Field required"),
    (document(title=5), "document.title: Input should be a valid string"),
    (document(context=[]), "document.context: Input should be a valid string"),
    (document(citations=True), "document.citations: Input should be an object"),
    (document(citations={"on": 1}), "document.citations.on: Extra inputs are not permitted"),
    (
        document(citations={"enabled": "yes"}),
        "document.citations.enabled: Input should be a valid boolean",
    ),
    (document(transformations={}), "document.transformations: Extra inputs are not permitted"),
    (source(type="smell"), "document.source: Input tag 'smell' found"),
    (source(type="text", data="x"), "document.source.text.media_type: Field required"),
    (
        source(type="text", media_type="text/html", data="x"),
        "document.source.text.media_type: Input should be 'text/plain'",
    ),
    (
        source(type="text", media_type="text/plain", data="x", url="y"),
        "document.source.text.url: Extra inputs are not permitted",
    ),
    (
        source(type="base64", media_type="image/png", data=picture()),
        "document.source.base64.media_type: Input should be 'application/pdf'",
    ),
    (source(type="content"), "document.source.content.content: Field required"),
    (
        source(type="content", content=5),
        "document.source.content.content: Input should be a valid list",
    ),
    (
        source(type="content", content=[document()]),
        "document.source.content.content.0: Input tag 'document' found",
    ),
    (
        source(type="content", content=[{"type": "image"}]),
        "document.source.content.content.0.image.source: Field required",
    ),
    (search_result(source=5), "search_result.source: Input should be a valid string"),
    ({"type": "search_result", "source": "s"}, "search_result.title: Field required"),
    (search_result(content="x"), "search_result.content: Input should be a valid list"),
    (search_result(content=[image()]), "search_result.content.0: Input tag 'image' found"),
    (
        search_result(content=[{"type": "text"}]),
        "search_result.content.0.text.text: Field required",
    ),
    (search_result(url="x"), "search_result.url: Extra inputs are not permitted"),
]


@imitates("what is wrong with a picture, document or search result names its field", source=SHAPES)
@pytest.mark.parametrize(("block", "message"), BAD, ids=[message for _, message in BAD])
def test_each_mistake_names_its_field(block: dict[str, Any], message: str) -> None:
    """Creating, counting and a batch refuse the same in the same words."""
    assert refusal(asked_with(block)).startswith(f"messages.0.content.0.{message}")
    inner = body_of(World().post(in_result(block)))["error"]["message"]
    assert inner.startswith(f"messages.2.content.0.tool_result.content.0.{message}")


@imitates(
    "a search result holds at least one block of text",
    source="docs: search results, read 2026-11-24",
)
def test_an_empty_search_result_is_refused() -> None:
    """A result without content is none."""
    message = refusal(asked_with(search_result(content=[])))
    assert message.startswith("messages.0.content.0.search_result.content: List should have")


DATA = [
    (image(""), "image.source.base64: image cannot be empty"),
    (image("no base64!"), "image.source.base64: invalid base64 data"),
    (image(picture()[:-1]), "image.source.base64: invalid base64 data"),
    (image(f"data:image/png;base64,{picture()}"), "image.source.base64: invalid base64 data"),
    (image("żółw"), "image.source.base64: invalid base64 data"),
    (image(base64.b64encode(b"a kite").decode()), "image.source.base64.data: Could not process"),
    (image(picture()[:20]), "image.source.base64.data: Could not process image"),
    (
        image(picture(kind="jpeg"), kind="png"),
        "image.source.base64: The image was specified using the image/png media type, but the "
        "image appears to be a image/jpeg image",
    ),
    (pdf(""), "document.source.base64: PDF cannot be empty"),
    (pdf("%"), "document.source.base64: invalid base64 data"),
    (pdf(picture()), "document.source.base64.data: The PDF specified was not valid."),
]


@imitates("base64 data must decode, and be what its media type says", source=REPORTED)
@pytest.mark.parametrize(("block", "message"), DATA, ids=[message for _, message in DATA])
def test_data_is_looked_at(block: dict[str, Any], message: str) -> None:
    """Nothing that is no picture, or another one, passes for one."""
    assert refusal(asked_with(block)).startswith(f"messages.0.content.0.{message}")


@imitates("a picture may have 10 MB in base64", source=REPORTED)
def test_a_heavy_picture_is_refused() -> None:
    """Four more characters than that are too many."""
    whole = base64.b64decode(picture())
    heavy = whole + bytes(10_485_760 * 3 // 4 - len(whole))
    assert World().post(asked_with(image(base64.b64encode(heavy).decode()))).status == 200
    heavier = base64.b64encode(heavy + bytes(3)).decode()
    message = body_of(World().post(asked_with(image(heavier))))["error"]["message"]
    assert message == (
        "messages.0.content.0.image.source.base64: image exceeds 10 MB maximum: 10485764 bytes > "
        "10485760 bytes"
    )


@imitates(
    "an open file can be given as data",
    source="anthropic 2.12.0, types/base64_image_source_param.py",
)
def test_the_sdk_encodes_files() -> None:
    """What the SDK makes of a file is base64 that is taken."""
    block = image()
    block["source"]["data"] = io.BytesIO(base64.b64decode(picture()))
    assert World().client().messages.create(**asked_with(block)).stop_reason == "end_turn"


@imitates(
    "citations are on for all documents or search results of a request, or for none",
    source="docs: citations, search results, 2026-08-22",
)
@pytest.mark.parametrize("make", [document, search_result])
def test_some_are_not_cited_alone(make: Any) -> None:
    """The block that differs is named; a document and a search result may differ."""
    kind = make()["type"]
    for pair in ([make(**CITED), make()], [make(), make(**CITED)]):
        where = f"messages.0.content.1.{kind}.citations: "
        assert refusal(asked_with(*pair)).startswith(where)
    assert World().post(asked_with(make(**CITED), make(**CITED))).status == 200
    assert World().post(asked_with(document(**CITED), search_result())).status == 200


def test_citations_in_results_of_tools_do_not_go_with_a_format() -> None:
    """A cited search result is found wherever it stands."""
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    body = in_result(search_result(**CITED))
    body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    where = "messages.2.content.0.tool_result.content.0.search_result.citations: "
    assert refusal(body).startswith(where)


FILE = {"type": "file", "file_id": "file_nobody"}


@imitates(
    "a file that is not there is 404, for a count too", source="docs: Files API, read 2026-11-24"
)
@pytest.mark.parametrize(
    ("block", "where"),
    [
        ({"type": "image", "source": FILE}, "image"),
        (document(FILE), "document"),
        (
            source(type="content", content=[{"type": "image", "source": FILE}]),
            "document.source.content.0.image",
        ),
    ],
)
def test_an_unknown_file_is_not_found(block: dict[str, Any], where: str) -> None:
    """In a block, and in a block inside a document."""
    message = refusal(asked_with(block), 404)
    assert message == f"messages.0.content.0.{where}.source.file_id: File not found: file_nobody"


@imitates(
    "a file must be of a type that its block can show", source="docs: Files API, read 2026-11-24"
)
@pytest.mark.parametrize(
    ("name", "mime", "takes"),
    [
        ("a.png", "image/png", ["image"]),
        ("a.txt", "text/plain; charset=utf-8", ["document"]),
        ("a.pdf", "application/pdf", ["document"]),
        ("a.csv", "text/csv", []),
        ("a.bin", "application/octet-stream", ["image", "document"]),
    ],
)
def test_a_file_must_fit_its_block(name: str, mime: str, takes: list[str]) -> None:
    """A picture is no document, a table is neither, and who does not tell is trusted."""
    world = World()
    file = world.client().files.upload(file=(name, b"some bytes", mime))
    for kind in ("image", "document"):
        body = asked_with({"type": kind, "source": {"type": "file", "file_id": file.id}})
        status, message = outcomes(body, world)[0]
        assert outcomes(body, world) == [(status, message)] * 3
        assert (status == 200) == (kind in takes)
        assert kind in takes or message.startswith(f"messages.0.content.0.{kind}.source.file_id: ")


def test_the_content_of_a_document_is_read_and_counted() -> None:
    """Blocks in a document count like blocks; a picture among them is not read."""
    content = {"type": "content", "content": [TEXT, image()]}
    tokens = [
        body_of(World().post(asked_with(*some)))["usage"]["input_tokens"]
        for some in ((), (TEXT,), (image(),), (document(content),))
    ]
    none, text, seen, both = tokens
    assert both - none == (text - none) + (seen - none) + MESSAGE_TOKENS


def test_the_sdk_names_the_class_of_each_refusal() -> None:
    """A client catches a bad block and a missing file by their own classes."""
    client = World().client()
    with pytest.raises(anthropic.BadRequestError, match="Field required"):
        client.messages.create(**asked_with({"type": "image"}))
    with pytest.raises(anthropic.NotFoundError, match="File not found"):
        client.messages.count_tokens(
            model="lab-fast-2", messages=asked_with(document(FILE))["messages"]
        )
