"""Words: splitting, stems, languages, and what the model knows of vocabulary.

The table of words says that two words mean one thing, across spelling and languages. It holds no
fact of any document and no answer to any question.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,:]\d+)*")
FOREIGN = re.compile(r"[^\x00-\x7f]+")

SMALL_WORDS = {
    "en": "a an the of to in on at for from by with and or is are was be been it its this that "
    "these those i you he she we they my your his her our their me him them do does did can could "
    "may might must will would shall should have has had if then there here what which who when "
    "where why how much many one am not no so as than too very please pls u tell give ok just seem "
    "seems",
    "es": "un una el la los las lo le de del al en y o es son que se puede puedo para con por su "
    "mi cuanto cuantos cuanta cuantas cual como donde cuando hola soy hay va van me esta estan si "
    "tengo",
    "pl": "ile za na w z do od i jest sa czy moge mozna jak dlugo wynosi kosztuje prosze to tej po "
    "czesc dzien dobry kto gdzie kiedy",
}
"""Words that say little about a subject, and by which a language is told."""
STOP = frozenset(" ".join(SMALL_WORDS.values()).split())
OTHER = (
    "de la le les des du est et un une je vous nous dans avec combien quel quelle quand puis ou "
    "que der die das den ein eine ich ist und wo wann wie darf kann viel nicht "
    "il dove quanto posso quando onde posso os uma"
)
"""Small words of languages that the model does not have: it answers those in English."""
OF_LANGUAGE = {
    name: frozenset(small.split()) for name, small in {**SMALL_WORDS, "other": OTHER}.items()
}

SAME = {
    word: group.split()[0]
    for group in (
        "keep kept keeping borrow rent hire tener prestar alquilar miec trzymac pozyczyc",
        "loan prestamo prestamos pozyczka",
        "cost price fee charge pay owe cuesta costar precio multa kosztuje oplata",
        "deposit fianza deposito kaucja",
        "late overdue retraso",
        "lost lose loses losing loss perder zgubic",
        "carry carries hold holds load bear capacity aguanta soporta",
        "begin began begins founded start started since",
        "open opens opening hours close closed closes closing abren abre abrir abierto abierta "
        "cierran cierra cerrar cerrado cerrada",
        "time hora godzina",
        "library biblioteca biblioteka",
        "introduction training",
        "hatch buzon",
        "monday lunes",
        "tuesday martes",
        "wednesday miercoles",
        "thursday jueves",
        "friday viernes",
        "saturday sabado sobota",
        "sunday domingo niedziela",
        "weigh weighs weight pesa pesar peso heavy",
        "tall high height",
        "long length tiempo",
        "limit most maximum max",
        "return returned returns back bring brought refund refunded refundable devolver",
        "broken break breaks broke damaged",
        "extend extended extension extensions longer alargar prolongar renew przedluzyc",
        "child children kid kids",
        "person people anybody somebody",
        "membership miembro miembros socio",
        "complain complains complaint complaints queja",
        "concession discount reducida reducido ulga",
        "december christmas xmas navidad",
        "rate tarifa",
        "sewing coser",
        "machine machines maquina maquinas",
        "drill drills wiertarka wiertarke wiertarki taladro",
        "ladder ladders escalera drabina drabine",
        "ramp ramps rampa rampy",
        "projector proyector projektor",
        "use uses using used usar",
        "day days dia dias dni",
        "repair repairs repaired repairing fix mend mended mends",
        "class classes clase lesson",
        "teach teaches learn ensena ensenar aprender",
        "near away",
    )
    for word in group.split()
}

NUMBERS = {
    "one": 1, "un": 1, "una": 1, "two": 2, "dos": 2, "dwa": 2, "three": 3, "tres": 3, "trzy": 3,
    "four": 4, "cuatro": 4, "five": 5, "cinco": 5, "six": 6, "seis": 6, "seven": 7, "siete": 7,
    "eight": 8, "ocho": 8, "nine": 9, "nueve": 9, "ten": 10, "diez": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip

KNOWN = frozenset({*STOP, *SAME, *NUMBERS, *MONTHS})
"""Words that are never taken for a slip of another."""

ENDINGS = ("ing", "ies", "es", "ed", "s")
SHORTEST = 3
"""Letters that a stem keeps, and that a word has before a slip in it is looked for."""
LONG_ENOUGH = 4
"""Letters beyond which two words that differ in one are taken for the same."""


def folded(text: str) -> str:
    """Lower case without accents, with one kind of apostrophe."""
    plain = text.lower().replace("’", "'")
    if plain.isascii():
        return plain
    return FOREIGN.sub(unmarked, unicodedata.normalize("NFD", plain.replace("ł", "l")))


def unmarked(letters: re.Match[str]) -> str:
    """Letters without the accents that stand behind them."""
    return "".join(letter for letter in letters[0] if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the forms of a folded word."""
    if word in SAME:
        return SAME[word]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            cut = word[: -len(ending)]
            return SAME.get(cut, cut + "y" if ending == "ies" else cut)
    return word


@lru_cache(maxsize=2_048)
def stubs(term: str) -> tuple[str, ...]:
    """With what the words begin that have this stem; none of these begins with another."""
    begin = {term, *(word for word, same in SAME.items() if same == term)}
    begin |= {word[:-1] for word in begin if word.endswith("y")}
    return tuple(one for one in sorted(begin) if not one.startswith(tuple(begin - {one})))


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded, in order."""
    return words_in(folded(text))


def words_in(plain: str) -> list[str]:
    """The words and numbers of a folded text."""
    found: list[str] = WORD.findall(plain)
    return [word.removesuffix("'s") for word in found] if "'s" in plain else found


def terms(text: str) -> list[str]:
    """The words of a text that carry meaning, as stems, in order."""
    return terms_in(folded(text))


def terms_in(plain: str) -> list[str]:
    """The stems of a folded text, piece by piece: the same pieces come again and again."""
    return [term for piece in plain.split() for term in terms_of(piece)]


@lru_cache(maxsize=20_000)
def terms_of(piece: str) -> tuple[str, ...]:
    """The stems of what stands between two spaces."""
    found = [word for word in words_in(piece) if word not in STOP]
    return tuple([word if word[0].isdigit() else stem(word) for word in found])


@lru_cache(maxsize=2_048)
def known_terms(text: str) -> tuple[str, ...]:
    """The same for a text that comes again with every request, such as a tool's description."""
    return tuple(terms(text))


def language_of(found: Iterable[str]) -> str:
    """``en``, ``es`` or ``pl`` by the small words among these; ``en`` where they do not tell."""
    seen = set(found)
    hits = {name: len(seen & small) for name, small in OF_LANGUAGE.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if best in SMALL_WORDS else "en"


def slips_of(word: str, known: Iterable[str]) -> list[str]:
    """Those of the known words that differ from a word by one slip, which leaves a half whole."""
    half = len(word) // 2
    head, tail = word[:half], word[half + 1 :]
    near = [other for other in known if other.startswith(head) or other.endswith(tail)]
    return [other for other in near if within_one_slip(word, other)]


def within_one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one typing slip: a letter more, less, other, or swapped."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < SHORTEST:
        return False
    pairs = enumerate(zip(a, b, strict=False))
    start = next((at for at, (x, y) in pairs if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]:
        return True
    if len(a) == len(b):
        return len(a) > LONG_ENOUGH and rest_a[1:] == rest_b[1:]
    return rest_a[1:] == rest_b or rest_a == rest_b[1:]
