"""Reading a form as browsers and the SDK send files: ``multipart/form-data``.

    content-type (boundary), body -> Part, Part ...

Source: RFC 7578; quotation marks in names are written as ``%22``, as WHATWG's HTML says.
"""

import re
from typing import NamedTuple

from labkit.sim.rejection import invalid

BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";,]+)"?', re.IGNORECASE)
NAMED = re.compile(r'(?:^|[;\s])(name|filename)="([^"]*)"', re.IGNORECASE)
OCTETS = "application/octet-stream"


class Part(NamedTuple):
    """One field of a form."""

    name: str
    filename: str
    """Empty if it has none."""
    mime_type: str
    data: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """The fields of a form, in their order.

    Raises:
        Rejection: It is no such form.
    """
    found = BOUNDARY.match(content_type)
    if found is None:
        raise invalid("content-type: Input should be multipart/form-data with a boundary")
    between = b"\r\n--" + found[1].encode()
    before, *pieces = (b"\r\n" + body).split(between)
    if before or not pieces or not pieces.pop().startswith(b"--"):
        raise invalid("body: the form does not begin and end with its boundary")
    return [one_part(piece) for piece in pieces]


def one_part(piece: bytes) -> Part:
    """One field, from what stands between two boundaries."""
    head, blank, data = piece.partition(b"\r\n\r\n")
    lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n")]
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    named = dict(NAMED.findall(headers.get("content-disposition", "")))
    if not blank or "name" not in named:
        raise invalid("body: a part of the form has no name")
    filename = named.get("filename", "").replace("%22", '"')
    return Part(named["name"], filename, headers.get("content-type") or OCTETS, data)
