"""Django behind a buffer: a slow client holds a socket and a task, and never a thread.

Granian gives an ASGI application each request as soon as its headers are there. This one waits for the body, within a
deadline, then lets a thread run Django, and sends the finished answer. Without it a few clients that send a byte of a
form every few seconds would hold all threads, and nobody else would get an answer (docs/adr/0022).
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from asgiref.wsgi import WsgiToAsgiInstance

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Refusal = tuple[Mapping[str, str], bytes]
Page = Callable[[HTTPStatus, str, int], Refusal]

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
LARGE_OF_ONE_CLIENT, WAITING_OF_ONE_CLIENT = 2, 8
"""Places that one client can have, so that it leaves some to others, and bodies of it that wait for one."""
PLACE_SECONDS = 60.0
"""How long a large body waits for its place."""
DISCARD_SECONDS = 30.0
"""How long the rest of a body that is too long is read and thrown away: browsers show an answer only after that."""
IPV6_PREFIX = 64
"""Bits of an address that one client has: the rest it can choose."""
PIECE = 65_536
BODY_TOOK = "careerplan.body_seconds"
"""In the environment of a request: how many seconds its body took to arrive."""
NOT_ASCII = re.compile(rb"[\x80-\xff]")


class BodyRefusedError(Exception):
    """The body is too slow or too long (of `size` bytes), or the client is gone (no status)."""

    def __init__(self, status: HTTPStatus | None, size: int = 0) -> None:
        super().__init__(status)
        self.status, self.size = status, size


class BufferedApplication:
    """An ASGI application around a WSGI application.

    `threads` run it at the same time. Of a body of more than `most_bytes` only so many are kept, so that the
    application can say what is wrong with it; one of more than twice as many is refused.
    `page` gives the headers and the body of a refusal, from its status, the path and the size of what was too long.
    Behind `proxies` the address of a client is in X-Forwarded-For, so many from the end.
    """

    def __init__(
        self, application: Any, *, threads: int, most_bytes: int, page: Page | None = None, proxies: int = 0
    ) -> None:
        self._application, self._page = application, page or _plain_page
        self._most_bytes, self._proxies = most_bytes, proxies
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._places = _Places()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with SpooledTemporaryFile(IN_MEMORY) as body, SpooledTemporaryFile(IN_MEMORY) as answer:
            place = self._places.place_of(find_client(scope, self._proxies))
            try:
                seconds = await self._read(scope, receive, body, place)
                body.seek(0)
                loop = asyncio.get_running_loop()
                start = await loop.run_in_executor(self._pool, self._run, scope, body, answer, seconds)
            except BodyRefusedError as refused:
                if refused.status:
                    await self._refuse(scope, receive, send, refused)
                return
            finally:
                place.give_back()
            await send(start)
            answer.seek(0)
            while piece := answer.read(PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _read(self, scope: Message, receive: Receive, body: IO[bytes], place: "_Place") -> float:
        """Read the body into a file; return how long it took to arrive. Raises BodyRefusedError."""
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if length.isdigit() and int(length[:18]) > 2 * self._most_bytes:
            raise BodyRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, int(length[:18]))
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
                raise BodyRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, size)
            if size > LARGE:
                await place.take()
                if not large_size:
                    large_size, large_at = size, taken
            body.write(piece[: max(0, self._most_bytes - body.tell())])
            if not message.get("more_body"):
                return taken

    async def _refuse(self, scope: Message, receive: Receive, send: Send, refused: BodyRefusedError) -> None:
        status = refused.status or HTTPStatus.BAD_REQUEST
        headers, text = self._page(status, scope.get("path", ""), refused.size)
        await send(_start(status, headers))
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            await _discard(receive)
        await send({"type": "http.response.body", "body": text})

    def _run(self, scope: Message, body: IO[bytes], answer: IO[bytes], seconds: float) -> Message:
        """Run the application in this thread; write its answer to a file and return the start of it."""
        call = _Call(scope)
        try:
            environ = call.build_environ(call.scope, body)  # type: ignore[no-untyped-call]
            environ[BODY_TOOK] = seconds
        except ValueError:  # too many of one header
            headers, text = self._page(HTTPStatus.BAD_REQUEST, "", 0)
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


async def _discard(receive: Receive) -> None:
    """Read what is left of a body, for so long, and keep nothing of it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass


def find_client(scope: Message, proxies: int = 0) -> str:
    """Return the address of a client; of IPv6 the network that it can choose from. Blank where it is not known."""
    address = (scope.get("client") or ("",))[0]
    if proxies:
        sent = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").split(b",")
        address = sent[-min(proxies, len(sent))].decode("latin-1").strip() or address
    with suppress(ValueError):
        if isinstance(ip := ip_address(address), IPv6Address):
            return str(ip_network((int(ip), IPV6_PREFIX), strict=False))
    return address


class _Places:
    """The places for large bodies, and how many of them each client may have."""

    def __init__(self) -> None:
        self.all = asyncio.Semaphore(LARGE_AT_ONCE)
        self._clients: dict[str, asyncio.Semaphore] = {}
        self._bodies: Counter[str] = Counter()  # of each client, those that have a place or wait for one

    def place_of(self, client: str) -> "_Place":
        return _Place(self, client)

    def enter(self, client: str) -> asyncio.Semaphore:
        """Return the places of this client. Raises BodyRefusedError if too many bodies of it wait already."""
        if self._bodies[client] >= LARGE_OF_ONE_CLIENT + WAITING_OF_ONE_CLIENT:
            raise BodyRefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        self._bodies[client] += 1
        return self._clients.setdefault(client, asyncio.Semaphore(LARGE_OF_ONE_CLIENT))

    def leave(self, client: str) -> None:
        """Forget a client without large bodies."""
        self._bodies[client] -= 1
        if not self._bodies[client]:
            del self._bodies[client], self._clients[client]


class _Place:
    """A place for a large body, held from the moment the body gets large until it is answered."""

    def __init__(self, places: _Places, client: str) -> None:
        self._places, self._client = places, client
        self._held: list[asyncio.Semaphore] = []
        self._is_in = False

    async def take(self) -> None:
        """Wait for a place, once. Raises BodyRefusedError if none gets free in time."""
        if self._is_in:
            return
        of_client = self._places.enter(self._client)
        self._is_in = True
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                for places in (of_client, self._places.all):
                    await places.acquire()
                    self._held.append(places)
        except TimeoutError:
            raise BodyRefusedError(HTTPStatus.SERVICE_UNAVAILABLE) from None

    def give_back(self) -> None:
        """Let the next one have it."""
        for places in self._held:
            places.release()
        if self._is_in:
            self._places.leave(self._client)


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


def _plain_page(status: HTTPStatus, path: str, size: int) -> Refusal:
    return {"Content-Type": "text/plain; charset=utf-8"}, f"{status.value} {status.phrase}\n".encode()


def _start(status: HTTPStatus, headers: Mapping[str, str]) -> Message:
    sent = [(name.lower().encode(), value.encode()) for name, value in {**headers, "Connection": "close"}.items()]
    return {"type": "http.response.start", "status": status.value, "headers": sent}
