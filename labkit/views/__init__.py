"""Everything that draws: the live view with its still twins, controls, and the kit's pictures.

Here is what the views of every area need; what only one of them draws has a module of its own.
Other rooms hand over frozen values; ``register`` lets IPython show them as views.
"""

from labkit.views.controls import Action, Control, amount, choice, toggle
from labkit.views.drawing import Drawing, Provenance, Table
from labkit.views.pair import PairScene, PairSide, Step
from labkit.views.pair_drawing import draw_pair
from labkit.views.sides import Who
from labkit.views.values import register
from labkit.views.view import View

__all__ = [
    "Action",
    "Control",
    "Drawing",
    "PairScene",
    "PairSide",
    "Provenance",
    "Step",
    "Table",
    "View",
    "Who",
    "amount",
    "choice",
    "draw_pair",
    "toggle",
]

register()
