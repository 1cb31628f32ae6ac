"""Errors of importing a file."""


class InvalidFile(Exception):
    """A file that cannot be imported: the place and the reason, for people to read."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


class TooManyRows(Exception):
    """More entries than we import while someone waits."""
