"""Calls a second over loopback: the served provider, and a bare uvicorn with the same bytes."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.floors import question_body

REQUESTS = 600
HEAD_ENDS = b"\r\n\r\n"

PROVIDER = """
from labkit.cli import main
main(["serve", "--port", "0"])
"""
BARE = """
import sys
import uvicorn
from labkit.server import listen

body = sys.stdin.buffer.read()
head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

async def app(scope, receive, send):
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})

listener = listen(0)
print(f"http://127.0.0.1:{listener.getsockname()[1]};", flush=True)
plain = {"http": "h11", "loop": "asyncio", "access_log": False, "log_config": None}
uvicorn.Server(uvicorn.Config(app, lifespan="off", **plain)).run([listener])
"""


@contextmanager
def running(code: str, given: bytes = b"") -> Iterator[int]:
    """A server in a process of its own; its port."""
    pipe = subprocess.PIPE
    server = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe)
    server.stdin.write(given)
    server.stdin.close()
    try:
        address = server.stdout.readline().decode().partition(";")[0]
        yield int(address.rpartition(":")[2])
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def request() -> bytes:
    """One question over the whole library, as bytes."""
    body = json.dumps(question_body()).encode()
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: any\r\n"
        f"anthropic-version: 2026-10-21\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def one_after_another(port: int, times: int) -> bytes:
    """Ask over one connection that stays open; the last body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked, body = request(), b""
    for _ in range(times):
        writer.write(asked)
        head = (await reader.readuntil(HEAD_ENDS)).lower()
        assert head.startswith(b"http/1.1 200 "), head
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length))
    writer.close()
    return body


def ms_each(port: int, connections: int) -> float:
    """Milliseconds per request, with so many connections at once."""

    async def all_at_once() -> None:
        share = REQUESTS // connections
        await asyncio.gather(*(one_after_another(port, share) for _ in range(connections)))

    began = time.perf_counter()
    asyncio.run(all_at_once())
    return (time.perf_counter() - began) / REQUESTS * 1000


def served_and_bare(connections: int) -> tuple[float, float]:
    """Milliseconds per request of both; the better of two runs, taken in turn."""
    with running(PROVIDER) as provider:
        answer = asyncio.run(one_after_another(provider, 1))
        with running(BARE, answer) as bare:
            asyncio.run(one_after_another(bare, 1))
            runs = [(ms_each(provider, connections), ms_each(bare, connections)) for _ in range(2)]
    return min(run[0] for run in runs), min(run[1] for run in runs)
