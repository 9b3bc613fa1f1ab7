"""A fact that changes on its page, and what each app says about it then.

    fee, what the model writes -> edited pages -> both apps, a fresh lab each -> PairScene -> view

The prototype takes ``(client, question)``, production ``(client, question, pages)``; both return
the text that a person reads.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import anthropic

from labkit.arguments import function, refused, sendable, table, text, whole
from labkit.contrast.worlds import run_app
from labkit.lab import Run
from labkit.reliability import grounded
from labkit.sim import says
from labkit.views import PairScene, PairSide, Provenance, View, Who, amount, choice, draw_pair
from labkit.views.pair import Ending

MemoryApp = Callable[[anthropic.Anthropic, str], str]
PagesApp = Callable[[anthropic.Anthropic, str, Mapping[str, str]], str]

PAGE = "late-returns"
FACT = re.compile(r"(?P<before>the late fee is now )\d+(?P<after> crowns per day)")
LEAST, MOST, FIRST = 1, 6, 4
"""Crowns that the fee can be set to, and what it is at first: another one than it was."""
WRITES: Mapping[str, str] = MappingProxyType(
    {
        "its own answer": "",
        "a true quote": "Our page says: “the late fee is now {fee} crowns per day”. [late-returns]",
        "a paraphrase": "You pay {fee} crowns for each day that a thing is late. [late-returns]",
        "another number": "The late fee is {other} crowns per day. [late-returns]",
        "an invented quote": "Our page says: “the first week is free of any fee”. [late-returns]",
        "a quote of another page": "Our page says: “The late fee is 3 crowns per day for each "
        "thing”. [late-returns]",
    }
)
"""What comes instead of the model's own answer, in both apps; the page that it names is real."""
OTHER = 5
"""What another number has more: none of the page's own."""
HEAD = re.compile(r"\A<document\b[^>]*>")
"""The mark before a page; the date in it is no fact that an answer could rest on."""
CROWNS = re.compile(r"\b(\d+) (?:crowns?|cr)\b")
NOT_SHOWN = (
    "Whether an answer is right. It stands on its page: a page that is wrong, or a number that the "
    "page has for another thing, passes too."
)


def facts(
    prototype: MemoryApp,
    production: PagesApp,
    question: str,
    pages: Mapping[str, str],
    *,
    seed: int = 7,
) -> View:
    """Change the late fee on its page, and show which app's answer goes along.

    Args:
        prototype: Shown left; it sees no page.
        production: Shown right; it gets the pages as they are now.
        question: Asks for the late fee.
        pages: The handbook by its ids; ``late-returns`` has the fee.
        seed: The same seed gives the same bytes.
    """
    function("prototype", prototype, "client", "question")
    function("production", production, "client", "question", "pages")
    sendable("question", question, "No app can be asked it.")
    whole("seed", seed, "The same seed must give the same bytes.")
    table("pages", pages, "No fee can be changed on them.")
    page = text(f"page {PAGE}", pages.get(PAGE), "No fee can be changed on it.")
    if len(FACT.findall(page)) != 1:
        remedy = "Give the handbook of labkit.case.documents()."
        raise refused(f"page {PAGE}", page, "It does not say once what the late fee is.", remedy)

    def scene(fee: int, writes: str) -> PairScene:
        now = {**pages, PAGE: FACT.sub(rf"\g<before>{fee}\g<after>", page)}
        says_it = WRITES[writes].format(fee=fee, other=fee + OTHER)
        faults = [says(says_it)] if says_it else []
        apps: dict[Who, MemoryApp] = {
            "prototype": prototype,
            "production": partial(with_pages, production, now),
        }
        left, right = (
            side(who, run_app(app, question, seed, faults), fee, now) for who, app in apps.items()
        )
        how = "models are made up" if not says_it else f"{writes}: scripted"
        return PairScene(
            finding=finding(fee, left, right),
            given=line_of(now[PAGE]),
            given_label=f"The page {PAGE} now says",
            provenance=Provenance("simulated", (f"seed {seed}", f"asked: {question}", how)),
            not_shown=NOT_SHOWN,
            prototype=left,
            production=right,
        )

    fees = amount("Late fee on the page", LEAST, MOST, value=FIRST, unit="crowns")
    words = choice("What the model writes", list(WRITES))
    return View.of(scene, draw_pair, {"fee": fees, "writes": words})


def with_pages(
    app: PagesApp, pages: Mapping[str, str], client: anthropic.Anthropic, question: str
) -> str:
    """An app that gets these pages beside the question."""
    return app(client, question, pages)


def side(who: Who, run: Run, fee: int, pages: Mapping[str, str]) -> PairSide:
    """What one app shows, and whether it stands on the page that it names."""
    shown = run.text or ""
    word, ending = judged(shown, run.error, fee)
    found = grounded(shown, {id: HEAD.sub("", text) for id, text in pages.items()})
    is_sourced = any(one in pages for one in found.sources)
    stands = ("yes" if found.holds else "no") if is_sourced else "none"
    return PairSide(
        who=who,
        word=word,
        ending=ending,
        shown=shown,
        error=run.error or "",
        facts={
            "fee in the answer": said(shown),
            "page it names": ", ".join(found.sources) if is_sourced else "none",
            "stands there": stands,
        },
    )


def judged(shown: str, error: str | None, fee: int) -> tuple[str, Ending]:
    """How it ended for the person who asked."""
    if error:
        return "crashed", "bad"
    if not CROWNS.search(shown) and "[" not in shown:
        return "sent to the desk", "ok"
    return ("the page's fee", "ok") if said(shown) == crowns(fee) else ("not the page's fee", "bad")


def said(shown: str) -> str:
    """The fee that an answer gives."""
    found = CROWNS.search(shown)
    return crowns(int(found[1])) if found else "none"


def crowns(fee: int) -> str:
    """``1 crown``, ``2 crowns``."""
    return f"{fee} crown{'s' * (fee != 1)}"


def line_of(page: str) -> str:
    """The sentence of the page that has the fee."""
    found = re.search(r"[^.\n]*the late fee is now [^.\n]*\.", page)
    return found[0].strip() if found else page


def finding(fee: int, prototype: PairSide, production: PairSide) -> str:
    """What both say, now that the page says this."""
    left, right = (verb(one) for one in (prototype, production))
    return f"The page says {crowns(fee)}: the prototype {left}, production {right}."


def verb(side: PairSide) -> str:
    """What one app does with it."""
    if side.word in ("crashed", "sent to the desk"):
        return {"crashed": "crashes", "sent to the desk": "sends Noor to the desk"}[side.word]
    fee = side.facts["fee in the answer"]
    return "invents a rule" if fee == "none" else f"says {fee}"
