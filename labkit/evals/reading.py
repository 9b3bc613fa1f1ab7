"""What the scorers look for in a text: sources, numbers with units, languages, declining words."""

import re

SOURCES = re.compile(r"((?:\[[a-z0-9-]+\][\s,]*)+)$")
LONGEST_SOURCES = 400
"""Characters at the end of a text in which its sources are looked for."""

UNITS = (
    ("cr", "crown", "crowns", "corona", "coronas", "korona", "korony", "koron"),
    ("day", "days", "día", "días", "dia", "dias", "dzień", "dni"),
    ("minute", "minutes", "min", "minuto", "minutos"),
    ("hour", "hours", "h", "hora", "horas"),
    ("kg", "kilo", "kilos", "kilogram", "kilograms", "kilogramos"),
    ("g", "gram", "grams", "gramos"),
    ("m", "metre", "metres", "meter", "meters", "metros"),
    ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
    ("needles", "aguja", "agujas"),
)
WORDS = {
    "1": "one|un|una|uno", "2": "two|dos|dwa|dwie", "3": "three|tres", "4": "four|cuatro",
    "5": "five|cinco", "6": "six|seis", "7": "seven|siete|siedem", "8": "eight|ocho",
    "9": "nine|nueve", "10": "ten|diez", "11": "eleven|once", "12": "twelve|doce",
}  # fmt: skip

COMMON_WORDS = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the and is of you your for it not are in do how can may be at from this days crowns",
        "es": "el la los las de que y se puede una un por para con es en del al más días coronas",
        "pl": "jest nie na się za w od po tej ile wynosi kaucja dni koron",
    }.items()
}

NOT_KNOWN = re.compile(
    r"(?:do(?:es)? not|don't|doesn't) (?:say|mention|know|tell|cover|state)"
    r"|(?:is|are) not (?:covered|mentioned|stated)|isn't (?:covered|mentioned|stated)"
    r"|no information|cannot find|can't find"
    r"|no (?:lo )?(?:dicen|dice|mencionan|sé)|nie (?:ma|wiem)",
    re.IGNORECASE,
)
DECLINES = re.compile(
    r"\b(?:cannot|can't|can not|may not|must not|do not|don't|does not|doesn't|is not|isn't|are not"
    r"|not able|unable|will not|won't|never|no puedo|no puede|no se|nie)\b|^no\b",
    re.IGNORECASE,
)
NEXT_STEP = re.compile(r"\b(?:desk|instead|mostrador|en su lugar|zamiast)\b", re.IGNORECASE)


def sources(text: str) -> tuple[str, ...]:
    """The document ids in square brackets that end a text; ``none`` counts as one."""
    return split(text)[1]


def body(text: str) -> str:
    """A text without the sources that end it, with plain spaces and apostrophes, not bold."""
    plain = split(text)[0].replace("\u2019", "'").replace("**", "")
    return plain.replace("\u202f", " ").replace("\xa0", " ")


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """A text's body, and the sources that end it."""
    text = text.strip()
    end = SOURCES.search(text[-LONGEST_SOURCES:])
    if end is None:
        return text, ()
    return text[: len(text) - len(end[0])].strip(), tuple(re.findall(r"[a-z0-9-]+", end[0]))


def contains(text: str, part: str) -> bool:
    """Whether a text contains a part, whatever its capitals; ``8`` is not in ``18``."""
    before = r"(?<!\d)" if part[0].isdigit() else ""
    after = r"(?!\d)" if part[-1].isdigit() else ""
    return re.search(before + re.escape(part) + after, body(text), re.IGNORECASE) is not None


def has_number(text: str, number: str) -> bool:
    """Whether a text has exactly this number with its unit, such as ``7 days``.

    ``7 more days``, ``seven days`` and ``7-day`` count; ``17 days`` and ``7.5 days`` do not.
    """
    amount, _, unit = number.partition(" ")
    amounts = "|".join(filter(None, (re.escape(amount), WORDS.get(amount))))
    family = next((group for group in UNITS if unit in group), (unit,))
    units = "|".join(map(re.escape, sorted(family, key=len, reverse=True)))
    pattern = rf"(?<![\w.,])(?:{amounts})(?:\s*|-|\s+[^\W\d]+\s+)(?:{units})\b"
    thousands_joined = re.sub(r"(?<=\d),(?=\d{3})", "", body(text))
    return re.search(pattern, thousands_joined, re.IGNORECASE) is not None


def language_of(text: str) -> str:
    """``en``, ``es`` or ``pl`` by the commonest short words; ``unclear`` on a tie or none."""
    words = re.findall(r"[^\W\d_]+", body(text).lower())
    hits = {name: sum(word in common for word in words) for name, common in COMMON_WORDS.items()}
    best = max(hits.values())
    winners = [name for name, count in hits.items() if count == best]
    return winners[0] if best and len(winners) == 1 else "unclear"
