"""Cost and latency: the exercises of its lab."""

from labkit.checks.cost.ablating import C4
from labkit.checks.cost.batches import C11
from labkit.checks.cost.break_even import C8_WARMUP
from labkit.checks.cost.caching import C8
from labkit.checks.cost.choosing import C1
from labkit.checks.cost.job_queue import C10
from labkit.checks.cost.last_words import C12_WARMUP
from labkit.checks.cost.named import C3_WARMUP
from labkit.checks.cost.noninferiority import C2
from labkit.checks.cost.picking import C5
from labkit.checks.cost.pinning import C3
from labkit.checks.cost.pricing import C9
from labkit.checks.cost.reached import C6_WARMUP
from labkit.checks.cost.right_price import C1_WARMUP
from labkit.checks.cost.same_start import C7_WARMUP
from labkit.checks.cost.stable_prefix import C7
from labkit.checks.cost.streaming import C12
from labkit.checks.cost.tokens_per_task import C6
from labkit.checks.cost.whole_prompt import C9_WARMUP

__all__ = ["EXERCISES"]

EXERCISES = (
    C1,
    C1_WARMUP,
    C2,
    C3,
    C3_WARMUP,
    C4,
    C5,
    C6,
    C6_WARMUP,
    C7,
    C7_WARMUP,
    C8,
    C8_WARMUP,
    C9,
    C9_WARMUP,
    C10,
    C11,
    C12,
    C12_WARMUP,
)
