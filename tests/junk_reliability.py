"""What the first lab's views usually take, and which junk is none to them."""

from pydantic import BaseModel
from test_arguments import NONE_OF_THEM, SENT, TEXTS, app

from labkit import case


class Form(BaseModel):
    """A form with one field."""

    a: int = 0


def chats(client, messages, screen):
    """An app that says nothing."""
    return messages


def posts(client, member, db, mailbox):
    """An app that sends nothing."""


APPS = {"prototype": app, "production": app}
CHATS = {"prototype": chats, "production": chats}
POSTS = {"prototype": posts, "production": posts}
LIGHTS = {"prototype": lambda changed_paths: True, "production": lambda config: "a"}
READS = {"prototype": lambda client, question: None, "production": lambda client, question: None}
USUAL = {
    "bad_hour": {"model": "lab-frontier-1", "system": "a", "questions": ["b?"]},
    "contrast": APPS | {"questions": ["b?"]},
    "crowd": {},
    "eval_light": LIGHTS,
    "eval_set": {"app": app, "picked": case.samples()[:6]},
    "facts": {
        "prototype": app,
        "production": lambda client, question, pages: "",
        "question": "b?",
        "pages": {one.id: one.rendered() for one in case.documents()},
    },
    "forms_read": APPS | {"questions": ["b?"], "model_cls": Form},
    "gates": {},
    "letters": POSTS,
    "letters_held": POSTS,
    "lights_right": LIGHTS,
    "parsing": APPS | {"question": "b?", "right": {"a": 1}},
    "posted": {"app": posts, "words": "a"},
    "quotes": READS,
    "quotes_checked": READS,
    "refusals": CHATS | {"question": "a?", "next_question": "b?"},
    "replies_read": CHATS | {"questions": ["a?"], "desk": "x"},
    "thresholds": {"scores": [0.1, 0.9] * 10, "answerable": [False, True] * 10},
    "tool_moods": {
        "prototype": lambda client, question, tools: "",
        "production": lambda client, question, tools, most: "",
        "question": "b?",
    },
    "traffic_mix": {"redact": lambda text: text},
}
TAKES = {
    "system": SENT,
    "question": SENT,
    "next_question": SENT,
    "questions": {"texts"},
    "policy": {"none"},
    "right": {"table"},
    "words": TEXTS - {"empty"},
    "released": {"true"},
    "desk": TEXTS,
    "first": {"none", "zero", "half"},
    "notes": {*NONE_OF_THEM, "texts"},
}
