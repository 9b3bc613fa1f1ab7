"""What the pictures and documents of one request may not be together, or for this model.

    messages, model -> how many pictures, how large, cited or not -> a refusal or nothing

Sources: docs: vision, coordinates and bounding boxes, citations, search results, read 2026-11-24;
anthropic 2.12.0, ``types/image_dimensions_too_large_error_details.py``.
"""

from collections.abc import Sequence

from labkit.catalog import Model
from labkit.sim.attached import Attached, attached
from labkit.sim.pictures import Resolution, sent_size
from labkit.sim.rejection import Rejection, invalid
from labkit.sim.tokens import TOKENIZERS

MOST_IMAGES, MOST_IN_SMALL_WINDOW = 600, 100
SMALL_WINDOW_TOKENS = 200_000
MAX_SIDE_PX = 8_000
MANY_IMAGES, MAX_SIDE_OF_MANY_PX = 20, 2_000
"""With more images than that, each may only be so large."""
TOO_LARGE = "image_dimensions_too_large"


def check_attachments(messages: object, known: Model) -> None:
    """Refuse too many or too large pictures, and documents of which only some are to be cited."""
    found = list(attached(messages))
    images = [one for one in found if one.block["type"] == "image"]
    check_count(len(images), known)
    check_sides(images)
    for image in images:
        check_resolution(image, TOKENIZERS[known.tokenizer].resolution)
    for kind in ("document", "search_result"):
        check_cited_alike([one for one in found if one.block["type"] == kind])


def check_count(images: int, known: Model) -> None:
    """Refuse more pictures than a request may have."""
    is_small = known.context_window <= SMALL_WINDOW_TOKENS
    most = MOST_IN_SMALL_WINDOW if is_small else MOST_IMAGES
    if images > most:
        raise invalid(f"messages: Too much media: 0 document pages + {images} images > {most}")


def check_sides(images: Sequence[Attached]) -> None:
    """Refuse pictures with a side that is too long, more strictly where there are many."""
    many = len(images) > MANY_IMAGES
    most_px = MAX_SIDE_OF_MANY_PX if many else MAX_SIDE_PX
    large = [one for one in images if max(sent_size(one.block) or (0,)) > most_px]
    if large:
        limit = f"max allowed size{' for many-image requests' if many else ''}: {most_px} pixels"
        raise Rejection(
            400,
            f"{large[0].where}.source.base64.data: At least one of the image dimensions exceed "
            f"{limit}",
            TOO_LARGE,
            details={"max_side_length_pixels": most_px, "paths": [one.path for one in large]},
        )


def check_resolution(image: Attached, resolution: Resolution) -> None:
    """Refuse a picture that would be scaled down, where the request asks for that."""
    wishes = image.block.get("transformations")
    if not isinstance(wishes, dict) or wishes.get("oversized_image") != "error":
        return
    size = sent_size(image.block)
    if size is None:
        raise invalid(f"{image.path}: the source dimensions of the image could not be determined")
    fitted = resolution.fitted(size)
    if fitted != size:
        raise invalid(
            f"{image.path}: image dimensions {size} exceed the maximum image size of a model named "
            f"on this request and would be downsized to {fitted}; scale the image to at most "
            f'{fitted} or set the image\'s oversized_image setting to "downsize"'
        )


def check_cited_alike(some: Sequence[Attached]) -> None:
    """Refuse to cite some documents, or some search results, and not the others."""
    first = some[0] if some else None
    for one in some:
        if first and is_cited(one) != is_cited(first):
            raise invalid(
                f"{one.where}.citations: citations must be enabled on all or none of the "
                f"{one.block['type']} blocks"
            )


def is_cited(one: Attached) -> bool:
    """Whether citations are on."""
    asks = one.block.get("citations")
    return isinstance(asks, dict) and asks.get("enabled") is True
