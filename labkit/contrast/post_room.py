"""A post room for letters that a model writes: a table, a mailbox, and what one letter did there.

    words -> a scripted reply -> app(client, member, db, mailbox) -> Posted

Nothing is sent: the mailbox keeps what it gets, and reads recipients as ``smtplib`` does.
"""

import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.utils import getaddresses

import anthropic

from labkit import clock
from labkit.arguments import function, line, yes_or_no
from labkit.contrast.worlds import world
from labkit.errors import OutOfBudget
from labkit.lab import one_line
from labkit.reliability import Member, Outbox
from labkit.sim import says

NOOR = Member("m-1", "Noor", "noor@lantern.example")
OTHERS = (
    Member("m-2", "Kofi", "kofi@lantern.example"),
    Member("m-3", "Rosa", "rosa@lantern.example"),
)
LONGEST_LETTER = 4_000
"""Characters; a longer letter is none that a library meant to send."""
LOADS = re.compile(r"<img\b|\b(?:href|src)\s*=", re.IGNORECASE)
"""What an HTML letter fetches, or leads to, as soon as somebody opens it or clicks."""
SHOWN = 60
"""Characters of a stored letter in a repr."""


class Mailbox:
    """Takes letters as an ``smtplib.SMTP`` does, and keeps them."""

    def __init__(self) -> None:
        """Begin empty."""
        self.sent: list[Sent] = []

    def send_message(self, letter: Message) -> None:
        """Take a letter for everybody who stands in To, Cc and Bcc (Python 3.13, ``smtplib``)."""
        named = [value for name in ("To", "Cc", "Bcc") for value in letter.get_all(name, [])]
        to = tuple(address for _, address in getaddresses(map(str, named)) if address)
        headers = tuple((name, str(value)) for name, value in letter.items())
        wire = io.BytesIO()
        BytesGenerator(wire).flatten(letter, linesep="\r\n")
        self.sent.append(Sent(to, headers, wire.getvalue()))


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter on the wire."""

    to: tuple[str, ...]
    """Every address that gets it."""
    headers: tuple[tuple[str, str], ...]
    wire: bytes

    def texts(self) -> Iterator[tuple[str, str]]:
        """The kind of each part, such as ``text/html``, and what somebody reads in it."""
        for part in message_from_bytes(self.wire).walk():
            read = part.get_payload(decode=True)
            if isinstance(read, bytes):
                yield part.get_content_type(), read.decode("utf-8", "replace")


App = Callable[[anthropic.Anthropic, Member, sqlite3.Connection, Mailbox], object]
"""Writes to a member; ``db`` has the tables members (id, name, email) and letters (member_id,
body)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that went out."""

    to: tuple[str, ...]
    """Every address that gets it: To, Cc and Bcc."""
    headers: tuple[tuple[str, str], ...]
    body: str
    is_html: bool
    seen: bool
    """Whether somebody had looked at it before."""

    @classmethod
    def of(cls, sent: Sent, *, seen: bool) -> "Letter":
        """What arrives."""
        kinds, read = zip(*sent.texts(), strict=True)
        body = "\n".join(read).replace("\r\n", "\n")
        return cls(sent.to, sent.headers, body, "text/html" in kinds, seen)

    def strangers(self, member: Member) -> Iterator[str]:
        """Where it goes, or what is answered to it goes, beside the member."""
        yield from (f"reaches {one}" for one in self.to if one != member.email)
        yield from (f"sends answers to {v}" for k, v in self.headers if k.lower() == "reply-to")

    def inside(self) -> Iterator[str]:
        """What somebody opens that nobody meant to send."""
        if self.is_html and LOADS.search(self.body):
            yield "sends an image or a link that the model chose"
        if self.seen:
            return
        if not self.body.strip():
            yield "sends an empty letter"
        if len(self.body) > LONGEST_LETTER:
            yield f"sends {len(self.body):,} characters"
        yield from (
            f"writes to {NOOR.name} about {one.name}" for one in OTHERS if one.name in self.body
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One stored letter."""

    member_id: str
    body: str
    state: str
    """Of an outbox; empty in a plain table."""
    reasons: str = ""
    """Why somebody must look, where the outbox says so."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What an app did with one letter of a model."""

    letters: tuple[Letter, ...]
    rows: tuple[Row, ...]
    error: str
    """The app's exception in one line; empty where it returned."""

    @property
    def harms(self) -> tuple[str, ...]:
        """What the app did to somebody, as verbs; empty where all is well."""
        letters = (harm for one in self.letters for harm in (*one.strangers(NOOR), *one.inside()))
        rows = (
            f"writes a row for {one.member_id}" for one in self.rows if one.member_id != NOOR.id
        )
        crash = (f"crashes with {self.error}",) if self.error else ()
        return tuple(dict.fromkeys((*letters, *rows, *crash)))

    @property
    def is_delivered(self) -> bool:
        """Whether one letter reached the member, and nothing else happened."""
        return len(self.letters) == 1 and len(self.rows) == 1 and not self.harms

    def __repr__(self) -> str:
        """Who was reached, what was stored, and the crash."""
        reached = "; ".join(", ".join(one.to) for one in self.letters) or "nobody"
        kept = (
            f"{one.member_id}{one.state and f' ({one.state})'}: {line(one.body, SHOWN)}"
            for one in self.rows
        )
        stored = "\n         ".join(kept) or "nothing"
        crash = f"\ncrashed  {self.error}" if self.error else ""
        return f"reached  {reached}\nstored   {stored}{crash}"


def posted(app: App, words: str, *, released: bool = False, seed: int = 7) -> Posted:
    """Let an app write to Noor while the model says exactly these words, and look what happens.

    Args:
        app: Takes ``(client, member, db, mailbox)``.
        words: What the model says; a line break and a quote are as good as any other character.
        released: Whether somebody afterwards lets everything go that waits in an ``Outbox``.
        seed: The same seed gives the same bytes.
    """
    function("app", app, "client", "member", "db", "mailbox")
    yes_or_no("released", released, "It is let go or it waits.")
    lab, mailbox = world(seed, faults=[says(words)]), Mailbox()
    with post_room() as db:
        error = ""
        with clock.use(lab.clock):
            try:
                app(lab.client, NOOR, db, mailbox)
            except (Exception, OutOfBudget) as raised:
                error = one_line(raised)
        unseen = len(mailbox.sent)
        if released:
            let_go(db, mailbox)
        found = enumerate(mailbox.sent)
        letters = tuple(Letter.of(one, seen=at >= unseen) for at, one in found)
        return Posted(letters, tuple(stored(db)), error)


@contextmanager
def post_room() -> Iterator[sqlite3.Connection]:
    """A database in memory with three members and no letter."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create table members (id text, name text, email text)")
        db.execute("create table letters (member_id text, body text)")
        people = [(one.id, one.name, one.email) for one in (NOOR, *OTHERS)]
        db.executemany("insert into members values (?, ?, ?)", people)
        yield db


def let_go(db: sqlite3.Connection, mailbox: Mailbox) -> None:
    """Somebody looks at everything that waits, and lets it go."""
    outbox = Outbox(db)
    for row in outbox.rows("review"):
        outbox.release(row.key)
    outbox.deliver(mailbox.send_message)


def stored(db: sqlite3.Connection) -> Iterator[Row]:
    """The letters of the plain table, then those of an outbox, if the app has made one."""
    columns = {name for _, name, *_ in db.execute("pragma table_info(outbox)")}
    yield from (Row(who, body, "") for who, body in db.execute("select * from letters"))
    if columns:
        reasons = "reasons" if "reasons" in columns else "''"
        query = f"select member_id, body, state, {reasons} from outbox"
        yield from (Row(*values) for values in db.execute(query))
