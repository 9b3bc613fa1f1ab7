"""Two apps side by side: the same questions, the same faults, fresh equal labs.

``contrast`` asks questions while something goes wrong; ``refusals`` holds a short conversation
in which the model declines. Both really run both apps, at first sight and after every change.
``replies_read`` and ``forms_read`` ask many questions and count. ``bad_hour`` is the drill;
``gates`` runs no app but simulated CI runs, ``crowd`` 200 clients that fail at once.
"""

from labkit.contrast.bad_hour import bad_hour
from labkit.contrast.crowd import crowd
from labkit.contrast.gates import gates
from labkit.contrast.parsing import forms_read, parsing
from labkit.contrast.questions import FAULTS, contrast
from labkit.contrast.refusals import refusals, replies_read
from labkit.contrast.tool_moods import tool_moods

__all__ = [
    "FAULTS",
    "bad_hour",
    "contrast",
    "crowd",
    "forms_read",
    "gates",
    "parsing",
    "refusals",
    "replies_read",
    "tool_moods",
]
