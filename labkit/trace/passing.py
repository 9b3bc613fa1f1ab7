"""Response bodies that somebody notes while the SDK reads them.

The SDK ends its own spans in the same way: it puts a stream around ``response.stream``
(anthropic 2.12.0, ``_tracing.py``, ``span_ending_stream``).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import timedelta
from typing import Protocol, cast

import httpx2

Body = httpx2.SyncByteStream | httpx2.AsyncByteStream


class Notes(Protocol):
    """Who is told what passes."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""

    def done(self, error: BaseException | None = None) -> None:
        """The body has ended, or nobody reads on; may be told more than once."""


class Tee(httpx2.SyncByteStream):
    """A body that is noted while a synchronous client reads it."""

    def __init__(self, body: Body, notes: Notes) -> None:
        """Hand everything on that comes from ``body``."""
        self._body = cast(httpx2.SyncByteStream, body)
        self._notes = notes

    @property
    def elapsed(self) -> timedelta | None:
        """What ``Response.elapsed`` asks of a body."""
        return getattr(self._body, "elapsed", None)

    def __iter__(self) -> Iterator[bytes]:
        try:
            for data in self._body:
                self._notes.feed(data)
                yield data
        except BaseException as error:
            self._notes.done(error)
            raise
        self._notes.done()

    def close(self) -> None:
        """Close the body; what has not come by now will not come."""
        self._notes.done(GeneratorExit())
        self._body.close()


class AsyncTee(httpx2.AsyncByteStream):
    """The same for an asynchronous client."""

    def __init__(self, body: Body, notes: Notes) -> None:
        """Hand everything on that comes from ``body``."""
        self._body = cast(httpx2.AsyncByteStream, body)
        self._notes = notes

    @property
    def elapsed(self) -> timedelta | None:
        """What ``Response.elapsed`` asks of a body."""
        return getattr(self._body, "elapsed", None)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._body)
        try:
            async for data in chunks:
                self._notes.feed(data)
                yield data
        except BaseException as error:
            self._notes.done(error)
            raise
        finally:
            # Else the event loop would close it later, in a task of its own.
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
        self._notes.done()

    async def aclose(self) -> None:
        """Close the body; what has not come by now will not come."""
        self._notes.done(GeneratorExit())
        await self._body.aclose()
