"""R8: what came of a learner's rows: which letters go out, to whom, before and after a look.

drafts -> the answer's rows -> Outbox in memory -> a fake mailbox -> Staged
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage

from labkit.arguments import line
from labkit.checks.exercise import Answer, Asks
from labkit.checks.reliability.fingerprints import another_process
from labkit.checks.verdict import told
from labkit.lab import one_line
from labkit.reliability import Draft, Member, Outbox, OutboxRow

NOOR = Member("m-1", "Noor", "noor@lantern.example")
KOFI = Member("m-2", "Kofi", "kofi@lantern.example")
SUBJECT = "Your message from the Library of Things"
LONGEST = 4_000
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Staged:
    """Some rows, and the letters that they became."""

    rows: tuple[object, ...]
    unseen: tuple[EmailMessage, ...]
    """What went out before anybody had looked."""
    seen: tuple[EmailMessage, ...]
    """What went out when somebody had let everything go."""
    problem: str = ""
    """Why a row could not be sent; empty where it could."""

    def __repr__(self) -> str:
        if not self.are_rows:
            return told(self.rows[0], SHOWN)
        if self.problem:
            return f"a letter that cannot be sent: {self.problem}"
        if len(self.rows) > 1:
            keys = "equal" if self.is_one_key else "different"
            return f"{len(self.unseen)} letters went out, the keys are {keys}"
        row = self.row
        return f"{row.state!r} to {row.to!r}, {row.subject!r}: {line(row.body, SHOWN)!r}"

    @property
    def are_rows(self) -> bool:
        """Whether all that came are rows."""
        return all(isinstance(row, OutboxRow) for row in self.rows)

    @property
    def row(self) -> OutboxRow:
        """The first one; an exception where it is none, so that no sign fits."""
        assert isinstance(self.rows[0], OutboxRow)
        return self.rows[0]

    @property
    def is_one_key(self) -> bool:
        """Whether the rows cannot be told apart."""
        return len({getattr(row, "key", None) for row in self.rows}) == 1

    @property
    def went_out(self) -> bool:
        """Whether a letter went out that nobody had looked at."""
        return bool(self.unseen)

    def says(self, words: str) -> bool:
        """Whether the letter says this and nothing else."""
        return self.row.body.strip() == words.strip()

    @property
    def is_the_apps(self) -> bool:
        """Whether recipient and subject of each letter are the app's."""
        heads = {(one["To"], one["Subject"]) for one in (*self.unseen, *self.seen)}
        return heads <= {(NOOR.email, SUBJECT)} and not self.problem


def of(got: object) -> Staged:
    """What was staged; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Staged)
    return got


def delivered(rows: Sequence[object]) -> Staged:
    """Put rows in, deliver, let everything go, deliver again."""
    mail: list[EmailMessage] = []
    with closing(sqlite3.connect(":memory:")) as connection:
        outbox = Outbox(connection)
        try:
            for row in rows:
                if isinstance(row, OutboxRow):
                    outbox.put(row)
                    outbox.deliver(mail.append)
            unseen = tuple(mail)
            for state in ("review", "sending"):
                for row in outbox.rows(state):
                    outbox.release(row.key)
            outbox.deliver(mail.append)
        except Exception as problem:
            return Staged(tuple(rows), (), (), one_line(problem))
    return Staged(tuple(rows), unseen, tuple(mail[len(unseen) :]))


def one(words: str, member: Member = NOOR) -> Asks:
    """One draft."""
    return lambda answer: delivered([answer(Draft(words), member)])


def several(*drafts: tuple[str, Member]) -> Asks:
    """Several drafts in one outbox."""
    return lambda answer: delivered([answer(Draft(words), to) for words, to in drafts])


def restarted(words: str) -> Asks:
    """The same draft before and after the service has been started again."""

    def rows(answer: Answer) -> Iterator[object]:
        yield answer(Draft(words), NOOR)
        with another_process(answer):
            yield answer(Draft(words), NOOR)

    return lambda answer: delivered(list(rows(answer)))
