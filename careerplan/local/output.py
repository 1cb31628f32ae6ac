"""Terminal output: lines prefixed with the service name, in colour on a terminal."""

import os
from pathlib import Path
from typing import TextIO

COLOURS = {"web": 36, "worker": 35, "beat": 34, "postgres": 32, "valkey": 33, "mail": 37}


class Output:
    """Output of the supervisor. A closed terminal is no reason to fail."""

    def __init__(self, stream: TextIO, *, width: int = 8) -> None:
        self.stream: TextIO | None = stream
        self.width = width
        self.coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        """Print our own message."""
        self._write(text)

    def line(self, name: str, text: str) -> None:
        """Print one line of a service."""
        prefix = f"{name:<{self.width}} | "
        if self.coloured:
            prefix = f"\x1b[{COLOURS.get(name, 0)}m{prefix}\x1b[0m"
        self._write(prefix + text.rstrip("\r"))

    def framed(self, lines: list[str]) -> None:
        """Print a short message that stands out among many lines."""
        width = max(len(line) for line in lines)
        rule = "+" + "-" * (width + 4) + "+"
        self._write("\n".join(["", rule, *(f"|  {line:<{width}}  |" for line in lines), rule, ""]))

    def rotate(self, log: Path) -> None:
        """Start a new log; keep the last one beside it."""
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))

    def _write(self, text: str) -> None:
        if self.stream is None:
            return
        try:
            self.stream.write(text + "\n")
            self.stream.flush()
        except UnicodeEncodeError:
            self._write(text.encode("ascii", "replace").decode())
        except (OSError, ValueError):
            self.stream = None
