"""Junk, slow and vanishing clients: none of them does the server any harm."""

import json
import logging
import re
import resource
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import SOON_S, Served, all_of, posted, served
from sim_world import Says, asked

from labkit.server import exchange, protocol, walk
from labkit.sim import timed_out

LONG = Says(({"type": "text", "text": "seven days " * 5_000},))
QUESTION = posted(asked())
CHUNK = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
STAYS = (b"connection: close", b"x-mark: 1")
"""What to replace in a request for a connection that stays open."""


@pytest.fixture(scope="module")
def there() -> Iterator[Served]:
    """One server for all of them."""
    with served() as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a client does is an error of the server's."""
    yield
    said = [one for one in caplog.get_records("call") if one.levelno >= logging.ERROR]
    assert not said, said[0].getMessage()


JUNK = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    "zeros": bytes(4_000),
    "no host": b"POST /v1/messages HTTP/1.1\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    "an endless length": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: "
    + b"9" * 60
    + b"\r\n\r\n",
    "a bad chunk": b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nhost: x\r\nbig: " + b"a" * 200_000,
    "many headers": b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 40_000,
    "a huge address": b"GET /" + b"a" * 200_000,
}


@pytest.mark.parametrize("name", JUNK)
def test_what_is_not_http_is_refused_or_left(there: Served, name: str) -> None:
    """Bytes that are no request get the status 400, or nothing; the next client is answered."""
    with there.connect() as connection:
        try:
            connection.sendall(JUNK[name])
            connection.shutdown(socket.SHUT_WR)
            answer = all_of(connection)
        except OSError:
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert there.is_well()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300), place=st.integers(0, len(QUESTION)))
def test_random_bytes_anywhere_do_no_harm(there: Served, data: bytes, place: int) -> None:
    """A good request with random bytes in it, and with its end cut off."""
    with there.connect() as connection:
        try:
            connection.sendall(QUESTION[:place] + data)
            connection.shutdown(socket.SHUT_WR)
            all_of(connection)
        except OSError:
            pass


def test_the_server_is_well_after_random_bytes(there: Served) -> None:
    """The next client is answered."""
    assert there.is_well()


@pytest.mark.parametrize(
    "request_line",
    [b"HEAD /v1/messages", b"OPTIONS *", b"BREW /tea", b"GET http://elsewhere/v1/models"],
)
def test_a_request_for_something_else_is_the_apis_404(there: Served, request_line: bytes) -> None:
    """Other methods and addresses are answered as the API answers them."""
    head = b"host: x\r\nx-api-key: any\r\nanthropic-version: 2023-06-01\r\nconnection: close"
    answer = there.raw(request_line + b" HTTP/1.1\r\n" + head + b"\r\n\r\n")
    assert re.match(rb"HTTP/1.1 (404|401) ", answer), answer[:100]
    assert there.is_well()


def test_an_upgrade_is_not_made(there: Served) -> None:
    """A client that asks for another protocol gets an ordinary answer."""
    answer = there.raw(posted(asked(), "upgrade: websocket").replace(b"close", b"upgrade, close"))
    assert answer.startswith(b"HTTP/1.1 200 ")


# ---------------------------------------------------------------- bodies
def test_a_gigabyte_is_refused_before_it_is_sent(there: Served) -> None:
    """An announced length is enough: 413 in the API's shape, nothing is read, nothing is kept."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with there.connect() as connection:
        connection.sendall(posted(b"{", length=1_000_000_000))
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["type"] == "request_too_large"
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert there.is_well()


def test_a_body_without_an_announced_end_is_refused_at_the_limit(there: Served) -> None:
    """Chunks are read up to 32 MB; then comes the 413, whatever else the client has."""
    head = posted(b"", "transfer-encoding: chunked").replace(b"content-length: 0\r\n", b"")
    with there.connect() as connection:
        connection.sendall(head)
        for _ in range(31):
            connection.sendall(CHUNK)
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert there.is_well()


def test_a_client_that_goes_on_sending_has_not_left() -> None:
    """While a 413 is on its way, at a real pace, the rest of the body comes and is let go."""
    head = posted(b"", "transfer-encoding: chunked").replace(b"content-length: 0\r\n", b"")
    with served(pace=4) as there, there.connect() as connection:
        connection.sendall(head.replace(*STAYS) + CHUNK * 33)
        assert b"request_too_large" in until(connection, b"\r\n\r\n", b"}")


def test_junk_after_an_answer_that_came_early_ends_the_connection(there: Served) -> None:
    """The client has its 413 and then sends a chunk that is none: nothing more can be said."""
    head = posted(b"", "transfer-encoding: chunked").replace(b"content-length: 0\r\n", b"")
    with there.connect() as connection:
        connection.sendall(head.replace(*STAYS) + CHUNK * 31)
        assert b"request_too_large" in until(connection, b"\r\n\r\n", b"}")
        with suppress(OSError):
            connection.sendall(b"zz\r\n")
            assert all_of(connection) == b""
    assert there.is_well()


def until(connection: socket.socket, *marks: bytes) -> bytes:
    """What comes, until all marks have come, one after the other."""
    data, place = b"", 0
    for mark in marks:
        while (found := data.find(mark, place)) < 0:
            more = connection.recv(65_536)
            assert more, data
            data += more
        place = found + len(mark)
    return data


def test_a_client_that_waits_to_be_asked_is_not_asked_for_too_much(there: Served) -> None:
    """With ``expect: 100-continue`` a small body is asked for and a huge one is refused."""
    with there.connect() as connection:
        connection.sendall(posted(b"", "expect: 100-continue", length=1_000_000_000))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")
    body = json.dumps(asked()).encode()
    with there.connect() as connection:
        connection.sendall(posted(b"", "expect: 100-continue", length=len(body)))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")


def test_half_a_body_is_no_request(there: Served) -> None:
    """A client that leaves before its body is whole is forgotten, and not in the trace."""
    before = len(there.app.trace)
    with there.connect() as connection:
        connection.sendall(posted(b'{"model":', length=5_000))
    assert there.is_well()
    assert len(there.app.trace) == before + 1


# ---------------------------------------------------------------- slow ones
SLOW = {
    "nothing at all": (b"", b""),
    "headers, byte by byte": (b"POST /v1/messages HTTP/1.1\r\nhost: x\r\n", b"x: y\r\n"),
    "a body, byte by byte": (posted(b"", length=5_000), b" "),
    "a refused body, for ever": (posted(b"", length=1_000_000_000).replace(*STAYS), b" "),
    "a second request, byte by byte": (QUESTION.replace(*STAYS), b"G"),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_client_is_left_after_a_while(
    there: Served, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whatever it trickles, the server hangs up: half a second here, seconds otherwise."""
    monkeypatch.setattr(protocol, "PATIENCE_S", 0.5)
    monkeypatch.setattr(exchange, "BODY_S", 0.5)
    begin, more = SLOW[name]
    started = time.monotonic()
    with there.connect() as connection:
        connection.sendall(begin)
        connection.settimeout(0.1)
        while trickles(connection, more):
            assert time.monotonic() - started < SOON_S
    assert time.monotonic() - started > 0.3
    assert there.is_well()


def trickles(connection: socket.socket, more: bytes) -> bool:
    """Send a little when nothing comes; whether the server is still there."""
    try:
        return bool(connection.recv(65_536))
    except TimeoutError:
        pass
    except ConnectionError:
        return False
    with suppress(ConnectionError):
        connection.sendall(more)
    return True


# ---------------------------------------------------------------- vanishing ones
def test_a_client_that_leaves_a_stream_ends_it() -> None:
    """At a real pace the answer stops there, and the trace says that it was abandoned."""
    with served(pace=1, model=LONG) as there:
        with there.connect() as connection:
            connection.sendall(posted(asked(stream=True, max_tokens=50_000)))
            assert b"message_start" in until(connection, b"\r\n\r\n", b"\n\n\r\n")
        wait_until(lambda: there.app.trace[0].error is not None)
        (attempt,) = there.app.trace
    assert attempt.error == "abandoned"
    assert attempt.seconds < 5


def test_at_pace_0_a_client_that_leaves_changes_nothing_for_the_next() -> None:
    """The clock moves as if the whole answer had been read, so what follows is the same."""
    seen = []
    for reads_all in (True, False):
        with served(model=LONG) as there:
            with there.connect() as connection:
                connection.sendall(posted(asked(stream=True, max_tokens=50_000)))
                connection.recv(65_536)
                if reads_all:
                    all_of(connection)
            wait_until(lambda here=there: here.app.trace[0].stop_reason is not None)
            seen.append(there.raw(posted(asked())))
            seen.append(repr(there.app.trace).encode())
    assert seen[:2] == seen[2:]


def test_a_stop_ends_silent_and_unfinished_answers() -> None:
    """Neither a silent fault nor a client that does not read keeps a server from ending."""
    endless = Says(({"type": "text", "text": "seven days " * 30_000},))
    with served(timed_out(), model=endless) as there:
        silent, unread = there.connect(), there.connect()
        silent.sendall(posted(asked()))
        wait_until(lambda: len(there.app.trace) == 1)
        unread.sendall(posted(asked(stream=True, max_tokens=100_000)))
        wait_until(lambda: len(there.app.trace) == 2)
        stopped = time.monotonic()
    assert time.monotonic() - stopped < 8
    assert there.app.trace[0].error == "abandoned"
    assert not there.server.server_state.connections
    silent.close()
    unread.close()


def test_silence_ends_when_even_the_server_has_had_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client without a timeout is hung up on after an hour, a fifth of a second here."""
    monkeypatch.setattr(walk, "SILENCE_S", 0.2)
    with served(timed_out()) as there:
        assert there.raw(posted(asked())) == b""
    assert there.app.trace[0].error == "connection_lost"


# ---------------------------------------------------------------- many at once
def test_sixty_four_clients_at_once_are_all_answered(there: Served) -> None:
    """Each gets its own answer, whole."""
    together = threading.Barrier(64)

    def ask(number: int) -> bytes:
        question = {"role": "user", "content": f"Question {number}?"}
        with there.connect() as connection:
            together.wait(SOON_S)
            connection.sendall(posted(asked(messages=[question], stream=number % 2 == 1)))
            return all_of(connection)

    before = len(there.app.trace)
    with ThreadPoolExecutor(64) as clients:
        answers = list(clients.map(ask, range(64)))
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
    ids = {re.search(rb'"id":"(msg_\w+)"', answer)[1] for answer in answers}  # type: ignore[index]
    assert len(ids) == 64
    assert len(there.app.trace) == before + 64


def wait_until(holds: object) -> None:
    """Wait a little for something that another thread does."""
    ends = time.monotonic() + SOON_S
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.02)
