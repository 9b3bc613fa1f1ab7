"""``labkit eval``: run an eval set on an app, record a baseline, gate a change against it.

    module:app, samples -> a fresh lab for each sample -> report -> baseline or decision -> exit

0 PASS, 1 BLOCK, 2 something cannot be used, 3 INCONCLUSIVE: the provider failed, run it again.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

import anthropic
import httpx2

from labkit import case, clock
from labkit.arguments import known, line
from labkit.cli import installed, sorry
from labkit.cli.app import SyncApp, load_app, module_bytes, with_model
from labkit.cli.machine import save, why_not_save
from labkit.errors import ArgumentError, CaseDataError
from labkit.evals import (
    Baseline,
    Decision,
    Report,
    Sample,
    check_comparable,
    evaluate,
    gate,
    junit_xml,
    load_samples,
    read_baseline,
    run_fingerprint,
    sample_fingerprints,
)
from labkit.lab import Lab
from labkit.server import read_faults
from labkit.tables import read_text

EXITS = {"PASS": 0, "BLOCK": 1, "INCONCLUSIVE": 3}
NOT_USED = 2

HONEST = {
    "sim": "This tests the application and the harness, not the model: the model is simulated.",
    "live": "This asks the real API with your key, and every question costs.",
}


def eval_app(options: argparse.Namespace) -> int:
    """Run it; what cannot be used ends with 2, so that nobody takes it for a regression."""
    try:
        return run(options)
    except (ArgumentError, CaseDataError) as problem:
        return sorry(str(problem), NOT_USED)


def run(options: argparse.Namespace) -> int:
    """Check everything that was given, ask every sample, then record or decide."""
    samples = samples_of(options.samples)
    critical = tagged(samples, options.critical)
    for option in ("write_baseline", "junit"):
        check_writable(option, getattr(options, option))
    lab = Lab(
        options.seed,
        provider=options.provider,
        faults=read_faults(options.faults) if options.faults.strip() else (),
    )
    before = baseline_of(options.baseline, samples, options.provider)
    app = with_model(load_app(options.app), options.app, lab, options.tier)
    print(f"{options.app}, {len(samples)} samples, seed {options.seed}", flush=True)
    print(HONEST[options.provider], flush=True)
    report, asked = evaluated(lab, app, samples)
    now = recorded(options, lab, report, asked)
    print(report)
    decision = decide(options, before, report, critical) if before else None
    if options.junit:
        facts = {"fingerprint": now.fingerprint, "seed": str(options.seed)}
        save(Path(options.junit), junit_xml(report, decision, facts=facts))
    if before and decision:
        print(compared_with(options.baseline, before, now))
        print(decision)
        return EXITS[decision.verdict]
    return without_baseline(options, now, report)


def samples_of(name: str) -> tuple[Sample, ...]:
    """The case's samples, or those of a file."""
    if name == "case":
        return case.samples()
    return load_samples(an_existing(Path(name), "--samples", "Give a TOML file, or: case"))


def an_existing(path: Path, option: str, remedy: str) -> Path:
    """Refuse a file that is not there."""
    if path.is_file():
        return path
    raise ArgumentError(f"{option} is {str(path)!r}. There is no such file. {remedy}.")


def tagged(samples: Sequence[Sample], tags: Collection[str]) -> frozenset[str]:
    """The ids of the samples that carry one of these tags."""
    every_tag = dict.fromkeys(tag for one in samples for tag in one.tags)
    for tag in tags:
        known(tag, every_tag, "a tag of these samples", "Nothing would be critical.")
    return frozenset(one.id for one in samples if set(tags) & {*one.tags})


def check_writable(option: str, name: str | None) -> None:
    """Refuse at once what could not be written in the end."""
    if name is not None and (why := why_not_save(Path(name))):
        raise ArgumentError(
            f"--{option.replace('_', '-')} is {name!r}: {why}. The result would be lost in the "
            "end, so nothing was asked. Give a file in a folder that you can write."
        )


def baseline_of(name: str | None, samples: Sequence[Sample], provider: str) -> Baseline | None:
    """The baseline of a file, if it can be compared with these samples."""
    if name is None:
        return None
    path = an_existing(Path(name), "--baseline", f"Make it with --write-baseline {name}")
    found = read_baseline(read_text(path), path.name)
    check_comparable(found, samples, provider)
    return found


def evaluated(lab: Lab, app: SyncApp, samples: Sequence[Sample]) -> tuple[Report, dict[str, str]]:
    """The report, and a digest of the first request of each sample, as it went out."""
    asked: dict[str, str] = {}
    with ExitStack() as clocks:

        def client_for(sample: Sample) -> anthropic.Anthropic:
            fresh = lab.fresh()
            clocks.enter_context(clock.use(fresh.clock))
            client = fresh.client
            client._client.event_hooks = {"request": [noted_for(sample.id, asked)]}
            return client

        try:
            return evaluate(app, samples, client_for), asked
        except SystemExit as ended:
            raise ArgumentError(
                f"The app ended the program (SystemExit: {line(str(ended))}). A build would take "
                "that for a result. Let it return a text or raise an error."
            ) from None


def noted_for(id: str, asked: dict[str, str]) -> Callable[[httpx2.Request], None]:
    """A hook that keeps the digest of a sample's first request."""

    def note(request: httpx2.Request) -> None:
        body = f"{request.method} {request.url.path}\n".encode() + request.read()
        asked.setdefault(id, hashlib.sha256(body).hexdigest())

    return note


def recorded(
    options: argparse.Namespace, lab: Lab, report: Report, asked: dict[str, str]
) -> Baseline:
    """The run with its conditions."""
    samples = sample_fingerprints(row.sample for row in report.rows)
    versions = {"anthropic": anthropic.__version__, "labkit": installed()}
    shape = {
        "app": hashlib.sha256(module_bytes(options.app)).hexdigest(),
        "first requests": asked,
        "samples": samples,
        "provider": options.provider,
        "versions": versions,
    }
    return Baseline(
        app=options.app,
        provider=options.provider,
        seed=options.seed,
        date=lab.clock.utcnow().date(),
        fingerprint=run_fingerprint(shape),
        versions=versions,
        states={row.sample.id: row.state for row in report.rows},
        samples=samples,
    )


def decide(
    options: argparse.Namespace, before: Baseline, report: Report, critical: frozenset[str]
) -> Decision:
    """What the gate makes of the run."""
    return gate(
        before.states,
        report,
        alpha=options.alpha,
        critical=critical,
        max_not_run=options.max_not_run,
    )


def compared_with(name: str, before: Baseline, now: Baseline) -> str:
    """Which baseline it is, and what differs from its conditions."""
    lines = [f"baseline: {Path(name).name} of {before.date}, fingerprint {before.fingerprint}"]
    if before.fingerprint == now.fingerprint:
        lines.append("Nothing that shapes the behaviour has changed since.")
    else:
        lines.append(f"This run's fingerprint is {now.fingerprint}.")
    for what, was, is_now in (
        ("seed", before.seed, now.seed),
        ("labkit", before.versions.get("labkit"), now.versions["labkit"]),
    ):
        if was != is_now:
            lines.append(f"Note: the baseline was made with {what} {was}, and this is {is_now}.")
    return "\n".join(lines)


def without_baseline(options: argparse.Namespace, now: Baseline, report: Report) -> int:
    """Record a run that is whole; without a file to record it in, say what comes next."""
    if report.not_run > (0 if options.write_baseline else options.max_not_run):
        lost = "; no baseline was written" if options.write_baseline else ""
        print(f"INCONCLUSIVE: the provider failed at {report.not_run} samples{lost}. Run it again.")
        return EXITS["INCONCLUSIVE"]
    if options.write_baseline and not report.passed:
        raise ArgumentError(
            f"None of the {len(report.rows)} samples passed. Nothing could get worse than that, so "
            "no baseline was written. Make the app work first; the report above says what it did."
        )
    if options.write_baseline:
        save(Path(options.write_baseline), now.to_json())
        print(f"baseline: written to {Path(options.write_baseline).name}, {now.fingerprint}")
    else:
        print("No baseline was given, so nothing is gated. Record one with --write-baseline FILE.")
    sys.stdout.flush()
    return EXITS["PASS"]
