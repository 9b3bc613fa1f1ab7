"""Reliability: the exercises of its lab."""

from labkit.checks.reliability.parsing import R10
from labkit.checks.reliability.refusals import R9
from labkit.checks.reliability.unreadable import R10_WARMUP
from labkit.checks.reliability.visible_text import R9_WARMUP

__all__ = ["EXERCISES"]

EXERCISES = (R9, R9_WARMUP, R10, R10_WARMUP)
