"""A letter that a model wrote, on its way to somebody: staged, looked at, sent once.

    Draft -> stage_email -> OutboxRow -> Outbox: review -> ready -> sending -> sent

Only the app chooses the recipient and the subject. The text is data: it goes into a plain-text
body and into a bound SQL parameter, never into a query, a header or a template.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Literal, TypeAlias, get_args

from labkit.arguments import every, function, known, line, refused, text

State: TypeAlias = Literal["ready", "review", "nothing", "sending", "sent"]
STATES = dict.fromkeys(get_args(State))
LONGEST_BODY = 4_000
CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""All but the line feed and the tab; of Unicode, line breaks and what turns text round."""
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)
"""As HTML has it (WHATWG, "valid email address")."""
MARKS = (
    ("a link", re.compile(r"https?:|www\.|\]\(", re.IGNORECASE)),
    ("markup", re.compile(r"<[a-z!/]", re.IGNORECASE)),
    ("an address", re.compile(r"\w@\w")),
    ("a line that looks like a header", re.compile(r"^(?:bcc|cc|to|subject):", re.I | re.M)),
    ("control characters", re.compile(f"[{CONTROLS}]")),
)
"""What a person looks at before it goes out. A mark is a reason to look, not a defence: the body
is plain text whatever stands in it."""
SUBJECT = "Your message from the Library of Things"


@dataclass(frozen=True, slots=True)
class Draft:
    """Text that a model wrote. Nothing that sends, stores or runs takes it as it is."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is no text."""
        text("text", self.text, "It cannot stand in a letter.")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who gets letters, from the app's own records."""

    id: str
    name: str
    email: str

    def __post_init__(self) -> None:
        """Refuse an address that would not reach one person."""
        for name in ("id", "name", "email"):
            one_line(name, getattr(self, name))
        if not ADDRESS.fullmatch(self.email):
            follows = "It is not the address of one person."
            raise refused("email", self.email, follows, "Give name@example.org.")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A letter that waits."""

    key: str
    """The same draft for the same member has the same key, and goes out once."""
    member_id: str
    to: str
    subject: str
    body: str
    state: State
    """``ready``; ``review``: a person looks first; ``nothing``: there is nothing to send;
    ``sending``: begun, and nobody knows whether it went out; ``sent``."""
    reasons: tuple[str, ...] = ()
    """Why a person looks, or why there is nothing to send."""

    def __post_init__(self) -> None:
        """Refuse what could neither be kept nor sent."""
        for name in ("key", "member_id", "to", "subject"):
            one_line(name, getattr(self, name))
        said = text("body", self.body, "It cannot stand in a letter.")
        if said != storable(said):
            follows = "No database takes half of a character."
            raise refused("body", said, follows, "Give stage_email(draft, member).")
        known(self.state, STATES, "a state of a letter", "Nobody could find it again.")
        every("reasons", self.reasons, str, '("it has a link",)')

    def message(self) -> EmailMessage:
        """The letter; the library refuses line breaks in headers by itself."""
        letter = EmailMessage()
        letter["To"], letter["Subject"] = self.to, self.subject
        letter.set_content(self.body)
        return letter


def one_line(what: str, value: object) -> str:
    """A text that can stand in a header."""
    said = text(what, value, "Nobody can be written to.")
    if said.isprintable() and said.strip():
        return said
    follows = "It cannot stand in the head of a letter."
    raise refused(what, said, follows, "Give one line of ordinary characters.")


def stage_email(
    draft: Draft, member: Member, *, other_names: Collection[str] = (), subject: str = SUBJECT
) -> OutboxRow:
    """Put a draft into a letter to this member, and say whether somebody must look at it.

    Args:
        draft: What the model wrote.
        member: Who gets it; the draft cannot change that.
        other_names: Names of other members: a letter that has one needs a look.
        subject: The app's own words.
    """
    if not isinstance(draft, Draft):
        follows = "Text that nobody marked as a model's could be sent by accident."
        raise refused("draft", draft, follows, "Give Draft(text).")
    if not isinstance(member, Member):
        raise refused("member", member, "There is nobody to write to.", "Give a Member.")
    one_line("subject", subject)
    whole = storable(draft.text).strip()
    body = whole[:LONGEST_BODY]
    names = every("other_names", other_names, str, '["Kofi"]')
    reasons = tuple(faults(body, [name for name in names if name not in ("", member.name)]))
    if len(whole) > LONGEST_BODY:
        reasons += (f"it was cut at {LONGEST_BODY:,} of {len(whole):,} characters",)
    state: State = "review" if reasons else "ready"
    if not body:
        state, reasons = "nothing", ("the draft is empty",)
    key = hashlib.sha256(json.dumps((member.id, subject, whole)).encode()).hexdigest()[:32]
    return OutboxRow(key, member.id, member.email, subject, body, state, reasons)


def storable(said: str) -> str:
    """The text with a question mark for each half of a character, which no database takes."""
    return said.encode("utf-8", "replace").decode("utf-8")


def faults(body: str, other_names: Collection[str]) -> list[str]:
    """What somebody must look at before this goes out."""
    found = [f"it has {name}" for name, mark in MARKS if mark.search(body)]
    named = (re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in other_names)
    hits = zip(other_names, named, strict=True)
    return found + [f"it names {line(name, 40)}" for name, mark in hits if mark.search(body)]


def row_of(values: Sequence[Any]) -> OutboxRow:
    """A row of the table as a value."""
    key, member_id, to, subject, body, state, reasons = values
    why = tuple(filter(None, reasons.split("\n")))
    return OutboxRow(key, member_id, to, subject, body, state, why)


class Outbox:
    """Letters in a table; each goes out once, however often it is put in or delivered."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the letters in this database; the table is made where it is missing."""
        if not isinstance(connection, sqlite3.Connection):
            follows = "No letter can be kept in it."
            raise refused("connection", connection, follows, 'Give sqlite3.connect("letters.db").')
        self.connection = connection
        with connection:
            connection.execute(
                "create table if not exists outbox (key text primary key, member_id text, "
                "recipient text, subject text, body text, state text, reasons text)"
            )

    def put(self, row: OutboxRow) -> bool:
        """Store a letter; False where it is there already or has nothing to send."""
        if not isinstance(row, OutboxRow):
            raise refused("row", row, "It is no letter.", "Give stage_email(draft, member).")
        if row.state == "nothing":
            return False
        values = (row.key, row.member_id, row.to, row.subject, row.body, row.state)
        with self.connection:
            done = self.connection.execute(
                "insert or ignore into outbox values (?, ?, ?, ?, ?, ?, ?)",
                (*values, "\n".join(row.reasons)),
            )
        return done.rowcount == 1

    def rows(self, state: str) -> list[OutboxRow]:
        """The letters in a state, in the order in which they were put in."""
        known(state, STATES, "a state of a letter", "No letter can be in it.")
        found = self.connection.execute(
            "select * from outbox where state = ? order by rowid", (state,)
        )
        return [row_of(values) for values in found]

    def release(self, key: str) -> bool:
        """A person has looked and lets it go; False where nothing waits under this key.

        One that is stuck in ``sending`` may have gone out: look before you let it go again.
        """
        key = storable(text("key", key, "No letter waits under it."))
        return self._move(key, "review", "ready") or self._move(key, "sending", "ready")

    def deliver(self, send: Callable[[EmailMessage], object]) -> int:
        """Send what is ready, and say how many went out.

        A letter is marked before it is sent: after a crash or an error in between it stays in
        ``sending`` and does not go out again by itself.
        """
        function("send", send, "letter")
        return sum(self._send(row, send) for row in self.rows("ready"))

    def _send(self, row: OutboxRow, send: Callable[[EmailMessage], object]) -> bool:
        letter = row.message()
        if not self._move(row.key, "ready", "sending"):
            return False
        send(letter)
        return self._move(row.key, "sending", "sent")

    def _move(self, key: str, before: str, after: str) -> bool:
        with self.connection:
            done = self.connection.execute(
                "update outbox set state = ? where key = ? and state = ?", (after, key, before)
            )
        return done.rowcount == 1
