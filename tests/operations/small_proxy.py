"""A reverse proxy of a few lines, which does what proxies are told to do, or leaves it."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Behaviour:
    """What a proxy does. `address`: whether it appends that of the client, replaces what is there, or does nothing."""

    address: str = "append"
    scheme: str = "https"
    keeps_host: bool = True
    most_bytes: int = 100_000_000
    buffers: bool = True


@contextmanager
def small_proxy(upstream: int, behaviour: Behaviour, port: int = 0) -> Iterator[int]:
    """Serve what is behind a port of this machine at another one, and yield that."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def handle_expect_100(self) -> bool:
            return not self._refuses() and super().handle_expect_100()

        def _refuses(self) -> bool:
            if self._length() <= behaviour.most_bytes:
                return False
            self.close_connection = True
            self.send_error(413)
            return True

        def _length(self) -> int:
            return int(self.headers.get("Content-Length", 0))

        def _pass_on(self) -> None:
            if self._refuses():
                return
            body = self.rfile.read(self._length()) if behaviour.buffers else None
            behind = http.client.HTTPConnection("127.0.0.1", upstream, timeout=10)
            behind.putrequest(self.command, self.path, skip_host=True)
            for name, value in self._headers().items():
                behind.putheader(name, value)
            behind.endheaders()
            if body is not None:
                behind.send(body)
            else:
                self._stream(behind)
            answer = behind.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"content-length", "transfer-encoding", "connection", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            behind.close()

        def _stream(self, behind: http.client.HTTPConnection) -> None:
            left = self._length()
            while left and (piece := self.rfile.read1(left)):
                behind.send(piece)
                left -= len(piece)

        def _headers(self) -> dict[str, str]:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            headers["Connection"] = "close"
            if not behaviour.keeps_host:
                headers["Host"] = "upstream.invalid"
            if behaviour.scheme:
                headers["X-Forwarded-Proto"] = behaviour.scheme
            given, client = headers.pop("X-Forwarded-For", ""), self.client_address[0]
            if behaviour.address == "append" and given:
                client = f"{given}, {client}"
            headers["X-Forwarded-For"] = given if behaviour.address == "nothing" else client
            return headers

        def log_message(self, *_args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """Say nothing: the client sees that there is no answer."""

    server = Server(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
