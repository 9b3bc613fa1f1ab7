"""What a service may import from the room; a name that goes is a major change."""

import inspect

from labkit import cost

NAMES: dict[str, str] = {
    "ablation": "Ablated Ablation ablate",
    "batches": "Reconciled reconcile",
    "blaming": "Blame blame",
    "caching": "CacheBill break_even_hit_rate break_even_per_hour cache_bill expected_multiplier",
    "ceilings": "set_ceiling",
    "examples": "Example pick_examples",
    "jobs": "Job JobQueue QueueFullError",
    "ledger": "Line Spend Spending UsageLedger labelled",
    "outcome_csv": "read_outcomes",
    "outcomes": "Outcome Outcomes",
    "paired": "Verdict noninferior",
    "pinning": "Finding find_unpinned",
    "prefix": "Shared build_request common_prefix",
    "pricing": "Bill Prices Tokens cost_of cost_usd",
    "relaying": "Relayed relay relay_async",
    "tiers": "Choice Plan Point Task Trial choose_tier pareto",
    "trade_offs": "Chosen TradeOff trade_off",
}


ALIASES = {"Prices"}
"""Names of types, which have no docstring of their own."""


def test_the_names_are_these():
    """Sorted, each there, and none but these."""
    assert sorted(cost.__all__) == sorted(" ".join(NAMES.values()).split())
    assert len(cost.__all__) == len(set(cost.__all__))
    assert all(hasattr(cost, name) for name in cost.__all__)


def test_every_name_says_what_it_is():
    """And each is of this room, so that nothing is public twice."""
    for name in set(cost.__all__) - ALIASES:
        thing = getattr(cost, name)
        assert inspect.getdoc(thing), name
        assert thing.__module__.startswith("labkit.cost."), name


def test_the_door_says_every_module():
    """With what each is for; a module that it does not name is not found."""
    assert cost.__doc__ is not None
    assert all(f"\n{module} " in cost.__doc__ for module in NAMES)
