"""An eval set as a TOML file of one's own; anything wrong in it names the file and the line.

[[sample]] tables -> load_samples -> samples, as the running case writes its own
"""

from importlib.resources.abc import Traversable

from labkit.errors import ArgumentError
from labkit.evals.scorers import scorer
from labkit.evals.values import Sample, Scorer
from labkit.tables import Row, read_rows

KEYS = ("id", "kind", "topic", "tags", "language", "source", "input", "documents", "target")


def load_samples(file: Traversable) -> tuple[Sample, ...]:
    """The samples of a file, in its order; each has its own id."""
    found: dict[str, Sample] = {}
    for row in read_rows(file, "sample"):
        one = read_sample(row)
        if one.id in found:
            raise row.wrong(f"the id {one.id!r} is taken", "give each sample its own")
        found[one.id] = one
    return tuple(found.values())


def read_sample(row: Row) -> Sample:
    """One ``[[sample]]``: its id, kind, input and target are needed, the rest may be left out."""
    row.only(*KEYS)
    fields = row.fields
    topic = (row.text("topic"),) if "topic" in fields else ()
    return Sample(
        id=row.text("id"),
        input=row.text("input"),
        scorers=tuple(read_scorer(row, name, to) for name, to in row.table("target").items()),
        tags=(row.text("kind"), *topic, *row.texts("tags")),
        language=row.text("language") if "language" in fields else "en",
        source=row.text("source") if "source" in fields else "written",
        documents=row.texts("documents"),
    )


def read_scorer(row: Row, name: str, target: object) -> Scorer:
    """One entry of a sample's ``target``."""
    try:
        return scorer(name, target)
    except ArgumentError as error:
        raise row.wrong(str(error).rstrip("."), "correct the target") from None
