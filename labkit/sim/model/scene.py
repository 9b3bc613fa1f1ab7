"""One request as the rules see it, and the ways to say something."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeVar, cast

from labkit.sim.documents import readable, tagged
from labkit.sim.luck import Luck
from labkit.sim.model.context import Context, read, read_plain
from labkit.sim.model.finding import Found, find
from labkit.sim.model.memory import CLOSE, Recalled, recall, restatements
from labkit.sim.model.question import DAY, LONGEST, Part, Question, part_of, take_apart
from labkit.sim.model.skill import Skill, skill_of
from labkit.sim.model.statements import apart, beside_documents, has_documents
from labkit.sim.reply import Reply, RuleFired

T = TypeVar("T")
Block = Mapping[str, object]
Misread = Callable[[Found], Found]

PHRASES = {
    "en": {
        "cannot": "I cannot do that.",
        "cannot tell": "I cannot tell you that.",
        "not said": "The documents do not say.",
        "desk": "Please ask at the desk.",
        "page": "The page {document} says: {value}.",
        "not understood": "I did not understand that.",
        "welcome": "You are welcome. Ask me again any time.",
        "hello": "Hello.",
        "topics": "Ask me something else.",
        "left open": "To “{part}” the documents give no answer.",
    },
    "es": {
        "cannot": "No puedo hacer eso.",
        "cannot tell": "No puedo decirle eso.",
        "not said": "Los documentos no lo dicen.",
        "desk": "Pregunte en el mostrador, por favor.",
        "page": "La página {document} dice: {value}.",
        "not understood": "No lo he entendido.",
        "welcome": "De nada. Pregúnteme cuando quiera.",
        "hello": "Hola.",
        "topics": "Pregúnteme otra cosa, por favor.",
        "left open": "Los documentos no responden a “{part}”.",
    },
    "pl": {
        "cannot": "Nie mogę tego zrobić.",
        "cannot tell": "Nie mogę tego powiedzieć.",
        "not said": "Dokumenty tego nie mówią, nie wiem.",
        "desk": "Proszę zapytać przy ladzie.",
        "page": "Na stronie {document} jest: {value}.",
        "not understood": "Nie rozumiem.",
        "welcome": "Nie ma za co. Proszę pytać dalej.",
        "hello": "Dzień dobry.",
        "topics": "Proszę zapytać o coś innego.",
        "left open": "Dokumenty nie odpowiadają na „{part}”.",
    },
}
"""What the model says of its own, in the languages that it has."""


WHEN = rf"(?:today|now|it) is (?:{DAY}|\d{{4}}-\d\d-\d\d|\d\d:\d\d)[^.!?\n]{{0,60}}\."
STAGE = re.compile(rf"^(?:\s*(?:{WHEN}|member \S{{1,40}} asks\.))+(?=\s)", re.IGNORECASE)
"""The day, the time and who asks, where an app tells them before the question."""


class Scene:
    """A request taken apart once, for all rules."""

    def __init__(
        self,
        body: Mapping[str, object],
        luck: Luck,
        *,
        misread: Misread | None = None,
        language: str = "",
    ) -> None:
        """Take a request apart; an error may misread what was found, or answer in a language."""
        self.body = body
        self.luck = luck
        self.misread = misread
        self.language = language
        self.looked_up: Sequence[Found] = ()
        """What the fields of a structured answer were read from."""
        self.messages = cast(Sequence[Mapping[str, object]], body["messages"])
        told = [text_of(one["content"]) for one in self.messages if one["role"] == "system"]
        self.system = "\n".join([text_of(body.get("system", "")), *told])
        self.turns = [told_in(one["content"]) for one in self.messages if one["role"] == "user"]

    @cached_property
    def results(self) -> list[Block]:
        """The tool results that the last turn brings."""
        content = self.messages[-1]["content"]
        blocks = cast(Sequence[Block], () if isinstance(content, str) else content)
        return [block for block in blocks if block.get("type") == "tool_result"]

    def only(self, text: str) -> "Scene":
        """The same request, asked for a part of what it asks."""
        part = {"role": "user", "content": text}
        scene = Scene({**self.body, "messages": [*self.messages, part]}, self.luck)
        scene.whole = self.asked
        return scene

    @cached_property
    def asked(self) -> str:
        """The last turn of the person, without documents and without what an app says before it."""
        turns = [turn for turn in self.turns if turn.strip()]
        asked = beside_documents(turns[-1]).strip() if turns else ""
        return STAGE.sub("", asked).strip() or asked

    @cached_property
    def whole(self) -> str:
        """The same, also where this scene is only a part of it."""
        return self.asked

    @cached_property
    def skill(self) -> Skill:
        """What the tier of the model that is asked can do."""
        return skill_of(str(self.body["model"]))

    @cached_property
    def recalled(self) -> Recalled:
        """What people said of themselves in earlier turns: what is kept in mind of it."""
        restated = self.remember("restated", lambda: restatements(self.instructions))
        return recall(self.turns, restated, self.skill.remembers_turns)

    @cached_property
    def _read(self) -> tuple[str, Context]:
        brought = [*filter(has_documents, self.turns)]
        instructions, documents = apart("\n".join([self.system, *brought]))
        context = read(documents)
        if context.statements:
            return instructions, context
        return self.system, read_plain(self.system)

    @property
    def context(self) -> Context:
        """The documents of the system prompt and of the turns; else the plain text there."""
        return self._read[1]

    @property
    def instructions(self) -> str:
        """What stands beside the documents."""
        return self._read[0]

    def asks_for(self, words: str) -> bool:
        """Whether the instructions hold these words (a regular expression)."""
        return self.remember(
            f"asks for {words}",
            lambda: re.search(words, self.instructions, re.IGNORECASE) is not None,
        )

    @cached_property
    def told(self) -> tuple[str, str, str]:
        """What is asked, the two turns before it for what "it" means, and what is kept in mind."""
        kept = " ".join(self.recalled.kept)
        return self.asked[:LONGEST], " ".join(self.turns[-CLOSE - 1 : -1])[-LONGEST:], kept

    def remember(self, what: str, work_out: Callable[[], T], *asked: str) -> T:
        """What was worked out under these instructions, for what is asked, now or before."""
        return self.context.remember((what, self.instructions, *asked), work_out)

    @cached_property
    def question(self) -> Question:
        """What is asked."""
        question = self.remember(
            "question", lambda: take_apart(*self.told, self.context), *self.told
        )
        return replace(question, language=self.language) if self.language else question

    @cached_property
    def founds(self) -> tuple[Found | None, ...]:
        """The best statement for each part of the question."""
        if self.misread:
            return tuple(map(self.find, self.question.parts))
        return self.remember(
            "founds", lambda: tuple(map(self.find, self.question.parts)), *self.told
        )

    @property
    def answers(self) -> list[Found]:
        """The statements that answer the question; none where nothing does."""
        return [found for found in self.founds if found and found.answers]

    @property
    def read(self) -> list[Found]:
        """The statements that the reply rests on: those that answer, or that filled its fields."""
        return self.answers or [*self.looked_up]

    def find(self, part: Part) -> Found | None:
        """The best statement for a part, by date where the instructions say so."""
        latest = self.asks_for(r"later (?:date|one)|newest|most recent")
        found = find(self.context, part, self.question.beside, latest=latest)
        return self.misread(found) if found and self.misread else found

    def look_up(self, words: str) -> Found | None:
        """The best statement for words of our own, such as the subject of a rule."""
        return self.find(part_of(words, self.context))

    def phrase(self, name: str) -> str:
        """One of the model's own sentences, in the language of the question."""
        return PHRASES[self.question.language][name]

    def offer(self) -> str:
        """The next step that the instructions want offered; empty where they name none."""
        return f" {self.phrase('desk')}" if self.asks_for(r"\bdesk\b") else ""

    def topics(self) -> str:
        """What to ask about, as the instructions have it; their words are not translated."""
        about = re.search(r"\banswer questions\b[^.]*?\babout ([^.\n]+)\.", self.system)
        if not about or self.question.language != "en":
            return self.phrase("topics")
        return f"Ask me about {about[1]}."

    def say(self, text: str, sources: Sequence[str], *rules: RuleFired) -> Reply:
        """A text reply, with its sources where the instructions ask for them."""
        if self.asks_for("square brackets"):
            named = dict.fromkeys(filter(None, sources)) or ["none"]
            text = f"{text} {' '.join(f'[{one}]' for one in named)}"
        return Reply(({"type": "text", "text": text},), rules=rules)


def text_of(content: object) -> str:
    """The text of a string or of content blocks."""
    if isinstance(content, str):
        return content
    blocks = cast(Sequence[Block], content)
    return "\n".join(str(block.get("text", "")) for block in blocks if block.get("type") == "text")


def told_in(content: object) -> str:
    """What a turn says: its text, behind the documents and search results that it brings."""
    if isinstance(content, str):
        return content
    brought = [tagged(one) for one in cast(Sequence[Block], content) if readable(one) is not None]
    return "\n".join([*brought, text_of(content)])
