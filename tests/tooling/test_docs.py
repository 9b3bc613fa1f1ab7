"""The commands and the links of the Markdown pages are real."""

import importlib.util
import pkgutil
import re
import shlex
from collections import Counter

import pytest
from lessons import LESSONS, ROOT, cells, codes, prose, source

from labkit import checklist

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"```bash\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
ROOM = re.compile(r"`((?:labkit|tests|docs|notebooks|solutions|exercises|benchmarks)/[\w./]*)`")


def commands():
    """Each command of each page, without what makes it run in a shell."""
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in re.split(r"\n|&&", block):
                if words := shlex.split(line, comments=True):
                    yield page.name, words


def makes():
    """The targets of the Makefile."""
    rules = re.findall(r"^([a-z -]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return {target for rule in rules for target in rule.split()}


def is_real(words):
    """Whether a command names files, modules and targets that exist."""
    words = [word for word in words if not re.match(r"[A-Z]+=", word)]
    if words[0] == "make":
        return set(words[1:]) <= makes()
    if words[0].endswith("python") and words[1] == "-m":
        return importlib.util.find_spec(words[2]) is not None
    paths = [word for word in words[1:] if word.endswith((".py", ".ipynb")) or "/" in word]
    return all((ROOT / path).exists() for path in paths)


@pytest.mark.parametrize(("page", "words"), list(commands()), ids=str)
def test_every_command_on_a_page_can_be_typed(page, words):
    """Files, modules and make targets that a page tells people to use are there."""
    assert is_real(words), f"{page}: {' '.join(words)}"


def test_a_command_that_is_gone_is_noticed():
    """The check above can fail, in each of its three ways."""
    assert not is_real(["make", "tea"])
    assert not is_real([".venv/bin/python", "-m", "tests.sim.facts"])
    assert not is_real(["python", "tests/sim/facts.py", "--write"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_path_on_a_page_leads_somewhere(page):
    """Links between pages, and the paths that a page names."""
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert all((page.parent / link).exists() for link in links), links
    rooms = [room for room in ROOM.findall(text) if not (ROOT / room).exists()]
    assert not rooms, rooms


BREAKS = re.compile(r"`([^`]+)` → `([^`]+)`")


def guide_of(lesson):
    """The page for instructors."""
    return (ROOT / "docs" / "instructor" / f"{lesson.stem}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_the_guide_and_the_page_count_the_same_minutes(lesson):
    """Of every item of the area."""
    line = r"\[([A-Z]\d+ [^]]+)\]\(#[^)]*\)(?:, after \w+)?, (\d+) minutes"
    counted = dict(re.findall(line, prose(lesson)))
    assert {item.split()[0] for item in counted} == codes(lesson)
    assert dict(re.findall(r"\| ([A-Z]\d+ [^|]+?) \| (\d+) \|", guide_of(lesson))) == counted


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_what_an_instructor_breaks_live_stands_on_the_page(lesson):
    """Each text that is to be changed is in a code cell, and the new text is another one."""
    code = "\n".join(map(source, cells(lesson, "code")))
    changes = BREAKS.findall(guide_of(lesson))
    assert len(changes) > 10
    gone = [old for old, new in changes if old not in code or old == new]
    assert not gone, gone


def test_the_door_says_which_labs_are_here():
    """A row for each area of the checklist, with its items; "not yet" where no lesson is."""
    door = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| 0(\d) \| ([^|]+) \| (\d+) \| .* \| ([^|]+) \|$", door, re.MULTILINE)
    counts = Counter(one.area.title for one in checklist.items())
    assert [(title, int(count)) for _, title, count, _ in rows] == list(counts.items())
    here = [int(number) for number, _, _, here in rows if here != "not yet"]
    assert here == [int(path.name[:2]) for path in LESSONS]


def test_the_map_shows_every_room():
    """A room that it does not name is not found."""
    (drawn,) = re.findall(
        r"```\n(cli .*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL
    )
    named = set(re.findall(r"(?:^|\| )([a-z]+)(?:  |:)", drawn, re.MULTILINE))
    assert named == {room.name for room in pkgutil.iter_modules([ROOT / "labkit"])}


def test_each_lab_has_a_page_for_instructors_and_the_first_page_names_it():
    """No guide without a lab, no lab without a guide."""
    guides = {path.stem for path in ROOT.glob("docs/instructor/*.md")}
    assert guides == {path.stem for path in LESSONS}
    named = (ROOT / "docs/instructor.md").read_text(encoding="utf-8")
    assert all(f"(instructor/{guide}.md)" in named for guide in guides)
