"""One plan on its way to one client, frame by frame, and what the trace says of it.

At pace 0 an answer is there at once, a client that leaves changes nothing for the next one, and
one that is told to wait is taken to have waited. At any other pace each frame waits, and an
answer ends when its client leaves. Silence is always real, or nobody would lose patience.
"""

from labkit.server.clock import ServerClock, seconds_in
from labkit.server.exchange import Exchange
from labkit.sim.answers.latency import SILENCE_S
from labkit.sim.core import Plan
from labkit.trace import Recorder
from labkit.trace.recorder import Reading


class Walk:
    """The way of one plan."""

    def __init__(
        self, exchange: Exchange, clock: ServerClock, recorder: Recorder, number: int
    ) -> None:
        """Send to ``exchange`` at the times of ``clock``; note it under ``number``."""
        self._exchange = exchange
        self._clock = clock
        self._recorder = recorder
        self._number = number
        self._reading: Reading | None = None
        self._ended = False

    async def through(self, plan: Plan, patience_s: float) -> None:
        """Send every frame, or as many as the plan and the client allow."""
        for place, frame in enumerate(plan.frames, start=1):
            if frame.broken == "timeout":
                await self._stay_silent(patience_s)
                return
            if not await self._wait(frame.delay_s):
                return
            if frame.broken:
                await self._break_off()
                return
            reading = self._reading or await self._start(plan)
            reading.feed(frame.data)
            await self._exchange.send(frame.data, more=place < len(plan.frames))
        self.end()
        self._clock.advance(seconds_in(dict(plan.headers).get("retry-after", "0")) or 0.0)

    def end(self, error: str | None = None) -> None:
        """Note how it ended, once."""
        if self._ended:
            return
        self._ended = True
        if self._reading:
            self._reading.end(error)
        else:
            self._recorder.end(self._number, error=error)

    async def _start(self, plan: Plan) -> Reading:
        """Send the status and the headers; a body in one piece has its length."""
        headers = plan.headers
        if len(plan.frames) == 1:
            headers = (*headers, ("content-length", str(len(plan.frames[0].data))))
        self._reading = Reading(self._recorder, self._number, plan.status, dict(headers))
        await self._exchange.start(plan.status, headers)
        return self._reading

    async def _wait(self, seconds: float) -> bool:
        """Let the time before a frame pass; whether anybody is still there."""
        if self._clock.pace:
            return not await self._exchange.leaves_within(seconds * self._clock.pace)
        self._clock.advance(seconds)
        return True

    async def _break_off(self) -> None:
        """Close the socket in the middle."""
        self.end("connection_lost")
        await self._exchange.hang_up()

    async def _stay_silent(self, patience_s: float) -> None:
        """Send nothing until the client has had enough, or for an hour."""
        left = await self._exchange.leaves_within(SILENCE_S * (self._clock.pace or 1.0))
        self._clock.advance(min(patience_s, SILENCE_S))
        if left:
            self.end("timeout")
        else:
            await self._break_off()
