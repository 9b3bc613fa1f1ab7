"""The pictures of the Cost & Latency lab: one module for each."""

from labkit.views.cost.batches import BatchScene, Labels, Way, draw_batch
from labkit.views.cost.bills import BillScene, draw_bills
from labkit.views.cost.cache_plans import draw_cache_plans
from labkit.views.cost.cache_scene import CacheScene, CacheSide, Curve
from labkit.views.cost.calendar import CalendarScene, Lane, Meaning, draw_calendar
from labkit.views.cost.ceilings import CeilingScene, LengthBin, draw_ceilings
from labkit.views.cost.few_shot import Choice, FewShotScene, Shown, draw_few_shot
from labkit.views.cost.formulas import FormulaScene, Part, draw_formula
from labkit.views.cost.fronts import FrontPoint, FrontScene, Loss, draw_front
from labkit.views.cost.placing import PlacingScene, TaskRows, TierRow, draw_placing
from labkit.views.cost.prefixes import PrefixBlock, PrefixScene, draw_prefixes
from labkit.views.cost.prompt_rules import PromptScene, Rule, draw_prompt
from labkit.views.cost.replays import Layer, ReplayScene, ReplaySide, draw_replay
from labkit.views.cost.stacks import Block, stack_html, stack_image, swatch_table
from labkit.views.cost.workers import (
    ChatWait,
    Stretch,
    WorkerLane,
    WorkersScene,
    WorkersSide,
    draw_workers,
)

__all__ = [
    "BatchScene",
    "BillScene",
    "Block",
    "CacheScene",
    "CacheSide",
    "CalendarScene",
    "CeilingScene",
    "ChatWait",
    "Choice",
    "Curve",
    "FewShotScene",
    "FormulaScene",
    "FrontPoint",
    "FrontScene",
    "Labels",
    "Lane",
    "Layer",
    "LengthBin",
    "Loss",
    "Meaning",
    "Part",
    "PlacingScene",
    "PrefixBlock",
    "PrefixScene",
    "PromptScene",
    "ReplayScene",
    "ReplaySide",
    "Rule",
    "Shown",
    "Stretch",
    "TaskRows",
    "TierRow",
    "Way",
    "WorkerLane",
    "WorkersScene",
    "WorkersSide",
    "draw_batch",
    "draw_bills",
    "draw_cache_plans",
    "draw_calendar",
    "draw_ceilings",
    "draw_few_shot",
    "draw_formula",
    "draw_front",
    "draw_placing",
    "draw_prefixes",
    "draw_prompt",
    "draw_replay",
    "draw_workers",
    "stack_html",
    "stack_image",
    "swatch_table",
]
