"""The production checklist as data."""

from collections import Counter

import pytest

from labkit import checklist
from labkit.errors import ArgumentError, CaseDataError

AREAS = {
    "reliability": ("R", 12),
    "cost": ("C", 12),
    "safety": ("S", 9),
    "observability": ("O", 9),
    "context": ("X", 8),
    "versioning": ("V", 6),
}
SMALL = """
[[area]]
id = "reliability"
title = "Reliability"
covers = "Evals"

[[failure_mode]]
id = "cost-spike"
story = "Spend doubles."
fix = "An alert."

[[item]]
code = "R1"
id = "an-item"
area = "reliability"
section = "Evals"
text = "It holds."
priority = "P0"
failure_modes = ["cost-spike"]
"""


def load(folder, text):
    """The checklist in a file of its own."""
    file = folder / "checklist.toml"
    file.write_text(text, encoding="utf-8")
    return checklist.load_checklist(file)


def test_the_checklist_has_56_items_in_six_areas():
    """The counts by area are the mission's table."""
    assert [one.id for one in checklist.areas()] == list(AREAS)
    counts = Counter(one.area.id for one in checklist.items())
    assert counts == {area: count for area, (_, count) in AREAS.items()}
    assert len(checklist.items()) == 56


def test_codes_are_the_letter_of_the_area_and_run_without_gaps():
    """R1 to R12, C1 to C12, and so on, in the order of the file."""
    wanted = [f"{letter}{n}" for letter, count in AREAS.values() for n in range(1, count + 1)]
    assert [one.code for one in checklist.items()] == wanted


def test_ids_and_texts_are_not_repeated():
    """Each item is named once and says something of its own."""
    for values in ([i.id for i in checklist.items()], [i.text for i in checklist.items()]):
        assert len(set(values)) == 56


def test_an_item_is_found_by_its_code():
    """R9 is the item on refusals, before launch."""
    found = checklist.item("R9")
    assert (found.id, found.priority, found.area.title) == ("handles-refusals", "P0", "Reliability")


def test_every_incident_is_prevented_by_some_item():
    """The five failure modes are all in use."""
    used = {mode for one in checklist.items() for mode in one.failure_modes}
    assert used == set(checklist.failure_modes())
    assert len(used) == 5


@pytest.mark.parametrize(
    ("code", "says"), [("R13", "'R1'"), ("r9", "'R9'"), ("", "R1, R2"), ("R09", "'R9'")]
)
def test_an_unknown_code_is_refused_with_the_nearest_or_the_first(code, says):
    """The message lists what would have worked."""
    with pytest.raises(ArgumentError, match=f"not an item of the checklist.*{says}"):
        checklist.item(code)


def test_a_whole_file_loads(tmp_path):
    """The small file that the next test breaks is right as it stands."""
    assert load(tmp_path, SMALL).items[0].failure_modes[0].fix == "An alert."


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('area = "reliability"', 'area = "reliabilty"', 12),
        ('["cost-spike"]', '["cost-spikes"]', 12),
        ('["cost-spike"]', '"cost-spike"', 12),
        ('priority = "P0"', 'priority = "P3"', 12),
        ('priority = "P0"', 'prioritty = "P0"', 12),
        ('text = "It holds."', 'text = ""', 12),
        ('fix = "An alert."', "fix = 3", 7),
        ('title = "Reliability"', "title = ", 4),
    ],
)
def test_wrong_data_names_its_file_and_line(tmp_path, old, new, line):
    """A row's line is where its [[table]] stands; a syntax error's is its own."""
    with pytest.raises(CaseDataError, match=rf"^checklist\.toml, line {line}: "):
        load(tmp_path, SMALL.replace(old, new))


def test_a_code_is_given_once(tmp_path):
    """The second of two equal codes is named."""
    again = SMALL[SMALL.index("[[item]]") :]
    with pytest.raises(CaseDataError, match=r"line 20: the code R1 is taken"):
        load(tmp_path, SMALL + again)
