"""Reliability: the exercises of its lab."""

from labkit.checks.reliability.flip_chance import R3_WARMUP
from labkit.checks.reliability.paired_gate import R3
from labkit.checks.reliability.parsing import R10
from labkit.checks.reliability.refusals import R9
from labkit.checks.reliability.unreadable import R10_WARMUP
from labkit.checks.reliability.visible_text import R9_WARMUP

__all__ = ["EXERCISES"]

EXERCISES = (R3, R3_WARMUP, R9, R9_WARMUP, R10, R10_WARMUP)
