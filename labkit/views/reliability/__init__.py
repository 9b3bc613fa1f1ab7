"""The pictures of the Reliability lab: one module for each."""

from labkit.views.reliability.crowd import CrowdScene, Wave, draw_crowd
from labkit.views.reliability.eval_sets import (
    Bug,
    Cell,
    EvalSetScene,
    Whisker,
    draw_eval_set,
)
from labkit.views.reliability.gates import (
    Column,
    GateScene,
    GateSide,
    Histogram,
    draw_gates,
)
from labkit.views.reliability.mixes import Bin, Mix, MixScene, draw_mixes
from labkit.views.reliability.refusals import Phone, RefusalScene, Shown, Turn, draw_refusal
from labkit.views.reliability.thresholds import ThresholdScene, draw_thresholds
from labkit.views.reliability.tool_loop import LoopScene, draw_loop

__all__ = [
    "Bin",
    "Bug",
    "Cell",
    "Column",
    "CrowdScene",
    "EvalSetScene",
    "GateScene",
    "GateSide",
    "Histogram",
    "LoopScene",
    "Mix",
    "MixScene",
    "Phone",
    "RefusalScene",
    "Shown",
    "ThresholdScene",
    "Turn",
    "Wave",
    "Whisker",
    "draw_crowd",
    "draw_eval_set",
    "draw_gates",
    "draw_loop",
    "draw_mixes",
    "draw_refusal",
    "draw_thresholds",
]
