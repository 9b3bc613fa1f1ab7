"""Under an output format the form always holds, and the values are as right as the tier is."""

import json

import pytest
from jsonschema import Draft202012Validator
from test_ability import ALIKE, SYSTEM, app_of, body, effects, levels, reason, reply
from test_structured import closed

from labkit import Lab
from labkit.case import samples
from labkit.catalog import TIERS
from labkit.sim.luck import Luck
from labkit.sim.model import SimulatedModel

ANSWER = closed(answer={"type": "string"}, sources={"type": "array", "items": {"type": "string"}})
MAYBE = {"type": ["integer", "null"]}
PRICES = closed(item={"type": "string"}, loan_fee_cr=MAYBE, deposit_cr=MAYBE, loan_days=MAYBE)


def config(schema):
    """The output format of a request."""
    return {"format": {"type": "json_schema", "schema": schema}}


def filled(question, model, schema, **fields):
    """The reply of a tier, and its JSON."""
    one = reply(question, model, output_config=config(schema), **fields)
    value = json.loads(one.content[0]["text"])
    Draft202012Validator(schema).validate(value)
    return one, value


def app_in_format(model):
    """An app that asks one tier for JSON and writes the answer with its sources."""

    def app(client, question):
        request = body(question, model) | {"max_tokens": 900, "output_config": config(ANSWER)}
        message = client.messages.create(**request)
        if message.stop_reason == "refusal":
            return ""
        value = json.loads(message.content[0].text)
        return f"{value['answer']} {' '.join(f'[{one}]' for one in value['sources'] or ['none'])}"

    return app


def passed(app):
    """The samples of the case that an app answers right."""
    report = Lab().evaluate(app, samples())
    assert (report.n, report.errors) == (84, 0)
    return {row.sample.id for row in report.rows if row.state == "passed"}


def test_a_format_makes_no_tier_better_or_worse():
    """What a tier gets right in words it gets right as JSON, item by item, and in order."""
    right = {name: passed(app_in_format(name)) for name in TIERS}
    assert right == {name: passed(app_of(name)) for name in TIERS}
    assert right["fast"] < right["balanced"] < right["frontier"]


THINGS = "tile cutter|projector|fog machine|giant chess set|bat detector|pressure washer|drill"
FORMS = [
    f"{asked} the {thing}" for thing in THINGS.split("|") for asked in ("Prices of", "Describe")
]


def test_fields_are_misread_by_smaller_tiers_and_still_fit():
    """Wrong values, never a wrong form; the larger tier has right what the smaller one has."""
    wrong = {}
    for name in TIERS:
        found = {question: filled(question, name, PRICES) for question in FORMS}
        wrong[name] = {question for question, (one, _) in found.items() if effects(one)}
    assert wrong["frontier"] <= wrong["balanced"] | wrong["fast"]
    assert len(wrong["frontier"]) <= len(wrong["balanced"]) < len(wrong["fast"]) < len(FORMS)


def test_a_wrong_value_says_why_and_stands_on_a_page():
    """The explanation has the level, the tier's share and the mistake; the number is read."""
    question = next(one for one in FORMS if effects(filled(one, "fast", PRICES)[0]))
    one, wrong = filled(question, "fast", PRICES)
    _, right = filled(question, "frontier", PRICES)
    assert wrong != right
    assert wrong["item"] == right["item"]
    assert all(value is None or str(value) in SYSTEM for value in wrong.values())
    assert "of which the fast tier gets" in reason(one, "ability")
    assert one.rules[0].name == "structured"


def test_what_cannot_be_mistaken_for_another_is_left_open():
    """One page with one number: the tier that misses it says null, or makes it up."""
    system = '<document id="a" title="Owl">The owl weighs 7 kg.</document>'
    schema = closed(weight_kg=MAYBE)
    questions = [f"¿Cuánto pesa la owl {end}?" for end in ("hoy", "ahora", "de la torre", "")]
    values = [filled(one, "fast", schema, system=system)[1]["weight_kg"] for one in questions]
    assert set(values) == {7, None}


@pytest.mark.parametrize("question", ALIKE)
def test_what_is_no_reading_is_alike_in_all_tiers_in_a_format_too(question):
    """Greetings, declining and limits stand in the answer's field as they are said in words."""
    replies = [reply(question, name, output_config=config(ANSWER)) for name in TIERS]
    assert replies[0] == replies[1] == replies[2]


def test_an_answer_in_a_field_is_what_is_said_in_words():
    """Declined in words, declined as JSON, with the page that says so as its source."""
    question = "My kid is 16, can he pick up the chainsaw for me?"
    one, value = filled(question, "fast", ANSWER)
    assert value["sources"] == ["power-tools-18plus"]
    assert value["answer"].startswith("I cannot do that.")
    assert "decline" in [rule.name for rule in one.rules]


def test_an_object_without_fields_cannot_be_wrong():
    """Nor does its explanation say that it is."""
    for name in levels():
        question = next(sample.input for sample in samples() if sample.id == name)
        one = reply(question, "fast", output_config=config(closed()))
        assert (effects(one), one.content[0]["text"]) == ([], "{}")


def test_the_seed_changes_no_value():
    """Another lab, the same mistakes."""
    for question in FORMS:
        asked = body(question) | {"output_config": config(PRICES)}
        texts = {SimulatedModel().reply(asked, Luck(seed)).content[0]["text"] for seed in range(3)}
        assert len(texts) == 1
