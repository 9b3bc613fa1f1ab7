"""Other people's clients: the SDK of today, an old one, TypeScript's, and a plain HTTP library."""

import asyncio
import gc
import json
import shutil
import subprocess
import time
import tracemalloc
from pathlib import Path
from typing import Any

import anthropic
import pytest
from served import SOON_S, all_of, posted, served
from sim_world import ANSWER, HEADERS, Says, asked

from labkit.server import ProviderApp, ServerClock
from labkit.server.app import KEPT
from labkit.sim import overloaded, rate_limited, stream_lost
from labkit.sim.core import Provider

TYPESCRIPT_SDK = "@anthropic-ai/sdk@1.13.0"
SCRIPT = """
import Anthropic from "@anthropic-ai/sdk";
const client = new Anthropic({ apiKey: "any", baseURL: process.argv[2], maxRetries: 1 });
const body = JSON.parse(process.argv[3]);
const whole = await client.messages.create(body);
const pieces = [];
const stream = client.messages.stream(body).on("text", (text) => pieces.push(text));
const folded = await stream.finalMessage();
let refusal = {};
try {
  await client.messages.create({ ...body, model: "nobody" });
} catch (error) {
  refusal = { name: error.constructor.name, status: error.status, id: error.requestID };
}
console.log(JSON.stringify({ whole, pieces, folded, refusal }));
"""

OLD_HEAD = """\
POST /v1/messages?beta=true HTTP/1.1
Host: 127.0.0.1
Accept-Encoding: gzip, deflate
Connection: keep-alive
Accept: application/json
Content-Type: application/json
User-Agent: Anthropic/Python 0.39.0
X-Stainless-Lang: python
X-Stainless-Package-Version: 0.39.0
X-Stainless-OS: Linux
X-Stainless-Arch: x64
X-Stainless-Runtime: CPython
X-Stainless-Runtime-Version: 3.11.7
X-Api-Key: any
X-Stainless-Async: false
anthropic-version: 2023-06-01
anthropic-beta: prompt-caching-2024-07-31
x-stainless-retry-count: 0
"""
"""As anthropic 0.39.0 sent it to a socket of ours in November 2026."""


def test_the_sdk_asks_streams_and_retries() -> None:
    """The SDK of today, with nothing but a base URL: an answer, a stream, a retried overload."""
    with served(overloaded()) as there, there.client(max_retries=1) as client:
        whole = client.messages.create(**asked())
        with client.messages.stream(**asked()) as stream:
            pieces = list(stream.text_stream)
        assert whole.content[0].text == ANSWER == "".join(pieces)
    assert [attempt.outcome for attempt in there.app.trace] == [
        "529 overloaded_error",
        "end_turn",
        "end_turn",
    ]
    assert [attempt.call for attempt in there.app.trace] == [1, 1, 2]


def test_the_asynchronous_sdk_is_answered_in_parallel() -> None:
    """Sixteen calls of one client at once, each with its own question."""

    async def ask_all(url: str) -> list[str]:
        async with anthropic.AsyncAnthropic(api_key="any", base_url=url) as client:
            bodies = [asked(messages=[{"role": "user", "content": f"{n}?"}]) for n in range(16)]
            answers = await asyncio.gather(*(client.messages.create(**body) for body in bodies))
            return [answer.id for answer in answers]

    with served() as there:
        assert len(set(asyncio.run(ask_all(there.url)))) == 16


def test_a_lost_stream_is_what_it_is_on_a_network() -> None:
    """The socket is closed in the middle: some text, then an error of the HTTP library."""
    with served(stream_lost(after=4)) as there, there.client() as client:
        seen = []
        with (
            pytest.raises(Exception, match="incomplete chunked read"),
            client.messages.stream(**asked()) as stream,
        ):
            seen.extend(stream.text_stream)
        assert 0 < len("".join(seen)) < len(ANSWER)


def test_an_old_sdk_is_answered() -> None:
    """The headers and the address of anthropic 0.39.0, replayed."""
    body = json.dumps(asked())
    head = f"{OLD_HEAD}Content-Length: {len(body)}\n\n".replace("\n", "\r\n")
    with served() as there:
        answer = there.raw((head + body).replace("keep-alive", "close").encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["content"][0]["text"] == ANSWER


@pytest.mark.slow
def test_the_typescript_sdk_is_answered(tmp_path: Path) -> None:
    """Whole, streamed and refused, in a folder that is thrown away."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are not installed here")
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", TYPESCRIPT_SDK]
    (tmp_path / "package.json").write_text("{}")
    done = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm could not install {TYPESCRIPT_SDK}: {done.stderr[-200:]}")
    (tmp_path / "ask.mjs").write_text(SCRIPT)
    with served(overloaded()) as there:
        command = [node, "ask.mjs", there.url, json.dumps(asked())]
        run = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["whole"]["content"][0]["text"] == ANSWER == said["folded"]["content"][0]["text"]
    assert len(said["pieces"]) > 5
    assert said["refusal"]["name"] == "NotFoundError"
    assert said["refusal"]["status"] == 404
    assert said["refusal"]["id"].startswith("req_01")


# ---------------------------------------------------------------- time
def test_a_stream_arrives_as_it_is_made() -> None:
    """At a real pace the first word is there before the last one, and both in the trace's time."""
    with served(pace=2) as there, there.client() as client:
        began = time.monotonic()
        with client.messages.stream(**asked()) as stream:
            times = [time.monotonic() - began for _ in stream.text_stream]
    (attempt,) = there.app.trace
    assert times[0] > 0.3
    assert times[-1] - times[0] > 0.1
    assert attempt.first_token_s is not None
    assert 0.1 < attempt.first_token_s < attempt.seconds - 0.1 < times[-1] / 2


def test_at_pace_0_nobody_waits_and_the_clock_adds_up() -> None:
    """Forty answers of about a second each are there at once; the clock has all of them."""
    began = time.monotonic()
    with served() as there, there.connect() as connection:
        request = posted(asked()).replace(b"connection: close", b"x-mark: 1")
        connection.sendall(request * 39 + posted(asked()))
        assert all_of(connection).count(b"HTTP/1.1 200 ") == 40
    took_s, attempts = time.monotonic() - began, there.app.trace
    assert there.app.clock.monotonic() == pytest.approx(sum(one.seconds for one in attempts))
    assert there.app.clock.monotonic() > 20 > SOON_S / 2 > took_s


def test_at_pace_0_a_client_that_is_told_to_wait_has_waited() -> None:
    """The SDK really waits for ``retry-after``; the clock moves by it, once."""
    with served(rate_limited(retry_after=1)) as there, there.client(max_retries=1) as client:
        client.messages.create(**asked())
    limited, answered = there.app.trace
    assert answered.started_s - limited.ended_s == pytest.approx(1.0)
    assert there.app.clock.monotonic() == answered.ended_s


@pytest.mark.parametrize(
    ("told", "seconds"), [("3600", 3600.0), ("0.5", 0.5), ("0", 0.0), ("1." + "0" * 400, 1.0)]
)
def test_at_pace_0_a_client_can_say_how_long_it_waited(told: str, seconds: float) -> None:
    """An hour between two requests is a header."""
    with served() as there, there.client() as client:
        client.messages.create(**asked())
        client.messages.create(**asked(), extra_headers={"x-labkit-seconds": told})
    first, second = there.app.trace
    assert second.started_s - first.ended_s == pytest.approx(seconds)


@pytest.mark.parametrize("told", ["-1", "soon", "", "nan", "1e3", "½"])
@pytest.mark.parametrize("pace", [0.0, 0.001])
def test_a_wait_that_is_no_number_is_refused_by_its_name(told: str, pace: float) -> None:
    """Whoever mistypes it is told so, and no time passes."""
    with served(pace=pace) as there:
        line = f"x-labkit-seconds: {told}"
        body = there.raw(posted(asked(), line)).partition(b"\r\n\r\n")[2]
        error = json.loads(body)["error"]
        (attempt,) = there.app.trace
        assert pace or there.app.clock.monotonic() < 1
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith("x-labkit-seconds: Input should be a number of seconds")
    assert attempt.outcome == "400 invalid_request_error"


def test_a_server_that_runs_for_days_needs_no_more_memory() -> None:
    """Once 1,000 attempts are kept, two equal halves of requests leave nothing behind."""
    clock, left = ServerClock(), []
    provider = Provider(7, Says(), started_at=clock.begins)
    provider.state.journal.most = 50
    app = ProviderApp(provider, clock, leaves=lambda attempt: left.append(attempt.call))
    assert KEPT == 1_000

    async def half(count: int) -> int:
        for number in range(count):
            content = f"Question {number % 60}?"
            body = json.dumps(asked(messages=[{"role": "user", "content": content}])).encode()
            assert await answer_of(app, body) == 200
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        asyncio.run(half(1_100))
        first, second = asyncio.run(half(300)), asyncio.run(half(300))
    finally:
        tracemalloc.stop()
    assert second - first < 40_000
    assert len(app.trace) == 1_000
    assert left == list(range(1, 701))


async def answer_of(app: ProviderApp, body: bytes) -> int:
    """The status that a client gets for a body, without a socket."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "raw_path": b"/v1/messages",
        "path": "/v1/messages",
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in HEADERS.items()],
        "state": {"connection": None},
    }
    await app(scope, receive, send)
    return int(sent[0]["status"])


def test_a_bug_of_ours_is_a_500_and_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """A client is told that it is not to blame, and the log has where."""

    class Broken:
        def reply(self, body: object, luck: object) -> object:
            raise ZeroDivisionError

    with served(model=Broken()) as there:
        answer = there.raw(posted(asked()))
    assert answer.startswith(b"HTTP/1.1 500 ")
    error = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    assert error["type"] == "api_error"
    assert "a bug in it" in error["message"]
    assert "ZeroDivisionError" in caplog.text
    assert there.app.trace[0].outcome == "500 api_error"


def test_a_batch_ends_when_its_client_says_that_it_waited() -> None:
    """Created, polled a simulated day later, and its results read from the address it names."""
    with served() as there, there.client() as client:
        requests = [{"custom_id": f"n{n}", "params": asked()} for n in range(3)]
        batch = client.messages.batches.create(requests=requests)
        assert batch.processing_status == "in_progress"
        waited = {"x-labkit-seconds": "86400"}
        batch = client.messages.batches.retrieve(batch.id, extra_headers=waited)
        assert batch.processing_status == "ended"
        assert str(batch.results_url).startswith(there.url)
        results = {one.custom_id for one in client.messages.batches.results(batch.id)}
    assert results == {"n0", "n1", "n2"}


def test_a_file_may_be_longer_than_a_question() -> None:
    """Forty megabytes come through whole, and are as many when they are asked for."""
    content = b"a line of text\n" * 2_700_000
    with served() as there, there.client() as client:
        stored = client.beta.files.upload(file=("long.txt", content, "text/plain"))
    assert stored.size_bytes == len(content)
