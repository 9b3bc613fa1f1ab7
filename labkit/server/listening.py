"""A server that listens on this machine alone, and ends when it is told to.

There is no option for another address: the provider takes any key and answers anybody, so on a
network it would be a free service for strangers, under a name that people trust.
"""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from labkit.arguments import whole
from labkit.server.app import ProviderApp
from labkit.server.protocol import PatientProtocol

LOOPBACK = "127.0.0.1"
FAREWELL_S = 2
"""So long, whole seconds, running answers may go on after the server is told to end."""
IDLE_S = 75
"""Connections stay open longer than the SDKs keep them: nobody meets one that just closed."""


def listen(port: int) -> socket.socket:
    """A listening socket; port 0 is any that is free.

    ``IPPROTO_TCP`` lets asyncio send small pieces at once.

    Raises:
        ArgumentError: There is no such port.
        OSError: The port cannot be had.
    """
    whole("port", port, "No server can listen there.", least=0, most=65_535)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # pragma: no branch - Windows has another meaning for it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """uvicorn, quiet, the same on every machine, and told to end by a signal without dying."""

    def __init__(self, app: ProviderApp, *, ready: Callable[[], None] = lambda: None) -> None:
        """Serve ``app``; call ``ready`` once it answers and a signal would end it well."""
        self._ready = ready
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=IDLE_S,
                timeout_graceful_shutdown=FAREWELL_S,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every answer; hang up on whoever does not read theirs."""
        await super().shutdown(sockets)
        running = set(self.server_state.tasks)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.wait({*running, asyncio.create_task(asyncio.sleep(0))}, timeout=FAREWELL_S)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End well at Ctrl-C and SIGTERM, which uvicorn would raise again in the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ends = (signal.SIGINT, signal.SIGTERM)
        before = {one: signal.signal(one, self.handle_exit) for one in ends}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
