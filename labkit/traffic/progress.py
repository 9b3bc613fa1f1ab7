"""A progress bar for a person at a terminal; nothing where nobody watches."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int, shown: bool | None) -> Iterator[Callable[[], object]]:
    """What to call after each of ``total`` steps.

    The bar stands on stderr and is gone at the end. None shows it at a terminal alone, so a
    notebook's outputs hold none unless it is asked for.
    """
    if not (sys.stderr.isatty() if shown is None and sys.stderr else shown):
        yield lambda: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - nobody else waits for it to load

    class Bar(tqdm):  # type: ignore[misc]
        """A bar without the thread that tqdm would start to watch it."""

        monitor_interval = 0

    Bar.set_lock(threading.RLock())
    with Bar(total=total, unit=" questions", file=sys.stderr, leave=False) as bar:
        yield bar.update
