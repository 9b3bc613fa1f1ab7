"""The real network below a live lab: the machine's own proxy, as the SDK would find it.

A client with a transport of its own looks for no proxy (httpx2, ``Client``), so it is found here.
"""

import os
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

REAL_API = "https://api.anthropic.com"


def live_transport() -> httpx2.HTTPTransport:
    """What carries a synchronous client's requests."""
    return httpx2.HTTPTransport(proxy=proxy())


def live_async_transport() -> httpx2.AsyncHTTPTransport:
    """What carries an asynchronous client's requests."""
    return httpx2.AsyncHTTPTransport(proxy=proxy())


def proxy() -> str | None:
    """The proxy that this machine uses for the API; None where it uses none."""
    api = urlsplit(os.environ.get("ANTHROPIC_BASE_URL") or REAL_API)
    if proxy_bypass(api.hostname or ""):
        return None
    found = getproxies()
    return found.get(api.scheme) or found.get("all")
