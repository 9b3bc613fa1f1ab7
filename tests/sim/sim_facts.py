"""Facts about the real API that a test holds, and the page that is generated from them.

    @imitates("a refused request names the field", source="docs: errors, 2026-08-22")
    def test_...

``python tests/sim/sim_facts.py --write`` writes docs/provider.md, ``--check`` compares it.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from labkit.sim.model import describe
from labkit.sim.model.difficulty import HARDEST
from labkit.sim.model.skill import skills

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "provider.md"
PARTS = HERE / "provider_page.md"
"""What is invented and what is not there: written by hand, above and below the facts."""
FACTS_GO_HERE = "<!-- facts -->"
RULES_GO_HERE = "<!-- rules -->"
TIERS_GO_HERE = "<!-- tiers -->"

Test = TypeVar("Test", bound=Callable[..., object])


def imitates(what: str, *, source: str) -> Callable[[Test], Test]:
    """Mark a test as holding one behaviour of the real API, and say who says so."""

    def mark(test: Test) -> Test:
        facts = getattr(test, "facts", ())
        test.facts = ((what, source), *facts)  # type: ignore[attr-defined]
        return pytest.mark.imitates(what, source=source)(test)

    return mark


def page() -> str:
    """The whole page."""
    parts = PARTS.read_text(encoding="utf-8")
    rules = "\n".join(f"| `{name}` | {stands_for} |" for name, stands_for in describe())
    rules = f"| rule | what it stands for |\n|---|---|\n{rules}\n"
    whole = parts.replace(FACTS_GO_HERE, "\n".join(tables())).replace(RULES_GO_HERE, rules)
    return whole.replace(TIERS_GO_HERE, "\n".join([*tiers(), ""]))


SHARES = {
    "crossover": "missed though a smaller tier has them",
    "abstains": "abstains where another page tempts",
    "fence": "JSON in a fence",
    "prose": "JSON behind a sentence",
    "comma": "JSON with a comma too many",
    "depth": "lost in the middle of a long context",
    "dilution": "lost besides for each doubling",
}


def tiers() -> Iterator[str]:
    """The made-up numbers of each tier, as a table."""
    known = skills().values()
    yield f"| | {' | '.join(skills())} |"
    yield f"|---|{'---|' * len(known)}"
    for level in range(HARDEST):
        yield row(f"right at difficulty {level + 1}", [f"{one.right[level]:.0%}" for one in known])
    for name, what in SHARES.items():
        yield row(what, [f"{getattr(one, name):.0%}" for one in known])
    turns = [str(one.remembers_turns) for one in known]
    yield row("turns until something said is forgotten", turns)


def row(what: str, values: list[str]) -> str:
    """One line of a table."""
    return f"| {what} | {' | '.join(values)} |"


def tables() -> Iterator[str]:
    """One table of facts for each test module, under the first sentence of its docstring."""
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        rows = [
            f"| {what} | {source} | `{name}` |"
            for name, test in vars(module).items()
            for what, source in getattr(test, "facts", ())
        ]
        if rows:
            title = (module.__doc__ or path.stem).strip().splitlines()[0].rstrip(".")
            yield f"### {title}\n\n`{path.relative_to(HERE.parents[1]).as_posix()}`\n"
            yield "| behaviour | source | test |\n|---|---|---|"
            yield from rows
            yield ""


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write docs/provider.md")
    what.add_argument(
        "--check", action="store_true", help="fail if docs/provider.md is not current"
    )
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/provider.md is not current. Run: python tests/sim/sim_facts.py --write")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(importlib.import_module("sim_facts").main())
