"""The simulated provider as one function: a request and the time in, a plan of timed bytes out.

    Request -> envelope -> ROUTES -> the endpoint's own module -> Plan

It knows no sockets, event loops or clocks. The same seed and the same requests give the same
bytes: luck hangs on what is asked and how often it was asked before, not on who came first.
"""

import logging
import re
from datetime import datetime, timedelta

from labkit.sim.answers.plan import Frame, Plan, error_plan
from labkit.sim.drift import Drift
from labkit.sim.endpoints import batches, counting, files, messages
from labkit.sim.endpoints import models as listing
from labkit.sim.endpoints.batch_work import catch_up
from labkit.sim.envelope import Call, Request, check_envelope
from labkit.sim.faults import FaultScript
from labkit.sim.ledger import Invoice
from labkit.sim.limits import Limits, Meter
from labkit.sim.luck import Luck
from labkit.sim.rejection import Rejection
from labkit.sim.reply import Explanation
from labkit.sim.state import Endpoint, ReplyModel, State

__all__ = ["Frame", "Plan", "Provider", "ReplyModel", "Request"]

LOG = logging.getLogger("labkit.sim")

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "/v1/messages", messages.create),
    ("POST", "/v1/messages/count_tokens", counting.create),
    ("POST", "/v1/messages/batches", batches.create),
    ("GET", "/v1/messages/batches", batches.listed),
    ("GET", "/v1/messages/batches/{id}", batches.retrieve),
    ("DELETE", "/v1/messages/batches/{id}", batches.delete),
    ("POST", "/v1/messages/batches/{id}/cancel", batches.cancel),
    ("GET", "/v1/messages/batches/{id}/results", batches.results),
    ("POST", "/v1/files", files.upload),
    ("GET", "/v1/files", files.listed),
    ("GET", "/v1/files/{id}", files.metadata),
    ("DELETE", "/v1/files/{id}", files.delete),
    ("GET", "/v1/files/{id}/content", files.content),
    ("GET", "/v1/models", listing.models),
    ("GET", "/v1/models/{id}", listing.model),
)
"""Method, path with the parts that vary in braces, and what answers."""


class Provider:
    """A simulated provider and its memory."""

    def __init__(  # noqa: PLR0913 - settings, all but two by name
        self,
        seed: int,
        model: ReplyModel,
        *,
        started_at: datetime,
        faults: FaultScript | None = None,
        limits: Limits | None = None,
        drift: Drift | None = None,
    ) -> None:
        """Answer with ``model``.

        Args:
            seed: The same seed gives the same bytes.
            model: What answers.
            started_at: The date and time at second 0.
            faults: What goes wrong; may be replaced at any time.
            limits: What may be used; the first tier's if None.
            drift: What changes in every model on a day, unannounced.
        """
        luck = Luck(seed, ("provider",))
        self.state = State(luck, model, started_at, faults or FaultScript(), drift)
        self.state.meter = Meter(limits or Limits())

    def plan(self, request: Request, now_s: float) -> Plan:
        """What comes back for this request, ``now_s`` seconds after the start."""
        if self.state.underway:
            catch_up(self.state, now_s)
        now = self.state.started_at + timedelta(seconds=now_s)
        try:
            endpoint, names = route(request)
            call = Call(request, check_envelope(request), now_s, now, names)
            return endpoint(self.state, call)
        except Rejection as no:
            return self.refuse(no, now_s)

    def refuse(self, no: Rejection, now_s: float) -> Plan:
        """What comes back for a request that is refused."""
        now = self.state.started_at + timedelta(seconds=now_s)
        return error_plan(no, now, self.state.next_luck("rejected", no.message))

    def invoice(self, now_s: float) -> Invoice:
        """What has been billed by now, of batches that nobody has looked at too."""
        catch_up(self.state, now_s)
        return self.state.ledger.invoice()

    def explain(self, message_id: str) -> Explanation:
        """Which rules and faults made a reply.

        Raises:
            ArgumentError: This provider has made no such reply.
        """
        return self.state.explain(message_id)


def pattern(path: str) -> re.Pattern[str]:
    """What a route's paths look like."""
    return re.compile(re.sub(r"\{\w+\}", "([^/]+)", path))


PATTERNS = tuple((method, pattern(path), endpoint) for method, path, endpoint in ROUTES)


def route(request: Request) -> tuple[Endpoint, tuple[str, ...]]:
    """What answers a request, and the parts of its path that vary.

    Raises:
        Rejection: Nothing here does; the log says so.
    """
    path = request.path.partition("?")[0]
    for method, shape, endpoint in PATTERNS:
        if method == request.method and (found := shape.fullmatch(path)):
            return endpoint, found.groups()
    LOG.warning("%s %s is not simulated: the answer is 404.", request.method, path[:200])
    raise Rejection(404, "Not found")
