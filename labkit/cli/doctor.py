"""``labkit doctor``: what is wrong with an installation, in a learner's words."""

import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

REINSTALL = "run `make clean` and then `make lab`"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    ok: bool | None
    """None where it does not matter for now."""
    says: str

    def __str__(self) -> str:
        mark = {True: "✓", False: "✕", None: "–"}[self.ok]
        return f"{mark} {self.says}"


def doctor(_: argparse.Namespace) -> int:
    """Print every finding; 1 where something has to be done."""
    found = [finding for look in LOOKS for finding in look()]
    for finding in found:
        print(finding)
    broken = sum(finding.ok is False for finding in found)
    print(f"{broken} to mend" if broken else "nothing to mend")
    return 1 if broken else 0


def python() -> Iterator[Finding]:
    """The interpreter."""
    now = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - a person may start it with any Python
        yield Finding(False, f"Python {now} is too old: install 3.11 or newer, then {REINSTALL}")
    else:
        yield Finding(True, f"Python {now}")


def packages() -> Iterator[Finding]:
    """Every package that labkit needs, in a version that it can use."""
    wanted = [Requirement(line) for line in requires("labkit") or ()]
    for need in wanted:
        try:
            have = version(need.name)
        except PackageNotFoundError:
            yield Finding(False, f"{need.name} is missing: {REINSTALL}")
            continue
        if have not in need.specifier:
            yield Finding(False, f"{need.name} is {have} and must be {need.specifier}: {REINSTALL}")
    yield Finding(True, f"{len(wanted)} packages looked at")


def kernel() -> Iterator[Finding]:
    """The kernel that the notebooks name."""
    from jupyter_client.kernelspec import KernelSpecManager

    if "python3" in KernelSpecManager().find_kernel_specs():
        yield Finding(True, "the notebooks' kernel is there")
    else:
        yield Finding(False, f"the kernel python3 is missing, so no cell can run: {REINSTALL}")


def call() -> Iterator[Finding]:
    """One simulated call through the SDK."""
    from labkit import Lab

    run = Lab().ask(hello, "Hello")
    if run.error:
        yield Finding(False, f"a simulated call failed ({run.error}): {REINSTALL}")
    else:
        yield Finding(True, "a simulated call was answered, without a key and without a network")


def hello(client: object, question: str) -> str:
    """The smallest app."""
    from labkit.catalog import tier

    messages = [{"role": "user", "content": question}]
    reply = client.messages.create(  # type: ignore[attr-defined]
        model=tier("fast").id, max_tokens=50, messages=messages
    )
    return str(reply.content[0].text)


def port() -> Iterator[Finding]:
    """The port that JupyterLab will want."""
    number = int(os.environ.get("PORT", "8888"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            yield Finding(None, f"port {number} is in use: `make lab PORT={number + 1}` works")
        else:
            yield Finding(True, f"port {number} is free")


def environment() -> Iterator[Finding]:
    """Variables of the SDK that a person may wonder about."""
    names = sorted(name for name in os.environ if name.startswith("ANTHROPIC_"))
    if names:
        yield Finding(None, f"{', '.join(names)}: set, and not read while PROVIDER is sim")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    packages,
    kernel,
    call,
    port,
    environment,
)
