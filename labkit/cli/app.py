"""An app named on the command line as ``module:function``, found from the current folder."""

import inspect
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import anthropic

from labkit.arguments import function, line, offer, shown, words
from labkit.errors import ArgumentError
from labkit.evals import Answer, App
from labkit.lab import Lab

SyncApp: TypeAlias = App[anthropic.Anthropic]


def load_app(name: str) -> SyncApp:
    """The function that a name stands for."""
    module, _, wanted = name.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), wanted)):
        raise ArgumentError(
            f"The app is {shown(name)}. No function can be found by it. "
            "Write module:function, for example my_app:answer."
        )
    found = load_module(module)
    app: SyncApp | None = getattr(found, wanted, None)
    if app is None:
        names = [one for one in vars(found) if not one.startswith("_")]
        raise ArgumentError(
            f"{module} has no {wanted!r}. Nothing can be asked. {offer(wanted, names)}"
        )
    function(name, app, "client", "question")
    return app


def load_module(name: str) -> ModuleType:
    """The module, imported from the current folder first."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    invalidate_caches()
    try:
        return import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name and f"{name}.".startswith(f"{problem.name}."):
            raise ArgumentError(
                f"There is no module {problem.name!r} here. No app can be taken from it. "
                "Change into its folder, or correct the name."
            ) from None
        raise broken(name, problem, here) from None
    except (Exception, SystemExit) as problem:
        raise broken(name, problem, here) from None


def broken(name: str, problem: BaseException, here: str) -> ArgumentError:
    """What happened while a module was imported, and where in the person's own files."""
    places = [(one.filename, one.lineno) for one in traceback.extract_tb(problem.__traceback__)]
    if isinstance(problem, SyntaxError):
        places.append((problem.filename or "", problem.lineno))
    own = [(Path(file).name, number) for file, number in places if file.startswith(here)]
    where = f" at {own[-1][0]}, line {own[-1][1]}" if own else ""
    said = line(f"{type(problem).__name__}: {words(problem)}", 160).rstrip(".")
    return ArgumentError(
        f"{name} cannot be imported: {said}{where}. No app can be taken from it. "
        f"Try it alone: python -c 'import {name}'."
    )


def module_bytes(name: str) -> bytes:
    """The source of an app's module; empty where it has no file."""
    file = getattr(sys.modules[name.partition(":")[0]], "__file__", None)
    return Path(file).read_bytes() if file and Path(file).is_file() else b""


def with_model(app: SyncApp, name: str, lab: Lab, tier: str | None) -> SyncApp:
    """The app with the tier's model ID as its ``model``, where a tier was asked for."""
    if tier is None:
        return app
    if not takes_model(app):
        raise ArgumentError(
            f"--tier is {tier!r}, but {name} takes no model. It would ask its own model all the "
            "same. Give it a parameter model, or leave --tier out."
        )
    asked: Callable[..., str | Answer] = app
    return partial(asked, model=lab.model(tier))


def takes_model(app: SyncApp) -> bool:
    """Whether a function has a parameter ``model``; not if nobody can tell."""
    try:
        return "model" in inspect.signature(app).parameters
    except ValueError:
        return False
