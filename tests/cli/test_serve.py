"""``labkit serve`` as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anthropic
import pytest

from labkit.cli import main, serve
from labkit.cli.trace_file import TraceFile
from labkit.server import ServerClock
from labkit.sim.clock import SimClock
from labkit.trace import Attempt, Trace, Usage, json_lines

BODY = {
    "model": "lab-fast-2",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "Hello"}],
}


@contextmanager
def running(*options: object) -> Iterator[tuple[subprocess.Popen[str], anthropic.Anthropic]]:
    """The command in a process of its own, once it listens, and a client of it; both end here."""
    command = [sys.executable, "-m", "labkit.cli", "serve", "--port", "0", *map(str, options)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.fullmatch(
            r"labkit: the provider is at (http://127\.0\.0\.1:\d+); Ctrl-C ends it\n", line
        )
        assert found, line
        with anthropic.Anthropic(api_key="any", base_url=found[1]) as client:
            yield process, client
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: int) -> tuple[str, str]:
    """What it says after a signal, having ended well."""
    process.send_signal(number)
    said, complained = process.communicate(timeout=30)
    assert process.returncode == 0, complained
    return said, complained


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_told_to_end_and_writes_the_trace(
    tmp_path: Path, number: int
) -> None:
    """A seed, a fault and a trace: two attempts, one line each, and one line of summary."""
    path = tmp_path / "a folder" / "trace.jsonl"
    path.parent.mkdir()
    with running(
        "--seed", 8, "--today", "2027-02-28", "--faults", "overloaded(times=1)", "--trace", path
    ) as (one, client):
        raw = client.messages.with_raw_response.create(**BODY)
        assert raw.headers["anthropic-ratelimit-requests-reset"].startswith("2027-02-28T09:00:")
        message = raw.parse()
        said, complained = ended(one, number)
    assert complained == ""
    (line,) = said.splitlines()
    assert line.startswith("labkit: 2 attempts, 1 of them failed; 5 tokens in, 10 out; ")
    failed, answered = map(json.loads, path.read_text("utf-8").splitlines())
    assert failed["error"] == "overloaded_error"
    assert answered["message_id"] == message.id
    assert answered["usage"]["output_tokens"] == message.usage.output_tokens
    assert list(path.parent.iterdir()) == [path]


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Two servers with one seed answer and record alike; another seed does not."""
    seen = []
    for number, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{number}.jsonl"
        with running("--seed", seed, "--trace", path) as (one, client):
            raw = client.messages.with_raw_response.create(**BODY)
            ended(one, signal.SIGTERM)
        seen.append((raw.read(), path.read_bytes()))
    assert seen[0] == seen[1]
    assert seen[0][0] != seen[2][0]


def test_it_begins_with_what_a_file_holds(tmp_path: Path) -> None:
    """A batch that is there from the start, ended, and survives being deleted."""
    path = tmp_path / "state.json"
    requests = [{"custom_id": "one", "params": BODY}]
    path.write_text(json.dumps({"batches": [{"id": "an_id", "requests": requests}]}))
    with running("--state", path) as (one, client):
        batches = client.messages.batches
        batches.delete("an_id")
        assert batches.retrieve("an_id").processing_status == "ended"
        assert [result.custom_id for result in batches.results("an_id")] == ["one"]
        ended(one, signal.SIGTERM)


def test_what_is_not_simulated_is_said_on_the_terminal() -> None:
    """An unknown address is a 404 for the client and a line for the person who watches."""
    with running() as (one, client):
        with pytest.raises(anthropic.NotFoundError):
            client.get("/v1/tea", cast_to=object)
        _, complained = ended(one, signal.SIGINT)
    assert complained == "GET /v1/tea is not simulated: the answer is 404.\n"


def test_the_command_ends_well_in_this_process_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An interrupt ends it with 0, the trace is there, and the old handlers are back."""
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    path = tmp_path / "trace.jsonl"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    interrupter = threading.Thread(target=interrupt_once_it_listens, args=(number,), daemon=True)
    interrupter.start()
    assert main(["serve", "--port", str(number), "--trace", str(path)]) == 0
    interrupter.join(30)
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
    hello, bye = capsys.readouterr().out.splitlines()
    assert hello == f"labkit: the provider is at http://127.0.0.1:{number}; Ctrl-C ends it"
    assert bye.startswith("labkit: 1 attempts, 1 of them failed; 0 tokens in, 0 out; ")
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line)["error"] == "authentication_error"


def interrupt_once_it_listens(number: int) -> None:
    """Ask without a key, then interrupt this process."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            with socket.create_connection(("127.0.0.1", number), timeout=30) as connection:
                connection.sendall(b"POST /v1/messages HTTP/1.1\r\nhost: x\r\n\r\n")
                connection.recv(1)
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


# ---------------------------------------------------------------- said at the start
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "65536"], "is not a port"),
        (["--port", "-1"], "is not a port"),
        (["--port", "many"], "is not a port"),
        (["--seed", "-1"], "is not a whole number"),
        (["--seed", "9" * 5_000], "is not a whole number"),
        (["--seed", "1.5"], "is not a whole number"),
        (["--pace", "-1"], "is not a number"),
        (["--pace", "nan"], "is not a number"),
        (["--pace", "1e400"], "is not a number"),
        (["--pace", ""], "is not a number"),
        (["--today", "tomorrow"], "is not a day"),
        (["--today", "9999-12-31"], "is not a day"),
        (["--host", "0.0.0.0"], "unrecognized arguments"),
    ],
)
def test_options_that_cannot_be_end_with_2(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers that are none, and the address that there is no option for."""
    with pytest.raises(SystemExit) as stopped:
        main(["serve", *options])
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def refusal(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """The one line that the command ends with."""
    assert main(["serve", *options]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("labkit: ")
    return line


def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has it, what follows, and a command that may work."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        line = refusal(capsys, "--port", str(number))
    assert f"Port {number} is in use. The provider cannot listen on it." in line
    assert re.search(r"Try `labkit serve --port \d+`\.$", line)


def test_faults_and_states_that_cannot_be_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is started."""
    assert "cannot be read" in refusal(capsys, "--state", str(tmp_path / "none.json"))
    assert "'tea' is not a fault" in refusal(capsys, "--faults", "tea")


@pytest.mark.parametrize("name", ["", "no folder/trace.jsonl", "\0", "/dev/null", "x" * 300])
def test_a_trace_that_could_not_be_written_is_refused_at_the_start(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder, a missing one, a device, names that cannot be."""
    line = refusal(capsys, "--port", "0", "--trace", str(tmp_path / name))
    assert "The trace would be lost in the end, so nothing was started." in line
    assert os.listdir(tmp_path) == []


def test_a_trace_that_can_no_longer_be_written_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder goes away while the server runs: nothing is lost."""
    trace = Trace([Attempt(call=1, retry=0, model="lab-fast-2", streamed=False, started_s=0.0)])
    TraceFile(tmp_path / "gone" / "trace.jsonl").finish(trace)
    said = capsys.readouterr()
    assert said.out == json_lines(trace)
    assert "No such file or directory. The trace was printed instead." in said.err


def attempts(number: int) -> list[Attempt]:
    """So many attempts, every third of which failed."""
    return [
        Attempt(
            call=n + 1,
            retry=0,
            model="lab-fast-2",
            streamed=False,
            started_s=float(n),
            ended_s=n + 0.5,
            status=200,
            error=None if n % 3 else "cut_stream",
            usage=Usage(input_tokens=n),
        )
        for n in range(number)
    ]


def test_a_trace_is_written_while_the_server_runs(tmp_path: Path) -> None:
    """Each attempt that leaves the memory is a line beside the file, which is whole in the end."""
    path, rows, all_of_them = (
        tmp_path / "trace.jsonl",
        attempts(10),
        json_lines(Trace(attempts(10))),
    )
    written = TraceFile(path)
    for one in rows[:7]:
        written.add(one)
    half = (tmp_path / "trace.jsonl.half").read_text("utf-8")
    assert half == json_lines(Trace(rows[:7]))
    assert not path.exists()
    written.finish(Trace(rows[7:]))
    assert path.read_text("utf-8") == all_of_them
    assert os.listdir(tmp_path) == ["trace.jsonl"]
    assert (written.attempts, written.failed, written.usage.input_tokens) == (10, 4, 45)


def test_a_trace_of_nothing_is_an_empty_file(tmp_path: Path) -> None:
    """Whoever reads it finds it; without a name nothing is written."""
    TraceFile(tmp_path / "trace.jsonl").finish(Trace())
    TraceFile(None).finish(Trace(attempts(2)))
    assert (tmp_path / "trace.jsonl").read_bytes() == b""
    assert os.listdir(tmp_path) == ["trace.jsonl"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_disk_that_fills_up_prints_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says where the first attempts are, and every other one is printed."""
    path, rows = tmp_path / "trace.jsonl", attempts(4)
    half = tmp_path / "trace.jsonl.half"
    half.symlink_to("/dev/full")
    written = TraceFile(path)
    written.add(rows[0])
    written.finish(Trace(rows[1:]))
    said = capsys.readouterr()
    assert said.out == json_lines(Trace(rows))
    assert said.err.splitlines() == [
        f"labkit: {path}: No space left on device. The trace was printed instead. Copy it."
    ]
    assert os.listdir(tmp_path) == []


def test_a_file_that_takes_no_more_keeps_what_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit on the size of files is met in the middle: the other attempts are printed."""
    rows = attempts(6)
    most = len(json_lines(Trace(rows[:3]))) + 10
    code = (
        "import resource, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_serve import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
        f"TraceFile(Path({str(tmp_path / 'trace.jsonl')!r})).finish(Trace(attempts(6)))\n"
    )
    done = subprocess.run([sys.executable, "-Bc", code], capture_output=True, text=True, check=True)
    assert done.stdout == json_lines(Trace(rows[3:]))
    half = tmp_path / "trace.jsonl.half"
    assert f"It has 3 attempts in {half}. The rest was printed instead." in done.stderr
    assert half.read_text("utf-8").startswith(json_lines(Trace(rows[:3])))
    assert not (tmp_path / "trace.jsonl").exists()


def test_a_place_that_is_taken_meanwhile_says_where_the_trace_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody makes a folder of that name while the server runs."""
    path = tmp_path / "trace.jsonl"
    path.mkdir()
    TraceFile(path).finish(Trace(attempts(2)))
    half = tmp_path / "trace.jsonl.half"
    assert f"The trace was written to {half}." in capsys.readouterr().err
    assert half.read_text("utf-8") == json_lines(Trace(attempts(2)))


def test_an_earlier_trace_stays_until_there_is_a_new_one(tmp_path: Path) -> None:
    """Looking whether a file can be written does not empty it."""
    path = tmp_path / "trace.jsonl"
    path.write_text("before")
    assert serve.checked(path) == path
    assert path.read_text() == "before"


def test_a_price_that_nobody_knows_is_null_in_a_line() -> None:
    """JSON has no word for what is not a number."""
    attempt = Attempt(
        call=1, retry=0, model="x", streamed=False, started_s=0.0, cost_usd=float("nan")
    )
    assert json.loads(json_lines(Trace([attempt])))["cost_usd"] is None


def test_both_clocks_begin_at_the_same_moment() -> None:
    """A server's dates are a lab's dates."""
    assert ServerClock().utcnow() == SimClock().utcnow()


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--seed", "-1", "is not a whole number"),
        ("--seed", "9" * 30, "is not a whole number"),
        ("--pace", "fast", "is not a number"),
        ("--pace", "-0.5", "is not a number"),
        ("--today", "yesterday", "is not a day of this century"),
        ("--today", "1999-01-01", "is not a day of this century"),
        ("--port", "eight", "is not a port"),
    ],
)
def test_a_number_or_a_day_that_is_none_is_refused(option, value, says, capsys):
    """In three parts, with the code for words that are not understood."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", option, value])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
