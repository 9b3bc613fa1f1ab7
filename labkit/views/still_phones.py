"""The still picture of the two screens and their histories."""

from labkit.views import still
from labkit.views.escape import line
from labkit.views.phones import Phone, RefusalScene, Turn
from labkit.views.sides import GOOD
from labkit.views.still import EDGE, INK, QUIET, RULE, WASH, Still, wrapped

LEFT = {"p": 2.0, "d": 350.0}
COLUMN = 320.0
LINE = 17.5


def phones_picture(scene: RefusalScene) -> str:
    """The whole picture as SVG."""
    picture = Still()
    screens = [screen_height(phone, scene) for phone in scene.phones]
    for phone in scene.phones:
        column(picture, phone, scene, max(screens))
    for phone in scene.phones:
        still.edge(picture, LEFT[phone.hue], 2.0, phone.hue)
    return picture.svg()


def column(picture: Still, phone: Phone, scene: RefusalScene, height: float) -> None:
    """One side: name, screen, history."""
    x, right = LEFT[phone.hue] + 16, LEFT[phone.hue] + COLUMN
    still.who(picture, (x, 20), phone.name, phone.hue)
    still.badge(picture, (right, 20), "ok" if phone.outcome in GOOD else "bad", phone.outcome)
    picture.text((x, 50), f"What {line(scene.person, 20)} sees", size=12, fill=QUIET)
    screen(picture, phone, scene, (x, 58, right - x, height))
    y = 58 + height + 26
    picture.text((x, y), "What goes back with the next question", size=12, fill=QUIET)
    history(picture, phone, scene, y + 10)


def lines_of(phone: Phone, scene: RefusalScene) -> tuple[list[str], list[str]]:
    """The wrapped question and the wrapped reply."""
    return wrapped(scene.question, 196, 3), wrapped(reply(phone), 230, 5)


def reply(phone: Phone) -> str:
    """The words where the reply should be."""
    if phone.outcome == "crashed":
        return f"This page has stopped working. {phone.error}"
    return phone.text


def screen_height(phone: Phone, scene: RefusalScene) -> float:
    """How tall the screen must be."""
    asked, said = lines_of(phone, scene)
    return 30 + 12 + len(asked) * LINE + 14 + 8 + len(said) * LINE + 14 + 14 + 28


def screen(
    picture: Still, phone: Phone, scene: RefusalScene, box: tuple[float, float, float, float]
) -> None:
    """The chat with one question and what came of it."""
    x, y, width, height = box
    asked, said = lines_of(phone, scene)
    picture.rect(box, stroke=EDGE, round_=12)
    picture.text((x + 14, y + 20), "Latch", size=12, fill=QUIET)
    picture.line((x, y + 30), (x + width, y + 30), stroke=RULE)
    picture.line((x, y + height - 28), (x + width, y + height - 28), stroke=RULE)
    picture.text((x + 14, y + height - 10), "Write a message", size=12, fill=QUIET)
    top = y + 42
    bubble = (x + width - 12 - 224, top, 224.0, len(asked) * LINE + 14)
    picture.rect(bubble, stroke=EDGE, round_=10)
    for i, row in enumerate(asked):
        picture.text((bubble[0] + 12, top + 19 + i * LINE), row)
    top += bubble[3] + 8
    widest = min(258.0, 28 + max(map(len, said)) * 7.4) if any(said) else 64.0
    box_ = (x + 12, top, widest, len(said) * LINE + 14)
    missing = phone.outcome == "crashed" or not any(said)
    if missing:
        picture.rect(box_, stroke=EDGE, dash="4 3", round_=10)
    else:
        picture.rect(box_, fill=WASH, round_=10)
    for i, row in enumerate(said):
        picture.text((box_[0] + 12, top + 19 + i * LINE), row, fill=QUIET if missing else INK)
    note = {"half a sentence": "and no more comes", "blank": "an empty bubble"}.get(phone.outcome)
    if note:
        below = top + box_[3] + 14
        picture.text((box_[0] + 12, below), note, size=12, fill=QUIET)


def history(picture: Still, phone: Phone, scene: RefusalScene, top: float) -> None:
    """The line through the messages that go back, and where it ends."""
    x, right = LEFT[phone.hue] + 16, LEFT[phone.hue] + COLUMN
    turns = [*phone.history, Turn("person", scene.next_question)]
    y = top
    for i, turn in enumerate(turns):
        y = message(picture, turn, scene, (x, y, right), new=i == len(turns) - 1)
    through = phone.next_outcome in GOOD
    picture.line((x + 8, y), (x + 8, y + 14), width=3)
    if through:
        picture.put(f'<path d="M{x + 3} {y + 12}h10l-5 8z" fill="{INK}"/>', y + 20)
    else:
        picture.line((x, y + 16), (x + 16, y + 16), width=5)
    word = "refused again" if phone.next_outcome == "refused" else phone.next_outcome
    width = 30 + len(word) * 7.2
    still.badge(picture, (x + 26 + width, y + 20), "ok" if through else "bad", word)
    for i, row in enumerate(wrapped(phone.next_text, right - x - 30, 3)):
        picture.text((x + 26, y + 44 + i * LINE), row)


def message(
    picture: Still, turn: Turn, scene: RefusalScene, box: tuple[float, float, float], *, new: bool
) -> float:
    """One message of the history; returns where the next one begins."""
    x, y, right = box
    words = line(turn.text) or "(empty)"
    role = line(scene.person, 20) if turn.role == "person" else "Latch"
    note = " · the next question" if new else turn.note
    rows = wrapped(words, right - x - 42, 2)
    height = 24 + len(rows) * LINE
    dash = "1.5 3" if turn.removed else ""
    picture.line(
        (x + 8, y),
        (x + 8, y + height + 6),
        stroke=EDGE if turn.removed else INK,
        width=3,
        dash=dash,
    )
    picture.rect(
        (x + 26, y, right - x - 26, height),
        stroke=INK if turn.refused and not turn.removed else EDGE,
        dash="4 3" if turn.removed else "",
        round_=3,
    )
    picture.text((x + 34, y + 15), role + note, size=12, fill=QUIET)
    for i, row in enumerate(rows):
        picture.text(
            (x + 34, y + 32 + i * LINE),
            row,
            fill=QUIET if turn.removed else INK,
            struck=turn.removed,
        )
    return y + height + 6
