"""R2: which changed paths need an eval, by the patterns of a path filter."""

from collections.abc import Sequence

from labkit.checks.exercise import Case, Hint, Usual

WATCH = ("prompts/**", "tools/*.toml", "documents/**", "evals/samples.toml")
NOTHING = "Tick the whole path against each pattern, and say yes if any fits."

PROMPTS_ONLY = Hint(
    "prompts-only",
    lambda got: got is False,
    "Somebody changed a tool's description and your light stayed green. A model reads more than "
    "the prompt.",
    "Use every pattern of `watch`, and no name of a folder in your code.",
)
NEVER = Hint(
    "never-runs",
    lambda got: got is False,
    "The prompt was edited, no eval ran, and members read the result first. Here one pattern fits.",
    NOTHING,
)
ALWAYS = Hint(
    "always-runs",
    lambda got: got is True,
    "A typo in the README is mended, and the team waits and pays for an eval. Soon somebody "
    "switches it off.",
    "No path of these fits any pattern.",
)
FIRST_PATH = Hint(
    "not-every-path",
    lambda got: got is False,
    "The change also touches the README, and that hid the rest. One path that fits is enough.",
    "`any(...)` over the paths, and in it `any(...)` over the patterns.",
)
PREFIX = Hint(
    "part-of-a-name",
    lambda got: got is True,
    "The folder only begins or ends like a watched one, and the eval runs for nothing. Compare the "
    "whole path, the / too.",
    "`prompts/**` is everything below `prompts/`. `re.fullmatch` compares whole texts.",
)
STAR = Hint(
    "star-crosses",
    lambda got: got is True,
    "Your `*` went through a folder. CI's does not, so the two will disagree about when to run.",
    "`fnmatch` lets `*` cross a /. In a regular expression `[^/]*` does not.",
)
SHALLOW = Hint(
    "one-level-only",
    lambda got: got is False,
    "A document in a folder below was edited and your light stayed green: `**` goes through "
    "folders.",
    "In a regular expression `**` is `.*`, and `*` is `[^/]*`.",
)
NOT_YES = Hint(
    "not-a-yes",
    lambda got: not isinstance(got, bool),
    "CI asks a question that has two answers, and this is neither. Return True or False.",
    "`bool(...)`, or `any(...)`, which gives one.",
)
USUAL = Usual(NOTHING, shape=(NOT_YES,), part=1)


def runs(given: str, paths: Sequence[str], *own: Hint, expected: bool = True) -> Case:
    """The second function must say this of the paths."""
    return USUAL.gives(
        f"{given}: {', '.join(paths) or 'no path'}",
        lambda answer: answer(list(paths), list(WATCH)),
        expected,
        *own,
    )


def stays(given: str, paths: Sequence[str], *own: Hint) -> Case:
    """The second function must say no."""
    return runs(given, paths, *own, expected=False)


WATCHING = (
    runs("a prompt", ["prompts/latch.md"], NEVER),
    stays("the README", ["README.md"], ALWAYS),
    stays("a page for people", ["docs/setup.md", "docs/faq.md"], ALWAYS),
    runs("a tool", ["tools/extend.toml"], PROMPTS_ONLY),
    runs("the eval set", ["evals/samples.toml"], PROMPTS_ONLY),
    runs("the README and a prompt", ["README.md", "prompts/latch.md"], FIRST_PATH),
    runs("a prompt and the README", ["prompts/latch.md", "README.md"], FIRST_PATH),
    runs("a document in a folder below", ["documents/es/sewing.md"], SHALLOW),
    stays("a tool in a folder below", ["tools/old/extend.toml"], STAR),
    stays("a folder with a longer name", ["documents-old/ladders.md"], PREFIX),
    stays("the same folder elsewhere", ["archive/prompts/latch.md"], PREFIX),
    stays("a file with a longer name", ["evals/samples.toml.bak"], PREFIX),
    stays("nothing changed", [], ALWAYS),
)
