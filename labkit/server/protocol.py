"""uvicorn's HTTP protocol with a limit to how long it waits for a client that sends nothing.

uvicorn 0.54 waits for ever for the first byte, for the rest of the headers and for a body that
nobody reads any more. Here each of these ends after ``PATIENCE_S``. The connection itself is put
into the scope, because ASGI has no word for closing a socket in the middle of an answer.
"""

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_S = 10.0


class PatientProtocol(H11Protocol):
    """One connection."""

    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(cast(asyncio.Transport, transport))
        self.app_state = {**self.app_state, "connection": self.transport}
        self.wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; wait on if they do not make a request that the app can answer."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self.wait()
        else:
            self.wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone, or we have."""
        self.wait_no_more()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say that this is not HTTP; in the middle of an answer only hang up."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.transport.abort()

    def wait(self) -> None:
        """Hang up after a while, counted from the first call."""
        if self.patience is None:
            self.patience = self.loop.call_later(PATIENCE_S, self.transport.abort)

    def wait_no_more(self) -> None:
        """The client is no longer waited for."""
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None
