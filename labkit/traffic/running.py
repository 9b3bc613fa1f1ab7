"""Many people ask one app: the day's conversations, and what is kept of them.

    arrivals -> talks -> app(client, question) -> Visit  (and the lab's trace) -> Traffic

An asynchronous app serves everybody at once, on the lab's simulated clock. A synchronous one is
a single worker: people wait in line, in the order in which they asked.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from heapq import heappop, heappush
from typing import TypeAlias, cast

import anthropic
from anthropic.types import MessageParam

from labkit import clock
from labkit.arguments import function, known, number, refused, whole
from labkit.errors import ArgumentError, OutOfBudget, SimulatorError
from labkit.lab import Lab, one_line
from labkit.sim.luck import Luck
from labkit.traffic.arrivals import PATTERNS, Period, arrivals
from labkit.traffic.progress import progress_bar
from labkit.traffic.talks import Talk, talks, usable
from labkit.traffic.values import HOUR_S, Traffic, Visit

Messages: TypeAlias = list[MessageParam]
SyncApp: TypeAlias = (
    Callable[[anthropic.Anthropic, str], object] | Callable[[anthropic.Anthropic, Messages], object]
)
AsyncApp: TypeAlias = (
    Callable[[anthropic.AsyncAnthropic, str], Awaitable[object]]
    | Callable[[anthropic.AsyncAnthropic, Messages], Awaitable[object]]
)
Asked: TypeAlias = str | Messages
AsyncAsk: TypeAlias = Callable[[anthropic.AsyncAnthropic, Asked], Awaitable[object]]

MOST_USERS = MOST_QUESTIONS = 1_000_000
MOST_TURNS = 100
MOST_HOURS = 9_000


def traffic(  # noqa: PLR0913 - settings, all but the app by name
    app: AsyncApp | SyncApp,
    *,
    users: int = 50,
    hours: float = 1.0,
    per_hour: float = 600.0,
    pattern: str = "steady",
    turns: int = 1,
    questions: Sequence[str] | None = None,
    seed: int = 7,
    lab: Lab | None = None,
    progress: bool | None = None,
) -> Traffic:
    """Let many people ask an app over simulated hours, and return what each of them got.

    Interrupting it (Ctrl-C) ends the traffic early: what had come to an end by then is returned.
    An app that exits (``sys.exit``) ends it too, and the exit goes on, as without traffic; a lab
    that was given keeps the trace.

    Args:
        app: ``async def app(client, question)``, or the same without async. Where ``turns`` is
            2 or more it is given the list of messages in place of the question.
        users: How many people there are.
        hours: Simulated hours in which conversations begin.
        per_hour: Questions of all users together in an average hour.
        pattern: ``steady``, ``daily``, ``spike``, ``heavy user`` or ``attackers``.
        turns: Questions of each conversation; a person who gets no answer asks no more.
        questions: What people ask; the case's happy and production samples if None.
        seed: The same seed gives the same arrivals and questions, and in a fresh lab the same
            bytes.
        lab: Where it happens, with its faults and limits; a new ``Lab(seed)`` if None.
        progress: Whether to show a progress bar; None shows it at a terminal alone.
    """
    function("app", app, "client", "question", awaited=True)
    chosen = known(pattern, PATTERNS, "a pattern of traffic", "Nobody knows when to come.")
    planned, turns = sizes(users, hours, per_hour, turns)
    asked, luck = usable(questions), Luck(whole("seed", seed, "Arrivals hang on it."), ("traffic",))
    day = Day(fit(lab, seed))
    period = Period(day.begins, hours * HOUR_S)
    coming = partial(arrivals, chosen, period, users, planned // turns, luck)
    with progress_bar(planned, progress) as step:
        day.run(app, talks(coming, turns, asked, luck), step)
    return Traffic(
        visits=tuple(sorted(day.visits, key=lambda one: (one.when_s, one.user))),
        trace=day.lab.trace[day.attempts :].since(day.start_s),
        begins=day.begins,
        hours=hours,
        users=users,
        pattern=pattern,
        seed=seed,
        planned=planned,
        stopped=day.stopped,
    )


class DayOverError(Exception):
    """The day is over, and this is why; the event loop would tell of the reason itself twice."""

    def __init__(self, why: BaseException) -> None:
        """Carry the reason to where the day is held."""
        super().__init__()
        self.why = why


class Day:
    """Traffic while it runs."""

    def __init__(self, lab: Lab) -> None:
        """Begin now, by the lab's clock."""
        self.lab = lab
        self.start_s = lab.clock.monotonic()
        self.begins = lab.clock.utcnow()
        self.attempts = len(lab.trace)
        self.visits: list[Visit] = []
        self.stopped = ""

    def run(
        self, app: AsyncApp | SyncApp, coming: Iterable[Talk], step: Callable[[], object]
    ) -> None:
        """Hold all conversations, or as many as there is time for."""
        self.step = step
        try:
            if is_async(app):
                self.lab.run(lambda client: self.hold_all(cast(AsyncApp, app), client, coming))
            else:
                self.hold_in_line(cast(SyncApp, app), coming)
        except KeyboardInterrupt:
            self.stopped = "interrupted"
        except OutOfBudget as error:
            self.stopped = str(error)

    async def hold_all(
        self, app: AsyncApp, client: anthropic.AsyncAnthropic, coming: Iterable[Talk]
    ) -> None:
        """Begin each conversation in its time, whoever is still waiting."""
        try:
            async with asyncio.TaskGroup() as group:
                for talk in coming:
                    await self.until(talk.when_s)
                    group.create_task(self.hold(app, client, talk))
        except BaseExceptionGroup as several:
            over = several.exceptions[0]
            raise (over.why if isinstance(over, DayOverError) else over) from None

    async def hold(self, app: AsyncApp, client: anthropic.AsyncAnthropic, talk: Talk) -> None:
        """One conversation, its pauses included.

        The app has a task of its own: whatever it cancels there, the conversation's task is
        cancelled only when the day ends.
        """
        ask = cast(AsyncAsk, app)
        while talk.goes_on:
            await self.until(talk.when_s)
            asked = asyncio.create_task(outcome(ask, client, talk.asks()))
            try:
                await asyncio.wait({asked})
            finally:
                asked.cancel()
            self.note(talk.hears(*readable(asked.result()), self.now_s()))

    def hold_in_line(self, app: SyncApp, coming: Iterable[Talk]) -> None:
        """All conversations, one question after another: whoever asked first is served first."""
        ask = cast(Callable[[anthropic.Anthropic, Asked], object], app)
        line = [(talk.when_s, talk.arrival.number, talk) for talk in coming]
        with clock.use(self.lab.clock):
            while line:
                when_s, number, talk = heappop(line)
                self.lab.clock.sleep(max(0.0, when_s - self.now_s()))
                try:
                    text, error = shown(ask(self.lab.client, talk.asks())), None
                except SimulatorError:
                    raise
                except (Exception, asyncio.CancelledError) as raised:
                    text, error = None, one_line(raised)
                self.note(talk.hears(text, error, self.now_s()))
                if talk.goes_on:
                    heappush(line, (talk.when_s, number, talk))

    def note(self, visit: Visit) -> None:
        """Keep what came of a question."""
        self.visits.append(visit)
        self.step()

    def now_s(self) -> float:
        """Seconds since the traffic began."""
        return self.lab.clock.monotonic() - self.start_s

    async def until(self, when_s: float) -> None:
        """Let the time pass until then."""
        await self.lab.clock.sleep_async(max(0.0, when_s - self.now_s()))


async def outcome(
    ask: AsyncAsk, client: anthropic.AsyncAnthropic, asked: Asked
) -> str | BaseException | None:
    """What the person reads, or what the app raised."""
    try:
        return shown(await ask(client, asked))
    except BaseException as raised:
        return raised


def readable(came: str | BaseException | None) -> tuple[str | None, str | None]:
    """What the person reads, and the crash in one line.

    Raises:
        DayOverError: It is not a crash of the app: nobody can be asked any more.
    """
    if isinstance(came, SimulatorError) or not isinstance(
        came, str | None | Exception | asyncio.CancelledError
    ):
        raise DayOverError(came)
    return (None, one_line(came)) if isinstance(came, BaseException) else (came, None)


def shown(answer: object) -> str | None:
    """What the person reads."""
    if inspect.iscoroutine(answer):
        answer.close()
        follows = "Nobody waits for it here."
        raise refused("what the app returned", answer, follows, "Write async def app.")
    return None if answer is None else str(answer)


def is_async(app: object) -> bool:
    """Whether an app has to be awaited."""
    called = getattr(app, "__call__", None)  # noqa: B004 - its own method, for an object
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(called)


def sizes(users: int, hours: float, per_hour: float, turns: int) -> tuple[int, int]:
    """How many questions there will be, a whole number of conversations, and their turns."""
    whole("users", users, "Nobody would ask anything.", least=1, most=MOST_USERS)
    whole("turns", turns, "No conversation is that long.", least=1, most=MOST_TURNS)
    follows = "Nobody can come in such a time."
    if not 0 < number("hours", hours, follows) <= MOST_HOURS:
        raise refused("hours", hours, follows, "Give a number of hours, at most a year's.")
    follows = "Nobody can ask so many questions."
    planned = round(number("per_hour", per_hour, follows) * hours / turns) * turns
    if not 0 < planned <= MOST_QUESTIONS:
        remedy = f"Give a number that makes 1 to {MOST_QUESTIONS:,} questions in all."
        raise refused("per_hour", per_hour, follows, remedy)
    return planned, turns


def fit(lab: Lab | None, seed: int) -> Lab:
    """A lab in which hours can pass at once."""
    if lab is None:
        return Lab(seed)
    if not isinstance(lab, Lab):
        follows = "Nobody can ask anything in it."
        raise refused("lab", lab, follows, "Give Lab(seed), or leave it out.")
    if lab.provider == "live":
        raise ArgumentError(
            "lab talks to the real API. Hours of traffic would take hours, and they would cost "
            "money. Give a simulated lab, or leave it out."
        )
    return lab
