"""A day of every kind of call: what the provider bills is what stands on the wire."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
from sim_caching import LONG, SENTENCE, mark, text, turn
from sim_world import EVERYTHING, TOOLS, Says, asked

from labkit import Lab
from labkit.cost import UsageLedger, blame
from labkit.sim import Drift, refused

BETA = "context-management-2025-06-27"
CALLS = 500
HOUR_S = 3600.0
MODELS = (
    "lab-fast-1",
    "lab-fast-2",
    "lab-balanced-1",
    "lab-frontier-1",
    "claude-opus-5-5",
    "claude-sonnet-5",
    "claude-haiku-5-5",
    "claude-haiku-4-5",
)
THINKERS = ("claude-opus-5-5", "claude-sonnet-5")
CLEAR = {
    "type": "clear_tool_uses_20250919",
    "trigger": {"type": "input_tokens", "value": 1_500},
    "keep": {"type": "tool_uses", "value": 2},
}
FORGET = {"type": "clear_thinking_20251015", "keep": {"type": "thinking_turns", "value": 1}}


class Conversation:
    """One that goes on, with calls of tools and their results."""

    def __init__(self, model: str, number: int) -> None:
        """Begin with a question."""
        self.model = model
        self.number = number
        self.messages: list[Any] = [turn(text(f"Question {number}: how long is a drill lent?"))]

    def request(self, luck: Random) -> dict[str, Any]:
        """The next step, with caches, edits and tiers as they are drawn."""
        fields = asked(model=self.model, messages=self.messages, tools=TOOLS, max_tokens=400)
        if self.number % 3:
            ttl = luck.choice([None, "5m", "1h"])
            fields["system"] = [text(f"{self.number % 2}. {SENTENCE * LONG * 3}", ttl)]
            fields |= mark(ttl) if luck.random() < 0.5 else {}
        if luck.random() < 0.5:
            forgets = self.model in THINKERS and luck.random() < 0.5
            edits = [*([FORGET] if forgets else []), CLEAR]
            fields |= {"betas": [BETA], "context_management": {"edits": edits}}
        if luck.random() < 0.2:
            fields["inference_geo"] = "us"
        if luck.random() < 0.1:
            fields["max_tokens"] = luck.choice([1, 9])
        return fields

    def goes_on(self, said: Any) -> None:
        """Take what was said to its end, and answer it: results of tools, or another question."""
        content = said.to_dict()["content"]
        if said.stop_reason not in ("tool_use", "end_turn"):
            return
        results = [
            {"type": "tool_result", "tool_use_id": one["id"], "content": SENTENCE * 20}
            for one in content
            if one["type"] == "tool_use"
        ]
        self.messages = [*self.messages, {"role": "assistant", "content": content}]
        self.messages.append(turn(*(results or [text("And a ladder?")])))
        if len(self.messages) > 24:
            self.messages = self.messages[:1]


class Day:
    """Calls of all kinds in one lab."""

    def __init__(self, seed: int) -> None:
        """Begin a day of which an hour lies before a model's drift and an alias's move."""
        self.luck = Random(seed)
        self.lab = Lab(
            seed,
            model=Says(EVERYTHING, "tool_use"),  # type: ignore[arg-type]
            today=date(2026, 11, 30),
            drift=Drift(date(2026, 12, 1), share=0.5),
            faults=[refused("empty", rate=0.05), refused("midstream", rate=0.05)],
        )
        self.talks = [Conversation(one, n) for n, one in enumerate(MODELS * 2)]
        self.batches: list[str] = []
        self.kinds: Counter[str] = Counter()

    def lived(self) -> Lab:
        """The lab once everything has been called, and every batch has been read."""
        for _ in range(CALLS):
            kind = self.luck.choices(("create", "stream", "raw", "batch", "poll"), (9, 6, 4, 1, 1))
            self.kinds[kind[0]] += 1
            getattr(self, kind[0])(self.luck.choice(self.talks))
            self.lab.clock.sleep(self.luck.choice((1.0, 20.0, 90.0, 400.0)))
        self.lab.clock.sleep(24 * HOUR_S)
        for name in self.batches:
            list(self.lab.client.beta.messages.batches.results(name))
        return self.lab

    def create(self, talk: Conversation) -> None:
        """Without streaming."""
        said = self.lab.client.beta.messages.create(**talk.request(self.luck))
        talk.goes_on(said)

    def stream(self, talk: Conversation) -> None:
        """With the SDK's helper."""
        with self.lab.client.beta.messages.stream(**talk.request(self.luck)) as events:
            talk.goes_on(events.get_final_message())

    def raw(self, talk: Conversation) -> None:
        """With the events as they are, read to the end."""
        list(self.lab.client.beta.messages.create(**talk.request(self.luck), stream=True))

    def batch(self, talk: Conversation) -> None:
        """Several steps at once, one of them bad."""
        wanted = []
        for number, one in enumerate([talk, *self.luck.sample(self.talks, 5)]):
            params = one.request(self.luck)
            params.pop("betas", None)
            wanted.append({"custom_id": f"n{number}", "params": params})
        wanted.append({"custom_id": "bad", "params": {"model": talk.model}})
        made = self.lab.client.beta.messages.batches.create(requests=wanted, betas=[BETA])  # type: ignore[arg-type]
        self.batches.append(made.id)

    def poll(self, _: Conversation) -> None:
        """Look at all batches, and read one that has ended."""
        batches = self.lab.client.beta.messages.batches
        ended = [one.id for one in batches.list() if one.processing_status == "ended"]
        for name in ended[:1]:
            list(batches.results(name))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_invoice_is_the_sum_over_the_wire(seed: int) -> None:
    """500 calls of all kinds: the trace adds up from bytes what the provider has billed."""
    day = Day(seed)
    lab = day.lived()
    invoice, trace = lab.invoice, lab.trace
    assert min(day.kinds.values()) > 10
    assert trace.cost_usd == pytest.approx(float(invoice.total_usd), abs=1e-9)


def test_a_ledger_in_the_app_adds_up_to_the_invoice() -> None:
    """The same day through the SDK's own layers: every meter is the bill, to the last digit."""
    day, ledger = Day(3), UsageLedger()
    day.lab.client = day.lab.client.with_options(middleware=[ledger])
    lab = day.lived()
    assert ledger.total.usd == lab.invoice.total_usd
    assert blame(ledger.lines).total_usd == lab.invoice.total_usd
    assert (ledger.total.unpriced, ledger.total.at_least, ledger.under_way) == (0, 0, 0)
    assert {line.bills[0].terms for line in ledger.lines if line.bills} > {"", "batch", "us"}
