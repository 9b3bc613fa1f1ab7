"""What two people see when a refusal comes, and what it does to their next question.

Above, the two screens. Below, the history as a line going down through the messages that go back:
it passes a message that was taken out, and ends in a bar (stopped) or in a tip (came through).
"""

from collections.abc import Mapping

from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.phones import Phone, RefusalScene, Shown, Turn
from labkit.views.pieces import badge, column_html, split_source
from labkit.views.sides import GOOD, named_facts
from labkit.views.still_phones import phones_picture
from labkit.views.words import several

__all__ = ["Phone", "RefusalScene", "Shown", "Turn", "draw_refusal"]

NOBODY = "How often a real model refuses, and what. Here the refusal is scripted."
FIRST = {
    "answered": "answers",
    "helped": "says where to turn",
    "crashed": "crashes",
    "blank": "shows an empty bubble",
    "half a sentence": "leaves half a sentence",
    "refused": "passes the refusal on",
}
THEN = {
    "answered": "answers",
    "helped": "helps again",
    "crashed": "crashes",
    "blank": "shows nothing",
    "half a sentence": "stops half-way",
    "refused": "is refused again",
}


def draw_refusal(scene: RefusalScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both screens and both histories; ``was`` holds the facts of the drawing before."""
    return Drawing(
        finding=finding(scene),
        body=body_html(scene, was),
        table=table(scene),
        provenance=Provenance(
            "simulated",
            (f"seed {scene.seed}", f"refusal: {line(scene.shape, 60)}", "models are made up"),
        ),
        picture=phones_picture(scene),
        not_shown=NOBODY,
        facts=named_facts({phone.who: phone.words for phone in scene.phones}),
    )


def finding(scene: RefusalScene) -> str:
    """What each app does with the refusal, and then with the next question."""
    first, second = (f"{FIRST[p.outcome]}, then {THEN[p.next_outcome]}" for p in scene.phones)
    return f"The prototype {first}; production {second}."


def body_html(scene: RefusalScene, was: Mapping[str, str]) -> str:
    """Two columns: screen, history, fate."""
    columns = "".join(column(phone, scene, was) for phone in scene.phones)
    return f'<div class="lk-two lk-even n6">{columns}</div>'


def column(phone: Phone, scene: RefusalScene, was: Mapping[str, str]) -> str:
    """One person's side of it."""
    return column_html(
        phone,
        "",
        fates_html(phone, scene, was),
        f'<p class="lk-say">What {plain_line(scene.person, 40)} sees</p>{screen(phone, scene)}',
        '<p class="lk-say lk-back">What goes back with the next question</p>',
        history(phone, scene, was),
    )


def fates_html(phone: Phone, scene: RefusalScene, was: Mapping[str, str]) -> str:
    """What the person gets, now and with the next question, before any picture."""
    labels = f"{plain_line(scene.person, 40)} sees", "next question"
    rows = "".join(
        f"<dt>{label}</dt><dd>{fate(phone, name, was)}</dd>"
        for label, (name, _) in zip(labels, phone.fates, strict=True)
    )
    return f'<dl class="lk-fates">{rows}</dl>'


def fate(phone: Phone, name: str, was: Mapping[str, str]) -> str:
    """The badge of one ending, and what it was before."""
    kind = "ok" if dict(phone.fates)[name] in GOOD else "bad"
    return badge(kind, phone.words[name], was.get(f"{phone.who} {name}"))


def screen(phone: Phone, scene: RefusalScene) -> str:
    """The chat: the question and what came of it."""
    asked = f'<p class="lk-me" dir="auto">{plain_line(scene.question, 300)}</p>'
    return (
        '<div class="lk-screen"><p class="lk-top lk-s lk-q">Latch</p>'
        f'<div class="lk-talk">{asked}{reply(phone)}</div>'
        '<p class="lk-write lk-s lk-q" aria-hidden="true">Write a message</p></div>'
    )


def reply(phone: Phone) -> str:
    """What stands where the reply should be."""
    if phone.outcome == "crashed":
        code = f"<br><code>{plain_line(phone.error, 160)}</code>" if phone.error else ""
        return f'<p class="lk-it none">This page has stopped working.{code}</p>'
    if not phone.text.strip():
        return (
            '<p class="lk-it none">&emsp;&emsp;</p><p class="lk-cut lk-s lk-q">an empty bubble</p>'
        )
    words, source = split_source(phone.text)
    quiet = f' <span class="lk-q lk-s lk-n">{plain(source)}</span>' if source else ""
    if phone.outcome == "half a sentence":
        return (
            f'<p class="lk-it half" dir="auto">{plain(words, 600)}{quiet}</p>'
            '<p class="lk-cut lk-s lk-q">and no more comes</p>'
        )
    return f'<p class="lk-it" dir="auto">{plain(words, 600)}{quiet}</p>'


def history(phone: Phone, scene: RefusalScene, was: Mapping[str, str]) -> str:
    """The line through the messages, down to the fate of the next question."""
    rows = "".join(message(turn, scene.person) for turn in phone.history)
    asked = message(Turn("person", scene.next_question), scene.person, new=True)
    through = phone.next_outcome in GOOD
    tag = "code" if phone.next_outcome == "crashed" else "span"
    text = f'<{tag} class="lk-fatetext" dir="auto">{plain_line(phone.next_text, 240)}</{tag}>'
    end = (
        f'<li class="fate {"end" if through else "stop"}">{fate(phone, "next", was)}'
        f"{text if phone.next_text else ''}</li>"
    )
    return f'<ol class="lk-hist">{rows}{asked}{end}</ol>'


def message(turn: Turn, person: str, *, new: bool = False) -> str:
    """One message; what was taken out is struck out, dashed, and says so."""
    role = plain_line(person, 40) if turn.role == "person" else "Latch"
    words = plain_line(turn.text, 160) or "(empty)"
    note = " · the next question" if new else turn.note
    kind = "gone" if turn.removed else "kept" if turn.refused else ""
    tag = "s" if turn.removed else "span"
    return (
        f'<li class="{kind}"><span class="card"><span class="lk-q lk-s">{role}{note}</span> '
        f'<{tag} dir="auto">{words}</{tag}></span></li>'
    )


def table(scene: RefusalScene) -> Table:
    """The same, one row each."""
    one, other = (told(phone, scene.person) for phone in scene.phones)
    return Table.of_two(one, other, "The two screens as a table")


def told(phone: Phone, person: str) -> dict[str, str]:
    """What the table says of one screen."""
    return {
        "outcome": phone.outcome,
        f"what {line(person, 40)} sees": line(phone.text or phone.error, 240) or "nothing",
        "goes back": several(len(phone.kept), "message"),
        "taken out": several(len(phone.removed), "message"),
        "next question": phone.next_outcome,
        "what comes then": line(phone.next_text, 240) or "nothing",
    }
