"""A question taken apart: what is asked, about which thing, for which kind of answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from labkit.sim.model.context import Context
from labkit.sim.model.words import MONTHS, NUMBERS, STOP, folded, language_of, stem, words

NUMBER = rf"(?:\d[\d.,]*\d|\d|{'|'.join(NUMBERS)})"
MONEY = "cr|crown|corona|dollar|euro|pound|usd|eur|gbp"
SPAN = r"(?:(?:more|open|working) )?(?:minut|hour|hora|day|dia|week|semana|month|mes|year)\w*"
MONTH = f"(?:{'|'.join(MONTHS)})"
DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|jueves|viernes|sabado|domingo)"

KINDS = {
    "contact": (
        r"\b(?:tele)?phone\b|\be-?mail\b|\bwebsite\b|\bwi-?fi\b|\btelefono\b|\btelefonu?\b",
        r"@|\bwww\.|\d[\d -]{4,}\d",
    ),
    "means": (
        r"^how (?:do|can|may|must|should) (?:i|we|you) pay$|\bpay (?:by|with|in)\b"
        r"|\b(?:take|accept) (?:cards?|cash)\b|\bcash\b",
        r"\bcash\b|\bby card\b",
    ),
    "money": (
        r"(?:how (?:much|high)|what|ile|cuanto)\b.*\b(?:cost|fee|price|charge|deposit|pay|owe"
        r"|cuesta|precio|fianza|kaucja|kosztuje)|how much (?:is|are|for)\b",
        rf"{NUMBER} (?:{MONEY})s?\b|(?:{MONEY}|[$€£]) ?{NUMBER}|{NUMBER} ?[$€£%]"
        rf"|\bis {NUMBER}\.?$|\b(?:none|free|gratis|nothing|half)\b",
    ),
    "length": (
        r"(?<!for )how (?:long (?:is|are)(?!.* (?:kept|valid|open))|tall|high|wide|deep|far)\b",
        rf"{NUMBER} (?:[mc]?m|km)\b",
    ),
    "load": (
        r"how much weight|how many kg|how heavy (?:am|are|may|can|must)\b|cuanto peso",
        rf"{NUMBER} k?g\b",
    ),
    "weight": (r"how heavy|cuanto pesa|\bweigh\b", rf"{NUMBER} k?g\b"),
    "span": (
        rf"how long|how many {SPAN}|cuanto tiempo|cuant[oa]s {SPAN}|jak dlugo|ile dni",
        rf"{NUMBER} {SPAN}",
    ),
    "clock": (r"(?:what|which) time|at what hour|que hora|ktorej", r"\b\d\d?:\d\d\b"),
    "age": (r"how old|(?:what|which) age", r"\bage of \d+|\baged \d+"),
    "year": (r"(?:which|what) year|^when (?:was|were|did)\b", r"\b(?:19|20)\d\d\b"),
    "date": (
        r"^when\b|(?:which|what) (?:day|date)|cuando|kiedy",
        rf"\b{DAY}\b|\b\d\d?(?:st|nd|rd|th)? (?:of )?{MONTH}\b|\b\d\d?:\d\d\b"
        r"|\bwhen (?:you|it|the|an?)\b",
    ),
    "count": (r"(?:how many|cuant[oa]s|\bile) (?P<counted>\w+)", rf"\b{NUMBER} (?:\w+ ){{0,2}}"),
    "place": (
        r"^where (?:is|are|can|do|does)\b|donde|gdzie|what .*\baddress\b",
        r"\b(?:(?:is|are|stands?|lies?|esta|jest) |, )"
        r"(?:at|in|beside|behind|near|en|w) (?:the|la|el|an?)\b",
    ),
}
"""What a question can want: how it is asked for, and how an answer has it (folded text)."""
ASKS = {kind: re.compile(asked) for kind, (asked, _) in KINDS.items()}
NAMED = ("span", "length", "load")
"""Kinds that a question can also name: "may I keep it for two weeks?"."""
ONLY_FORM = {
    "span": "long", "money": "tall", "load": "weigh", "age": "old", "clock": "time",
    "means": "cost", "place": stem("address"),
}  # fmt: skip
"""A word that such a question has only for its form: "how high is the fee"."""
MEANT = {"money": "cost", "means": "cash", "load": "carry"}
"""A word that such a question means, though it need not have it."""
MEASURES = ("long", "tall", "wide", "deep", "weigh")
"""Words for the kind of answer, which say little about what it is an answer about."""
LITTLE = frozenset(
    stem(word)
    for word in (
        *("get", "got", "want", "need", "let", "allowed", "happen", "ok", "okay", "possible"),
        *("about", "true", "really", "something", "anything", "everything"),
        *("now", "today", "tomorrow", "tonight", "hoy", "manana"),
    )
)
"""Words of a question that seldom stand in what answers it."""
REFERS = re.compile(r"\b(?:it|its|they|them|one)\b")

STARTER = (
    r"(?:(?:at|to|for|on|in|by|from|up to|within) )?(?:how|what|when|where|which|who)\b"
    r"|(?:is|are|can|may|do|does|could|should|must|will|give|explain|show|list|please|pls)\b"
)
BEGINS = re.compile(rf"\W*(?:{STARTER})", re.IGNORECASE)
BREAK = re.compile(rf"(?<=[.!?;:])\s+|(?:\s*,)?\s+and\s+(?={STARTER})|,\s+(?={STARTER})", re.I)
CONDITION = re.compile(r"\W*(?:if|si|jesli|jeśli)\b(?!.*, )", re.IGNORECASE)
END = re.compile(r"[.!?;:]\s*$")
BOTH = re.compile(
    r"\b(?:the|a) ([\w ]{3,30}?) and (?:the|a) ([\w ]{3,30}?) (of|for|on) (.+)", re.IGNORECASE
)
DATE = re.compile(
    rf"\b(\d\d?)(?:st|nd|rd|th)?(?: of)? ({MONTH})(?: (\d{{4}}))?|(\d{{4}})-(\d\d)-(\d\d)"
)
AMOUNT = re.compile(r"\b(\d+(?:\.\d+)?) ?(kg|g|mm|cm|km|m|bar|litres?|people|days?|weeks?)\b")
MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
OTHER_WORDS = 0.3
"""What a word counts that stands beside the question, or is a number in it."""
BARE = 2
"""Terms of a question, such as "And the deposit?", that is about what was named before."""
LONGEST = 2_000
"""Characters of a turn that are read; a real model's attention thins out, this one's ends."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked."""

    asked: str
    """As it was written."""
    text: str
    """Folded, slips corrected, without punctuation."""
    wants: re.Pattern[str] | None
    """What an answer must have, such as a number of days; None where anything will do."""
    weights: dict[str, float]
    """Its terms and things, and how much each counts."""
    things: frozenset[str]
    stems: frozenset[str]
    """All its words, those of a thing's name one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person wrote, taken apart."""

    text: str
    folded: str
    language: str
    parts: tuple[Part, ...]
    beside: tuple[str, ...]
    """Terms that stand beside what is asked, or in the turns before."""
    things: frozenset[str]
    terms: frozenset[str]
    """All that is asked: terms and things of every part."""
    is_known: bool
    """Whether it has the form of a question, or any of its telling words is known."""

    @property
    def together(self) -> tuple[str, ...]:
        """Things that are named side by side, as in "the drill and the ladder"; else none."""
        if BOTH.search(self.text):
            return tuple(thing for part in self.parts for thing in sorted(part.things))
        for part in self.parts:
            for is_thing, run in groupby(part.weights, key=part.things.__contains__):
                if is_thing and len(named := tuple(run)) > 1:
                    return named
        return ()


def take_apart(text: str, before: str, kept: str, context: Context) -> Question:
    """Split what was asked from what stands beside it; "it" is what was named before.

    ``kept`` is what somebody said of themselves earlier: it counts beside the question.
    """
    text = MARKUP.sub(" ", text)
    asked = asking(text)
    rest = " ".join([before, *(piece for piece in pieces_of(text) if piece not in asked)])
    beside, named = units(_corrected(rest, context), context)
    asked_before = next(filter(asks, reversed(BREAK.split(before))), "")
    last = part_of(asked_before, context) if asked_before else None
    parts: list[Part] = []
    for piece in (half for one in asked for half in _halves(one)):
        part = part_of(piece, context, named)
        if last and part.weights.keys() <= part.things:
            part = _same_of(part, last)
        named = part.things or named
        last = part
        parts.append(part)
    plain = _corrected(text, context)
    every, all_things = units(plain, context)
    return Question(
        text=text,
        folded=folded(text),
        language=language_of(words(text)),
        parts=tuple(parts),
        beside=tuple({**beside, **units(_corrected(kept, context), context)[0]}),
        things=all_things.union(*(part.things for part in parts)),
        terms=frozenset(term for part in parts for term in part.weights),
        is_known=any(map(BEGINS.match, pieces_of(text)))
        or any(context.has(term) and not is_number(term) for term in every),
    )


def pieces_of(text: str) -> list[str]:
    """Sentences, and the questions within one; a condition stays with what is asked under it."""
    pieces: list[str] = []
    for piece in filter(str.strip, BREAK.split(text)):
        if pieces and CONDITION.match(pieces[-1]) and not END.search(pieces[-1]):
            pieces[-1] += f", {piece}"
        else:
            pieces.append(piece)
    return pieces


def asking(text: str) -> list[str]:
    """The pieces that ask or want something; all of them where none does."""
    pieces = pieces_of(text)
    return [piece for piece in pieces if asks(piece)] or pieces


def asks(piece: str) -> bool:
    """Whether it is a question by its mark or by how it begins."""
    return "?" in piece or BEGINS.match(piece) is not None


def units(found: Iterable[str], context: Context) -> tuple[dict[str, float], frozenset[str]]:
    """Things and terms of a text, in order; the words of a thing's name count as one."""
    stems = [stem(word) for word in found if word not in STOP]
    all_units: dict[str, float] = {}
    things, at = set(), 0
    while at < len(stems):
        length = next((n for n in (3, 2, 1) if tuple(stems[at : at + n]) in context.names), 0)
        if length:
            name = context.names[tuple(stems[at : at + length])]
            things.add(name)
        else:
            name = stems[at]
        measured = at > 0 and is_number(stems[at - 1])
        little = measured or is_number(name) or name in MONTHS
        all_units[name] = OTHER_WORDS if little else 1.0
        at += max(1, length)
    return all_units, frozenset(things)


def _same_of(part: Part, before: Part) -> Part:
    """Where only a thing is named ("And for the ladder?"): what was asked before, of that thing."""
    same = {term: weight for term, weight in before.weights.items() if term not in before.things}
    return replace(part, weights=part.weights | same, wants=before.wants)


def is_number(term: str) -> bool:
    """Whether a term is a number, in digits or as a word."""
    return term[0].isdigit() or term in NUMBERS


def is_thing(term: str) -> bool:
    """Whether a term is the name of a thing, which ends with a space."""
    return term[-1] == " "


def part_of(piece: str, context: Context, named: frozenset[str] = frozenset()) -> Part:
    """One thing that is asked; ``named`` are the things that "it" can mean."""
    found = _corrected(piece, context)
    text = " ".join(found)
    kind, wants = _kind(text)
    every, things = units(found, context)
    weights = {term: weight for term, weight in every.items() if term not in LITTLE} or every
    if not things and (REFERS.search(text) or len(weights) <= BARE):
        things = named
        weights |= dict.fromkeys(named, 1.0)
    if kind in MEANT and not (kind == "money" and "deposit" in weights):
        weights[MEANT[kind]] = 1.0
    if wants:
        weights |= {term: OTHER_WORDS for term in MEASURES if term in weights}
    if len(weights) > 1:
        weights.pop(ONLY_FORM.get(kind, ""), None)
    return Part(piece.strip(" ,."), text, wants, weights, things, frozenset(map(stem, found)))


def _kind(text: str) -> tuple[str, re.Pattern[str] | None]:
    """The kind of answer that is asked for, and what such an answer has."""
    for kind, asks in ASKS.items():
        if asked := asks.search(text):
            counted = asked["counted"] if kind == "count" else ""
            return kind, has(kind, stem(counted))
    return "", next((has(kind) for kind in NAMED if has(kind).search(text)), None)


@lru_cache(maxsize=200)
def has(kind: str, counted: str = "") -> re.Pattern[str]:
    """What an answer of a kind has; a count has the word for what is counted."""
    return re.compile(KINDS[kind][1] + re.escape(counted))


def _halves(piece: str) -> list[str]:
    """Two questions where two things are asked of one: "the fee and the deposit of the drill"."""
    both = BOTH.search(piece)
    if not both:
        return [piece]
    first, second, of, thing = both.groups()
    return [f"{piece[: both.start()]}{one} {of} {thing}" for one in (first, second)]


def _corrected(text: str, context: Context) -> list[str]:
    return [context.corrected(word) for word in words(text)]
