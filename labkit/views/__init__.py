"""Everything that draws: the live view with its still twins, controls, and the kit's pictures.

Other rooms hand over frozen values; ``register`` lets IPython show them as views.
"""

from labkit.views.contrast import ContrastResult, Side, draw_contrast, side_from_run
from labkit.views.controls import Action, Control, amount, choice, toggle
from labkit.views.cost import (
    CalendarScene,
    ChatWait,
    Lane,
    Meaning,
    Stretch,
    WorkerLane,
    WorkersScene,
    WorkersSide,
    draw_calendar,
    draw_workers,
)
from labkit.views.drawing import Drawing, Provenance, Table
from labkit.views.escape import clean, plain
from labkit.views.pair import PairScene, PairSide, Step
from labkit.views.pair_drawing import draw_pair
from labkit.views.reliability import (
    Bin,
    Bug,
    Cell,
    Column,
    EvalSetScene,
    GateScene,
    GateSide,
    Histogram,
    LoopScene,
    Mix,
    MixScene,
    Phone,
    RefusalScene,
    Turn,
    Whisker,
    draw_eval_set,
    draw_gates,
    draw_loop,
    draw_mixes,
    draw_refusal,
)
from labkit.views.unknown import could_not_tell
from labkit.views.values import register
from labkit.views.verdict import draw_verdict
from labkit.views.view import View

__all__ = [
    "Action",
    "Bin",
    "Bug",
    "CalendarScene",
    "Cell",
    "ChatWait",
    "Column",
    "ContrastResult",
    "Control",
    "Drawing",
    "EvalSetScene",
    "GateScene",
    "GateSide",
    "Histogram",
    "Lane",
    "LoopScene",
    "Meaning",
    "Mix",
    "MixScene",
    "PairScene",
    "PairSide",
    "Phone",
    "Provenance",
    "RefusalScene",
    "Side",
    "Step",
    "Stretch",
    "Table",
    "Turn",
    "View",
    "Whisker",
    "WorkerLane",
    "WorkersScene",
    "WorkersSide",
    "amount",
    "choice",
    "clean",
    "could_not_tell",
    "draw_calendar",
    "draw_contrast",
    "draw_eval_set",
    "draw_gates",
    "draw_loop",
    "draw_mixes",
    "draw_pair",
    "draw_refusal",
    "draw_verdict",
    "draw_workers",
    "plain",
    "register",
    "side_from_run",
    "toggle",
]

register()
