"""When an eval has to run again."""

import math
import subprocess
import sys
from types import MappingProxyType

import pytest

from labkit.errors import ArgumentError
from labkit.evals import needs_eval, run_fingerprint

CONFIG = {
    "prompt": "You are Latch.",
    "model": "lab-fast-2",
    "params": {"max_tokens": 300, "stop_sequences": ["END"]},
    "tools": [{"name": "extend_loan", "description": "Extends a loan."}],
    "corpus": {"extensions.md": "A drill may be kept for 7 days."},
    "rules": ["no card numbers"],
    "samples": [["drill-days", "How long may I keep a drill?", "number('7 days')"]],
    "scorers": "0.1.0",
}


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "You are Latch. "},
        {"model": "lab-fast-3"},
        {"params": {"max_tokens": 301, "stop_sequences": ["END"]}},
        {"tools": [{"name": "extend_loan", "description": "Extends any loan."}]},
        {"corpus": {"extensions.md": "A drill may be kept for 8 days."}},
        {"rules": []},
        {"samples": [["drill-days", "How long may I keep a drill?", "number('8 days')"]]},
        {"scorers": "0.1.1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_anything_that_shapes_the_behaviour_changes_it(change):
    """One space, one word of a tool's description, one number in a document."""
    assert run_fingerprint(CONFIG | change) != run_fingerprint(CONFIG)


def test_the_order_of_keys_and_the_kind_of_container_do_not_change_it():
    """What JSON writes alike is alike; the order of a list is not the order of keys."""
    turned = dict(reversed(CONFIG.items())) | {"params": MappingProxyType(CONFIG["params"])}
    assert run_fingerprint(turned) == run_fingerprint(CONFIG)
    assert run_fingerprint({"a": (1, 2)}) == run_fingerprint({"a": [1, 2]})
    assert run_fingerprint({"a": [2, 1]}) != run_fingerprint({"a": [1, 2]})
    assert run_fingerprint({"a": 1}) != run_fingerprint({"a": "1"})
    assert run_fingerprint({"a": True}) != run_fingerprint({"a": 1})
    assert run_fingerprint({"a": 0.5}) != run_fingerprint({"a": 0.25})
    assert run_fingerprint({}) != run_fingerprint({"": None})


def test_a_fingerprint_is_the_beginning_of_the_sha256_of_the_compact_json():
    """Anybody can work it out: printf '{"a":1}' | sha256sum."""
    assert run_fingerprint({"a": 1}) == "015abd7f5cc57a2d"


@pytest.mark.parametrize("seed", ["1", "random"])
def test_another_process_finds_the_same(seed):
    """Whatever its hash seed is; texts that UTF-8 cannot hold included."""
    config = CONFIG | {"odd": "caf\u00e9 \U0001f9f0 \ud800"}
    code = f"from labkit.evals import run_fingerprint; print(run_fingerprint({config!a}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == run_fingerprint(config)


def nested(depth):
    """Lists in lists."""
    value = "core"
    for _ in range(depth):
        value = [value]
    return value


ROUND = {}
ROUND["again"] = ROUND


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"tools": {"a", "b"}}, r"config\['tools'\] is \{.*written in one way"),
        ({"tools": [{"run": print}]}, r"config\['tools'\]\[0\]\['run'\] is <built-in function"),
        ({"x": math.nan}, "is nan"),
        ({"x": math.inf}, "is inf"),
        ({"x": b"bytes"}, "is b'bytes'"),
        ({"x": {1: "a"}}, r"a key in config\['x'\] is 1"),
        ({"x": 2**64}, "written in one way"),
        ({"x": 10**5_000}, "config"),
        ({"x": nested(60)}, "nested too deep"),
        (ROUND, "nested too deep"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_what_has_no_one_way_to_be_written_is_refused_by_its_place(value, says):
    """A set has no order, a function no content, NaN no JSON."""
    with pytest.raises(ArgumentError, match=says) as raised:
        run_fingerprint(value)
    assert len(str(raised.value)) < 450


# ---------------------------------------------------------------- which changes need an eval
WATCH = ["prompts/**", "tools/*.json", "**/corpus/**", "src/**", "!src/**/*.md", "!**/tests/**"]


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("prompts/latch-v1.md", True),
        ("prompts/old/latch-v0.md", True),
        ("prompts", False),
        ("tools/extend.json", True),
        ("tools/more/extend.json", False),
        ("corpus/extensions.md", True),
        ("data/case/corpus/extensions.md", True),
        ("src/app.py", True),
        ("src/README.md", False),
        ("src/deep/README.md", False),
        ("src/tests/test_app.py", False),
        ("tests/test_app.py", False),
        ("docs/instructor.md", False),
        ("README.md", False),
        ("my-prompts/a.md", False),
        ("prompts/caf\u00e9 \n.md", True),
    ],
)
def test_paths_are_matched_as_a_path_filter_does(path, needed):
    """Whole paths from the root; the last pattern that matches decides."""
    assert needs_eval([path], WATCH) is needed
    assert needs_eval(["docs/a.md", path], WATCH) is needed


@pytest.mark.parametrize(
    ("pattern", "path", "needed"),
    [
        ("*", "README.md", True),
        ("*", "docs/README.md", False),
        ("**", "all/the/files.md", True),
        ("*.js", "index.js", True),
        ("*.js", "js/index.js", False),
        ("**.js", "src/js/app.js", True),
        ("docs/*", "docs/README.md", True),
        ("docs/*", "docs/mona/octocat.txt", False),
        ("docs/**", "docs/mona/octocat.txt", True),
        ("docs/**/*.md", "docs/README.md", True),
        ("docs/**/*.md", "docs/mona/hello-world.md", True),
        ("**/docs/**", "docs/hello.md", True),
        ("**/docs/**", "dir/docs/my-file.txt", True),
        ("**/README.md", "js/README.md", True),
        ("**/*-post.md", "my-post.md", True),
        ("a**/b", "ab", False),
        ("a**/b", "ac/d/b", True),
        ("***/b", "b", True),
        ("a.b", "aXb", False),
    ],
)
def test_the_patterns_of_a_well_known_path_filter_mean_here_what_they_mean_there(
    pattern, path, needed
):
    """Source: GitHub's workflow syntax, "Patterns to match file paths"."""
    assert needs_eval([path], [pattern]) is needed


def test_a_later_pattern_puts_back_what_an_earlier_one_took_out():
    """The order of patterns counts."""
    watch = ["src/**", "!src/docs/**", "src/docs/prompt.md"]
    assert needs_eval(["src/docs/prompt.md"], watch)
    assert not needs_eval(["src/docs/other.md"], watch)
    assert not needs_eval(["src/docs/prompt.md"], [watch[0], watch[2], watch[1]])


def test_no_change_needs_no_eval():
    """An empty list of paths is an answer."""
    assert needs_eval([], WATCH) is False


@pytest.mark.parametrize(
    "path", ["", " ", "/home/a.md", "./a.md", "../a.md", '"a\\303.md"', "a\\b"]
)
def test_a_path_that_no_pattern_can_match_is_refused(path):
    """Otherwise the light would stay green without a word."""
    with pytest.raises(ArgumentError, match=r"would silently not run.*git diff --name-only -z"):
        needs_eval([path], WATCH)


@pytest.mark.parametrize(
    ("watch", "says"),
    [
        ([], "no eval would ever run"),
        (["!docs/**"], "no eval would ever run"),
        (["prompts/?.md"], "in different ways"),
        (["prompts/[ab].md"], "in different ways"),
        (["prompts\\a.md"], "in different ways"),
        (["/prompts/**"], "silently not run"),
        (["./prompts/**"], "silently not run"),
        (["prompts/"], "silently not run"),
        (["a", "!"], "silently not run"),
        ([""], "silently not run"),
    ],
)
def test_patterns_that_watch_nothing_or_are_read_differently_are_refused(watch, says):
    """With what to write instead."""
    with pytest.raises(ArgumentError, match=says):
        needs_eval(["a"], watch)


def test_a_path_of_many_parts_is_matched_quickly():
    """Stars in a row do not make it slow: the suite's timeout would tell."""
    assert not needs_eval(["a/" * 200 + "b"], ["**/" * 40 + "c", "*" * 1_000 + "c"])


@pytest.mark.parametrize("star", ["*", "**"])
def test_no_number_of_stars_makes_a_path_slow(star):
    """A matcher that tries each way to share out the letters would not end."""
    path = "a" * 60
    assert not needs_eval([path], [f"{star}a" * 20 + f"{star}b"])
    assert needs_eval([path], [f"{star}a" * 60])
    assert not needs_eval([path], [f"{star}a" * 61])
    assert not needs_eval(["a/" * 400], ["**/*" * 60 + "b", "*" * 50_000 + "c"])
