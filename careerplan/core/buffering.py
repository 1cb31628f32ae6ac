"""Django behind a buffer: a slow client holds a socket and a task, and never a thread.

Granian gives an ASGI application each request as soon as its headers are there. This one waits for the body, within a
deadline, then lets a thread run Django, and sends the finished answer. Without it a few clients that send a byte of a
form every few seconds would hold all threads, and nobody else would get an answer (docs/adr/0022).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from asgiref.wsgi import WsgiToAsgiInstance

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Refusal = tuple[Mapping[str, str], bytes]

IN_MEMORY = 250_000
"""Bytes of a body or an answer that stay in memory; longer ones go to a file in the temporary folder."""
LARGE, LARGE_AT_ONCE = 1_000_000, 4
"""Bodies of more bytes that are read or answered at the same time; others wait, so that they cannot fill the disk."""
BODY_SECONDS, BODY_BYTES_A_SECOND, LONGEST_SECONDS = 20.0, 8_000, 600.0
"""A body may take BODY_SECONDS, more if it comes at BODY_BYTES_A_SECOND or faster, and never longer than the last.
Between two pieces of it there are at most BODY_SECONDS.
"""
LARGE_BYTES_A_SECOND = 25_000
"""A large body has to come faster, from when it has its place: others wait for that."""
PLACE_SECONDS = 60.0
"""How long a large body waits for its place."""
PIECE = 65_536
NOT_ASCII = re.compile(rb"[\x80-\xff]")


class BodyRefusedError(Exception):
    """The body is too slow or too long, or the client is gone (no status)."""

    def __init__(self, status: HTTPStatus | None) -> None:
        super().__init__(status)
        self.status = status


class BufferedApplication:
    """An ASGI application around a WSGI application.

    `threads` run it at the same time. Of a body of more than `most_bytes` only so many are kept, so that the
    application can say what is wrong with it; one of more than twice as many is refused.
    `page` gives the headers and the body of a refusal.
    """

    def __init__(
        self, application: Any, *, threads: int, most_bytes: int, page: Callable[[HTTPStatus], Refusal] | None = None
    ) -> None:
        self._application, self._page = application, page or _plain_page
        self._most_bytes = most_bytes
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with SpooledTemporaryFile(IN_MEMORY) as body, SpooledTemporaryFile(IN_MEMORY) as answer:
            place = _Place(self._large)
            try:
                await self._read(scope, receive, body, place)
                body.seek(0)
                loop = asyncio.get_running_loop()
                start = await loop.run_in_executor(self._pool, self._run, scope, body, answer)
            except BodyRefusedError as refused:
                if refused.status:
                    await self._refuse(send, refused.status)
                return
            finally:
                place.give_back()
            await send(start)
            answer.seek(0)
            while piece := answer.read(PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _read(self, scope: Message, receive: Receive, body: IO[bytes], place: "_Place") -> None:
        """Read the body into a file. Raises BodyRefusedError."""
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if length.isdigit() and int(length[:18]) > 2 * self._most_bytes:
            raise BodyRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        size, taken = 0, 0.0
        large_size, large_at = 0, 0.0  # size and time when the body got large
        while True:
            if large_size:
                allowed = BODY_SECONDS + (size - large_size) / LARGE_BYTES_A_SECOND - (taken - large_at)
            else:
                allowed = BODY_SECONDS + size / BODY_BYTES_A_SECOND - taken
            allowed = min(allowed, LONGEST_SECONDS - taken)
            message, seconds = await _next(receive, min(allowed, BODY_SECONDS))
            taken += seconds
            piece = message.get("body", b"")
            size += len(piece)
            if size > 2 * self._most_bytes:
                raise BodyRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if size > LARGE:
                await place.take()
                if not large_size:
                    large_size, large_at = size, taken
            body.write(piece[: max(0, self._most_bytes - body.tell())])
            if not message.get("more_body"):
                return

    async def _refuse(self, send: Send, status: HTTPStatus) -> None:
        headers, text = self._page(status)
        await send(_start(status, headers))
        await send({"type": "http.response.body", "body": text})

    def _run(self, scope: Message, body: IO[bytes], answer: IO[bytes]) -> Message:
        """Run the application in this thread; write its answer to a file and return the start of it."""
        call = _Call(scope)
        try:
            environ = call.build_environ(call.scope, body)  # type: ignore[no-untyped-call]
        except ValueError:  # too many of one header
            headers, text = self._page(HTTPStatus.BAD_REQUEST)
            answer.write(text)
            return _start(HTTPStatus.BAD_REQUEST, headers)
        pieces = self._application(environ, call.start_response)
        try:
            for piece in pieces:
                answer.write(piece)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        start: Message = call.response_start
        return start


async def _next(receive: Receive, seconds: float) -> tuple[Message, float]:
    """Return the next piece of a body and how long it took. Raises BodyRefusedError if it takes longer than `seconds`,
    or if the client is gone.
    """
    clock = asyncio.get_running_loop().time
    started = clock()
    try:
        async with asyncio.timeout(seconds):
            message = await receive()
    except TimeoutError:
        raise BodyRefusedError(HTTPStatus.REQUEST_TIMEOUT) from None
    if message["type"] != "http.request":
        raise BodyRefusedError(None)
    return message, clock() - started


class _Place:
    """One of the places for large bodies, held from the moment a body gets large until it is answered."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places, self._is_taken = places, False

    async def take(self) -> None:
        """Wait for a place, once. Raises BodyRefusedError if none gets free in time."""
        if self._is_taken:
            return
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise BodyRefusedError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        self._is_taken = True

    def give_back(self) -> None:
        """Let the next one have it."""
        if self._is_taken:
            self._places.release()


class _Call(WsgiToAsgiInstance):
    """One call of the application: its environment, and the status and headers that it sends.

    Headers with an underscore are left out: they would pass for those with a hyphen that a proxy sets.
    """

    def __init__(self, scope: Message) -> None:
        super().__init__(wsgi_application=None)  # type: ignore[no-untyped-call]
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name and name != b"cookie"]
        if cookies := [value for name, value in scope["headers"] if name == b"cookie"]:
            headers.append((b"cookie", b"; ".join(cookies)))  # a proxy may have split it (RFC 9113, 8.2.3)
        query = NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], scope["query_string"])
        self.scope = {**scope, "headers": headers, "query_string": query}


def _plain_page(status: HTTPStatus) -> Refusal:
    return {"Content-Type": "text/plain; charset=utf-8"}, f"{status.value} {status.phrase}\n".encode()


def _start(status: HTTPStatus, headers: Mapping[str, str]) -> Message:
    sent = [(name.lower().encode(), value.encode()) for name, value in {**headers, "Connection": "close"}.items()]
    return {"type": "http.response.start", "status": status.value, "headers": sent}
