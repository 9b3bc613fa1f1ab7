"""Lists as the API pages them: ``{data, has_more, first_id, last_id}``.

Source: docs: batch processing and models, 2026-08-22; anthropic 2.12.0, ``pagination.py``.
"""

from collections.abc import Collection, Mapping, Sequence

from labkit.sim.rejection import invalid

USUAL, MOST = 20, 1_000


def page(
    items: Sequence[Mapping[str, object]],
    query: Mapping[str, str],
    empty: Collection[str] = (),
) -> Mapping[str, object]:
    """The page of ``items`` (each with an ``id``) that ``limit`` and a cursor ask for.

    A cursor that names no item gives an empty page; one that is in ``empty`` gives it also
    where both cursors are given.

    Raises:
        Rejection: The limit is no number from 1 to 1,000, or both cursors are given.
    """
    size = limit(query.get("limit"))
    after, before = query.get("after_id"), query.get("before_id")
    if after in empty or before in empty:
        return {"data": [], "has_more": False, "first_id": None, "last_id": None}
    if after is not None and before is not None:
        raise invalid("before_id: only one of before_id and after_id may be given")
    places = {str(item["id"]): at for at, item in enumerate(items)}
    start, end = 0, len(items)
    if after is not None:
        start = places.get(after, end - 1) + 1
    if before is not None:
        end = places.get(before, 0)
    shown = items[max(start, end - size) : end] if before is not None else items[start:end][:size]
    left = end - start - len(shown)
    ids = [item["id"] for item in shown]
    return {
        "data": list(shown),
        "has_more": left > 0,
        "first_id": ids[0] if ids else None,
        "last_id": ids[-1] if ids else None,
    }


def limit(told: str | None) -> int:
    """How many items a page has at the most."""
    if told is None:
        return USUAL
    if not (told.isascii() and told.isdecimal() and len(told) < len(str(MOST)) + 1):
        raise invalid("limit: Input should be a valid integer")
    if not 1 <= int(told) <= MOST:
        raise invalid(f"limit: Input should be between 1 and {MOST}")
    return int(told)
