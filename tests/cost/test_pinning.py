"""Ids that move: found by what the catalogue knows and by what the code sends, not by a date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import catalog
from labkit.cost import Finding, find_unpinned
from labkit.errors import ArgumentError

LOCK = {"triage": "claude-haiku-5-5", "answers": "lab-balanced-1"}


def ids(source, lock=LOCK):
    """Where what was found."""
    return [(one.line, one.id) for one in find_unpinned(source, lock)]


FIXED = [one.id for one in (*catalog.models(), *catalog.retired())]
MOVING = [alias for one in catalog.models() for alias in one.aliases]


@pytest.mark.parametrize("id", FIXED)
def test_every_id_of_the_catalogue_is_fixed(id):
    """With a date or without one: none is a false alarm, wherever the lock stands."""
    assert ids(f"client.messages.create(model={id!r})", {}) == []


@pytest.mark.parametrize("id", sorted(set(MOVING)))
def test_every_alias_of_the_catalogue_moves(id):
    """Also when the lock has it, which is then wrong itself; the finding says what to write."""
    assert ids(f"\n\nMODEL = {id!r}") == [(3, id)]
    found = find_unpinned(f"MODEL = {id!r}", {"triage": id})
    assert [one.line for one in found] == [0, 1]
    assert catalog.model(id).id in found[1].why
    assert repr(found[0]).startswith(f"the lock: {id!r} is an alias: on 2026-11-23 it means ")


def test_one_of_each_kind():
    """Constants, joined texts, comments, a docstring, other makers and a cloud's id."""
    source = '''"""We used claude-haiku-4-5 before."""
# claude-sonnet-4-5 stood here
FAST = "claude-haiku-5-5"
OLD = "claude-haiku-4-5"
VERSION = "4-5"
a = f"claude-sonnet-{VERSION}"
b = "claude-" + "opus-4-5"
c = f"claude-haiku-{version}"
d = "mistral-large-latest"
e = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
f = "claude-opus-5-5-20260922"
g = call(model="anthropic/claude-haiku-4-5", words="claude-haiku-4-5 is an alias")
def ask(model="gemini-flash-latest"):
    "claude-opus-4-5"
    return {"claude-opus-4-0": 1}[model], "claude-haiku-%s" % model, "claude-{}-5".format(model)
'''
    assert ids(source) == [
        (4, "claude-haiku-4-5"),
        (6, "claude-sonnet-4-5"),
        (7, "claude-opus-4-5"),
        (8, "claude-haiku-{version}"),
        (9, "mistral-large-latest"),
        (11, "claude-opus-5-5-20260922"),
        (12, "anthropic/claude-haiku-4-5"),
        (13, "gemini-flash-latest"),
        (15, "claude-haiku-%s"),
        (15, "claude-opus-4-0"),
        (15, "claude-{}-5"),
    ]


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("claude-opus-5-5-20260922", "is no id: 'claude-opus-5-5' is the fixed version"),
        ("claude-opus-4-0", "it meant 'claude-opus-4-20250514', which is gone since 2026-06-15"),
        ("gpt-5-chat-latest", "says itself that it moves"),
        ("claude-opus-9", "is neither in the catalogue of 2026-11-23 nor in the lock"),
        ("claude-haiku-4.5", "is neither in the catalogue"),
        ("claude-haiku-4-5@20991231", "is neither in the catalogue"),
    ],
)
def test_the_finding_says_what_is_wrong(id, why):
    """And on one line where it stands."""
    (found,) = find_unpinned(f"x = {id!r}", LOCK)
    assert why in found.why
    assert repr(found) == f"line 1: {id!r} {found.why}"


@pytest.mark.parametrize(
    "id",
    [
        "anthropic.claude-haiku-5-5",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-opus-4-6-v1",
        "claude-haiku-4-5@20251001",
        "vertex_ai/claude-haiku-4-5@20251001",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
)
def test_what_a_cloud_writes_around_a_fixed_id_does_not_matter(id):
    """A region may be filled in when the code runs, the model may not."""
    assert ids(f"x = {id!r}") == []
    assert ids('x = f"{region}.anthropic.claude-haiku-5-5"') == []
    assert ids('x = f"{region}.anthropic.claude-haiku-{n}"') != []


@pytest.mark.parametrize("id", ["claude-opus-9", "anthropic/claude-haiku-4.5"])
def test_the_lock_vouches_for_what_the_catalogue_does_not_know(id):
    """Next week's model, or the name of a cloud; in the lock as it is written."""
    assert ids(f"x = {id!r}", {}) == [(1, id)]
    assert ids(f"x = {id!r}", {"answers": id}) == []
    invented = "claude-opus-5-5-20260922"
    assert ids("", {"answers": invented}) == [(0, invented)]


@pytest.mark.parametrize(
    "said",
    [
        "claude-code",
        "claude",
        "lab-3",
        "collab-fast-1",
        "ubuntu-latest",
        "see claude-haiku-4-5",
        "my-claude-4",
        '{"model": "claude-haiku-4-5"}',
        "",
    ],
)
def test_other_texts_are_no_ids(said):
    """Words that only look like it, other machines' latest, and prose."""
    assert ids(f"x = {said!r}") == []


def test_a_name_with_two_meanings_is_not_filled_in():
    """Assigned twice, deleted, or a parameter: what it says is known only when the code runs."""
    for other in ('V = "4-5"', "del V", "def ask(V): ...", "for V in many: ..."):
        assert ids(f'V = "5-5"\n{other}\nx = f"claude-haiku-{{V}}"') == [(3, "claude-haiku-{V}")]
    assert ids('V: str = "5-5"\nx = f"claude-haiku-{V}"') == []
    assert ids('N = 5\nx = f"claude-haiku-{N}-{5}"') == []
    assert ids('V = "5-5"\nx = f"claude-haiku-{V!r}"') == [(2, "claude-haiku-{V}")]
    assert ids('V = "5-5"\nx = "claude-haiku-" + V + tail') == [(2, "claude-haiku-5-5{tail}")]
    assert ids("x = f\"claude-haiku-{d['a']}\"") == [(1, "claude-haiku-{d['a']}")]
    assert ids('x = f"claude-haiku-{ {1: 2}[n] }"') == [(1, "claude-haiku-{1: 2[n]}")]


def test_texts_that_stand_side_by_side_are_one():
    """Numbers that are added are no text; a whole sum is found once, at its first line."""
    assert ids('x = ("claude-"\n     "haiku-4-5")') == [(1, "claude-haiku-4-5")]
    assert ids('x = ("claude-haiku-" +\n     "4-5")') == [(1, "claude-haiku-4-5")]
    assert ids("x = 1 + 2 + y") == []
    assert ids('x = "claude-haiku-4-5" + "-20251001"') == []
    assert ids('A = "claude-"\nB = "haiku-4-5"\nx = A + B') == [(3, "claude-haiku-4-5")]
    assert ids('x = "claude-" + ("haiku-" + "4-5")') == [(1, "claude-haiku-4-5")]
    assert ids("x = 'claude-haiku-4-5' " + "+ ''" * 200) == [(1, "claude-haiku-4-5")]
    assert ids(r"x = 'claude-haiku-4-5', '\d'") == [(1, "claude-haiku-4-5")]
    assert ids('x = "claude-haiku-4-5", "claude-haiku-4-5"') == [(1, "claude-haiku-4-5")]


@given(st.text(max_size=60))
def test_any_text_is_read(said):
    """In a literal or beside a name; nothing raises."""
    find_unpinned(f"x = {said!r}\ny = 'claude-' + {said!r} + z", {"a": said})


@pytest.mark.parametrize(
    ("source", "lock", "words"),
    [
        ("def (", LOCK, "source is no Python .line 1.: "),
        ("x = '\0'", LOCK, "source is no Python"),
        (b"x", LOCK, "source is b'x'. It cannot be read as Python"),
        ("", ["claude-haiku-5-5"], "lock is .'claude-haiku-5-5'.. No id is agreed on"),
        ("", {"a": None}, "something in lock is None"),
    ],
)
def test_what_cannot_be_read_is_refused(source, lock, words):
    """With the line, where there is one."""
    with pytest.raises(ArgumentError, match=words):
        find_unpinned(source, lock)


def test_a_finding_is_a_value():
    """Of three parts."""
    assert repr(Finding(2, "a", "b.")) == "line 2: 'a' b."
