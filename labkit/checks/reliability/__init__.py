"""Reliability: the exercises of its lab."""

from labkit.checks.reliability.abstaining import R6
from labkit.checks.reliability.different import R1_WARMUP
from labkit.checks.reliability.drawing import R4
from labkit.checks.reliability.eval_sets import R1
from labkit.checks.reliability.fingerprints import R2
from labkit.checks.reliability.flip_chance import R3_WARMUP
from labkit.checks.reliability.full_jitter import R11_WARMUP
from labkit.checks.reliability.grounding import R5
from labkit.checks.reliability.paired_gate import R3
from labkit.checks.reliability.parsing import R10
from labkit.checks.reliability.quotes import R7
from labkit.checks.reliability.refusals import R9
from labkit.checks.reliability.retrying import R11
from labkit.checks.reliability.staging import R8
from labkit.checks.reliability.tool_loop import R12
from labkit.checks.reliability.unreadable import R10_WARMUP
from labkit.checks.reliability.visible_text import R9_WARMUP
from labkit.checks.reliability.written import R2_WARMUP

__all__ = ["EXERCISES"]

EXERCISES = (
    R1,
    R1_WARMUP,
    R2,
    R2_WARMUP,
    R3,
    R3_WARMUP,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R9_WARMUP,
    R10,
    R10_WARMUP,
    R11,
    R11_WARMUP,
    R12,
)
