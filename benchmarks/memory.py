"""Memory: what a learner's kernel holds after a whole page, and what a day of calls leaves.

page -> run in a kernel of its own -> one more cell: what this process holds
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat.v4 import new_code_cell

from benchmarks.views import PAGES
from labkit.cli.notebooks import execute, opened

MEGABYTE = 2**20
HELD = "__import__('psutil').Process().memory_info().rss"
DAY = f"""
from benchmarks.floors import async_app
from labkit.traffic import traffic
kept = traffic(async_app, per_hour=100)
before = {HELD}
day = traffic(async_app, hours=24, per_hour=20_000 / 24, pattern="daily")
assert len(day.trace) == 20_000
print({HELD} - before)
"""


def kernels() -> Iterator[tuple[str, float]]:
    """Each page, and the megabytes of its kernel once every cell has run."""
    for page in PAGES:
        book = opened(page)
        book.cells.append(new_code_cell(HELD))
        with tempfile.TemporaryDirectory(prefix="lk") as folder:
            execute(book, page.parent, Path(folder))
        (shown,) = book.cells[-1].outputs
        yield page.stem, int(shown["data"]["text/plain"]) / MEGABYTE


def day_mb() -> float:
    """What a day of 20,000 calls leaves in memory, in a process of its own."""
    return int(subprocess.check_output([sys.executable, "-c", DAY])) / MEGABYTE
