"""When an eval has to run again: when anything that shapes the app's behaviour has changed.

    the prompt, the model, the tools, the corpus, the samples -> run_fingerprint -> 16 hex digits
    the paths that a change touches, the paths to watch       -> needs_eval      -> yes or no

Contents decide: a fresh clone changes every file's time, and `hash` differs in every process.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping

from labkit.arguments import every, line, refused, shown, table
from labkit.errors import ArgumentError

DIGITS = 16
"""64 bits tell versions apart; they are no signature."""
DEEPEST = 50
LARGEST = 2**63
PLAIN = 'Use texts, numbers, true, false, None, lists and dicts, for example {"model": "a"}.'
NO_PATH = "No pattern can match it, and the eval would silently not run."


def run_fingerprint(config: Mapping[str, object]) -> str:
    """The same 16 hexadecimal digits for the same content, in every process and on every machine.

    Args:
        config: Everything that shapes the behaviour: the rendered prompt, the model ID, the
            parameters, the tools, the documents, the guardrail's rules, the samples, the scorers'
            version. The order of keys does not count; a space in a text does.
    """
    found = canonical("config", table("config", config, "Nothing can be told from it."))
    written = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:DIGITS]


def canonical(where: str, value: object, depth: int = 0) -> object:
    """A value that JSON writes in one way only, or a refusal that names where it stands."""
    if depth > DEEPEST:
        raise refused(where[:40], value, "It is nested too deep to be written.", PLAIN)
    if isinstance(value, Mapping):
        return {
            key(where, one): canonical(f"{where}[{shown(one, 20)}]", item, depth + 1)
            for one, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [canonical(f"{where}[{n}]", item, depth + 1) for n, item in enumerate(value)]
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    raise refused(line(where), value, "It is not written in one way only.", PLAIN)


def key(where: str, value: object) -> str:
    """The key of a table; JSON would write 1 and "1" alike."""
    if isinstance(value, str):
        return value
    raise refused(f"a key in {line(where)}", value, "JSON writes other keys as texts.", PLAIN)


def needs_eval(changed_paths: Iterable[str], watch: Iterable[str]) -> bool:
    """Whether a change touches anything that is watched.

    Args:
        changed_paths: Paths from the repository's root, as ``git diff --name-only -z`` has them.
        watch: Patterns as in a CI's path filter, each for the whole path: ``*`` does not cross a
            ``/``, ``**`` does, and ``!`` at the beginning takes out again. The last that matches
            decides.
    """
    paths = [a_path(one) for one in every("changed_paths", changed_paths, str, '["prompts/a.md"]')]
    patterns = [a_pattern(one) for one in every("watch", watch, str, '["prompts/**"]')]
    if all(one.startswith("!") for one in patterns):
        raise ArgumentError(
            f"watch is {shown(patterns)}. It holds nothing to watch, so no eval would ever run. "
            'Give at least one pattern without !, for example "prompts/**".'
        )
    return any(is_watched(path, patterns) for path in paths)


def is_watched(path: str, patterns: Iterable[str]) -> bool:
    """What the last pattern that matches says of a path."""
    watched = False
    for pattern in patterns:
        if matches(pattern.removeprefix("!"), path):
            watched = not pattern.startswith("!")
    return watched


STARS = re.compile(r"((?:^|(?<=/))(?:\*{2,}/)+|\*+)")
"""Each run of stars; one of two and more that makes up whole folders takes their slash along."""


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a whole path; no number of stars makes it slow.

    Part by part: the places in the path that the pattern can have come to.
    """
    places = {0}
    for part in STARS.split(pattern):
        if not part.startswith("*"):
            places = {at + len(part) for at in places if path.startswith(part, at)}
        elif part.endswith("/"):
            places |= {at + 1 for at in range(min(places), len(path)) if path[at] == "/"}
        elif len(part) > 1:
            places = set(range(min(places), len(path) + 1))
        else:
            for at, char in enumerate(path):
                if at in places and char != "/":
                    places.add(at + 1)
        if not places:
            return False
    return len(path) in places


def a_path(path: str) -> str:
    """Refuse what is not a path from the root of a repository."""
    if path.strip() and not path.startswith(("/", "./", "../", '"')) and "\\" not in path:
        return path
    remedy = "Give paths as git diff --name-only -z has them, for example prompts/a.md."
    raise refused("something in changed_paths", path, NO_PATH, remedy)


def a_pattern(pattern: str) -> str:
    """Refuse a pattern that systems read in different ways, or that can match nothing."""
    body = pattern.removeprefix("!")
    if re.search(r"[?+\[\]{}\\]", body):
        follows = "Systems read ?, +, brackets and backslashes in different ways."
        raise refused("something in watch", pattern, follows, "Use * and ** only.")
    if not body.strip() or body.startswith(("/", "./", "../")) or body.endswith("/"):
        remedy = "Begin at the repository's root, for example prompts/**."
        raise refused("something in watch", pattern, NO_PATH, remedy)
    return pattern
