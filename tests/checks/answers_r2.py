"""R2: right answers written otherwise, and each misconception written three ways."""

import hashlib
import json
import random
import re
import time
from fnmatch import fnmatch

from labkit.evals import needs_eval, run_fingerprint

CODE = "R2"


def digits(text):
    """A short text of a long one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def by_pairs(value):
    """Every value with its type, tables in the order of their keys; no JSON."""
    if isinstance(value, dict):
        return digits("{" + ",".join(f"{k!r}:{by_pairs(value[k])}" for k in sorted(value)) + "}")
    if isinstance(value, list):
        return digits("[" + ",".join(map(by_pairs, value)) + "]")
    return digits(repr(value))


def compactly(config):
    """JSON of another spelling, and another hash."""
    text = json.dumps(config, sort_keys=True, ensure_ascii=False, indent=1)
    return hashlib.blake2b(text.encode()).hexdigest()


def by_pattern(changed_paths, watch):
    """One regular expression of all patterns."""
    parts = [re.escape(one).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") for one in watch]
    return any(re.fullmatch("|".join(parts), path) for path in changed_paths)


def by_parts(changed_paths, watch):
    """Folder by folder, without regular expressions."""

    def fits(path, pattern):
        if not path or not pattern:
            return path == pattern
        if pattern[0] == "**":
            return True
        return fnmatch(path[0], pattern[0]) and fits(path[1:], pattern[1:])

    return any(fits(p.split("/"), w.split("/")) for p in changed_paths for w in watch)


RIGHT = [(run_fingerprint, needs_eval), (by_pairs, by_pattern), (compactly, by_parts)]
RIGHT_PRINT, RIGHT_NEEDS = RIGHT[0]


def leaves(value):
    """Every number as a text."""
    if isinstance(value, dict):
        return {key: leaves(one) for key, one in value.items()}
    return list(map(leaves, value)) if isinstance(value, list) else str(value)


def paths(value, path=""):
    """A line for each number and text."""
    if not isinstance(value, dict | list):
        return [f"{path}={value}"]
    pairs = sorted(value.items()) if isinstance(value, dict) else enumerate(value)
    return [line for key, one in pairs for line in paths(one, f"{path}/{key}")]


def without(*keys):
    """Right but for parts that are left out."""
    return lambda config: compactly({k: v for k, v in config.items() if k not in keys})


def only(*keys):
    """Right for these parts, and blind for the rest."""
    return lambda config: compactly({key: config.get(key) for key in keys})


def text_of(value):
    """All texts and numbers in a value, one after the other."""
    if isinstance(value, dict):
        return "".join(
            key * isinstance(value[key], (dict, list)) + text_of(value[key])
            for key in sorted(value)
        )
    return "".join(map(text_of, value)) if isinstance(value, list) else str(value)


def tidied(change):
    """Right but for what becomes of the prompt."""
    return lambda config: compactly({**config, "prompt": change(config["prompt"])})


def spread(config):
    """The config as JSON, its boundaries taken out."""
    values = [json.dumps(config[key], sort_keys=True).strip('"') for key in sorted(config)]
    return digits("".join(values))


PRINTS = {
    "not-the-content": [
        lambda config: digits(f"{time.perf_counter_ns()} {compactly(config)}"),
        lambda config: digits(f"{id(config)} {random.random()}"),
        lambda config: f"{random.random()}",
    ],
    "another-process": [
        lambda config: hash(str(config)),
        lambda config: f"{hash(json.dumps(config, sort_keys=True)):x}",
        lambda config: digits(str(hash(compactly(config)))),
    ],
    "not-a-text": [
        lambda config: int(compactly(config), 16),
        lambda config: compactly(config).encode(),
        sorted,
    ],
    "order-counts": [
        lambda config: digits(str(config)),
        lambda config: digits(json.dumps(config)),
        lambda config: digits(str(sorted((key, str(value)) for key, value in config.items()))),
    ],
    "tidies-the-text": [
        tidied(str.strip),
        tidied(lambda text: " ".join(text.split())),
        tidied(str.rstrip),
    ],
    "numbers-as-texts": [
        lambda config: compactly(leaves(config)),
        lambda config: digits("|".join(paths(config))),
        lambda config: compactly(
            {k: v if isinstance(v, dict | list) else f"{v}" for k, v in config.items()}
        ),
    ],
    "forgets-a-part": [without("tools"), without("documents"), only("prompt", "model", "rules")],
    "runs-together": [
        lambda config: digits(text_of(config)),
        spread,
        text_of,
    ],
    "raises": [
        digits,
        lambda config: digits(json.dumps(config, sort_keys=True).encode()),
        lambda config: digits("".join(config.values())),
    ],
    "returns-nothing": [
        lambda config: None,
        lambda config: print(compactly(config)),
        lambda config: config.update(seen=True),
    ],
}


def but(sign, to):
    """Right but for the paths in which this stands."""
    return lambda paths, watch: to if sign in " ".join(paths) else RIGHT_NEEDS(paths, watch)


def crossing(paths, watch):
    """Stars that go through folders."""
    return any(fnmatch(path, pattern) for path in paths for pattern in watch)


NEEDS = {
    "never-runs": [
        lambda paths, watch: False,
        lambda paths, watch: any(path in watch for path in paths),
        lambda paths, watch: RIGHT_NEEDS(watch, paths or ["none"]) if not paths else False,
    ],
    "always-runs": [
        lambda paths, watch: True,
        lambda paths, watch: bool(paths),
        lambda paths, watch: any(path.endswith((".md", ".toml")) for path in paths),
    ],
    "prompts-only": [
        lambda paths, watch: any(path.startswith("prompts/") for path in paths),
        lambda paths, watch: RIGHT_NEEDS(paths, watch[:1]),
        lambda paths, watch: any(fnmatch(path, "prompts/*") for path in paths),
    ],
    "not-every-path": [
        lambda paths, watch: bool(paths) and RIGHT_NEEDS(paths[:1], watch),
        lambda paths, watch: bool(paths) and RIGHT_NEEDS(paths[-1:], watch),
        lambda paths, watch: bool(paths) and all(RIGHT_NEEDS([path], watch) for path in paths),
    ],
    "one-level-only": [
        lambda paths, watch: RIGHT_NEEDS(paths, [one.replace("**", "*") for one in watch]),
        but("/es/", to=False),
        lambda paths, watch: by_parts([path for path in paths if path.count("/") < 2], watch),
    ],
    "star-crosses": [
        crossing,
        lambda paths, watch: RIGHT_NEEDS(paths, [one.replace("*.toml", "**") for one in watch]),
        lambda paths, watch: any(
            path.startswith(one.split("*")[0]) for path in paths for one in watch
        ),
    ],
    "part-of-a-name": [
        lambda paths, watch: any(
            path.startswith(one.split("/")[0]) and path.count("/") < 3 and "/old/" not in path
            for path in paths
            for one in watch
        ),
        lambda paths, watch: any(
            re.search(re.escape(one).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"), path)
            for path in paths
            for one in watch
        ),
        lambda paths, watch: any(
            re.match(re.escape(one).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"), path)
            for path in paths
            for one in watch
        ),
    ],
    "not-a-yes": [
        lambda paths, watch: [path for path in paths if RIGHT_NEEDS([path], watch)],
        lambda paths, watch: "yes" if RIGHT_NEEDS(paths, watch) else "no",
        lambda paths, watch: len(paths),
    ],
    "raises": [
        lambda paths, watch: RIGHT_NEEDS(paths, watch) if paths[0] else False,
        lambda paths, watch: watch[paths],
        lambda paths, watch: any(re.fullmatch("**", path) for path in paths),
    ],
    "returns-nothing": [
        lambda paths, watch: None,
        lambda paths, watch: print(RIGHT_NEEDS(paths, watch)),
        lambda paths, watch: True if RIGHT_NEEDS(paths, watch) else None,
    ],
}
WRONG = {name: [(way, RIGHT_NEEDS) for way in ways] for name, ways in PRINTS.items()}
for name, ways in NEEDS.items():
    WRONG[name] = WRONG.get(name, []) + [(RIGHT_PRINT, way) for way in ways]
