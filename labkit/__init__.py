"""A lab kit that takes an LLM prototype to a production system.

``Lab``, ``contrast`` and ``check`` are loaded when they are first asked for, so that a service
which imports one building block loads neither the simulated provider nor any widget.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.checks import check as check
    from labkit.contrast import contrast as contrast
    from labkit.lab import Lab as Lab

__all__ = ["Lab", "check", "contrast"]

_HOMES = {"Lab": "labkit.lab", "check": "labkit.checks", "contrast": "labkit.contrast"}


def __getattr__(name: str) -> object:
    """Load a public name from its room, and remember it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'labkit' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    if "IPython" in sys.modules:
        import_module("labkit.views.values").register()
    globals()[name] = value
    return value
