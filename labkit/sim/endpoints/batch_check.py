"""Which batches the API refuses at once, and which single requests it lets fail later.

    body -> requests_of (400)          params -> asked_in (an ``errored`` result)

Source: docs: batch processing, 2026-08-22; anthropic 2.12.0, ``types/messages``.
"""

import re
from collections.abc import Mapping

from labkit.sim.asked import Asked, understand
from labkit.sim.envelope import Call
from labkit.sim.rejection import (
    invalid,
    need_list,
    need_object,
    need_string,
    no_extras,
    required,
)

MAX_BODY_BYTES = 256_000_000
MAX_REQUESTS = 100_000
CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def requests_of(body: object) -> Mapping[str, object]:
    """The ``params`` of each ``custom_id``; what stands in them is looked at later.

    Raises:
        Rejection: The API refuses the whole batch.
    """
    fields = need_object("request", body)
    listed = need_list("requests", required("requests", fields))
    for name in fields:
        if name != "requests":
            raise invalid(f"{name}: Extra inputs are not permitted")
    if not listed:
        raise invalid("requests: List should have at least 1 item after validation, not 0")
    if len(listed) > MAX_REQUESTS:
        raise invalid(f"requests: List should have at most {MAX_REQUESTS} items after validation")
    found: dict[str, object] = {}
    for place, item in enumerate(listed):
        custom_id, params = one_request(f"requests.{place}", item)
        if custom_id in found:
            raise invalid(f"requests.{place}.custom_id: {custom_id} is not unique in this batch")
        found[custom_id] = params
    return found


def one_request(where: str, item: object) -> tuple[str, object]:
    """One request of a batch: its name and an object."""
    fields = need_object(where, item)
    at = f"{where}.custom_id"
    custom_id = need_string(at, required("custom_id", fields, where))
    if not CUSTOM_ID.fullmatch(custom_id):
        raise invalid(f"{at}: String should match pattern '^{CUSTOM_ID.pattern}$'")
    params = need_object(f"{where}.params", required("params", fields, where))
    no_extras(where, fields, ("custom_id", "params"))
    return custom_id, params


def asked_in(params: object, call: Call) -> Asked:
    """A request of a batch, checked when its turn comes.

    Raises:
        Rejection: It becomes an errored result.
    """
    asked = understand(params, call)
    if asked.streamed:
        raise invalid("stream: streaming is not supported in a batch")
    if "speed" in asked.body:
        raise invalid("speed: Extra inputs are not permitted in a batch")
    if asked.body["max_tokens"] == 0:
        raise invalid("max_tokens: Input should be greater than or equal to 1 in a batch")
    return asked
