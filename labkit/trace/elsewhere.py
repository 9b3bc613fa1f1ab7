"""Reading what other endpoints than the one for messages send back.

    method, path -> "GET /v1/messages/batches/{id}/results" -> Received for each message in it

Most of them carry no message. The results of a batch carry many, each with a usage of its own.
"""

import re
from collections.abc import Iterator

from labkit.trace.values import HTTP_OK
from labkit.trace.wire import Received, json_object, object_of, received, with_message

AN_ID = re.compile(r"/[a-z]+_[0-9A-Za-z]{8,}(?=/|$)")


def endpoint_of(method: str, path: str) -> str:
    """What was asked for: the method and the path from ``/v1/`` on, ids replaced by ``{id}``."""
    start = max(path.rfind("/v1/"), 0)
    return f"{method} {AN_ID.sub('/{id}', path[start:].partition('?')[0])}"


def received_elsewhere(endpoint: str, status: int, body: bytes) -> Received:
    """What a whole response body says, where it is no message."""
    if status != HTTP_OK:
        return received(status, "", body)
    if endpoint.endswith("/content"):
        return Received()
    if endpoint.endswith("/results"):
        is_whole = all(json_object(line) for line in body.splitlines())
    else:
        is_whole = bool(json_object(body))
    return Received(error=None if is_whole else "not_json")


def messages_in(endpoint: str, status: int, body: bytes) -> Iterator[Received]:
    """The messages that the results of a batch carry."""
    if status != HTTP_OK or not endpoint.endswith("/results"):
        return
    for line in body.splitlines():
        result = object_of(json_object(line).get("result"))
        if result.get("type") == "succeeded":
            yield with_message(object_of(result.get("message")))
