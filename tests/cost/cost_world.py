"""Calls of every price, and both kinds of client for one test."""

from labkit import clock

MODEL = "lab-balanced-1"
SENTENCE = "The drill is kept in the blue cupboard, and the ladder stands behind the door. "
LONG = SENTENCE * 75
"""Longer than the 1,024 tokens that most models cache at least."""
QUESTION = {"role": "user", "content": "How long may I keep a drill?"}
WAYS = ("create", "stream", "raw", "async create", "async stream", "async raw")


def cached(words=LONG, ttl="5m"):
    """A system prompt that ends in a cache breakpoint."""
    control = {"type": "ephemeral", "ttl": ttl}
    return [{"type": "text", "text": words, "cache_control": control}]


def request(**changes):
    """What one call sends."""
    return {"model": MODEL, "max_tokens": 200, "messages": [QUESTION], **changes}


def ask(client, way="create", **changes):
    """The message of one call of a synchronous client."""
    if way == "create":
        return client.messages.create(**request(**changes))
    if way == "stream":
        with client.messages.stream(**request(**changes)) as events:
            return events.get_final_message()
    return list(client.messages.create(**request(**changes), stream=True))


async def ask_async(client, way="create", **changes):
    """The same of an asynchronous one."""
    if way == "create":
        return await client.messages.create(**request(**changes))
    if way == "stream":
        async with client.messages.stream(**request(**changes)) as events:
            return await events.get_final_message()
    return [one async for one in await client.messages.create(**request(**changes), stream=True)]


def through(lab, way, layers, **changes):
    """What one call gives through some middleware, in one of the SDK's ways."""
    options = changes.pop("options", {})
    kind, _, how = way.rpartition(" ")
    if kind == "async":

        async def main(client):
            return await ask_async(
                client.with_options(middleware=layers, **options), how, **changes
            )

        return lab.run(main)
    with clock.use(lab.clock):
        return ask(lab.client.with_options(middleware=layers, **options), how, **changes)
