"""``labkit doctor``: what is wrong with an installation, in a learner's words."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from labkit.cli import machine

Look = Callable[[], Iterator["Finding"]]
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
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
    found = [finding for look in LOOKS for finding in looked(look)]
    for finding in found:
        print(finding)
    broken = sum(finding.ok is False for finding in found)
    print(f"{broken} to mend" if broken else "nothing to mend")
    return 1 if broken else 0


def looked(look: Look) -> list[Finding]:
    """What one look finds; a look that cannot even be taken is a finding too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(look())
    except Exception as problem:
        reason = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
        return [Finding(False, f"{look.__name__} could not be looked at ({reason}): {REINSTALL}")]


def python() -> Iterator[Finding]:
    """The interpreter."""
    now = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - a person may start it with any Python
        yield Finding(False, f"Python {now} is too old: install 3.11 or newer, then {REINSTALL}")
    else:
        yield Finding(True, f"Python {now}")


def packages() -> Iterator[Finding]:
    """Every package that labkit needs, in a version that it can use."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in requires("labkit") or ()]
    except PackageNotFoundError:
        yield Finding(False, f"labkit itself is not installed: {REINSTALL}")
        return
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
    try:
        number = machine.port(os.environ.get("PORT", "8888"))
    except argparse.ArgumentTypeError as problem:
        yield Finding(False, f"PORT: {problem}")
        return
    if reason := machine.why_not_listen(number):
        other = machine.next_port(number)
        yield Finding(None, f"port {number} {reason}: try `make lab PORT={other}`")
    else:
        yield Finding(True, f"port {number} is free")


def folders() -> Iterator[Finding]:
    """Where JupyterLab keeps its settings, and where the notebooks are saved."""
    if machine.home_is_writable():
        yield Finding(True, "your home folder can be written")
    else:
        yield Finding(
            None,
            "your home folder cannot be written, so JupyterLab forgets its settings: "
            "set HOME to a folder of yours to keep them",
        )
    if not os.access(".", os.W_OK):
        yield Finding(
            None,
            "this folder cannot be written: pages run, and nothing that you change in them is "
            "saved; copy the folder to a place of yours and work there",
        )


def environment() -> Iterator[Finding]:
    """Variables of the SDK that a person may wonder about."""
    names = [name for name in os.environ if name.startswith("ANTHROPIC_") or name in PROXIES]
    if names:
        yield Finding(None, f"{', '.join(sorted(names))}: set, and not read while PROVIDER is sim")


def pages() -> Iterator[Finding]:
    """Whether there is a page to open from here."""
    if machine.FIRST_PAGE.is_file():
        yield Finding(True, f"the first page is {machine.FIRST_PAGE}")
    else:
        yield Finding(
            None, "no page lies below this folder: `labkit start` wants the repository's folder"
        )


LOOKS: tuple[Look, ...] = (python, packages, kernel, call, port, folders, environment, pages)
