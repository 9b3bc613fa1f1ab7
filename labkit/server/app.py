"""The provider as an ASGI app: the same plans as in a lab, sent to a socket.

    Exchange.read() -> Provider.plan() -> Walk: each frame at its time, or a closed socket

Every request is noted in a trace, as a lab's recording transport notes it.
"""

import logging
from collections.abc import Mapping
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from labkit.server.clock import ServerClock, seconds_in
from labkit.server.exchange import BODY_BYTES, Exchange
from labkit.server.walk import Walk
from labkit.sim.answers import wire
from labkit.sim.core import Frame, Plan, Provider, Request
from labkit.trace import Recorder, Trace

LOG = logging.getLogger("labkit.server")

PASS = "x-labkit-seconds"
"""A client that waits between its requests can say here how long, at pace 0."""
OUR_FAULT = "The simulated provider failed: a bug in it. The log of the server has the traceback."


class ProviderApp:
    """Answers over HTTP what a provider plans, and records it."""

    def __init__(self, provider: Provider, clock: ServerClock) -> None:
        """Answer from ``provider`` on ``clock``."""
        self.provider = provider
        self.clock = clock
        self._recorder = Recorder(clock)

    @property
    def trace(self) -> Trace:
        """Every attempt so far."""
        return self._recorder.trace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send)
        request = await exchange.read()
        if request is None:
            return
        self.clock.advance(seconds_in(request.headers.get(PASS, "")))
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
        try:
            return self.provider.plan(request, self.clock.monotonic())
        except Exception:
            LOG.exception("%s", OUR_FAULT)
            body = wire.error(500, OUR_FAULT, "unknown")
            return Plan(500, (("content-type", "application/json"),), (Frame(0.0, body),))


def patience_s(headers: Mapping[str, str]) -> float:
    """The read timeout that the SDKs announce; 0 where a client announces none."""
    told = headers.get("x-stainless-read-timeout") or headers.get("x-stainless-timeout") or ""
    return seconds_in(told)
