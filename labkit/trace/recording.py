"""Transports that record what passes through them."""

import httpx2

from labkit.arguments import refused
from labkit.trace.passing import AsyncTee, Tee
from labkit.trace.recorder import Reading, Recorder
from labkit.trace.values import HTTP_OK


class RecordingTransport(httpx2.BaseTransport):
    """Records what a synchronous client sends and receives."""

    def __init__(self, inner: httpx2.BaseTransport, recorder: Recorder) -> None:
        """Pass everything on to ``inner`` and note it in ``recorder``."""
        _check(inner, httpx2.BaseTransport, recorder)
        self._inner = inner
        self._recorder = recorder

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and record it."""
        request.headers["accept-encoding"] = "identity"
        content = request.read()
        number = self._recorder.begin(request.method, request.url.path, request.headers, content)
        try:
            response = self._inner.handle_request(request)
        except BaseException as error:
            self._recorder.failed(number, error)
            raise
        reading = Reading(self._recorder, number, response.status_code, response.headers)
        stream = Tee(response.stream, reading)
        if response.status_code != HTTP_OK:
            return _rebuilt(response, httpx2.ByteStream(b"".join(stream)))
        return _rebuilt(response, stream)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncRecordingTransport(httpx2.AsyncBaseTransport):
    """Records what an asynchronous client sends and receives."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, recorder: Recorder) -> None:
        """Pass everything on to ``inner`` and note it in ``recorder``."""
        _check(inner, httpx2.AsyncBaseTransport, recorder)
        self._inner = inner
        self._recorder = recorder

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and record it."""
        request.headers["accept-encoding"] = "identity"
        content = await request.aread()
        number = self._recorder.begin(request.method, request.url.path, request.headers, content)
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException as error:
            self._recorder.failed(number, error)
            raise
        reading = Reading(self._recorder, number, response.status_code, response.headers)
        stream = AsyncTee(response.stream, reading)
        if response.status_code != HTTP_OK:
            return _rebuilt(response, httpx2.ByteStream(b"".join([data async for data in stream])))
        return _rebuilt(response, stream)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


def _rebuilt(
    response: httpx2.Response, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream
) -> httpx2.Response:
    """The same response with another body; a failed one is read first, as the SDK may not."""
    return httpx2.Response(
        response.status_code,
        headers=response.headers,
        stream=stream,
        extensions=response.extensions,
    )


def _check(inner: object, kind: type, recorder: object) -> None:
    """Refuse what could not be sent through or written to, before anything is sent."""
    if not isinstance(inner, kind):
        how = "No request can be sent through it."
        raise refused("inner", inner, how, f"Give a transport of httpx2, a {kind.__name__}.")
    if not isinstance(recorder, Recorder):
        how = "Nothing could be noted in it."
        raise refused("recorder", recorder, how, "Give Recorder(clock).")
