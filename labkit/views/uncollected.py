"""A picture first, then the garbage: no collection runs while a control's move is drawn."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector wait for this block, where it is at work.

    Behind a whole lesson it has half a million objects to look at, which takes up to half a
    second, and it begins wherever the next object is made: often in the middle of a drawing.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
