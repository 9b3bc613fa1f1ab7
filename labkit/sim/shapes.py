"""Counting the tokens of plain text by the shapes of its words: "ladder," is ``aaaaaa!``.

text -> one byte for each kind of character -> words between single spaces -> their counts, known

A language has hundreds of thousands of words and few shapes, so nearly every count is looked up.
"""

import re

LETTER, DIGIT, BLANK, SPACE, SCORE, SIGN = b"a0 \n_!"


def kind(code: int) -> int:
    """The kind of an ASCII character; other white space than a blank is one kind."""
    char = chr(code)
    if char.isalpha():
        return LETTER
    if char.isdigit():
        return DIGIT
    if char == " ":
        return BLANK
    return SCORE if char == "_" else SPACE if char.isspace() else SIGN


KINDS = bytes(kind(code) for code in range(128)) + bytes(128)
TAKES_A_BLANK = (b"a", b"0", b"!")
"""What a token that begins with a blank goes on with."""
MOST_SHAPES = 10_000
LONGEST = 32
"""Bytes of a shape that is remembered; junk has ever new ones."""


class Shapes(dict[bytes, int]):
    """How many tokens each shape has behind a blank, as far as it has been met."""

    def __init__(self, *, letters: int, digits: int, signs: int) -> None:
        """Tokens have at most so many characters of each kind, and the blank before them."""
        super().__init__()
        pattern = rf" ?a{{1,{letters}}}| ?0{{1,{digits}}}| ?!{{1,{signs}}}|[ \n]+|."
        self.token = re.compile(pattern.encode(), re.DOTALL)

    def __missing__(self, shape: bytes) -> int:
        """Count a shape for the first time."""
        count = self.found(b" " + shape)
        if len(shape) <= LONGEST and len(self) < MOST_SHAPES:
            self[shape] = count
        return count

    def found(self, shapes: bytes) -> int:
        """Find the tokens one by one."""
        return self.token.subn(b"", shapes)[1]

    def count(self, text: str) -> int:
        """The tokens of an ASCII text."""
        shapes = text.encode().translate(KINDS)
        if b"  " in shapes or b"\n " in shapes:  # white space that no word has to itself
            return self.found(shapes)
        words = shapes.split(b" ")
        if words[0].startswith(TAKES_A_BLANK):  # with a blank before it, it has as many
            return sum(map(self.__getitem__, words))
        return self.found(words[0]) + sum(map(self.__getitem__, words[1:]))
