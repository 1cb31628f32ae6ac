"""A mail server that delivers nothing: it saves each message as a file. `python -m careerplan.local.mailcatcher`.

It takes mail only from who has the password: others who use this machine can reach the port. A message is on the disk
before the sender gets 250, so every message that counts as sent can be read.
"""

import argparse
import asyncio
import itertools
import logging
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

MAX_BYTES = 10 * 1024 * 1024


class Store:
    """The folder of messages, named `<UTC timestamp>-<n>.eml` so that names sort by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(".*.part"):
            left.unlink()

    def keep(self, content: bytes) -> Path:
        """Write one complete message, or none, and return its file once it is safely on the disk."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{next(self._numbers):06d}.eml"
        part = self.folder / f".{name}.part"
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return self.folder / name


class Handler:
    """Handler that aiosmtpd calls for each message."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's)
        """Save the message with its envelope in headers, like a delivering mail server."""
        if not isinstance(envelope.content, bytes):
            return "554 No content"
        lines = [f"Return-Path: <{envelope.mail_from or ''}>"]
        lines += [f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos]
        head = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
        try:
            await asyncio.to_thread(self.store.keep, head + envelope.content)
        except OSError as error:
            return f"452 Cannot keep the message: {error.strerror}"
        return "250 Kept"


@dataclass(frozen=True)
class Authenticator:
    """Says whether a client has the password; its user name does not count."""

    password: bytes

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Compare the password."""
        is_ours = isinstance(data, LoginPassword) and compare_digest(data.password, self.password)
        return AuthResult(success=is_ours, handled=False)


async def serve(port: int, folder: Path, password: str) -> None:
    """Accept mail on 127.0.0.1 until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {
        "hostname": "localhost",
        "data_size_limit": MAX_BYTES,
        "enable_SMTPUTF8": True,
        "authenticator": Authenticator(password.encode()),
        "auth_required": True,
        "auth_require_tls": False,  # it never leaves this machine
        "loop": loop,
    }
    handler = Handler(Store(folder))
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of each connection without TLS
    server = await loop.create_server(lambda: SMTP(handler, **options), "127.0.0.1", port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    print(f"Mail for 127.0.0.1:{server.sockets[0].getsockname()[1]} is saved in {folder}", flush=True)
    await stop.wait()
    server.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--password-file", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.dir, options.password_file.read_text().strip()))


if __name__ == "__main__":
    main()
