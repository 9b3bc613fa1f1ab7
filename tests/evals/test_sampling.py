"""Drawing samples from a traffic log, and how far two mixes are apart."""

import re
from collections import Counter
from datetime import date

import pytest

from labkit import clock
from labkit.errors import ArgumentError
from labkit.evals import LogRecord, jensen_shannon, sample_for_eval
from labkit.sim.clock import SimClock

TODAY = date(2026, 11, 23)
TOPICS = ("fees", "loans", "safety", "visit")
MASKED = "[phone]"


def redact(text):
    """Take out what looks like a telephone number."""
    return re.sub(r"\d{3}-\d{4}", MASKED, text)


def a_log():
    """200 messages: every ninth disliked, every fifth says hi, some with a number in them."""
    return [
        LogRecord(
            id=f"m{n:03}",
            text="Hi!" if n % 5 == 0 else f"message number {n}, call 555-{n:04}",
            topic=TOPICS[min(n % 11 // 2, 3)],
            language="es" if n % 17 == 0 else "en",
            feedback="down" if n % 9 == 0 else "up" if n % 4 == 0 else "none",
            received=TODAY,
        )
        for n in range(200)
    ]


def draw(log=None, k=12, **settings):
    """The usual draw."""
    usual = {"seed": 7, "redact": redact, "stratify_by": "topic", "today": TODAY}
    return sample_for_eval(a_log() if log is None else log, k, **{**usual, **settings})


@pytest.mark.parametrize("seed", range(12))
def test_a_draw_has_every_stratum_and_negative_feedback_and_no_twins(seed):
    """Whatever the seed; nothing that looks like a telephone number is left."""
    found = draw(seed=seed)
    assert len(found) == 12
    assert {one.topic for one in found} == set(TOPICS)
    assert any(one.feedback == "down" for one in found)
    plain = [re.sub(r"\W+", " ", one.text).lower() for one in found]
    assert len(set(plain)) == 12
    assert not re.search(r"\d{3}-\d{4}", repr(found))
    assert {one.source for one in found} == {"production"}
    assert sum(one.weight for one in found) == pytest.approx(200)


@pytest.mark.parametrize("by", ["language", "feedback"])
def test_other_strata_are_all_there_too(by):
    """Each value of the field."""
    found = draw(stratify_by=by)
    assert {getattr(one, by) for one in found} == {getattr(one, by) for one in a_log()}


def test_the_seed_alone_decides_and_not_the_order_of_the_log():
    """The same log turned round gives the same; another seed does not."""
    assert draw(a_log()[::-1]) == draw()
    assert draw(seed=8) != draw()


def test_who_opted_out_and_what_expired_is_absent():
    """An expiry is the first day on which a record must not be used."""
    log = [
        LogRecord("gone", "one", "fees", expires=TODAY),
        LogRecord("no", "two", "fees", opted_out=True),
        LogRecord("kept", "three", "fees", expires=date(2026, 11, 24)),
        LogRecord("always", "four", "fees"),
    ]
    assert {one.id for one in draw(log, 2)} == {"kept", "always"}
    with pytest.raises(ArgumentError, match="only 2 different messages"):
        draw(log, 3)


def test_what_has_expired_is_decided_by_the_clock():
    """A lab's day in a lab, the real day in a service."""
    log = [LogRecord("a", "one", "fees", expires=TODAY), LogRecord("b", "two", "fees")]
    with clock.use(SimClock()):
        assert [one.id for one in draw(log, 1, today=None)] == ["b"]


def test_redact_sees_every_text_that_may_be_used_before_anything_else():
    """Texts that differ in what is redacted only are one message; an emptied one is left out."""
    log = [LogRecord(f"m{n}", f"Call me: 555-{n:04}", "fees") for n in range(5)]
    log += [LogRecord("empty", "secret", "fees"), LogRecord("no", "never", "fees", opted_out=True)]
    seen = []

    def watching(text):
        seen.append(text)
        return "" if text == "secret" else redact(text)

    (only,) = draw(log, 1, redact=watching)
    assert (only.id, only.text, only.weight) == ("m0", "Call me: [phone]", 5)
    assert "never" not in seen
    assert len(seen) == 6


def test_a_redactor_that_fails_leaks_nothing():
    """Neither the message nor its cause holds the text."""

    def fails(text):
        raise ValueError(text)

    for wrong in (fails, lambda text: [text]):
        with pytest.raises(ArgumentError, match="for the record 'm000'") as raised:
            draw(redact=wrong)
        assert "Hi!" not in str(raised.value)
        assert raised.value.__cause__ is None
        assert raised.value.__context__ is None


def test_a_record_does_not_show_its_text():
    """Printing a log must not spread it."""
    assert repr(LogRecord("a", "my number is 555-0000", "fees")) == (
        "LogRecord('a', 'fees', 'en', 'none')"
    )


@pytest.mark.parametrize("oversample", [1.0, 5.0])
def test_weighted_means_are_unbiased(oversample):
    """Over many seeds the weighted shares come to those of the traffic, twins counted."""
    log = a_log()
    traffic = {
        "down": sum(one.feedback == "down" for one in log if one.text != "Hi!"),
        "hi": sum(one.text == "Hi!" for one in log),
        "late": sum(one.text != "Hi!" and int(one.id[1:]) >= 150 for one in log),
    }
    sums, draws = Counter(), 600
    for seed in range(draws):
        for one in draw(seed=seed, k=10, oversample=oversample):
            is_hi = one.text == "Hi!"
            sums["hi"] += one.weight * is_hi
            sums["down"] += one.weight * (one.feedback == "down" and not is_hi)
            sums["late"] += one.weight * (int(one.id[1:]) >= 150 and not is_hi)
    for name, expected in traffic.items():
        assert sums[name] / draws == pytest.approx(expected, rel=0.1), name


def test_oversampling_draws_more_of_what_people_disliked_with_less_weight():
    """More rows to learn from, and the same share of the traffic."""

    def down(times):
        found = draw(k=20, oversample=times)
        return [one for one in found if one.feedback == "down"]

    assert len(down(5.0)) > len(down(1.0)) > 0
    few, many = down(1.0), down(5.0)
    assert sum(one.weight for one in many) == pytest.approx(sum(one.weight for one in few))
    assert any(one.feedback == "down" for one in draw(oversample=0.0))


def test_a_stratum_that_people_only_disliked_is_there():
    """Its messages are not lost in the cell of all that was disliked."""
    log = [*a_log(), LogRecord("z1", "only this", "rare", feedback="down")]
    for seed in range(5):
        assert "z1" in {one.id for one in draw(log, 6, seed=seed)}


def test_everything_can_be_drawn():
    """Then each message stands for its twins."""
    log = a_log()
    different = 1 + sum(one.text != "Hi!" for one in log)
    found = draw(log, different)
    assert {one.weight for one in found} == {1, 40}
    assert len(found) == different


def test_short_messages_are_messages():
    """A greeting that is a fifth of the traffic is nearly always drawn, and stands for that."""
    found = [one for seed in range(30) for one in draw(seed=seed) if one.text == "Hi!"]
    assert len(found) >= 28
    assert {one.feedback for one in found} == {"down"}


@pytest.mark.parametrize(
    ("k", "says"), [(4, "There are 5 strata.*Give 5 or more"), (170, "only 161 different messages")]
)
def test_a_draw_that_would_lose_a_stratum_or_end_too_early_is_refused(k, says):
    """With the number that would do."""
    with pytest.raises(ArgumentError, match=says):
        draw(k=k)


def test_a_log_with_an_id_twice_is_refused():
    """Nobody could tell which record a row came from."""
    with pytest.raises(ArgumentError, match="an id twice in log is 'm000'"):
        draw([*a_log(), a_log()[0]])


# ---------------------------------------------------------------- divergence
@pytest.mark.parametrize(
    ("first", "second", "bits"),
    [
        ({"a": 1}, {"a": 7}, 0.0),
        ({"a": 1, "b": 1}, {"b": 0.5, "a": 0.5, "c": 0}, 0.0),
        ({"a": 1}, {"b": 1}, 1.0),
        ({"a": 1}, {"a": 1, "b": 1}, 0.311278),
        ({"a": 1, "b": 9}, {"a": 9, "b": 1}, 0.531004),
    ],
)
def test_the_divergence_agrees_with_values_worked_out_by_hand(first, second, bits):
    """From entropies: H(1/4) - 1/2 = 0.311278, and 1 - H(1/10) = 0.531004."""
    assert jensen_shannon(first, second) == pytest.approx(bits, abs=1e-6)
    assert jensen_shannon(second, first) == pytest.approx(bits, abs=1e-6)


def test_a_mix_of_nothing_is_refused_and_odd_numbers_are_not():
    """Very small and very large counts are shares, too."""
    for nothing in ({}, {"a": 0}):
        with pytest.raises(ArgumentError, match="is no mix"):
            jensen_shannon(nothing, {"a": 1})
    assert jensen_shannon({"a": 5e-324, "b": 1e308}, {"b": 1e308, "a": 1e308}) > 0
