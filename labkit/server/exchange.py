"""One HTTP exchange with a client that may be slow, silent or gone.

    read() -> the request, then start(), send(), send(more=False) or at any time hang_up()

ASGI has no word for closing a socket in the middle: the connection comes with the scope.
"""

import asyncio
from collections.abc import Iterable

import httpx2
from starlette.requests import ClientDisconnect
from starlette.requests import Request as Incoming
from starlette.types import Message, Receive, Scope, Send

from labkit.sim.core import Request

BODY_BYTES = 32_000_000
MOST_BYTES = {"/v1/messages/batches": 256_000_000, "/v1/files": 500_000_000}
"""Source: docs: errors, request size limits, 2026-08-22."""
BODY_S = 30.0
"""So long a client may take to send a body; on loopback the largest takes a second."""


class Exchange:
    """What a server may do with one request: read it, answer it, hang up."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak with the client of an ASGI call; its protocol is a ``PatientProtocol``."""
        self._scope = scope
        self._receive = receive
        self._send = send
        self._connection: asyncio.Transport = scope["state"]["connection"]
        self._left: asyncio.Task[None] | None = None

    async def read(self) -> Request | None:
        """The whole request; None where the client left or took too long.

        Of a body that is too long for the API only so much is kept that the provider sees it.
        """
        path = self._scope["raw_path"].decode("ascii", "replace")
        most = MOST_BYTES.get(path, BODY_BYTES)
        query = self._scope["query_string"].decode("ascii", "replace")
        headers = httpx2.Headers(self._scope["headers"])
        try:
            async with asyncio.timeout(BODY_S):
                body = await self._body(headers, most)
        except TimeoutError:
            await self.hang_up()
            return None
        except ClientDisconnect:
            return None
        return Request(self._scope["method"], f"{path}?{query}" if query else path, headers, body)

    async def _body(self, headers: httpx2.Headers, most: int) -> bytes:
        """The body, or more zeros than the API takes where it is announced to be too long."""
        announced = headers.get("content-length", "0")
        if len(announced.lstrip("0")) > len(str(most)) or int(announced) > most:
            return bytes(most + 1)
        body = bytearray()
        async for data in Incoming(self._scope, self._receive).stream():
            body += data
            if len(body) > most:
                break
        return bytes(body)

    async def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Send the status and the headers."""
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def send(self, data: bytes, *, more: bool) -> None:
        """Send a piece of the body, the last one with ``more=False``."""
        message: Message = {"type": "http.response.body", "body": data, "more_body": more}
        await self._send(message)

    async def hang_up(self) -> None:
        """Close the socket where the answer stands, and wait until it is closed."""
        self._connection.close()
        await self._client_left()

    async def leaves_within(self, real_s: float) -> bool:
        """Wait so long; whether the client has left meanwhile."""
        if self._left is None:
            self._left = asyncio.create_task(self._client_left())
        done, _ = await asyncio.wait({self._left}, timeout=real_s)
        return bool(done)

    async def _client_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
