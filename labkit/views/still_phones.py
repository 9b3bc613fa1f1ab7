"""The still picture of the two screens and their histories."""

from labkit.views import still
from labkit.views.escape import plain_line
from labkit.views.phones import Phone, RefusalScene, Turn
from labkit.views.sides import GOOD
from labkit.views.still import GREY, QUIET, RULE, SMALL, div, span

LINE = "margin-left:8px;padding:0 0 6px 17px"
TIP = "border:5.5px solid transparent;border-top:8px solid;margin:0 3px 0 4px;vertical-align:-2px"
BAR = "border-top:5px solid;width:17px;margin-left:1px;vertical-align:6px"
NOTES = {"half a sentence": "and no more comes", "blank": "an empty bubble"}


def phones_picture(scene: RefusalScene) -> str:
    """Both sides beside each other where there is room."""
    return still.beside(*(column(phone, scene) for phone in scene.phones))


def column(phone: Phone, scene: RefusalScene) -> str:
    """One side: name, both endings, screen, history."""
    person = plain_line(scene.person, 40)
    first, second = phone.fates
    return still.side(
        phone.hue,
        div("margin-bottom:6px", still.who(phone.name, phone.hue)),
        fate(f"{person} sees", phone, first),
        fate("next question", phone, second),
        still.label(f"What {scene.person} sees"),
        screen(phone, scene),
        still.label("What goes back with the next question"),
        history(phone, scene),
    )


def fate(name: str, phone: Phone, ending: tuple[str, str]) -> str:
    """How one question ended."""
    what, shown = ending
    form = "ok" if shown in GOOD else "bad"
    label = span(f"display:inline-block;min-width:100px;{QUIET}", name)
    return div("margin-bottom:4px", label, " ", still.badge(form, phone.words[what]))


def screen(phone: Phone, scene: RefusalScene) -> str:
    """The chat: the question and what came of it."""
    edge = f"{SMALL};padding:6px 14px"
    asked = f"margin-left:16%;border:1px solid {GREY};border-radius:12px 3px 12px 12px"
    return div(
        f"border:1px solid {GREY};border-radius:12px;margin-top:4px",
        div(f"{edge};border-bottom:1px solid {RULE}", span("opacity:.8", "Latch")),
        div(
            "padding:12px",
            div(f"{asked};padding:7px 12px", still.foreign(scene.question, 300)),
            reply(phone),
        ),
        div(f"{edge};border-top:1px solid {RULE}", span("opacity:.8", "Write a message")),
    )


def reply(phone: Phone) -> str:
    """What stands where the reply should be."""
    if phone.outcome == "crashed":
        said = still.bubble(f"This page has stopped working. {phone.error}", empty=True)
    elif phone.text.strip():
        said = still.bubble(phone.text)
    else:
        said = still.bubble("\u2003\u2003", empty=True)
    note = NOTES.get(phone.outcome, "")
    width = "max-width:72px" if not phone.text.strip() and phone.outcome == "blank" else ""
    under = div(f"{QUIET};padding-left:14px", note) if note else ""
    return div("margin-top:8px;margin-right:10%", div(width, said), under)


def history(phone: Phone, scene: RefusalScene) -> str:
    """The messages that go back along their line, and how the next question ended."""
    turns = [*phone.history, Turn("person", scene.next_question)]
    rows = [message(turn, scene, new=i == len(turns)) for i, turn in enumerate(turns, 1)]
    through = phone.next_outcome in GOOD
    mark = span(f"display:inline-block;{TIP if through else BAR}")
    badge = still.badge("ok" if through else "bad", phone.words["next"])
    words = div("margin:4px 0 0 28px;overflow-wrap:break-word", still.foreign(phone.next_text, 240))
    end = div("", mark, span("margin-left:10px", " ", badge))
    return div("margin-top:4px;font-size:13px", *rows, end, words if phone.next_text else "")


def message(turn: Turn, scene: RefusalScene, *, new: bool) -> str:
    """One message; what was taken out is struck out, dashed, and says so."""
    role = scene.person if turn.role == "person" else "Latch"
    note = " · the next question" if new else turn.note
    words = still.foreign(turn.text, 160) if turn.text.strip() else "(empty)"
    edge, along = ("1px dashed", "3px dotted") if turn.removed else ("1px solid", "3px solid")
    edge = "1.5px solid" if turn.refused and not turn.removed else f"{edge} {GREY}"
    shown = f'<s style="opacity:.8">{words}</s>' if turn.removed else words
    return div(
        f"border-left:{along};{LINE}",
        div(
            f"border:{edge};border-radius:3px;padding:4px 10px 6px;overflow-wrap:break-word",
            div(QUIET, plain_line(role, 40), note),
            shown,
        ),
    )
