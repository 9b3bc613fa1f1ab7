"""An app that never returns, or returns what it should not, ends in words and in no traceback."""

import pytest
from pydantic import BaseModel

from labkit import Lab
from labkit.case import documents, samples
from labkit.clock import current
from labkit.contrast import (
    contrast,
    eval_set,
    facts,
    forms_read,
    letters_held,
    lights_right,
    parsing,
    posted,
    quotes,
    refusals,
    replies_read,
)
from labkit.contrast.worlds import MOST_ATTEMPTS
from labkit.errors import ArgumentError

QUESTION = "How long may I keep a drill?"
PAGES = {page.id: page.rendered() for page in documents()}
TURN = {"role": "user", "content": "And now?"}
MODEL = Lab().model()


class Form(BaseModel):
    """A form of one number."""

    days: int


def asks_on(client, *_):
    """Never stops asking, whatever comes."""
    while True:
        try:
            client.messages.create(model=MODEL, max_tokens=10, messages=[TURN])
        except Exception:
            continue


def waits_on(*_):
    """Never stops waiting."""
    while True:
        current().sleep(3600)


def says(value):
    """An app that returns this, whatever it is asked."""
    return lambda *_: value


VIEWS = {
    "contrast": lambda app: contrast(app, says("x"), [QUESTION]),
    "refusals": lambda app: refusals(app, says([]), QUESTION, QUESTION),
    "parsing": lambda app: parsing(app, says(None), QUESTION, {}),
    "quotes": lambda app: quotes(app, says(None)),
    "facts": lambda app: facts(app, says("x"), QUESTION, PAGES),
}


@pytest.mark.parametrize("app", [asks_on, waits_on])
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_says_that_an_app_did_not_end(name, app):
    """The picture is drawn; the app's side has crashed, and says at what."""
    view = VIEWS[name](app)
    assert view.error is None
    assert "OutOfBudget: the answer used" in view.static


@pytest.mark.parametrize("app", [asks_on, waits_on])
def test_a_count_goes_on_to_its_end(app):
    """An app that does not end has nothing right."""
    assert posted(app, "Dear Noor").error.startswith("OutOfBudget: the answer used")
    assert [row.part for row in letters_held(app, app)][-1] == 0
    assert {row.part for row in replies_read(app, app, [QUESTION], "The desk.")} == {0}
    assert {row.part for row in forms_read(app, app, [QUESTION], Form)} == {0}


def test_an_eval_set_passes_nothing_of_an_app_that_waits():
    """Every question ends, each in a lab of its own."""
    assert eval_set(waits_on, samples()[:2]).error is None


def test_an_app_may_still_ask_often():
    """Two layers of retries, or a long tool loop, are no endless app."""

    def often(client, question):
        for _ in range(MOST_ATTEMPTS):
            client.messages.create(model=MODEL, max_tokens=10, messages=[TURN])
        return "Done."

    assert "OutOfBudget" not in contrast(often, often, [QUESTION]).move(rate=0).static


@pytest.mark.parametrize("returned", [None, "text", 7, [None], [{"role": "user"}], [[]]])
def test_a_chat_app_that_returns_no_history_is_told_so(returned):
    """Forgetting to return is the commonest; the view names it instead of a crash."""
    view = refusals(says(returned), says([]), QUESTION, QUESTION)
    assert isinstance(view.error, ArgumentError)
    assert "the app returned" in str(view.error)
    with pytest.raises(ArgumentError, match="the app returned"):
        replies_read(says(returned), says([]), [QUESTION], "The desk.")


def test_a_rule_that_forgets_to_answer_says_no():
    """What a path filter returns is read as Python reads it."""
    rows = lights_right(says(None), says("the same"))
    assert [row.part for row in rows if row.who == "prototype"] == [0, 3]


class Rude:
    """Something whose words raise."""

    def __repr__(self):
        """Never."""
        raise RuntimeError("no")

    __str__ = __repr__


ITSELF = []
ITSELF.append(ITSELF)


@pytest.mark.parametrize("form", [Rude(), {"a": Rude()}, {(1, 2): 3}, ITSELF, {1, 2}])
def test_a_form_that_json_cannot_write_is_shown_all_the_same(form):
    """It is a wrong form, and no error of the view."""
    assert parsing(says(form), says(None), QUESTION, {"days": 7}).error is None


def chat(client, messages, screen):
    """A chat app that says nothing."""
    return messages


BAD = {
    "refusals, question": lambda: refusals(chat, chat, None, QUESTION),
    "refusals, next_question": lambda: refusals(chat, chat, QUESTION, 7),
    "refusals, an app of two": lambda: refusals(chat, lambda client, q: [], QUESTION, QUESTION),
    "replies_read, questions": lambda: replies_read(chat, chat, QUESTION, "The desk."),
    "replies_read, none": lambda: replies_read(chat, chat, [], "The desk."),
    "replies_read, desk": lambda: replies_read(chat, chat, [QUESTION], None),
    "forms_read, an app": lambda: forms_read(None, says(None), [QUESTION], Form),
    "forms_read, questions": lambda: forms_read(says(None), says(None), QUESTION, Form),
    "forms_read, none": lambda: forms_read(says(None), says(None), [], Form),
    "forms_read, model_cls": lambda: forms_read(says(None), says(None), [QUESTION], None),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_asked_or_counted_is_refused_first(name):
    """Each refusal has its three parts."""
    with pytest.raises(ArgumentError) as refused:
        BAD[name]()
    assert str(refused.value).count(". ") >= 2
