"""R8: right answers written otherwise, and each misconception written three ways."""

import hashlib
import html
import re
import uuid
from itertools import count
from string import Template

from labkit import reliability
from labkit.reliability import OutboxRow

CODE = "R8"
SUBJECT = "Your message from the Library of Things"
NAMES = ("Noor", "Kofi", "Rosa")
LONGEST = 4_000
LINKS = re.compile(r"https?:|www\.|\]\(|@", re.IGNORECASE)
MARKUP = re.compile(r"<[a-z/!]", re.IGNORECASE)
HEADERS = re.compile(r"^\s*(?:to|cc|bcc|subject|reply-to)\s*:", re.IGNORECASE | re.MULTILINE)
COUNT = count()


def by_block(draft, member):
    """The building block."""
    return reliability.stage_email(draft, member, other_names=NAMES)


def step_by_step(draft, member):
    """One question after the other."""
    words = draft.text.strip()
    reasons = [mark for mark in (LINKS, MARKUP, HEADERS) if mark.search(words)]
    reasons += [name for name in NAMES if name in words and name != member.name]
    if len(words) > LONGEST:
        reasons.append("long")
    state = "nothing"
    if words:
        state = "review" if reasons else "ready"
    key = f"{member.id}-{hashlib.md5(draft.text.encode()).hexdigest()}"
    return OutboxRow(key, member.id, member.email, SUBJECT, words[:LONGEST], state)


class Stage:
    """The right answer with a method for each decision, so that a wrong one can take its place."""

    def to(self, text, member):
        """Who gets it."""
        return member.email

    def subject(self, text):
        """Its subject."""
        return SUBJECT

    def body(self, text, member):
        """What it says."""
        return text.strip()

    def cut(self, body):
        """As much of it as goes out."""
        return body[:LONGEST]

    def has_link(self, text):
        """A link or an address."""
        return LINKS.search(text)

    def has_markup(self, text):
        """Markup."""
        return MARKUP.search(text)

    def has_header(self, text):
        """A line that looks like a header."""
        return HEADERS.search(text)

    def has_name(self, text, member):
        """The name of somebody else."""
        return any(name in text for name in NAMES if name != member.name)

    def is_long(self, text):
        """More than a page."""
        return len(text) > LONGEST

    def looks_bad(self, text):
        """Nothing else is a reason."""
        return False

    def is_empty(self, text):
        """Nothing to send."""
        return not text.strip()

    def key(self, text, member):
        """What makes two letters the same."""
        return hashlib.sha256(f"{member.id}\n{text}".encode()).hexdigest()

    def state(self, text, member):
        """Whether it may go out."""
        if self.is_empty(text):
            return "nothing"
        marks = (self.has_link, self.has_markup, self.has_header, self.is_long, self.looks_bad)
        waits = any(mark(text) for mark in marks) or self.has_name(text, member)
        return "review" if waits else "ready"

    def row(self, draft, member):
        """All of it."""
        text = draft.text
        return OutboxRow(
            self.key(text, member),
            member.id,
            self.to(text, member),
            self.subject(text),
            self.cut(self.body(text, member)),
            self.state(text, member),
        )


def but(**methods):
    """The right answer with other methods."""
    return type("Wrong", (Stage,), methods)().row


RIGHT = [by_block, step_by_step, but()]


def of(change):
    """The building block with its row changed."""
    return lambda draft, member: change(by_block(draft, member))


def no(self, text):
    """Never a reason."""
    return False


def first_line(text):
    """What a model would put into a subject."""
    return text.strip().partition("\n")[0]


def named(text, header):
    """The value of a header that the model wrote."""
    found = re.search(rf"^{header}: *(.*)$", text, re.MULTILINE | re.IGNORECASE)
    return found and found[1].strip()


def contains(*words):
    """Whether one of these words stands in it, in capitals or not."""
    return lambda self, text: any(word in text.lower() for word in words)


def salted(text):
    """As `hash` is in this process."""
    return hash(text)


WRONG = {
    "returns-nothing": [
        lambda draft, member: None,
        of(print),
        of(lambda row: row if row.state == "nothing" else None),
    ],
    "raises": [
        lambda draft, member: 1 / 0,
        lambda draft, member: OutboxRow(draft.text),
        lambda draft, member: by_block(draft.words, member),
    ],
    "not-a-row": [
        lambda draft, member: draft,
        of(lambda row: row.body),
        of(lambda row: (row.to, row.subject, row.body)),
    ],
    "sends-the-wrapper": [
        lambda draft, member: by_block(type(draft)(str(draft)), member),
        lambda draft, member: by_block(type(draft)(repr(draft)), member),
        lambda draft, member: by_block(type(draft)(f"{draft}"), member),
    ],
    "draft-decides": [
        but(subject=lambda self, text: first_line(text) or SUBJECT),
        but(subject=lambda self, text: re.sub(r"[\r\n]", " ", text)[:60]),
        but(subject=lambda self, text: " ".join(text.split()) if "\n" in text else SUBJECT),
        but(to=lambda self, text, member: named(text, "to") or member.email),
    ],
    "always-waits": [
        but(looks_bad=lambda self, text: True),
        but(state=lambda self, text, member: "review"),
        but(state=lambda self, text, member: "nothing" if not text.strip() else "review"),
    ],
    "own-name-waits": [
        but(has_name=lambda self, text, member: any(name in text for name in NAMES)),
        but(has_name=lambda self, text, member: re.search("Noor|Kofi|Rosa", text)),
        but(has_name=lambda self, text, member: "Dear" in text),
    ],
    "escapes": [
        but(body=lambda self, text, member: html.escape(text.strip())),
        but(body=lambda self, text, member: text.strip().replace("'", "''")),
        but(body=lambda self, text, member: re.sub(r"[<>&;'\"]", "", text.strip())),
    ],
    "waits-for-a-word": [
        but(looks_bad=contains("drop", "delete", "insert")),
        but(looks_bad=contains("select", "update")),
        but(has_markup=lambda self, text: "<" in text),
    ],
    "only-english": [
        but(looks_bad=lambda self, text: re.search(r"[áéíóú¿¡]", text)),
        but(looks_bad=lambda self, text: not re.sub("[“”]", "", text).isascii()),
        but(body=lambda self, text, member: re.sub(r"[¿¡áéíóúñ]", "?", text.strip())),
    ],
    "sends-nothing": [
        but(is_empty=no),
        but(is_empty=lambda self, text: not text),
        but(is_empty=lambda self, text: text == " "),
    ],
    "fills-it-in": [
        but(body=lambda self, text, member: text.strip().format(member=member)),
        but(body=lambda self, text, member: Template(text.strip()).substitute(fee=30)),
        but(body=lambda self, text, member: text.strip().replace("%s", "{}").format(5)),
    ],
    "address-unseen": [
        but(has_link=lambda self, text: re.search(r"https?:|www\.|\]\(", text)),
        but(has_link=lambda self, text: re.search(r"https?:|www\.|\]\(|mailto:", text)),
        but(has_link=lambda self, text: re.search(r"https?:|www\.|\]\(|^\w+@", text)),
    ],
    "goes-out-unseen": [
        but(has_link=lambda self, text: re.search(r"https?:|\]\(|@", text)),
        but(has_link=lambda self, text: re.search(r"https?:|www\.|@", text)),
        but(has_link=no, has_markup=no),
        but(state=lambda self, text, member: "ready" if text.strip() else "nothing"),
        but(has_link=lambda self, text: "<a " in text),
    ],
    "word-list": [
        but(has_markup=lambda self, text: re.search("<[a-z]", text)),
        but(has_markup=no),
        but(has_markup=contains("<script", "<iframe", "javascript:")),
        but(has_markup=contains("<a href", "src=http", 'src="http')),
    ],
    "header-lines": [
        but(has_header=lambda self, text: re.search(r"(?im)^(?:to|bcc|subject):", text)),
        but(has_header=no),
        but(has_header=lambda self, text: text.startswith(("Bcc:", "To:", "Subject:"))),
        but(has_header=lambda self, text: re.search(r"^(?:to|cc|bcc):", text, re.I | re.M)),
    ],
    "names-somebody": [
        but(has_name=lambda self, text, member: False),
        but(has_name=lambda self, text, member: "Kofi Mensah" in text),
        but(has_name=lambda self, text, member: "kofi" in text),
    ],
    "too-long": [
        but(is_long=no),
        but(cut=lambda self, body: body),
        but(is_long=lambda self, text: len(text) > 100_000, cut=lambda self, body: body),
    ],
    "at-the-limit": [
        but(is_long=lambda self, text: len(text) >= LONGEST),
        but(cut=lambda self, body: body[: LONGEST - 1]),
        but(is_long=lambda self, text: len(text) > LONGEST - 1),
    ],
    "sent-twice": [
        but(key=lambda self, text, member: str(uuid.uuid4())),
        but(key=lambda self, text, member: f"{member.id}-{next(COUNT)}"),
        but(key=lambda self, text, member: member.id + uuid.uuid1().hex),
    ],
    "salted-key": [
        but(key=lambda self, text, member: str(hash((member.id, text)))),
        but(key=lambda self, text, member: f"{member.id}-{hash(text)}"),
        but(key=lambda self, text, member: f"{member.id}-{salted(text):x}"),
    ],
    "letter-lost": [
        but(
            key=lambda self, text, member: hashlib.md5(
                f"{member.id} {text[:99]}".encode()
            ).hexdigest()
        ),
        but(key=lambda self, text, member: member.id),
        but(key=lambda self, text, member: hashlib.sha256(text.encode()).hexdigest()),
        but(key=lambda self, text, member: "letter"),
    ],
}
