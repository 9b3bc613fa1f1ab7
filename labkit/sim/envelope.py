"""One HTTP request as the provider sees it, and the checks that every endpoint shares."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from jiter import from_json

from labkit.sim.betas import BETAS
from labkit.sim.rejection import SHOWN_CHARS, Rejection, invalid

BASE_URL = "https://simulated-provider.invalid"
"""The simulated provider's address; names under ``.invalid`` exist on no network."""
HOST = BASE_URL.partition("//")[2]

API_VERSIONS = ("2023-06-01", "2026-10-21")
PLAIN = "identity"
"""The encoding of a body that is not compressed."""


class Request(NamedTuple):
    """One HTTP request; header names in lower case, or a mapping that does not mind."""

    method: str
    path: str
    """As it was sent, query included."""
    headers: Mapping[str, str]
    body: bytes


class Call(NamedTuple):
    """A request on its way to an endpoint, with a key and a version."""

    request: Request
    version: str
    now_s: float
    """Simulated seconds since the start."""
    now: datetime
    names: tuple[str, ...] = ()
    """The parts of the path that stand in braces in its route."""

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters behind the question mark, of which ``beta`` means nothing any more."""
        return dict(parse_qsl(self.request.path.partition("?")[2], keep_blank_values=True))

    @property
    def betas(self) -> Collection[str]:
        """The betas that the request asks for."""
        return betas_in(self.request)

    @property
    def base_url(self) -> str:
        """Where the client found this provider; any other host than its own is a loopback."""
        host = self.request.headers.get("host") or HOST
        return BASE_URL if host == HOST else f"http://{host}"

    def json(self, most_bytes: int) -> object:
        """The body as JSON; not too deep, no ``NaN``, no half characters (jiter sees to that).

        Raises:
            Rejection: It is longer than ``most_bytes``, or it is not JSON.
        """
        if len(self.request.body) > most_bytes:
            raise Rejection(413, "Request exceeds the maximum size")
        try:
            return from_json(self.request.body, allow_inf_nan=False)
        except ValueError as error:
            raise invalid(f"The request body is not valid JSON: {error}") from None


def check_envelope(request: Request) -> str:
    """The API version of a request that brings a key.

    Raises:
        Rejection: There is no key, or a version, a beta or an encoding that is not known.
    """
    bearer = request.headers.get("authorization") or ""
    if not request.headers.get("x-api-key") and not bearer.startswith("Bearer "):
        raise Rejection(401, "x-api-key header is required")
    version = request.headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in API_VERSIONS:
        raise invalid(f"anthropic-version: {version!r} is not a valid version")
    for beta in betas_in(request):
        if beta not in BETAS:
            raise invalid(f"Unsupported beta header: {beta}")
    check_encoding(request.headers.get("content-encoding") or PLAIN)
    return version


def check_encoding(encoding: str) -> None:
    """Refuse a body that is compressed.

    Source: anthropic 2.12.0, ``types/shared/request_body_encoding_unsupported_error.py``.
    """
    if encoding != PLAIN:
        words = f"content-encoding: {encoding[:SHOWN_CHARS]!r} is not supported"
        raise Rejection(400, words, "request_body_encoding_unsupported")


def betas_in(request: Request) -> Sequence[str]:
    """The betas that a request asks for, between commas."""
    named = (request.headers.get("anthropic-beta") or "").split(",")
    return [name.strip() for name in named if name.strip()]
