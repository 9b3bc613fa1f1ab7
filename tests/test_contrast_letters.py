"""The view of letters really runs both apps; what it calls harm is what reached somebody."""

from email.message import EmailMessage, Message

import pytest

from labkit.contrast import letters, letters_held, posted
from labkit.contrast.letters import BENIGN, GOOD, MENU, PAYLOADS
from labkit.contrast.post_room import Mailbox
from labkit.errors import ArgumentError
from labkit.lab import Lab
from labkit.reliability import Draft, Outbox, stage_email
from labkit.views.twin import static_html

MODEL = Lab().model()


def written(client, member):
    """What the model writes."""
    asked = [{"role": "user", "content": f"Write to {member.name}."}]
    reply = client.messages.create(model=MODEL, max_tokens=16_000, messages=asked)
    return reply.content[0].text


def trusting(client, member, db, mailbox):
    """Pastes the words into a letter and into a query."""
    from email import message_from_bytes

    words = written(client, member)
    mail = f"To: {member.email}\nContent-Type: text/html; charset=utf-8\nSubject: {words}"
    mailbox.send_message(message_from_bytes(mail.encode()))
    db.execute(f"insert into letters values ('{member.id}', '{words}')")


def careful(client, member, db, mailbox):
    """The building block."""
    names = [name for (name,) in db.execute("select name from members")]
    outbox = Outbox(db)
    outbox.put(stage_email(Draft(written(client, member)), member, other_names=names))
    outbox.deliver(mailbox.send_message)


def row(view, name):
    """One row of the table."""
    return next(row[1:] for row in view.drawing.table.rows if row[0] == name)


HARMS = {
    "a quote in SQL": "writes a row for m-2",
    "an image from elsewhere": "sends an image or a link that the model chose",
    "a line break and Bcc": "reaches all@evil.example",
    "another member's name": "writes to Noor about Kofi",
    "nothing at all": "sends an empty letter",
    "40,000 characters": "sends 40,799 characters",
    "a line break and Cc": "reaches all@evil.example",
    "a line break and Reply-To": "sends answers to desk@evil.example",
    "a link": "sends an image or a link that the model chose",
    "a format field": None,
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_each_payload_does_its_harm_to_a_trusting_app(name):
    """The careful app contains it, also when somebody lets go what waits."""
    harm = HARMS[name]
    assert posted(trusting, PAYLOADS[name]).harms == ((harm,) if harm else ())
    for released in (False, True):
        assert posted(careful, PAYLOADS[name], released=released).harms == ()


@pytest.mark.parametrize("words", BENIGN)
def test_a_good_letter_is_delivered(words):
    """By the careful app each; by the other one all but the one with an apostrophe."""
    assert posted(careful, words).is_delivered
    assert posted(trusting, words).is_delivered == ("'" not in words)


def test_both_are_counted():
    """Ten payloads and five letters, both apps."""
    rows = [
        (one.label, one.part, one.whole, one.who) for one in letters_held(trusting, careful, seed=3)
    ]
    assert rows == [
        ("payloads contained", 1, 10, "prototype"),
        ("payloads contained", 10, 10, "production"),
        ("good letters delivered", 4, 5, "prototype"),
        ("good letters delivered", 5, 5, "production"),
    ]


def test_a_letter_says_in_its_repr_what_it_did():
    """Who was reached, whose rows there are, and the crash."""
    assert repr(posted(trusting, PAYLOADS["a quote in SQL"])) == (
        "reached  noor@lantern.example\n"
        "stored   m-1: Your loan Thank you.\n"
        "         m-2: You owe 900 crowns."
    )
    crashed = repr(posted(trusting, BENIGN[1]))
    assert crashed.splitlines()[1:] == [
        "stored   nothing",
        'crashed  OperationalError: near "s": syntax error',
    ]
    assert "m-1 (review): Your loan Bcc" in repr(posted(careful, PAYLOADS["a line break and Bcc"]))
    assert repr(posted(lambda *_: None, "Hello")) == "reached  nobody\nstored   nothing"


@pytest.mark.parametrize(
    ("says", "released", "endings"),
    [
        ("a good letter", False, ("went out", "went out")),
        ("a quote in SQL", False, ("did harm", "went out")),
        ("an image from elsewhere", False, ("did harm", "waits")),
        ("a line break and Bcc", True, ("did harm", "went out")),
        ("nothing at all", False, ("did harm", "nothing sent")),
        ("40,000 characters", True, ("did harm", "went out")),
    ],
)
def test_the_view_shows_what_both_did(says, released, endings):
    """The outcome in the table, the badge and the still picture."""
    view = letters(trusting, careful).move(says=says, released=released)
    assert view.error is None
    assert row(view, "outcome") == endings
    assert all(word in view.drawing.body for word in endings)
    assert len(static_html(view.drawing)) < 30_000


def test_every_choice_of_the_menu_has_words():
    """A good letter, and six of the payloads; a long text is cut where it is shown."""
    assert MENU[0] not in PAYLOADS
    assert set(MENU[1:]) < set(PAYLOADS)
    view = letters(trusting, careful).move(says="40,000 characters")
    assert "… (40,810 characters)" in view.drawing.body
    assert len(view.drawing.body) < 8_000


def test_the_finding_names_the_harm_and_what_production_did():
    """In one sentence, for each way it can end."""
    view = letters(trusting, careful)
    assert view.drawing.finding == (
        "The prototype reaches all@evil.example; production keeps it until somebody has looked."
    )
    assert view.move(says="nothing at all").drawing.finding.endswith("production sends nothing.")
    assert view.move(says="a good letter").drawing.finding == (
        "The prototype sends it to Noor alone; production sends it to Noor alone."
    )
    assert row(view, "what is opened") == ("passed: HTML", "passed: plain text")


def test_a_crash_is_shown_with_what_went_out_before():
    """The letter was sent, and the app raised at its own query."""

    def crashes(client, member, db, mailbox):
        trusting(client, member, db, mailbox)
        raise RuntimeError("no disk")

    view = letters(crashes, careful).move(says="a good letter")
    assert row(view, "outcome") == ("crashed", "went out")
    assert row(view, "what is stored")[0] == "stopped here: RuntimeError: no disk"
    assert row(view, "letters out") == ("1", "1")
    assert "crashes with RuntimeError: no disk" in view.drawing.finding


def test_a_table_of_ones_own_called_outbox_is_read():
    """An outbox without reasons is one, too."""

    def own(client, member, db, mailbox):
        db.execute("create table outbox (member_id, body, state)")
        db.execute("insert into outbox values (?, ?, 'review')", (member.id, "Hello"))

    assert repr(posted(own, GOOD)) == "reached  nobody\nstored   m-1 (review): Hello"


def test_the_mailbox_reads_recipients_as_smtplib_does():
    """To, Cc and Bcc, names left out; each part of a letter is read."""
    letter = EmailMessage()
    letter["To"] = "Noor <noor@lantern.example>"
    letter["Cc"] = "a@example.org, b@example.org"
    letter.set_content("¿Sí?")
    letter.add_alternative("<p>¿Sí?</p>", subtype="html")
    mailbox = Mailbox()
    mailbox.send_message(letter)
    assert mailbox.sent[0].to == ("noor@lantern.example", "a@example.org", "b@example.org")
    assert [(kind, read.strip()) for kind, read in mailbox.sent[0].texts()] == [
        ("text/plain", "¿Sí?"),
        ("text/html", "<p>¿Sí?</p>"),
    ]


def test_what_smtplib_cannot_send_is_not_sent():
    """A letter made of text with an umlaut and no charset raises here as there."""
    letter = Message()
    letter["To"] = "noor@lantern.example"
    letter.set_payload("Müller")
    with pytest.raises(UnicodeEncodeError):
        Mailbox().send_message(letter)


@pytest.mark.parametrize(
    "call",
    [
        lambda: posted(None, "Hello"),
        lambda: posted(lambda client: None, "Hello"),
        lambda: posted(trusting, ""),
        lambda: posted(trusting, 5),
        lambda: letters(None, careful),
        lambda: letters(trusting, written),
    ],
)
def test_what_cannot_be_posted_is_refused(call):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        call()
