"""A write that may be refused, and what the person reads then. Each of the two people has words of their own."""

from collections.abc import Callable, Mapping
from typing import Any


def attempt(write: Callable[[], object], refused: Mapping[type[Exception], Any]) -> str:
    """Do a write; return why it was refused (`refused`: words for each exception), "" if it was not."""
    try:
        write()
    except tuple(refused) as refusal:
        return str(refused[type(refusal)])
    return ""
