"""R5: right answers written otherwise, and each misconception written three ways."""

import re
from decimal import Decimal

from labkit.reliability import Grounding, grounded

CODE = "R5"
SOURCE = re.compile(r"\[([\w-]+)\]")
QUOTE = re.compile(r'["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]')
NUMBER = re.compile(r"\d+(?:\.\d+)?")


# -- the steps of an answer; each misconception changes one -------------------------------------


def plain(text):
    """One kind of apostrophes and spaces, no commas between digits."""
    flat = " ".join(text.replace("\u2019", "'").split())
    return re.sub(r"(?<=\d),(?=\d)", "", flat)


def bare(answer):
    """An answer without its sources."""
    return SOURCE.sub(" ", answer)


def the_named(named, passages):
    """The texts that are named."""
    return [passages[id] for id in named if id in passages]


def the_sources(named, passages):
    """What is wrong with the sources."""
    if not named:
        return ["no source"]
    return [f"no page {id}" for id in named if id not in passages]


def the_quotes(body, texts):
    """The quotes that stand in no text."""
    return [one for one in QUOTE.findall(body) if not any(one in text for text in texts)]


def the_numbers(body, texts):
    """The numbers that stand in no text."""
    return [one for one in NUMBER.findall(body) if one not in NUMBER.findall(" ".join(texts))]


def by(
    plain=plain,
    tidy=None,
    bare=bare,
    texts=the_named,
    sources=the_sources,
    quotes=the_quotes,
    numbers=the_numbers,
):
    """The answer that these steps make."""

    def answer(said, passages):
        named = SOURCE.findall(said)
        body = (tidy or plain)(bare(said))
        here = [plain(text) for text in texts(named, passages)]
        found = [*sources(named, passages), *quotes(body, here), *numbers(body, here)]
        return Grounding(tuple(found))

    return answer


# -- right answers, written otherwise -----------------------------------------------------------


class Found:
    """A grounding of another class."""

    def __init__(self, problems):
        """With a list."""
        self.problems = problems
        self.holds = problems == []


def word_by_word(answer, passages):
    """Quotes as runs of words, numbers as decimals."""
    ids = re.findall(r"\[(.+?)\]", answer)
    problems = [] if ids else ["none named"]
    texts = []
    for id in ids:
        if passages.get(id) is None:
            problems.append(f"unknown: {id}")
        else:
            texts.append(words(passages[id]))
    body = re.sub(r"\[.+?\]", "", answer).translate(str.maketrans("\u201c\u201d\u2019", '""\''))
    for quote in body.split('"')[1::2]:
        wanted = words(quote)
        runs = (t[i : i + len(wanted)] for t in texts for i in range(len(t)))
        if wanted not in runs:
            problems.append("not a quote: " + quote)
    known = [value(word) for text in texts for word in text]
    for word in words(body):
        if value(word) is not None and value(word) not in known:
            problems.append("not a number of theirs: " + word)
    return Found(problems)


def words(text):
    """Words in small letters, without what stands around them."""
    return [one.strip(".,;:!?\"'") for one in text.replace("\u2019", "'").lower().split()]


def value(word):
    """A word as a number; None where it is none."""
    bare = word.replace(",", "")
    return Decimal(bare) if re.fullmatch(r"\d+(\.\d+)?", bare) else None


RIGHT = [grounded, by(), word_by_word]


# -- planted misconceptions ----------------------------------------------------------------------


def everything(named, passages):
    """All texts, whichever is named."""
    return list(passages.values())


def in_one(text):
    """The same text as a list of one."""
    return [" ".join(text)]


def no_problems(*_):
    """Finds nothing."""
    return []


def flat(text, apostrophe="'", space=" ", comma=""):
    """Plain, but for what is given otherwise."""
    spaced = re.sub(r"\s+", lambda found: found[0] if space is None else space, text)
    same = spaced if apostrophe is None else spaced.replace("\u2019", apostrophe)
    return same if comma is None else re.sub(r"(?<=\d),(?=\d)", comma, same)


def quoted_by(pattern):
    """Quotes that this pattern finds."""

    def quotes(body, texts):
        found = ["".join(one) for one in re.findall(pattern, body)]
        return [one for one in found if not any(one in text for text in texts)]

    return quotes


def numbered_by(pattern, of_texts=None):
    """Numbers that this pattern finds, in the texts by another one."""

    def numbers(body, texts):
        known = re.findall(of_texts or pattern, " ".join(texts))
        return [one for one in re.findall(pattern, body) if one not in known]

    return numbers


def result(change):
    """What ``change`` makes of the right grounding."""
    return lambda answer, passages: change(by()(answer, passages))


def verbatim(share):
    """Holds where so much of the answer's words stand in the passage."""

    def more(body, texts):
        said = body.split()
        known = " ".join(texts).split()
        return ["other words"] if sum(w in known for w in said) < share * len(said) else []

    return lambda body, texts: [*the_numbers(body, texts), *more(body, texts)]


def any_source(named, passages):
    """One that exists is enough."""
    return [] if any(id in passages for id in named) else ["no page"]


def last_decides(*looks):
    """Each look makes good what an earlier one found."""

    def answer(said, passages):
        named = SOURCE.findall(said)
        body, here = plain(bare(said)), [plain(text) for text in the_named(named, passages)]
        problems = []
        for pattern, missing in looks:
            for one in pattern.findall(body):
                problems = [one] if one in missing(body, here) else []
        return Grounding((*the_sources(named, passages), *problems))

    return answer


def trusts_quotes(body, texts):
    """Looks at the numbers where nothing is quoted."""
    quoted = QUOTE.search(body) and not the_quotes(body, texts)
    return [] if quoted else the_numbers(body, texts)


WRONG = {
    "returns-nothing": [
        lambda answer, passages: None,
        result(print),
        lambda answer, passages: [].append(by()(answer, passages)),
    ],
    "raises": [
        by(texts=lambda named, passages: [passages[id] for id in named]),
        lambda answer, passages: (
            by()(answer, passages) if passages[SOURCE.findall(answer)[0]] else 0
        ),
        by(texts=lambda named, passages: [passages[named[0]]]),
    ],
    "not-a-grounding": [
        result(lambda found: found.holds),
        result(lambda found: list(found.problems)),
        result(lambda found: (found.holds, found.problems)),
    ],
    "holds-back-the-true": [
        lambda answer, passages: Grounding(("unsure",)),
        by(numbers=verbatim(0.9)),
        by(quotes=lambda body, texts: [] if QUOTE.search(body) else ["it quotes nothing"]),
    ],
    "no-source-holds": [
        by(sources=lambda named, passages: [id for id in named if id not in passages]),
        lambda answer, passages: Grounding(()),
        by(sources=no_problems),
    ],
    "one-source-of-two": [
        by(sources=any_source),
        by(sources=lambda named, passages: the_sources(named[:1], passages)),
        by(sources=lambda named, passages: [] if {*named} & {*passages} else ["no page"]),
    ],
    "points-at-nothing": [
        by(sources=lambda named, passages: [] if named else ["no source"]),
        lambda answer, passages: Grounding(() if re.search(r"\[.+\]$", answer) else ("none",)),
        lambda answer, passages: Grounding(() if answer.endswith("]") else ("no source",)),
    ],
    "quotes-unchecked": [
        by(quotes=no_problems),
        by(quotes=lambda body, texts: [q for q in QUOTE.findall(body) if len(q) < 2]),
        by(quotes=lambda body, texts: [] if texts else QUOTE.findall(body)),
    ],
    "numbers-unchecked": [
        by(numbers=no_problems),
        by(numbers=lambda body, texts: [n for n in NUMBER.findall(body) if len(n) > 9]),
        by(numbers=lambda body, texts: [] if texts else NUMBER.findall(body)),
    ],
    "looks-everywhere": [
        by(texts=everything),
        by(texts=lambda named, passages: in_one(passages.values())),
        by(texts=lambda named, passages: everything(named, passages) if named else []),
    ],
    "part-of-a-number": [
        by(
            numbers=lambda body, texts: [
                n for n in NUMBER.findall(body) if not any(n in text for text in texts)
            ]
        ),
        by(numbers=lambda body, texts: [n for n in NUMBER.findall(body) if n not in str(texts)]),
        by(plain=lambda text: flat(text, comma=" ")),
    ],
    "straight-marks-only": [
        by(quotes=quoted_by(r'"([^"]+)"')),
        by(quotes=quoted_by('"(.+?)"')),
        by(quotes=lambda body, texts: the_quotes(re.sub("[\u201c\u201d]", "", body), texts)),
    ],
    "last-look-decides": [
        last_decides((NUMBER, the_numbers), (QUOTE, the_quotes)),
        last_decides((QUOTE, the_quotes), (NUMBER, the_numbers)),
        by(numbers=trusts_quotes),
    ],
    "tidies-the-page-alone": [
        by(tidy=lambda text: text),
        by(tidy=lambda text: " ".join(text.split())),
        by(tidy=lambda text: text.replace("\u2019", "'")),
    ],
    "marks-differ": [
        by(plain=lambda text: flat(text, apostrophe=None)),
        by(plain=lambda text: flat(text, apostrophe="\u2018")),
        by(plain=lambda text: flat(text, apostrophe="`")),
    ],
    "apostrophes-as-quotes": [
        by(quotes=quoted_by("[\"'\u201c]([^\"'\u201d]+?)[\"'\u201d]")),
        by(quotes=quoted_by("\"([^\"]+)\"|\u201c([^\u201d]+)\u201d|'([^']+)'")),
        by(quotes=quoted_by('["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]|\'(.+?)\'')),
    ],
    "line-breaks-differ": [
        by(plain=lambda text: flat(text, space=None)),
        by(plain=lambda text: flat(text.replace("\n", ""))),
        by(plain=lambda text: flat(text.strip().replace("  ", " "), space=None)),
    ],
    "separators-differ": [
        by(plain=lambda text: flat(text, comma=None), numbers=numbered_by(r"\d[\d,]*(?:\.\d+)?")),
        by(plain=lambda text: flat(text, comma=".")),
        by(plain=lambda text: flat(text, comma="'"), numbers=numbered_by(r"\d[\d']*")),
    ],
    "full-stop-in-a-number": [
        by(numbers=numbered_by(r"[\d.]*\d[\d.]*")),
        by(numbers=numbered_by(r"\d+\.?\d*")),
        by(
            numbers=lambda body, texts: [
                w for w in body.split() if w[0].isdigit() and w not in " ".join(texts).split()
            ]
        ),
    ],
    "reads-the-name": [
        by(bare=lambda answer: answer),
        by(bare=lambda answer: re.sub(r"[\[\]]", " ", answer)),
        by(bare=lambda answer: SOURCE.sub(r" \1", answer)),
    ],
    "first-source-only": [
        by(texts=lambda named, passages: the_named(named[:1], passages)),
        by(texts=lambda named, passages: the_named(named, passages)[:1]),
        by(
            quotes=lambda body, texts: [
                q for q in QUOTE.findall(body) if not all(q in text for text in texts)
            ]
        ),
    ],
}
