"""The provider as an ASGI app: the same plans as in a lab, sent to a socket.

    Exchange.read() -> Provider.plan() -> Walk: each frame at its time, or a closed socket

Every request is noted in a trace, as a lab's recording transport notes it.
"""

import logging
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from labkit.server.clock import ServerClock, seconds_in
from labkit.server.exchange import BODY_BYTES, Exchange
from labkit.server.walk import Walk
from labkit.sim.answers import wire
from labkit.sim.core import Frame, Plan, Provider, Request
from labkit.sim.rejection import invalid
from labkit.trace import Attempt, Recorder, Trace

LOG = logging.getLogger("labkit.server")

KEPT = 1_000
"""Attempts that have ended and are kept in memory."""
PASS = "x-labkit-seconds"
"""A client that waits between its requests can say here how long, at pace 0."""
NO_SECONDS = f"{PASS}: Input should be a number of seconds, 0 or more, such as 3600"
OUR_FAULT = "The simulated provider failed: a bug in it. The log of the server has the traceback."


class ProviderApp:
    """Answers over HTTP what a provider plans, and records it."""

    def __init__(
        self,
        provider: Provider,
        clock: ServerClock,
        *,
        leaves: Callable[[Attempt], object] = lambda _: None,
    ) -> None:
        """Answer from ``provider`` on ``clock``; ``leaves`` gets what leaves the trace."""
        self.provider = provider
        self.clock = clock
        self._recorder = Recorder(clock, most=KEPT, leaves=leaves)

    @property
    def trace(self) -> Trace:
        """The latest attempts, at most ``KEPT`` and those under way."""
        return self._recorder.trace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send)
        request = await exchange.read()
        if request is None:
            return
        self.clock.advance(seconds_in(request.headers.get(PASS, "0")) or 0.0)
        noted = request.body if len(request.body) <= BODY_BYTES else b""
        path = unquote(request.path.partition("?")[0])
        number = self._recorder.begin(request.method, path, request.headers, noted)
        walk = Walk(exchange, self.clock, self._recorder, number)
        try:
            await walk.through(self.planned(request), patience_s(request.headers))
        finally:
            walk.end("abandoned")

    def planned(self, request: Request) -> Plan:
        """What the provider plans; a bug of ours is the status 500 and a traceback in the log."""
        now_s = self.clock.monotonic()
        if seconds_in(request.headers.get(PASS, "0")) is None:
            return self.provider.refuse(invalid(NO_SECONDS), now_s)
        try:
            return self.provider.plan(request, now_s)
        except Exception:
            LOG.exception("%s", OUR_FAULT)
            body = wire.error(500, OUR_FAULT, "unknown")
            return Plan(500, (("content-type", "application/json"),), (Frame(0.0, body),))


def patience_s(headers: Mapping[str, str]) -> float:
    """The read timeout that the SDKs announce; 0 where a client announces none."""
    told = headers.get("x-stainless-read-timeout") or headers.get("x-stainless-timeout") or ""
    return seconds_in(told) or 0.0
