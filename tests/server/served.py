"""A provider on loopback for tests: it runs in a thread and is always stopped."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic

from labkit.server import ProviderApp, Server, ServerClock, listen
from labkit.sim.core import Provider
from labkit.sim.faults import Fault, FaultScript

sys.path.insert(0, str(Path(__file__).parents[1] / "sim"))
from sim_world import HEADERS, Says, asked

SOON_S = 20.0
"""Far longer than anything here takes."""


@dataclass
class Served:
    """A running provider."""

    app: ProviderApp
    server: Server
    port: int

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> anthropic.Anthropic:
        """The SDK's client, which does not retry unless it is told to."""
        options = {"api_key": "any", "max_retries": 0, "timeout": SOON_S, **options}
        return anthropic.Anthropic(base_url=self.url, **options)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SOON_S)

    def raw(self, data: bytes) -> bytes:
        """Everything that comes back for these bytes until the server hangs up."""
        with self.connect() as connection:
            connection.sendall(data)
            return all_of(connection)

    def is_well(self) -> bool:
        """Whether an ordinary question is still answered."""
        answer = self.raw(posted(asked(messages=[{"role": "user", "content": "Still there?"}])))
        return answer.startswith(b"HTTP/1.1 200")


def all_of(connection: socket.socket) -> bytes:
    """What a connection brings until its end."""
    data = b""
    while more := connection.recv(65_536):
        data += more
    return data


def posted(body: object, *lines: str, length: int | None = None) -> bytes:
    """The bytes of a request, on a connection that is closed after it."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"{name}: {value}" for name, value in HEADERS.items()]
    head += ["host: x", "connection: close", *lines]
    head += [f"content-length: {len(content) if length is None else length}"]
    return "\r\n".join(["POST /v1/messages HTTP/1.1", *head, "", ""]).encode() + content


@contextmanager
def served(*faults: Fault, model: Any = None, pace: float = 0.0, seed: int = 7) -> Iterator[Served]:
    """Serve inside a ``with`` block."""
    clock = ServerClock(pace=pace)
    script = FaultScript(faults)
    provider = Provider(seed, model or Says(), started_at=clock.begins, faults=script)
    app, listener = ProviderApp(provider, clock), listen(0)
    server = Server(app)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield Served(app, server, listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(SOON_S)
        listener.close()
    assert not thread.is_alive()
