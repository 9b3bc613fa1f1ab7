"""Cost: what a question costs, what costs nothing, and what is not worth its price.

pricing     what one answer costs, part by part           cost_of, cost_usd
ledger      what the app spent, by what it was for        UsageLedger, labelled
blaming     a day's bill split by cause                   blame
tiers       the cheapest tier that is good enough         choose_tier, pareto
paired      whether the cheaper one is as good            noninferior
outcomes    what an eval saw of each tier                 Outcome, Outcomes
outcome_csv the same, from a CSV of one's own             read_outcomes
trade_offs  a decision about tiers, as a dated record     trade_off
pinning     model ids in source code that move            find_unpinned
ablation    which sentence of a prompt earns its tokens   ablate
examples    few-shot examples that do not leak            pick_examples
ceilings    max_tokens for each task                      set_ceiling
prefix      requests that share what can be cached        build_request, common_prefix
caching     what a cache costs on this traffic            cache_bill, break_even_per_hour
jobs        slow work off the path of a request           JobQueue
batches     results in any order                          reconcile
relaying    a stream, shown sentence by checked sentence  relay

Runs unchanged against the real API; nothing here knows of a lab.
"""

from labkit.cost.ablation import Ablated, Ablation, ablate
from labkit.cost.attempts import labelled
from labkit.cost.batches import Reconciled, reconcile
from labkit.cost.blaming import Blame, blame
from labkit.cost.caching import (
    CacheBill,
    break_even_hit_rate,
    break_even_per_hour,
    cache_bill,
    expected_multiplier,
)
from labkit.cost.ceilings import set_ceiling
from labkit.cost.examples import Example, pick_examples
from labkit.cost.jobs import Job, JobQueue, QueueFullError
from labkit.cost.ledger import UsageLedger
from labkit.cost.lines import Line, Spend, Spending
from labkit.cost.outcome_csv import read_outcomes
from labkit.cost.outcomes import Outcome, Outcomes
from labkit.cost.paired import Verdict, noninferior
from labkit.cost.pinning import Finding, find_unpinned
from labkit.cost.prefix import build_request
from labkit.cost.pricing import Bill, Prices, cost_of, cost_usd
from labkit.cost.relaying import Relayed, relay, relay_async
from labkit.cost.shared import Shared, common_prefix
from labkit.cost.tiers import Choice, Plan, Point, Task, Trial, choose_tier, pareto
from labkit.cost.tokens import Tokens
from labkit.cost.trade_offs import Chosen, TradeOff, trade_off

__all__ = [
    "Ablated",
    "Ablation",
    "Bill",
    "Blame",
    "CacheBill",
    "Choice",
    "Chosen",
    "Example",
    "Finding",
    "Job",
    "JobQueue",
    "Line",
    "Outcome",
    "Outcomes",
    "Plan",
    "Point",
    "Prices",
    "QueueFullError",
    "Reconciled",
    "Relayed",
    "Shared",
    "Spend",
    "Spending",
    "Task",
    "Tokens",
    "TradeOff",
    "Trial",
    "UsageLedger",
    "Verdict",
    "ablate",
    "blame",
    "break_even_hit_rate",
    "break_even_per_hour",
    "build_request",
    "cache_bill",
    "choose_tier",
    "common_prefix",
    "cost_of",
    "cost_usd",
    "expected_multiplier",
    "find_unpinned",
    "labelled",
    "noninferior",
    "pareto",
    "pick_examples",
    "read_outcomes",
    "reconcile",
    "relay",
    "relay_async",
    "set_ceiling",
    "trade_off",
]
