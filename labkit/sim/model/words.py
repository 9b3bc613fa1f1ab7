"""Words: splitting, stems, and what the model knows of vocabulary.

The table of words says that two words mean one thing, across spelling and languages. It holds no
fact of any document and no answer to any question.
"""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*", re.UNICODE)

STOP_WORDS = """
a an the of to in on at for from by with and or is are was be been it its this that these those i
you he she we they my your his her our their me him them do does did can could may might must will
would shall should have has had if then there here what which who when where why how much many long
one am not no so as than too very please tell
un una el la los las de del al en y o es que se puede para con por lo su mi cuanto cuantos cuanta
cuantas cual como donde qué cuál cuánto cuántos cuánta cuántas cómo dónde
"""
STOP = frozenset(STOP_WORDS.split())

SAME = {
    word: group.split()[0]
    for group in (
        "keep kept keeping borrow period tener prestar préstamo trzymać",
        "cost price fee charge pay cuesta costar precio",
        "deposit fianza kaucja depósito",
        "late overdue",
        "carry carries hold holds load bear capacity takes",
        "begin began begins founded start started since",
        "open opens opening hours",
        "weigh weighs weight pesa heavy",
        "tall high height",
        "return returned returns back bring brought devolver",
        "broken break breaks broke damaged",
        "extend extended extension extensions longer alargar prolongar renew",
        "child children kid kids",
        "person people anybody somebody",
        "sewing coser",
        "machine máquina máquinas maquina",
        "drill drills wiertarka wiertarkę wiertarki taladro",
        "day days día días dia dias",
        "teach teaches enseña enseñar",
        "machine machines máquina máquinas maquina",
    )
    for word in group.split()
}

ENDINGS = ("ing", "ies", "es", "ed", "s")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the forms of a word."""
    word = word.replace("’", "'").removesuffix("'s")
    if word in SAME:
        return SAME[word]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:  # noqa: PLR2004 - a whole word
            cut = word[: -len(ending)]
            return SAME.get(cut, cut + "y" if ending == "ies" else cut)
    return word


def terms(text: str) -> list[str]:
    """The words of a text that carry meaning, as stems, in order."""
    return [stem(word) for word in WORD.findall(text.lower()) if word not in STOP]


def within_one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one typing slip: a letter more, less, other, or swapped."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 4:  # noqa: PLR2004 - short words differ
        return False
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b or rest_a == rest_b[1:] or rest_a[1:] == rest_b[1:]
