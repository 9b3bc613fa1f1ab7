"""The SDK's own clients on simulated time.

They override two private names of anthropic 2.12.0, ``_sleep_for_retry`` and
``_calculate_retry_timeout``; a tripwire test holds both signatures.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import anthropic
import httpx2
from anthropic._base_client import BaseClient
from anthropic._models import FinalRequestOptions

from labkit.clock import Clock
from labkit.errors import NetworkBlockedError
from labkit.sim.luck import Luck
from labkit.sim.transport import BASE_URL

INITIAL_DELAY_S, MAX_DELAY_S, JITTER = 0.5, 8.0, 0.25
"""The SDK's own back-off (anthropic 2.12.0, ``_constants.py`` and ``_base_client.py``)."""
LONGEST_WAIT_S = 4_294_967.0
"""However long the provider says. Source: anthropic 2.12.0, ``_base_client.py``."""


Words = Callable[[], str]
"""Tells which lab it is, and how much has happened in it."""


class Backoff:
    """The SDK's retry delays, with jitter from the lab's seed."""

    def __init__(self, clock: Clock, luck: Luck) -> None:
        """Wait on ``clock``; draw from ``luck``."""
        self.clock = clock
        self._luck = luck
        self._draws = 0

    def delay_s(self, retries_taken: int) -> float:
        """Seconds to wait when the provider does not say how long."""
        self._draws += 1
        shaved = JITTER * self._luck.uniform("back-off", self._draws)
        return min(INITIAL_DELAY_S * 2.0**retries_taken, MAX_DELAY_S) * (1 - shaved)


class LabHTTPClient(httpx2.Client):
    """Carries the lab's back-off through ``with_options()``, which keeps the HTTP client."""

    def __init__(self, transport: httpx2.BaseTransport, backoff: Backoff, lab: Words) -> None:
        """Send everything through ``transport``, whatever proxies the machine has."""
        super().__init__(transport=transport, trust_env=False)
        self.backoff = backoff
        self.lab = lab


class LabAsyncHTTPClient(httpx2.AsyncClient):
    """The same for asynchronous clients."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, backoff: Backoff, lab: Words) -> None:
        """Send everything through ``transport``, whatever proxies the machine has."""
        super().__init__(transport=transport, trust_env=False)
        self.backoff = backoff
        self.lab = lab


class SeededJitter(BaseClient[Any, Any]):
    """The SDK's own waiting times, but where it would draw from the global generator."""

    def _calculate_retry_timeout(
        self,
        remaining_retries: int,
        options: FinalRequestOptions,
        response_headers: httpx2.Headers | None = None,
    ) -> float:
        said_s = self._parse_retry_after_header(response_headers)
        if said_s is not None and said_s > 0:
            return min(said_s, LONGEST_WAIT_S)
        taken = options.get_max_retries(self.max_retries) - remaining_retries
        return cast(Backoff, self._client.backoff).delay_s(taken)

    def __repr__(self) -> str:
        """What it is, and whose."""
        lab = cast(Words, self._client.lab)
        return f"{type(self).__name__} of {lab()}"


class LabClient(SeededJitter, anthropic.Anthropic):
    """``anthropic.Anthropic`` whose retries wait in simulated time."""

    def __init__(self, **options: Any) -> None:
        """Take the SDK's options; the HTTP client must be the lab's."""
        _stay_inside(options.get("http_client"), LabHTTPClient)
        super().__init__(**options)

    def _sleep_for_retry(
        self,
        *,
        retries_taken: int,
        max_retries: int,
        options: FinalRequestOptions,
        response: httpx2.Response | None,
    ) -> None:
        headers = response.headers if response else None
        delay_s = self._calculate_retry_timeout(max_retries - retries_taken, options, headers)
        cast(LabHTTPClient, self._client).backoff.clock.sleep(delay_s)


class LabAsyncClient(SeededJitter, anthropic.AsyncAnthropic):
    """``anthropic.AsyncAnthropic``: its waiting is left alone, ``lab.run`` gives it a loop."""

    def __init__(self, **options: Any) -> None:
        """Take the SDK's options; the HTTP client must be the lab's."""
        _stay_inside(options.get("http_client"), LabAsyncHTTPClient)
        super().__init__(**options)


def options_for(http_client: httpx2.Client | httpx2.AsyncClient) -> Mapping[str, Any]:
    """The SDK options of every simulated client: no key of the machine is ever read."""
    return {"api_key": "simulated", "base_url": BASE_URL, "http_client": http_client}


def _stay_inside(http_client: object, wanted: type) -> None:
    """Refuse an HTTP client that could reach a network."""
    if not isinstance(http_client, wanted):
        raise NetworkBlockedError(
            f"http_client is {http_client!r}. It could leave this process, and the lab's provider "
            'is simulated. Keep lab.client as it is, or use Lab(provider="live").'
        )
