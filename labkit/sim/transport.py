"""The drivers: they walk the frames of a plan on a clock, below the real SDK.

    SDK -> httpx2 -> SimulatedTransport -> Provider.plan() -> frames -> clock.sleep, bytes, errors

They fail closed: a request for any other host than the simulated provider's is refused.
"""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx2

from labkit.clock import Clock
from labkit.errors import LabkitError, NetworkBlockedError, SimulatorError
from labkit.sim.core import Frame, Plan, Provider, Request
from labkit.sim.envelope import BASE_URL, HOST

__all__ = ["BASE_URL", "AsyncSimulatedTransport", "SimulatedTransport"]

NO_ANSWER = "Server disconnected without sending a response."
CUT_BODY = "peer closed connection without sending complete message body (incomplete chunked read)"
BROKEN: dict[str, tuple[type[httpx2.TransportError], str]] = {
    "connection_lost": (httpx2.RemoteProtocolError, CUT_BODY),
    "no_answer": (httpx2.RemoteProtocolError, NO_ANSWER),
    "no_connection": (httpx2.ConnectError, "[Errno 111] Connection refused"),
    "timeout": (httpx2.RemoteProtocolError, NO_ANSWER),
}
"""What the client meets instead of more bytes; a silent connection is closed in the end."""

Budget = Callable[[], None]
"""Called before each attempt; may raise to end an answer that never ends."""


class SimulatedTransport(httpx2.BaseTransport):
    """Answers the SDK's synchronous client from a provider, in simulated time."""

    def __init__(self, provider: Provider, clock: Clock, *, budget: Budget | None = None) -> None:
        """Answer from ``provider`` on ``clock``."""
        self.provider = provider
        self.clock = clock
        self.budget = budget

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one attempt."""
        request.read()
        plan = begin(self.provider, request, self.clock.monotonic(), self.budget)
        frames = SyncFrames(plan.frames, request, self.clock)
        frames.pass_delay(plan.frames[0])
        return httpx2.Response(plan.status, headers=list(plan.headers), stream=frames)


class AsyncSimulatedTransport(httpx2.AsyncBaseTransport):
    """Answers the SDK's asynchronous client from a provider, in simulated time."""

    def __init__(self, provider: Provider, clock: Clock, *, budget: Budget | None = None) -> None:
        """Answer from ``provider`` on ``clock``."""
        self.provider = provider
        self.clock = clock
        self.budget = budget

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one attempt."""
        await request.aread()
        plan = begin(self.provider, request, self.clock.monotonic(), self.budget)
        frames = AsyncFrames(plan.frames, request, self.clock)
        await frames.pass_delay(plan.frames[0])
        return httpx2.Response(plan.status, headers=list(plan.headers), stream=frames)


class SyncFrames(httpx2.SyncByteStream):
    """The bytes of a plan, each after its delay; the first frame's delay has passed already."""

    def __init__(self, frames: tuple[Frame, ...], request: httpx2.Request, clock: Clock) -> None:
        """Walk the frames on a clock."""
        self.frames = frames
        self.request = request
        self.clock = clock
        self.patience_s = patience_s(request)

    def __iter__(self) -> Iterator[bytes]:
        yield self.frames[0].data
        for frame in self.frames[1:]:
            self.pass_delay(frame)
            yield frame.data

    def pass_delay(self, frame: Frame) -> None:
        """Let the time before a frame pass, or less if the client gives up or nothing follows."""
        if frame.delay_s:
            self.clock.sleep(min(frame.delay_s, self.patience_s))
        if error := what_breaks(frame, self.patience_s, self.request):
            raise error


class AsyncFrames(httpx2.AsyncByteStream):
    """The same for asynchronous clients."""

    def __init__(self, frames: tuple[Frame, ...], request: httpx2.Request, clock: Clock) -> None:
        """Walk the frames on a clock."""
        self.frames = frames
        self.request = request
        self.clock = clock
        self.patience_s = patience_s(request)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.frames[0].data
        for frame in self.frames[1:]:
            await self.pass_delay(frame)
            yield frame.data

    async def pass_delay(self, frame: Frame) -> None:
        """Let the time before a frame pass, or less if the client gives up or nothing follows."""
        if frame.delay_s:
            await self.clock.sleep_async(min(frame.delay_s, self.patience_s))
        if error := what_breaks(frame, self.patience_s, self.request):
            raise error


def begin(provider: Provider, request: httpx2.Request, now_s: float, budget: Budget | None) -> Plan:
    """The plan for one attempt; a bug of ours becomes a SimulatorError, never a retry."""
    if request.url.host != HOST:
        raise NetworkBlockedError(
            f"the request goes to {request.url.host!r}. The provider is simulated, so nothing may "
            "leave this process. Use the lab's client as it is, or a lab with the real API."
        )
    if budget is not None:
        budget()
    path = request.url.raw_path.decode("ascii", "replace")
    headers = dict(request.headers.items())
    try:
        return provider.plan(Request(request.method, path, headers, request.content), now_s)
    except LabkitError:
        raise
    except Exception as bug:
        raise SimulatorError(
            f"the simulated provider failed with {type(bug).__name__}: {bug}. This is a bug in it "
            "or in its model, not in your app, and the attempt has no answer. Please report it "
            "with the cell that you ran."
        ) from bug


def what_breaks(
    frame: Frame, patience_s: float, request: httpx2.Request
) -> httpx2.TransportError | None:
    """The error that a client meets at this frame, as ``httpx2`` raises it."""
    if frame.delay_s > patience_s:
        return httpx2.ReadTimeout("The read operation timed out", request=request)
    if frame.broken is None:
        return None
    kind, words = BROKEN[frame.broken]
    return kind(words, request=request)


def patience_s(request: httpx2.Request) -> float:
    """The client's read timeout; without one it waits as long as the connection stays open."""
    timeouts = request.extensions.get("timeout") or {}
    read_s = timeouts.get("read")
    return float("inf") if read_s is None else float(read_s)
