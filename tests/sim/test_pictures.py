"""Pictures by their size: what they cost, and which are too large or too many."""

import base64
import random
from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_blocks import KINDS, asked_with, document, image, in_result, linked, picture
from sim_facts import imitates
from sim_world import MODEL, World, asked, body_of

from labkit.sim.pictures import HIGH, STANDARD, Size, sent_size, size_of
from labkit.sim.tokens import IMAGE_TOKENS

VISION = "docs: vision, coordinates and bounding boxes, read 2026-11-24"
OLDER, NEWER = "claude-haiku-4-5", "claude-opus-4-7"


def tokens(*blocks: dict[str, Any], model: str = OLDER) -> int:
    """What blocks add to the input of a request."""
    usage = [
        body_of(World().post(asked_with(*some, model=model)))["usage"] for some in ((), blocks)
    ]
    return int(usage[1]["input_tokens"] - usage[0]["input_tokens"])


@imitates("a picture costs a token for each 28 x 28 pixels, of what the model sees", source=VISION)
@pytest.mark.parametrize(
    ("size", "older", "newer"),
    [
        ((1, 1), 1, 1),
        ((28, 29), 2, 2),
        ((200, 200), 64, 64),
        ((1000, 1000), 1296, 1296),
        ((1920, 1080), 1560, 2691),
        ((1080, 1920), 1560, 2691),
        ((1075, 1520), 33 * 47, 39 * 55),
        ((3840, 2160), 1560, 4784),
    ],
)
def test_a_picture_costs_what_the_documentation_says(
    size: tuple[int, int], older: int, newer: int
) -> None:
    """Models before the 4.7 generation see less of a large one and bill less."""
    block = image(picture(*size))
    assert tokens(block) == older
    assert tokens(block, model=NEWER) == newer


@imitates("a picture that is too large is scaled down with its shape kept", source=VISION)
@pytest.mark.parametrize(
    ("size", "limits", "seen"),
    [
        ((1920, 1080), STANDARD, (1456, 819)),
        ((1075, 1520), STANDARD, (924, 1307)),
        ((3840, 2160), HIGH, (2576, 1449)),
        ((1920, 1080), HIGH, (1920, 1080)),
        ((8000, 1), STANDARD, (1568, 1)),
    ],
)
def test_the_size_that_a_model_sees(
    size: tuple[int, int], limits: Any, seen: tuple[int, int]
) -> None:
    """The examples of the documentation, and a picture that is hardly there."""
    assert limits.fitted(Size(*size)) == seen


@settings(max_examples=60, deadline=None)
@given(width=st.integers(1, 300), height=st.integers(1, 300), kind=st.sampled_from(KINDS))
def test_every_format_tells_its_size(width: int, height: int, kind: str) -> None:
    """The header says what the library that made the picture was told."""
    assert size_of(base64.b64decode(picture(width, height, kind))) == (width, height)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("webp", {"lossless": True}),
        ("webp", {"exif": b"Exif\0\0II*\0\x08" + bytes(5)}),
        ("jpeg", {"progressive": True}),
        ("jpeg", {"exif": b"Exif\0\0" + b"x" * 20_000}),
        ("jpeg", {"comment": b"a kite"}),
    ],
)
def test_each_variant_of_a_format_tells_its_size(kind: str, how: dict[str, Any]) -> None:
    """Lossless, with a canvas, progressive, and with much in front of the size."""
    block = image(picture(300, 200, kind, **how), kind=kind)
    assert tokens(block) == 11 * 8


@pytest.mark.parametrize("filler", [b"\xff\xff\xff", b"\xff\xd0", b"\xff\x01"])
def test_fillers_in_a_jpeg_are_passed_over(filler: bytes) -> None:
    """Bytes and markers without a length may stand before any segment."""
    data = base64.b64decode(picture(30, 20, "jpeg"))
    assert size_of(data[:2] + filler + data[2:]) == (30, 20)


NO_SIZE = (
    b"",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xe0\x00\x04\x00\x00\x00",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a\x00\x00\x00\x00",
    b"RIFF\x00\x00\x00\x00WEBPJUNK",
    b"RIFF\x00\x00\x00\x00WEBPVP8 \x00",
)


@pytest.mark.parametrize("data", NO_SIZE)
def test_a_header_that_tells_no_size(data: bytes) -> None:
    """What breaks off, or says that it is nothing, is no picture."""
    assert size_of(data) is None
    message = body_of(World().post(asked_with(image(base64.b64encode(data or b"x").decode()))))
    assert "messages.0.content.0.image.source.base64" in message["error"]["message"]


def test_any_bytes_behind_a_signature_are_survived() -> None:
    """Ten thousand broken headers of each kind tell a size or none."""
    drawn = random.Random(7)
    for kind in KINDS:
        good = base64.b64decode(picture(kind=kind))
        for _ in range(2_000):
            broken = bytearray(good[: drawn.randrange(len(good))])
            for _ in range(min(4, len(broken))):
                broken[drawn.randrange(len(broken))] = drawn.randrange(256)
            size = size_of(bytes(broken))
            assert size is None or min(size) > 0


@pytest.mark.parametrize("source", [None, {}, {"data": 5}, {"data": "żółw"}, {"data": "A"}])
def test_a_source_without_a_picture_has_no_size(source: Any) -> None:
    """Whoever counts what nobody has checked gets no answer, and no error."""
    assert sent_size({"source": source}) is None


def test_what_is_only_linked_has_a_flat_price() -> None:
    """Nobody fetches it, so nobody knows its size."""
    assert tokens(linked()) == IMAGE_TOKENS == 1_500
    assert tokens(linked("document")) == IMAGE_TOKENS


LIMIT = "At least one of the image dimensions exceed max allowed size"


@imitates("no side of a picture may be longer than 8000 pixels", source=f"{VISION}; users' reports")
@imitates(
    "pictures that are too large are named in the details of the error",
    source="anthropic 2.12.0, types/image_dimensions_too_large_error_details.py",
)
def test_a_side_that_is_too_long() -> None:
    """The SDK's own class for it tells the limit, and each picture that is over it."""
    large = image(picture(8_001, 10))
    nested = document({"type": "content", "content": [large]})
    body = in_result(image(picture(8_000, 10)), large, nested)
    with pytest.raises(anthropic.BadRequestError, match=LIMIT) as refused:
        World().client().messages.create(**body)
    assert type(refused.value).__name__ == "ImageDimensionsTooLargeError"
    assert refused.value.api_message == (
        f"messages.2.content.0.tool_result.content.1.image.source.base64.data: {LIMIT}: 8000 pixels"
    )
    details = body_of(World().post(body))["error"]["details"]
    assert details == {
        "error_code": "image_dimensions_too_large",
        "max_side_length_pixels": 8_000,
        "paths": [
            "messages.2.content.0.content.1",
            "messages.2.content.0.content.2.source.content.0",
        ],
    }


def test_a_batch_tells_the_same_details() -> None:
    """The error in a result is the whole error."""
    world = World()
    client = world.client()
    params: Any = asked_with(image(picture(8_001, 10)))
    batch = client.messages.batches.create(requests=[{"custom_id": "a", "params": params}])
    world.clock.advance(24 * 3_600)
    (one,) = client.messages.batches.results(batch.id)
    told = one.to_dict()["result"]["error"]["error"]["details"]  # type: ignore[index]
    assert told["paths"] == ["messages.0.content.0"]


@imitates(
    "with more than 20 pictures, none may have a side of more than 2000 pixels", source=VISION
)
def test_many_pictures_must_be_smaller() -> None:
    """One more picture, and an old one is too large."""
    wide, small = image(picture(2_001, 10)), image()
    assert World().post(asked_with(wide, *[small] * 19)).status == 200
    plan = World().post(asked_with(wide, *[small] * 20))
    assert body_of(plan)["error"]["message"] == (
        f"messages.0.content.0.image.source.base64.data: {LIMIT} for many-image requests: "
        "2000 pixels"
    )
    exact = image(picture(2_000, 10))
    assert World().post(asked_with(exact, *[small] * 20)).status == 200


@imitates("a request has at most 600 pictures, 100 with a window of 200,000 tokens", source=VISION)
@pytest.mark.parametrize(("model", "most"), [(OLDER, 100), (MODEL, 600)])
def test_there_may_not_be_too_many_pictures(model: str, most: int) -> None:
    """Those of all turns count together."""
    half = {"role": "user", "content": [image()] * (most // 2)}
    turns = [half, {"role": "assistant", "content": "Nice."}, half]
    assert World().post(asked(model=model, messages=turns)).status == 200
    turns.append({"role": "user", "content": [image()]})
    plan = World().post(asked(model=model, messages=turns))
    assert plan.status == 400
    assert body_of(plan)["error"]["message"] == (
        f"messages: Too much media: 0 document pages + {most + 1} images > {most}"
    )


ERROR = {"transformations": {"oversized_image": "error"}}


@imitates(
    "a picture that would be scaled down is an error where the request says so", source=VISION
)
def test_scaling_down_can_be_an_error() -> None:
    """The message of the documentation, word for word; a model that sees it whole takes it."""
    block = image(picture(1_920, 1_080), **ERROR)
    plan = World().post(asked_with(block, model=OLDER))
    assert body_of(plan)["error"]["message"] == (
        "messages.0.content.0: image dimensions 1920x1080 exceed the maximum image size of a model "
        "named on this request and would be downsized to 1456x819; scale the image to at most "
        '1456x819 or set the image\'s oversized_image setting to "downsize"'
    )
    assert World().post(asked_with(block, model=NEWER)).status == 200
    assert World().post(asked_with(image(picture(1_456, 819), **ERROR), model=OLDER)).status == 200


@imitates("a picture whose size is not known never passes for one that fits", source=VISION)
def test_an_unknown_size_is_an_error_too() -> None:
    """A link that nobody follows cannot be promised to fit."""
    plan = World().post(asked_with(linked() | ERROR))
    assert plan.status == 400
    assert body_of(plan)["error"]["message"].startswith("messages.0.content.0: ")
