"""C12: right answers written otherwise, and each misconception written three ways."""

import re
from types import SimpleNamespace
from typing import NamedTuple

import anthropic

from labkit import cost

CODE = "C12"
END = re.compile(r"[.!?]\s+")
HOW = {
    "end_turn": "done",
    "stop_sequence": "done",
    "max_tokens": "truncated",
    "refusal": "refused",
    None: "incomplete",
}


class Relayed(NamedTuple):
    """What the exercise's page has."""

    outcome: str
    shown: str
    first_s: float | None


def words_of(event):
    """The visible text of an event."""
    delta = getattr(event, "delta", None)
    return delta.text if getattr(delta, "type", "") == "text_delta" else ""


def reason_of(event, before):
    """The stop reason after an event."""
    return getattr(getattr(event, "delta", None), "stop_reason", None) or before


# -- right answers, written otherwise ---------------------------------------------------------


def by_generator(events, check, emit, clock, *, retract):
    """Sentences come from a generator that says at the end why."""

    def sentences():
        held, reason = "", None
        try:
            for event in events:
                held += words_of(event)
                reason = reason_of(event, reason)
                *whole, held = re.split(r"(?<=[.!?])\s+", held)
                yield from whole
        except anthropic.APIError:
            return "incomplete"
        if HOW.get(reason) == "done" and held:
            yield held
        return HOW.get(reason, "incomplete")

    start, shown, first, stream = clock.monotonic(), [], None, sentences()
    while True:
        try:
            sentence = next(stream)
        except StopIteration as end:
            outcome = end.value
            break
        if not check(sentence):
            outcome = "withheld"
            break
        if first is None:
            first = clock.monotonic() - start
        shown.append(sentence)
        emit(sentence if len(shown) == 1 else " " + sentence)
    if outcome == "refused":
        retract()
        shown = []
    return Relayed(outcome, " ".join(shown), first)


def built(
    check_of=lambda check, sentence, shown, event: check(sentence.strip()),
    text_of=words_of,
    cut=lambda held: found.end() if (found := END.search(held)) else 0,
    show_first=False,
    after_no="stop",
    last=lambda reason: HOW.get(reason) == "done",
    last_is_checked=True,
    piece=lambda sentence: sentence,
    how=HOW.get,
    withheld="withheld",
    withheld_last=None,
    takes_back=lambda retract, shown: (retract(), "")[1],
    broken="incomplete",
    time=lambda clock, start, **_: clock.monotonic() - start,
    finally_=lambda came: came,
    mute=False,
):
    """A relay in which one thing is otherwise."""

    def relay(events, check, emit, clock, *, retract):
        start, first, shown, held, reason = clock.monotonic(), None, "", "", None
        begun = None
        say = (lambda text: None) if mute else emit
        try:
            for event in events:
                begun = clock.monotonic() if begun is None else begun
                held += text_of(event)
                reason = reason_of(event, reason)
                while held and (end := cut(held) or (last(reason) and len(held))):
                    sentence, held = held[:end], held[end:]
                    is_tail = last(reason) and not held
                    if show_first:
                        say(piece(sentence))
                    passes = check_of(check, sentence, shown, event)
                    if not passes and not (is_tail and not last_is_checked):
                        if after_no == "skip":
                            continue
                        outcome = withheld_last if is_tail and withheld_last else withheld
                        return finally_(Relayed(outcome, shown, first))
                    if first is None:
                        first = time(clock, start, begun=begun, is_tail=is_tail)
                    shown += piece(sentence)
                    if not show_first:
                        say(piece(sentence))
        except anthropic.APIError as problem:
            if broken == "raise":
                raise
            if broken == "other":
                raise RuntimeError(f"Overloaded: {problem}") from None
            return finally_(Relayed(broken, shown, first))
        outcome = how(reason) or "incomplete"
        if reason == "refusal":
            shown = takes_back(retract, shown)
        return finally_(Relayed(outcome, shown, first))

    return relay


def with_namespace(came):
    """Another class with the same fields."""
    return SimpleNamespace(**came._asdict())


def all_so_far(check, sentence, shown, event):
    """Check everything that is shown, with the new sentence."""
    return check(shown + sentence)


def seconds(clock, start):
    """Since the call."""
    return clock.monotonic() - start


def behind_the_loop(is_timed=True, ends=("end_turn", "stop_sequence"), no="withheld"):
    """The last words are handled apart, when the loop is over."""

    def relay(events, check, emit, clock, *, retract):
        start, first, shown, held, reason = clock.monotonic(), None, "", "", None
        try:
            for event in events:
                *whole, held = re.split(r"(?<=[.!?]\s)", held + words_of(event))
                reason = reason_of(event, reason)
                for sentence in whole:
                    if not check(sentence):
                        return Relayed("withheld", shown, first)
                    first = seconds(clock, start) if first is None else first
                    shown += sentence
                    emit(sentence)
        except anthropic.APIError:
            return Relayed("incomplete", shown, first)
        if reason == "refusal":
            retract()
            return Relayed("refused", "", first)
        if held and reason in ends:
            if not check(held):
                return Relayed(no, shown, first)
            if first is None and is_timed:
                first = seconds(clock, start)
            shown += held
            emit(held)
        return Relayed(HOW[reason], shown, first)

    return relay


RIGHT = [
    cost.relay,
    built(finally_=with_namespace),
    by_generator,
    built(check_of=all_so_far),
    behind_the_loop(),
]

# -- planted misconceptions -------------------------------------------------------------------


def all_at_the_end(how):
    """Everything is read before anything is shown."""

    def relay(events, check, emit, clock, *, retract):
        start, text, reason = clock.monotonic(), "", None
        for event in events:
            text += words_of(event)
            reason = reason_of(event, reason)
        how(text, emit)
        return Relayed(HOW.get(reason, "incomplete"), text, clock.monotonic() - start)

    return relay


def typed(text, emit):
    """A typewriter on a finished answer."""
    for letter in text:
        emit(letter)


def by_sentence(text, emit):
    """One sentence after another, at the end."""
    for sentence in re.split(r"(?<=[.!?] )", text):
        emit(sentence)


def by_pieces(groups):
    """Checks what came piece by piece, and shows sentences."""

    def relay(events, check, emit, clock, *, retract):
        came = []

        def passed_on():
            for event in events:
                came.append(words_of(event))
                yield event

        inner = built(check_of=lambda check, *_: all(map(check, groups(came))))
        return inner(passed_on(), check, emit, clock, retract=retract)

    return relay


def raw(events, check, emit, clock, *, retract):
    """Each piece goes out as it comes."""
    start, first, shown, reason = clock.monotonic(), None, "", None
    for event in events:
        reason = reason_of(event, reason)
        if text := words_of(event):
            first = clock.monotonic() - start if first is None else first
            shown += text
            emit(text)
    return Relayed(HOW.get(reason), shown, first)


def every_text(event):
    """All that a delta has for text, thinking too."""
    delta = getattr(event, "delta", None)
    return getattr(delta, "text", "") or getattr(delta, "thinking", "") or ""


def any_string(event):
    """The first field of a delta that is a text and no type."""
    fields = vars(getattr(event, "delta", None) or SimpleNamespace())
    return next((fields[one] for one in ("thinking", "text") if fields.get(one)), "")


def only_thoughts_marked(event):
    """Thinking in brackets."""
    thought = getattr(getattr(event, "delta", None), "thinking", None)
    return thought if thought else words_of(event)


def flush_after(word):
    """Shows what is held after the loop, for these outcomes too."""

    def relay(events, check, emit, clock, *, retract):
        kept = []

        def passed_on():
            for event in events:
                kept.append(words_of(event))
                yield event

        came = built()(passed_on(), check, emit, clock, retract=retract)
        rest = "".join(kept)[len(came.shown) :]
        if came.outcome in word and rest and check(rest):
            emit(rest)
            return came._replace(shown=came.shown + rest)
        return came

    return relay


WRONG = {
    "raises": [
        built(text_of=lambda event: event.delta.text),
        built(
            text_of=lambda event: event.delta.text if event.type[:15] == "content_block_d" else ""
        ),
        built(check_of=lambda check, sentence, shown, event: check(sentence, shown)),
    ],
    "returns-nothing": [
        built(finally_=lambda came: None),
        built(finally_=print),
        built(finally_=lambda came: came if came.first_s is None else None),
    ],
    "no-outcome": [
        built(finally_=lambda came: came.outcome),
        built(finally_=tuple),
        built(finally_=lambda came: came._asdict()),
    ],
    "shows-nothing": [
        built(mute=True),
        built(cut=lambda held: 0, last=lambda reason: False),
        built(check_of=lambda *_: False),
    ],
    "buffers-everything": [
        all_at_the_end(lambda text, emit: emit(text)),
        all_at_the_end(typed),
        all_at_the_end(by_sentence),
    ],
    "loses-the-spaces": [
        built(piece=str.strip),
        built(piece=str.rstrip),
        built(piece=lambda sentence: " ".join(sentence.split())),
    ],
    "half-sentences": [
        raw,
        built(cut=len),
        built(cut=lambda held: found.end() if (found := re.search(r"[.!?]\s*", held)) else 0),
    ],
    "another-time": [
        built(time=lambda clock, start, **_: clock.monotonic()),
        built(time=lambda clock, start, begun, **_: begun - start),
        built(finally_=lambda came: came._replace(first_s=came.first_s and came.first_s * 1_000)),
        behind_the_loop(is_timed=False),
        built(time=lambda clock, start, is_tail, **_: None if is_tail else seconds(clock, start)),
        built(time=lambda clock, start, is_tail, **_: 0.0 if is_tail else seconds(clock, start)),
    ],
    "loses-the-last": [
        built(last=lambda reason: False),
        built(last=lambda reason: reason == "stop"),
        built(last=lambda reason: reason == "stop_sequence"),
        built(last=lambda reason: reason == "end_turn"),
        built(last=lambda reason: reason is not None and reason.startswith("end")),
        behind_the_loop(ends=("end_turn",)),
    ],
    "shows-before-checking": [
        built(show_first=True),
        built(check_of=lambda *_: True),
        built(check_of=lambda check, sentence, *_: (check(sentence), True)[1]),
    ],
    "goes-on": [
        built(after_no="skip"),
        built(after_no="skip", check_of=all_so_far),
        built(check_of=lambda check, sentence, *_: check(sentence), after_no="skip"),
    ],
    "withheld-is-done": [
        built(withheld="done"),
        built(withheld="refused"),
        built(withheld="incomplete"),
        built(withheld_last="done"),
        built(withheld_last="incomplete"),
        behind_the_loop(no="done"),
    ],
    "checks-the-pieces": [
        by_pieces(list),
        by_pieces(lambda came: came[-10:]),
        by_pieces(lambda came: " ".join(came).split()),
    ],
    "unchecked-last": [
        built(last_is_checked=False),
        built(check_of=lambda check, text, *_: not text.endswith(" ") or check(text)),
        built(check_of=lambda check, text, *_: text.strip()[-1] not in ".!?" or check(text)),
    ],
    "keeps-the-refused": [
        built(takes_back=lambda retract, shown: shown),
        built(takes_back=lambda retract, shown: ""),
        built(takes_back=lambda retract, shown: (retract(), shown)[1]),
    ],
    "refusal-is-done": [
        built(how=lambda reason: "done" if reason == "refusal" else HOW.get(reason)),
        built(how=lambda reason: "incomplete" if reason == "refusal" else HOW.get(reason)),
        built(how=lambda reason: "withheld" if reason == "refusal" else HOW.get(reason)),
    ],
    "none-is-done": [
        built(how=lambda reason: HOW[reason or "end_turn"]),
        built(broken="done"),
        built(how=lambda reason: HOW.get(reason, "done") if reason else "done"),
    ],
    "shows-the-half": [
        flush_after(("incomplete",)),
        flush_after(("truncated",)),
        flush_after(("truncated", "incomplete")),
    ],
    "error-escapes": [
        built(broken="raise"),
        built(broken="other"),
        built(finally_=lambda came: came, broken="raise", check_of=all_so_far),
    ],
    "cut-is-done": [
        built(how=lambda reason: HOW.get(reason) if reason != "max_tokens" else "done"),
        built(how=lambda reason: HOW.get(reason) if reason != "max_tokens" else "incomplete"),
        built(how=lambda reason: HOW.get(reason) if reason != "max_tokens" else reason),
    ],
    "shows-thoughts": [
        built(text_of=every_text),
        built(text_of=any_string),
        built(text_of=only_thoughts_marked),
    ],
}
