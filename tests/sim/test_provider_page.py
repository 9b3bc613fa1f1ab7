"""The page of facts is generated, current and sourced."""

import subprocess
import sys

import pytest
from sim_facts import HERE, PAGE, imitates, page, tables


def test_the_page_is_current() -> None:
    """docs/provider.md says what the tests hold."""
    again = "Run: python tests/sim/sim_facts.py --write"
    assert PAGE.read_text(encoding="utf-8") == page(), again


def test_the_command_checks_the_page() -> None:
    """The command line agrees."""
    command = [sys.executable, str(HERE / "sim_facts.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0


def test_every_fact_has_a_source_with_its_version_or_date() -> None:
    """No fact stands on nothing."""
    rows = [row.split(" | ") for row in tables() if row.startswith("| ") and "`test_" in row]
    assert len(rows) > 50
    for what, source, _ in rows:
        dated = any(word in source for word in ("2026-", "2.12.0", "reported"))
        assert dated, f"{what}: the source {source!r} has no version or date"


def test_a_fact_reaches_the_page_and_the_markers() -> None:
    """The decorator leaves its fact on the test, for the page and for `pytest -m imitates`."""

    @imitates("one thing", source="docs: x, 2026-08-22")
    @imitates("another", source="docs: y, 2026-08-22")
    def test() -> None:
        """Nothing."""

    assert test.facts == (
        ("one thing", "docs: x, 2026-08-22"),
        ("another", "docs: y, 2026-08-22"),
    )
    assert [mark.name for mark in test.pytestmark] == ["imitates", "imitates"]


@pytest.mark.parametrize("part", ["## What is invented", "## What is not there"])
def test_the_page_is_honest(part: str) -> None:
    """The page says what is made up and what is missing."""
    assert part in page()
