"""`labkit eval`: a baseline, a gate, a JUnit report, and one sentence for what cannot be used."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from labkit.cli import main

SAMPLES = "\n".join(
    f"""
[[sample]]
id = "s{n}"
kind = "{"critical" if n == 0 else "happy"}"
input = "Question {n}?"
target = {{ includes = "answer {n}" }}
"""
    for n in range(8)
)
APP = """
FAILING = {failing}
PROMPT = "{prompt}"


def answer(client, question, model="claude-haiku-5-5"):
    client.messages.create(
        model=model, max_tokens=9, system=PROMPT, messages=[{{"role": "user", "content": question}}]
    )
    number = int(question.strip("Question ?"))
    if number in FAILING:
        {instead}
    return f"answer {{number}}"
"""
APPS = iter(range(1_000_000))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with an eval set of eight; modules of it are forgotten afterwards."""
    (tmp_path / "samples.toml").write_text(SAMPLES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return tmp_path


def an_app(failing=(), prompt="Answer.", instead='return "no"'):
    """An app that gets these wrong, in a module with a name of its own."""
    name = f"an_app_{next(APPS)}"
    source = APP.format(failing=set(failing) or "()", prompt=prompt, instead=instead)
    Path(f"{name}.py").write_text(source, encoding="utf-8")
    return f"{name}:answer"


def run(app, *options, samples="samples.toml"):
    """The command's exit code."""
    return main(["eval", app, "--samples", samples, *map(str, options)])


def baseline(app=None):
    """A recorded run of an app that is all right, and the app."""
    app = app or an_app()
    assert run(app, "--write-baseline", "b.json") == 0
    return app


# ---------------------------------------------------------------- outcomes
def test_a_run_is_recorded_and_the_same_app_passes(capsys):
    """Exit 0 twice; the text says what such a run shows, and that nothing has changed."""
    app = baseline()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{app}, 8 samples, seed 7"
    assert said[1] == (
        "This tests the application and the harness, not the model: the model is simulated."
    )
    assert said[-1].startswith("baseline: written to b.json, ")
    assert run(app, "--baseline", "b.json") == 0
    said = capsys.readouterr().out
    assert "baseline: b.json of 2026-11-23, fingerprint " in said
    assert "Nothing that shapes the behaviour has changed since." in said
    assert "PASS: 0 got worse and 0 better of 8 compared" in said


def test_a_worse_app_is_blocked_and_the_flips_are_named(capsys):
    """Five of eight got worse: exit 1."""
    baseline()
    assert run(an_app({1, 2, 3, 4, 5}), "--baseline", "b.json") == 1
    said = capsys.readouterr().out
    assert "BLOCK: 5 got worse and 0 better of 8 compared (p = 0.031, limit 0.05)" in said
    assert "worse: s1, s2, s3, s4, s5\n" in said
    assert "This run's fingerprint is " in said
    assert run(an_app({1, 2, 3, 4, 5}), "--baseline", "b.json", "--alpha", "0.01") == 0


def test_one_critical_flip_blocks(capsys):
    """The tag's samples are critical, and one is enough."""
    baseline()
    assert run(an_app({0}), "--baseline", "b.json") == 0
    assert run(an_app({0}), "--baseline", "b.json", "--critical", "critical") == 1
    assert "critical samples got worse: s0" in capsys.readouterr().out
    assert run(an_app({1}), "--baseline", "b.json", "--critical", "critical") == 0


def test_a_provider_that_fails_is_inconclusive(capsys):
    """Exit 3 with a baseline, without one, and when one would be written."""
    app = baseline()
    bad_day = ("--faults", "overloaded(times=3)")
    assert run(app, "--baseline", "b.json", *bad_day) == 3
    assert "INCONCLUSIVE: the provider failed at 8 of 8 samples" in capsys.readouterr().out
    assert run(app, *bad_day) == 3
    assert run(app, *bad_day, "--max-not-run", 8) == 0
    Path("b.json").unlink()
    assert run(app, "--write-baseline", "b.json", *bad_day, "--max-not-run", 8) == 3
    assert "no baseline was written. Run it again." in capsys.readouterr().out
    assert not Path("b.json").exists()


def test_a_run_in_which_nothing_passes_is_no_baseline(capsys):
    """Every change would pass beside it: exit 2, and no file."""
    app = an_app(range(8), instead='raise ValueError("no text")')
    assert run(app, "--write-baseline", "b.json") == 2
    said = capsys.readouterr()
    assert "None of the 8 samples passed." in said.err
    assert "8 raised" in said.out
    assert not Path("b.json").exists()


def test_a_run_without_a_baseline_says_what_comes_next(capsys):
    """Nothing is gated, and nothing fails."""
    assert run(an_app({1, 2, 3, 4, 5, 6, 7})) == 0
    assert "so nothing is gated. Record one with --write-baseline" in capsys.readouterr().out


def test_the_case_is_asked_when_no_samples_are_named(capsys):
    """All 84."""
    Path("cased.py").write_text("def answer(client, question):\n    return ''\n")
    assert main(["eval", "cased:answer"]) == 0
    assert "cased:answer, 84 samples, seed 7" in capsys.readouterr().out
    del sys.modules["cased"]


# ---------------------------------------------------------------- the baseline's file
def test_a_baseline_has_the_same_bytes_in_another_process(folder):
    """Same app, same seed: the same file; it ends with a line end and no path is in it."""
    app = baseline()
    first = Path("b.json").read_bytes()
    command = [sys.executable, "-m", "labkit.cli", "eval", app, "--samples", "samples.toml"]
    done = subprocess.run(
        [*command, "--write-baseline", "c.json"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path("c.json").read_bytes() == first
    assert first.endswith(b"}\n")
    assert str(folder).encode() not in first
    found = json.loads(first)
    assert found["states"] == {f"s{n}": "passed" for n in range(8)}
    assert (found["date"], found["provider"], found["seed"]) == ("2026-11-23", "sim", 7)
    assert set(found["versions"]) == {"anthropic", "labkit"}


def fingerprint(app, *options):
    """What a recorded run of an app is known by."""
    assert run(app, "--write-baseline", "f.json", *options) == 0
    return json.loads(Path("f.json").read_text())["fingerprint"]


def test_the_fingerprint_follows_what_is_really_sent():
    """A document that the app reads, its model, its source, a sample: each changes it."""
    Path("corpus.md").write_text("one")
    reading = an_app().partition(":")[0]
    source = "from pathlib import Path\n" + Path(f"{reading}.py").read_text()
    source = source.replace("system=PROMPT", 'system=Path("corpus.md").read_text()')
    Path(f"{reading}.py").write_text(source)
    app = f"{reading}:answer"
    first = fingerprint(app)
    assert fingerprint(app) == first
    Path("corpus.md").write_text("two")
    other = fingerprint(app)
    assert other != first
    assert fingerprint(app, "--tier", "frontier") not in {first, other}
    Path("corpus.md").write_text("one")
    assert fingerprint(app) == first
    Path(f"{reading}.py").write_text(f"{source}# a filter after it\n")
    assert fingerprint(app) != first


def test_a_baseline_of_another_version_or_seed_is_used_with_a_note(capsys):
    """They may explain a flip."""
    app = baseline()
    found = json.loads(Path("b.json").read_text())
    found["versions"]["labkit"] = "0.0.1"
    Path("b.json").write_text(json.dumps(found))
    assert run(app, "--baseline", "b.json", "--seed", 8) == 0
    said = capsys.readouterr().out
    assert "Note: the baseline was made with seed 7, and this is 8." in said
    assert "Note: the baseline was made with labkit 0.0.1, and this is " in said


def test_samples_that_were_taken_out_block_and_new_ones_do_not(capsys):
    """What the baseline has and the run has not is missing."""
    app = baseline()
    Path("more.toml").write_text(SAMPLES + SAMPLES[: SAMPLES.index("s1")].replace("s0", "s9"))
    more = (
        SAMPLES
        + '\n[[sample]]\nid = "s9"\nkind = "new"\ninput = "9"\ntarget = { includes = "9" }\n'
    )
    Path("more.toml").write_text(more)
    assert run(app, "--baseline", "b.json", samples="more.toml") == 0
    assert "new, not counted: s9" in capsys.readouterr().out
    Path("fewer.toml").write_text(SAMPLES[SAMPLES.index('[[sample]]\nid = "s2"') :])
    assert run(app, "--baseline", "b.json", "--junit", "e.xml", samples="fewer.toml") == 1
    assert "BLOCK: the candidate left out 2 of 8 samples" in capsys.readouterr().out
    suite = ET.parse("e.xml").getroot()
    assert [one.get("name") for one in suite.iterfind(".//*[@classname='missing']")] == ["s0", "s1"]


# ---------------------------------------------------------------- JUnit
def test_the_junit_report_has_a_case_for_each_sample():
    """Counts, the verdict, and for each failure whether it is the change's."""
    app = an_app({1})
    assert run(app, "--write-baseline", "b.json", "--junit", "first.xml") == 0
    (only,) = ET.parse("first.xml").getroot().iterfind(".//failure")
    assert only.get("type") == "failed"
    now = an_app({1, 2})
    assert run(now, "--baseline", "b.json", "--junit", "e.xml") == 0
    (suite,) = ET.parse("e.xml").getroot()
    assert [suite.get(one) for one in ("tests", "failures", "errors", "skipped")] == list("8200")
    kinds = {one.get("name"): one for one in suite.iterfind("testcase")}
    assert list(kinds) == [f"s{n}" for n in range(8)]
    assert kinds["s0"].get("classname") == "critical"
    assert kinds["s1"].find("failure").get("type") == "as in the baseline"
    message = kinds["s2"].find("failure").get("message")
    assert message == "worse than the baseline: includes('answer 2'): 'answer 2' is missing"
    assert len(kinds["s3"]) == 0
    facts = {one.get("name"): one.get("value") for one in suite.iterfind("properties/property")}
    assert facts["verdict"] == "PASS"
    assert set(facts) == {"verdict", "reason", "p", "fingerprint", "seed"}


def test_an_app_that_raises_is_an_error_and_a_failed_provider_is_skipped():
    """The third colour: what was not run is neither right nor wrong."""
    app = an_app({2}, instead='raise ValueError("\\x1b[31mred")')
    assert run(app, "--junit", "e.xml") == 0
    (error,) = ET.parse("e.xml").getroot().iterfind(".//error")
    assert error.get("message") == "ValueError: \ufffd[31mred"
    assert run(app, "--junit", "e.xml", "--faults", "overloaded(times=3)") == 3
    root = ET.parse("e.xml").getroot()
    assert len(root.findall(".//skipped")) == 8
    assert root.get("skipped") == "8"


# ---------------------------------------------------------------- what cannot be used
def refusal(capsys, *arguments):
    """The one line that the command ends with, and its code 2."""
    assert main(["eval", *map(str, arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("labkit: ")
    assert line.count(". ") >= 2
    return line


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("app", "No function can be found by it. Write module:function"),
        ("app:", "Write module:function"),
        (":answer", "Write module:function"),
        ("app.py:answer", "There is no module 'app' here"),
        ("./app:answer", "Write module:function"),
        ("no_such_app:answer", "There is no module 'no_such_app' here"),
        ("json.no_such_part:loads", "There is no module 'json.no_such_part' here"),
        ("json:load_", "json has no 'load_'. Nothing can be asked. Did you mean 'load'"),
        ("json:decoder", "cannot be called with (client, question)"),
        ("json:JSONDecodeError", "cannot be called with (client, question)"),
        ("\x1b:a", "Write module:function"),
    ],
)
def test_an_app_that_is_not_there_is_one_sentence(name, says, capsys):
    """What is wrong with the name, and what to write."""
    assert says in refusal(capsys, name)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\nraise RuntimeError('no key')", "RuntimeError: no key at {}.py, line 2"),
        ("\ndef (", "SyntaxError"),
        ("import sys\nsys.exit('bye')", "SystemExit: bye at {}.py, line 2"),
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing' at {}.py"),
        ("answer = 7", "cannot be called with (client, question)"),
        ("async def answer(client, question): ...", "asynchronous"),
    ],
)
def test_a_module_that_cannot_be_used_is_one_sentence_with_its_place(source, says, capsys):
    """Whatever happens while it is imported; no traceback."""
    name = f"broken_{next(APPS)}"
    Path(f"{name}.py").write_text(source)
    line = refusal(capsys, f"{name}:answer")
    assert says.format(name) in line
    assert str(Path.cwd()) not in line


def test_a_samples_file_that_is_wrong_names_its_line(capsys):
    """And one that is not there."""
    app = an_app()
    Path("wrong.toml").write_text(SAMPLES.replace('includes = "answer 2"', 'include = "answer 2"'))
    line = refusal(capsys, app, "--samples", "wrong.toml")
    assert "wrong.toml, line 16: 'include' is not a scorer" in line
    assert "There is no such file" in refusal(capsys, app, "--samples", "none.toml")
    assert "There is no such file" in refusal(capsys, app, "--samples", "no\0ne.toml")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found | {"provider": "live"}, "provider 'live', and this run is on 'sim'"),
        (
            lambda found: found | {"samples": {"a": "b"}, "states": {"a": "passed"}},
            "of another eval set: none of its 1 samples is among these 8",
        ),
        (
            lambda found: found | {"samples": found["samples"] | {"s3": "0"}},
            "The sample 's3' has another question or other targets",
        ),
        (
            lambda found: found | {"states": dict.fromkeys(found["states"], "error")},
            "In the baseline none of the 8 samples passed. Nothing can get worse",
        ),
        (lambda found: [], "b.json, line 1: it is no baseline"),
    ],
)
def test_a_baseline_that_cannot_be_compared_is_one_sentence(change, says, capsys):
    """Another provider, another set, another question under an old id, another file."""
    app = baseline()
    found = change(json.loads(Path("b.json").read_text()))
    Path("b.json").write_text(json.dumps(found))
    assert says in refusal(capsys, app, "--samples", "samples.toml", "--baseline", "b.json")
    assert "--write-baseline none.json" in refusal(capsys, app, "--baseline", "none.json")


def test_an_app_that_ends_the_program_is_no_pass(capsys):
    """`sys.exit(0)` in an answer would look like one."""
    app = an_app({1}, instead="raise SystemExit(0)")
    assert main(["eval", app, "--samples", "samples.toml"]) == 2
    assert "The app ended the program (SystemExit: 0)." in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--write-baseline", "--junit"])
def test_a_file_that_could_not_be_written_is_refused_before_anything_is_asked(option, capsys):
    """A folder, and a file in a folder that is not there."""
    for name in (".", "none/e.out"):
        line = refusal(capsys, an_app(instead="1 / 0"), option, name)
        assert f"{option} is '{name}'" in line
        assert "nothing was asked" in line


def test_other_options_that_cannot_be_used_are_one_sentence(capsys, monkeypatch):
    """A tag that no sample has, a tier for an app without a model, no key for the real API."""
    app = an_app()
    assert "'crit' is not a tag" in refusal(
        capsys, app, "--samples", "samples.toml", "--critical", "crit"
    )
    Path("plain_app.py").write_text("def answer(client, question):\n    return ''\n")
    assert "takes no model" in refusal(capsys, "plain_app:answer", "--tier", "fast")
    assert "takes no model" in refusal(capsys, "builtins:type", "--tier", "fast")
    assert "is not a tier" in refusal(capsys, app, "--tier", "fsat")
    assert "'tea' is not a fault" in refusal(capsys, app, "--faults", "tea")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert "ANTHROPIC_API_KEY is not set" in refusal(capsys, app, "--provider", "live")


@pytest.mark.parametrize(
    "options",
    [
        ["--alpha", "0"],
        ["--alpha", "1"],
        ["--alpha", "five"],
        ["--max-not-run", "-1"],
        ["--seed", "x"],
        ["--provider", "other"],
        ["--baseline", "a", "--write-baseline", "b"],
    ],
    ids=" ".join,
)
def test_words_that_are_not_understood_end_with_2(options, capsys):
    """As for every command."""
    with pytest.raises(SystemExit) as ended:
        main(["eval", "a:b", *options])
    assert ended.value.code == 2
    assert "usage: labkit" in capsys.readouterr().err


# ---------------------------------------------------------------- what the page promises
DOCS = Path(__file__).parents[2] / "docs"


def test_the_app_and_the_commands_of_the_page_work(capsys):
    """Typed as they stand there: the prototype is recorded, then passes its own gate."""
    page = (DOCS / "eval.md").read_text(encoding="utf-8")
    app = page[page.index("```python\n") + 10 :]
    Path("my_app.py").write_text(app[: app.index("```")], encoding="utf-8")
    Path("build").mkdir()
    shell = page[page.index("```sh\n") + 6 :]
    for line in shell[: shell.index("```")].splitlines():
        assert main(line.split()[1:]) == 0
    said = capsys.readouterr().out
    assert "PASS: 0 got worse" in said
    assert "raised" not in said
    assert ET.parse("build/eval.xml").getroot().get("tests") == "84"
    del sys.modules["my_app"]


def test_the_page_names_every_option_and_every_scorer():
    """What can be given is on the page."""
    page = (DOCS / "eval.md").read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["eval", "--help"])
    options = ("samples", "critical", "alpha", "max-not-run", "junit", "seed", "tier", "faults")
    for name in (*options, "baseline", "write-baseline", "provider"):
        assert f"--{name}" in page
    from labkit.evals.scorers import SCORERS

    assert all(f"`{name}`" in page for name in SCORERS)


def test_the_workflow_can_be_read_and_its_command_is_understood():
    """Its path filter watches what shapes answers, in patterns that `needs_eval` reads alike."""
    import yaml

    from labkit.cli import parser
    from labkit.evals import needs_eval

    found = yaml.safe_load((DOCS / "eval-workflow.yml").read_text(encoding="utf-8"))
    watch = found[True]["pull_request"]["paths"]
    for path in ("prompts/a.md", "tools/extend.json", "documents/fees.md", "eval-baseline.json"):
        assert needs_eval([path], watch)
    assert not needs_eval(["docs/eval.md", "README.md"], watch)
    (command,) = [
        one["run"] for one in found["jobs"]["eval"]["steps"] if "eval" in str(one.get("run"))
    ]
    options = parser().parse_args(command.split()[1:])
    assert (options.app, options.critical, options.junit) == (
        "my_app:answer",
        ["adversarial"],
        "eval.xml",
    )
