"""C7: right answers written otherwise, and each misconception written three ways."""

import copy
import itertools
import json
import random
import uuid

from labkit import cost

CODE = "C7"
NUMBERS = itertools.count()


def marked():
    """A breakpoint."""
    return {"type": "ephemeral"}


def block(words, **more):
    """A block of text."""
    return {"type": "text", "text": words, **more}


# -- right answers, written otherwise ---------------------------------------------------------


def in_place(*, tools, rules, docs, today, member, history, question):
    """Copies everything, then marks in place; the date behind the question."""
    tools = sorted(json.loads(json.dumps(tools, sort_keys=True)), key=lambda one: one["name"])
    system = [block(rules), *(block(f"# {id}\n{docs[id]}") for id in sorted(docs))]
    system[-1]["cache_control"] = {"type": "ephemeral", "ttl": "5m"}
    messages = [
        {"role": one["role"], "content": [block(one["content"])]} for one in copy.deepcopy(history)
    ]
    if messages:
        messages[-1]["content"][-1]["cache_control"] = {"type": "ephemeral", "ttl": "5m"}
    messages.append({"role": "user", "content": [block(question), block(f"{today}. {member}.")]})
    return {"tools": tools, "system": system, "messages": messages}


def marks_the_question(*, tools, rules, docs, today, member, history, question):
    """The second breakpoint on the question, which comes back in the history; the date last."""
    tools = [json.loads(json.dumps(one, sort_keys=True)) for one in tools]
    tools.sort(key=lambda one: one["name"])
    tools[-1]["cache_control"] = marked()
    pages = "".join(f"<page id={id!r}>{words}</page>" for id, words in sorted(docs.items()))
    asked = [block(question, cache_control=marked()), block(f"It is {today}; {member} asks.")]
    return {
        "messages": [*history, {"role": "user", "content": asked}],
        "system": [block(f"{rules}\n{pages}", cache_control=marked())],
        "tools": tools,
    }


# -- planted misconceptions -------------------------------------------------------------------


def in_order(tools):
    """By name, with the keys in order."""
    return sorted(json.loads(json.dumps(tools, sort_keys=True)), key=lambda one: one["name"])


def pages(docs):
    """By id."""
    return [f"{id}: {words}" for id, words in sorted(docs.items())]


def last_marked(history):
    """A breakpoint on the last message."""
    if not history:
        return []
    *before, last = history
    last = {**last, "content": [block(last["content"], cache_control=marked())]}
    return [*before, last]


def asks(today, member, question):
    """All that changes."""
    return f"Today is {today}. {member} asks: {question}"


def built(
    tools=in_order,
    pages=pages,
    before=lambda today, member: "",
    mark=True,
    after=lambda today, member: "",
    turns=last_marked,
    last=asks,
    whole=lambda request: request,
):
    """A request in which one thing is otherwise."""

    def build_request(*, tools_, rules, docs, today, member, history, question):
        words = "\n".join([rules, *pages(docs)])
        head = before(today, member)
        stable = block(f"{head}\n{words}" if head else words)
        if mark:
            stable["cache_control"] = marked()
        tail = after(today, member)
        system = [stable, block(tail)] if tail else [stable]
        asked = {"role": "user", "content": last(today, member, question)}
        messages = [*turns(history), asked]
        return whole({"tools": tools(tools_), "system": system, "messages": messages})

    def by_name(*, tools, rules, docs, today, member, history, question):
        return build_request(
            tools_=tools,
            rules=rules,
            docs=docs,
            today=today,
            member=member,
            history=history,
            question=question,
        )

    return by_name


RIGHT = [cost.build_request, in_place, marks_the_question, built()]


def result(change):
    """What ``change`` makes of the right request."""
    return built(whole=change)


def without(name):
    """The same without one part."""
    return lambda request: {key: value for key, value in request.items() if key != name}


def unmarked(value):
    """The same without breakpoints."""
    if isinstance(value, dict):
        return {key: unmarked(one) for key, one in value.items() if key != "cache_control"}
    return [unmarked(one) for one in value] if isinstance(value, list) else value


def only_at_the_end(request):
    """One breakpoint, on the last block."""
    plain = unmarked(request)
    last = plain["messages"][-1]
    last["content"] = [block(last["content"], cache_control=marked())]
    return plain


def only_tools(request):
    """One breakpoint, on the last tool."""
    plain = unmarked(request)
    plain["tools"][-1]["cache_control"] = marked()
    return plain


def on_the_rules(request):
    """One breakpoint, on the first lines of the system prompt."""
    plain = unmarked(request)
    head, _, rest = plain["system"][0]["text"].partition("\n")
    plain["system"] = [block(head, cache_control=marked()), block(rest)]
    return plain


def on_the_first_half(request):
    """One breakpoint, in the middle of the documents."""
    plain = unmarked(request)
    lines = plain["system"][0]["text"].splitlines()
    middle = len(lines) // 2
    halves = ["\n".join(lines[:middle]), "\n".join(lines[middle:])]
    plain["system"] = [block(halves[0], cache_control=marked()), block(halves[1])]
    return plain


def everywhere(request):
    """On each block that there is."""
    for one in [*request["tools"], *request["system"]]:
        one["cache_control"] = marked()
    return request


def every_page(docs):
    """As they are; the breakpoints come later."""
    return pages(docs)


def every_block(request):
    """A block, and a breakpoint, for each document."""
    parts = request["system"][0]["text"].split("\n\n")
    request["system"] = [block(part, cache_control=marked()) for part in parts if part.strip()]
    return request


def every_turn(history):
    """A breakpoint on each message."""
    return [{**one, "content": [block(one["content"], cache_control=marked())]} for one in history]


def marks_its_history(history):
    """In the list that was handed in."""
    last = history[-1]
    last["content"] = [block(last["content"], cache_control=marked())]
    return history


def appends(history):
    """To the list that was handed in."""
    turns = last_marked(history)
    history.append({"role": "user", "content": "?"})
    return turns


def sorts_tools(tools):
    """In the list that was handed in."""
    tools.sort(key=lambda one: one["name"], reverse=True)
    return in_order(tools)


def as_text(request):
    """A text and no request."""
    return json.dumps(request)


def numbered(today, member):
    """A number that is new each time."""
    return f"Call {next(NUMBERS)}."


def shuffled(docs):
    """In whatever order."""
    return random.sample(pages(docs), len(docs))


def keys_only_outside(tools):
    """Sorts the outermost keys alone."""
    return sorted(
        ({key: one[key] for key in sorted(one)} for one in tools), key=lambda one: one["name"]
    )


def by_name(tools):
    """By name, as they are."""
    return sorted(tools, key=lambda one: one["name"])


def keys_in_order(tools):
    """As they come, with the keys in order."""
    return json.loads(json.dumps(tools, sort_keys=True))


def by_first_key(tools):
    """As they come, but by their length."""
    return sorted(keys_in_order(tools), key=len)


def in_first_turn(request):
    """The date in the first message."""
    words = request["messages"][-1]["content"]
    date, _, question = words.partition(" asks: ")
    first, *others = request["messages"][:-1] or [{"role": "user", "content": ""}]
    first = {**first, "content": f"{date}. {first['content']}"}
    return {**request, "messages": [first, *others, {"role": "user", "content": question}]}


def as_first_turn(request):
    """The date as a message before all others."""
    words = request["messages"][-1]["content"]
    date, _, question = words.partition(" asks: ")
    head = [{"role": "user", "content": date}, {"role": "assistant", "content": "Noted."}]
    turns = [*head, *request["messages"][:-1], {"role": "user", "content": question}]
    return {**request, "messages": turns}


def no_history_mark(request):
    """The breakpoint of the whole request instead."""
    return {**request, "cache_control": marked()}


def marked_question(*parts):
    """What changes in blocks of their own; the words after a star are marked."""

    def last(today, member, question):
        said = [one.format(today=today, member=member, question=question) for one in parts]
        return [
            block(one.lstrip("*"), cache_control=marked()) if one[0] == "*" else block(one)
            for one in said
        ]

    return last


def tools_too(request):
    """A second breakpoint, on the last tool."""
    *others, last = request["tools"]
    return {**request, "tools": [*others, {**last, "cache_control": marked()}]}


def question_only(today, member, question):
    """The date stands elsewhere."""
    return f"{member} asks: {question}"


def date_of(today, member):
    """The date."""
    return f"Today is {today}."


def whom(today, member):
    """Who asks."""
    return f"You talk to {member}."


def without_date(today, member, question):
    """Stable, and wrong."""
    return f"{member} asks: {question}"


def shorter(docs):
    """The first of them."""
    return pages(docs)[:3]


def dated_tools(request):
    """The date in a tool's description."""
    words = request["messages"][-1]["content"]
    tool = request["tools"][0]
    return {**request, "system": [block(words), *request["system"]]} if tool else request


def end_of_prompt(request):
    """All in one block, what changes at its end."""
    stable = request["system"][0]
    words = request["messages"][-1]["content"]
    stable = {**stable, "text": f"{stable['text']}\n{words}"}
    return {**request, "system": [stable]}


def member_at_the_end(request):
    """Who asks, in the last line of the system prompt."""
    stable = request["system"][0]
    words = request["messages"][-1]["content"]
    member = words.partition(". ")[2].partition(" asks")[0]
    return {**request, "system": [{**stable, "text": f"{stable['text']}\n{member}"}]}


def mark_on_the_date(request):
    """Its own block, which carries the only breakpoint of the system prompt."""
    words = request["messages"][-1]["content"]
    stable = unmarked(request["system"])
    return {**request, "system": [*stable, block(words, cache_control=marked())]}


WRONG = {
    "returns-nothing": [
        lambda **given: None,
        built(whole=print),
        lambda **given: {}.update(built()(**given)),
    ],
    "raises": [
        built(pages=lambda docs: [one.text for one in docs]),
        built(turns=lambda history: [{**one, "content": one.text} for one in history]),
        built(turns=lambda history: [*history[:-1], {**history[-1]}]),
    ],
    "not-a-request": [
        built(whole=as_text),
        built(whole=lambda request: request["system"]),
        built(whole=without("messages")),
    ],
    "marker-everywhere": [
        built(whole=everywhere),
        built(whole=every_block),
        built(turns=every_turn),
    ],
    "refused": [
        built(whole=lambda request: request | {"temperature": 0}),
        built(whole=lambda request: request | {"today": "Monday"}),
        built(last=lambda today, member, question: [asks(today, member, question)]),
    ],
    "drops-the-date": [
        built(last=without_date),
        built(last=lambda today, member, question: f"{member}, on {today[:6]}: {question}"),
        built(last=lambda today, member, question: f"{member} in {today[-4:]}: {question}"),
    ],
    "drops-something": [
        built(pages=shorter),
        built(turns=lambda history: last_marked(history[:1])),
        built(whole=without("tools")),
    ],
    "changes-the-history": [
        built(turns=marks_its_history),
        built(turns=appends),
        built(tools=sorts_tools),
    ],
    "own-clock": [
        built(before=lambda today, member: f"Request {uuid.uuid4()}"),
        built(before=numbered),
        built(pages=shuffled),
    ],
    "no-marker": [
        built(whole=unmarked),
        built(mark=False, turns=list),
        built(whole=lambda request: {key: unmarked(one) for key, one in request.items()}),
    ],
    "marker-too-early": [
        built(whole=only_tools),
        built(whole=on_the_rules),
        built(whole=on_the_first_half),
    ],
    "date-in-the-prefix": [
        built(before=date_of, last=question_only),
        built(before=lambda today, member: asks(today, member, "now"), last=question_only),
        built(whole=dated_tools),
    ],
    "marker-too-late": [
        built(whole=only_at_the_end),
        built(whole=end_of_prompt),
        built(whole=mark_on_the_date),
    ],
    "member-in-the-prefix": [
        built(before=whom),
        built(before=lambda today, member: member),
        built(whole=member_at_the_end),
    ],
    "tools-as-they-come": [
        built(tools=keys_in_order),
        built(tools=lambda tools: keys_in_order(tools)[::-1]),
        built(tools=by_first_key),
    ],
    "keys-as-they-come": [
        built(tools=by_name),
        built(tools=keys_only_outside),
        built(tools=lambda tools: by_name(copy.deepcopy(tools))),
    ],
    "documents-as-they-come": [
        built(pages=lambda docs: [f"{id}: {words}" for id, words in docs.items()]),
        built(pages=lambda docs: list(docs.values())),
        built(pages=lambda docs: ["\n".join(docs.values()), *sorted(docs)]),
    ],
    "history-uncached": [
        built(turns=list),
        built(turns=list, whole=tools_too),
        built(turns=lambda history: [*last_marked(history[:1]), *history[1:]]),
    ],
    "marks-what-changes": [
        built(turns=list, last=marked_question("*{today}, {member}: {question}")),
        built(turns=list, last=marked_question("{today}, {member}", "*{question}")),
        built(turns=list, last=marked_question("{question}", "*{today}, {member}")),
        built(turns=list, whole=no_history_mark),
    ],
    "date-before-the-history": [
        built(after=date_of, last=question_only),
        built(whole=in_first_turn),
        built(whole=as_first_turn),
    ],
}
