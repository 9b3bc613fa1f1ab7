"""A report as JUnit XML, which every CI can show.

    Report and Decision -> junit_xml -> one testcase for each sample

Wrong is a failure, an app that raised an error, and what the provider kept from running is skipped.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from labkit.arguments import line, refused, table
from labkit.evals.gating import Decision
from labkit.evals.running import Report, Row

KINDS = {"failed": "failure", "error": "error", "not run": "skipped"}


def junit_xml(
    report: Report, decision: Decision | None = None, *, facts: Mapping[str, str] | None = None
) -> str:
    """The report as XML text; with a decision, each failure says whether it is new.

    Args:
        report: What was run.
        decision: What the gate made of it.
        facts: More to be known about the run, such as its fingerprint.
    """
    if not isinstance(report, Report) or not isinstance(decision, Decision | None):
        what, given = (
            ("report", report) if not isinstance(report, Report) else ("decision", decision)
        )
        raise refused(
            what, given, "No testcase can be made of it.", "Give a Report and a Decision."
        )
    known = table("facts", facts or {}, "No property can be made of it.")
    lost = decision.missing if decision else ()
    counts = {
        "tests": len(report.rows) + len(lost),
        "failures": report.count("failed") + len(lost),
        "errors": report.errors,
        "skipped": report.not_run,
    }
    numbers = {"name": "labkit eval", **{name: str(many) for name, many in counts.items()}}
    root = ET.Element("testsuites", numbers)
    suite = ET.SubElement(root, "testsuite", numbers)
    properties = ET.SubElement(suite, "properties")
    for name, value in {**judged(decision), **known}.items():
        ET.SubElement(properties, "property", name=line(name), value=line(str(value), 500))
    for row in report.rows:
        add_row(suite, row, decision)
    for id in lost:
        case = ET.SubElement(suite, "testcase", classname="missing", name=line(id))
        ET.SubElement(case, "failure", type="missing", message="the candidate left it out")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def judged(decision: Decision | None) -> dict[str, str]:
    """What the gate decided, as properties."""
    if decision is None:
        return {}
    return {"verdict": decision.verdict, "reason": decision.reason, "p": f"{decision.p:.6g}"}


def add_row(suite: ET.Element, row: Row, decision: Decision | None) -> None:
    """One sample as a testcase."""
    kind = line(row.sample.tags[0]) if row.sample.tags else "sample"
    case = ET.SubElement(suite, "testcase", classname=kind, name=line(row.sample.id))
    if row.state in KINDS:
        how = compared(row, decision)
        message = f"{how}: {row.reason}" if how else row.reason
        ET.SubElement(case, KINDS[row.state], type=how or row.state, message=message)


def compared(row: Row, decision: Decision | None) -> str:
    """How a row that did not pass stands to the baseline; nothing where there is none."""
    if decision is None or row.state == "not run":
        return ""
    if row.sample.id in decision.worse:
        return "worse than the baseline"
    return "not in the baseline" if row.sample.id in decision.new else "as in the baseline"
