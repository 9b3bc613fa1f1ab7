"""``Lab``: everything that one run of an app needs, made from one seed."""

import inspect
import os
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

import anthropic
from anthropic.types import Message

from labkit import catalog, clock
from labkit.arguments import every, function, number, refused, whole
from labkit.errors import ArgumentError, OutOfBudget
from labkit.evals import Report, Sample, evaluate
from labkit.lab.clients import (
    Backoff,
    LabAsyncClient,
    LabAsyncHTTPClient,
    LabClient,
    LabHTTPClient,
    options_for,
)
from labkit.lab.live import live_async_transport, live_transport
from labkit.lab.run import App, Run, run_once
from labkit.sim.clock import LAB_BEGINS, SimClock, begins_on
from labkit.sim.core import Provider
from labkit.sim.drift import Drift
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.ledger import Invoice
from labkit.sim.limits import Limits
from labkit.sim.luck import Luck
from labkit.sim.model import SimulatedModel
from labkit.sim.reply import Explanation, RuleFired
from labkit.sim.transport import AsyncSimulatedTransport, SimulatedTransport
from labkit.trace import AsyncRecordingTransport, Recorder, RecordingTransport, Trace

T = TypeVar("T")

PROVIDERS = ("sim", "live")


class Lab:
    """One seeded world for an app to run in."""

    def __init__(  # noqa: PLR0913 - settings, all but the seed by name
        self,
        seed: int = 7,
        *,
        provider: str = "sim",
        pace: float = 0.0,
        model: SimulatedModel | None = None,
        faults: Iterable[Fault] = (),
        today: date | None = None,
        limits: Limits | None = None,
        drift: Drift | None = None,
        max_attempts: int | None = None,
        max_seconds: float = float("inf"),
    ) -> None:
        """Build the world; nothing is sent yet.

        Args:
            seed: The same seed gives the same bytes.
            provider: ``sim`` (no key, no network) or ``live`` (the real API, your key).
            pace: Real seconds per simulated second; 0 does not wait.
            model: The model behind the simulated provider.
            faults: What goes wrong; ``labkit.sim`` has them.
            today: The day on which the lab's calendar begins, at nine; 23 November 2026 if not
                given. Aliases, deprecations and retirements go by it.
            limits: What may be used per minute and in USD; the documented first tier if None.
            drift: What changes in every model on a day, unannounced.
            max_attempts: Attempts after which ``OutOfBudget`` ends the app.
            max_seconds: Simulated seconds after which ``OutOfBudget`` ends the app.

        Raises:
            ArgumentError: A setting cannot be used; for ``live``, also without a key.
        """
        begins = _begins(today, provider)
        _check_drift(drift, provider)
        _check_provider(provider, faults := _faults(faults))
        _check_model(model)
        _check_limits(limits, provider)
        if max_attempts is not None:
            whole("max_attempts", max_attempts, "Attempts cannot be counted so.", least=0)
        pace = number("pace", pace, "Time cannot run so.")
        number("max_seconds", max_seconds, "An app cannot be given so much time.", endless=True)
        self.seed = whole("seed", seed, "The same seed must give the same bytes.")
        self.provider = provider
        self._settings: dict[str, Any] = {
            "provider": provider,
            "pace": pace,
            "model": model or SimulatedModel(),
            "faults": faults,
            "today": today,
            "limits": limits,
            "drift": drift,
            "max_attempts": max_attempts,
            "max_seconds": max_seconds,
        }
        self.clock: clock.Clock = (
            SimClock(begins=begins, pace=pace, limit_s=max_seconds)
            if provider == "sim"
            else clock.SystemClock()
        )
        self._recorder = Recorder(self.clock)
        self._attempts_left = max_attempts

    def __repr__(self) -> str:
        """Which lab it is, its date, and how much has happened."""
        done = self._recorder.number
        so_far = f"{done:,} attempt{'' if done == 1 else 's'} so far" if done else "no attempt yet"
        made = f"Lab(seed={self.seed}, provider={self.provider!r})"
        return f"{made}: {self.clock.utcnow():%Y-%m-%d}, {so_far}"

    @property
    def trace(self) -> Trace:
        """Every attempt of this lab so far."""
        return self._recorder.trace

    @cached_property
    def client(self) -> anthropic.Anthropic:
        """The SDK's synchronous client."""
        if self.provider == "live":
            inner = RecordingTransport(live_transport(), self._recorder)
            return anthropic.Anthropic(http_client=anthropic.DefaultHttpxClient(transport=inner))
        sent = SimulatedTransport(self._provider, self._sim_clock, budget=self._spend_attempt)
        recorded = RecordingTransport(sent, self._recorder)
        return LabClient(**options_for(LabHTTPClient(recorded, self._backoff, self.__repr__)))

    @cached_property
    def async_client(self) -> anthropic.AsyncAnthropic:
        """The SDK's asynchronous client; use it inside ``lab.run``."""
        if self.provider == "live":
            inner = AsyncRecordingTransport(live_async_transport(), self._recorder)
            return anthropic.AsyncAnthropic(
                http_client=anthropic.DefaultAsyncHttpxClient(transport=inner)
            )
        sent = AsyncSimulatedTransport(self._provider, self._sim_clock, budget=self._spend_attempt)
        recorded = AsyncRecordingTransport(sent, self._recorder)
        return LabAsyncClient(
            **options_for(LabAsyncHTTPClient(recorded, self._backoff, self.__repr__))
        )

    def model(self, tier: str = "balanced") -> str:
        """The model id of a tier: ``fast``, ``balanced`` or ``frontier``."""
        known = catalog.tier(tier)
        return catalog.REAL_IDS[tier] if self.provider == "live" else known.id

    def ask(self, app: App, question: str) -> Run:
        """Run an app on one question; what it raises becomes part of the result."""
        with clock.use(self.clock):
            return run_once(app, self.client, question, recorder=self._recorder)

    def run(self, main: Callable[[anthropic.AsyncAnthropic], Coroutine[Any, Any, T]]) -> T:
        """Run an asynchronous function of the client to its end, and return what it returns.

        Calls that overlap take the longest wait, not the sum.
        """
        function("main", main, "client", awaited=True)
        with clock.use(self.clock):
            return self._sim_clock.run(lambda: _coroutine(main(self.async_client)))

    def evaluate(self, app: App, samples: Sequence[Sample]) -> Report:
        """Score an app on samples, each in a fresh equal lab on its own clock."""
        with ExitStack() as clocks:

            def client_for(_: Sample) -> anthropic.Anthropic:
                lab = self.fresh()
                clocks.enter_context(clock.use(lab.clock))
                return lab.client

            return evaluate(app, samples, client_for)

    def fresh(self, *, seed: int | None = None, faults: Iterable[Fault] | None = None) -> "Lab":
        """An equal lab in which nothing has happened yet.

        With faults it is a simulated one, also beside a live lab: the real API cannot be made to
        fail.
        """
        settings = dict(self._settings)
        if faults is not None:
            settings |= {"faults": faults, "provider": "sim"}
        return Lab(self.seed if seed is None else seed, **settings)

    @contextmanager
    def faults(self, *faults: Fault) -> Iterator[None]:
        """Make these things go wrong inside a ``with`` block."""
        _check_provider(self.provider, _faults(faults))
        state = self._provider.state
        before, state.faults = state.faults, FaultScript(faults)
        try:
            yield
        finally:
            state.faults = before

    def explain(self, message: Message | str) -> Explanation:
        """Which rules and faults made this reply."""
        name = message if isinstance(message, str) else getattr(message, "id", None)
        if not isinstance(name, str):
            how = "It has no id, so nothing is known of it."
            raise refused("message", message, how, "Give a reply of this lab, or its id.")
        if self.provider == "live":
            return Explanation(name, (RuleFired("live", "the real API gives no reasons"),))
        return self._provider.explain(name)

    @property
    def invoice(self) -> Invoice:
        """What the simulated provider has billed so far, by model.

        It knows what it answered, not what arrived: an answer that the client gave up costs.
        """
        if self.provider == "live":
            raise ArgumentError(
                "This lab talks to the real API. Its invoice stands in the provider's console. "
                "Read lab.trace.cost_usd, which prices what came on the wire."
            )
        return self._provider.invoice(self.clock.monotonic())

    @cached_property
    def _provider(self) -> Provider:
        return Provider(
            self.seed,
            self._settings["model"],
            started_at=_begins(self._settings["today"], self.provider),
            faults=FaultScript(self._settings["faults"]),
            limits=self._settings["limits"],
            drift=self._settings["drift"],
        )

    @cached_property
    def _backoff(self) -> Backoff:
        return Backoff(self.clock, Luck(self.seed, ("sdk",)))

    @property
    def _sim_clock(self) -> SimClock:
        if not isinstance(self.clock, SimClock):
            raise ArgumentError(
                "This lab talks to the real API. It has no simulated time, faults or reasons. "
                'Use Lab(provider="sim") for them.'
            )
        return self.clock

    def _spend_attempt(self) -> None:
        if self._attempts_left is None:
            return
        if self._attempts_left <= 0:
            self._attempts_left = None
            raise OutOfBudget("the answer used up its attempts")
        self._attempts_left -= 1


def _faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Refuse what would not go wrong."""
    return every("faults", faults, Fault, "[overloaded(times=2)]")


def _check_provider(provider: str, faults: Sequence[Fault]) -> None:
    """Refuse settings that cannot work, before anything is built."""
    if provider not in PROVIDERS:
        follows = "No client can be made for it."
        remedy = 'Use "sim" (no key, no network) or "live" (the real API).'
        raise refused("provider", provider, follows, remedy)
    if provider == "live" and faults:
        raise ArgumentError(
            "faults were given for the real API. They can only be simulated. "
            'Use provider="sim", or no faults.'
        )
    if provider == "live" and not os.environ.get("ANTHROPIC_API_KEY"):
        raise ArgumentError(
            "ANTHROPIC_API_KEY is not set. The real API cannot be called. "
            'Set it and restart the kernel, or use provider="sim".'
        )


def _begins(today: object, provider: str) -> datetime:
    """When a lab's calendar begins."""
    if today is None:
        return LAB_BEGINS
    if not isinstance(today, date) or isinstance(today, datetime):
        raise refused("today", today, "No calendar begins so.", "Give date(2026, 12, 1).")
    if provider == "live":
        raise ArgumentError(
            f"today is {today}, but this lab talks to the real API. Its calendar is the real one. "
            'Leave today out, or use provider="sim".'
        )
    return begins_on(today)


def _check_model(model: object) -> None:
    """Refuse what could not answer."""
    if model is not None and (isinstance(model, type) or not hasattr(model, "reply")):
        follows = "It cannot answer a request."
        raise refused("model", model, follows, "Give ObedientModel(), or leave it out.")


def _check_drift(drift: object, provider: str) -> None:
    """Refuse a change that could not happen."""
    if drift is not None and not isinstance(drift, Drift):
        raise refused("drift", drift, "No model can drift so.", "Give Drift(date(2026, 12, 1)).")
    if drift is not None and provider == "live":
        raise ArgumentError(
            "drift was given for the real API. Only a simulated model can be made to drift. "
            'Use provider="sim", or no drift.'
        )


def _check_limits(limits: object, provider: str) -> None:
    """Refuse what nothing could be counted down from, and what the real API would not know."""
    if limits is None:
        return
    if not isinstance(limits, Limits):
        follows = "Nothing can be counted down from it."
        raise refused("limits", limits, follows, "Give Limits(requests_per_minute=50).")
    if provider == "live":
        raise ArgumentError(
            "limits were given for the real API. It has its own, and only simulated ones can be "
            'chosen. Use provider="sim", or no limits.'
        )


def _coroutine(main: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
    """Refuse what cannot be waited for."""
    if inspect.iscoroutine(main):
        return main
    follows = "Nobody can wait for it."
    raise refused("what main returned", main, follows, "Give a function that begins: async def.")
