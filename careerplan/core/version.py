"""The version of Careerplan: its number, and the revision from which an image was built."""

from functools import cache
from importlib.resources import files

NUMBER = "0.1.0"
"""The same as in pyproject.toml; a test compares them."""
REVISION_FILE = "revision.txt"
"""Written where an image is built (Dockerfile)."""


def number_of(text: str) -> tuple[int, ...]:
    """Return the number in a version, to be compared: (0, 1, 0) of 0.1.0+3f2a1b9. () where there is none."""
    number, _, _ = text.partition("+")
    parts = number.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


@cache
def version() -> str:
    """Return the version, such as 0.1.0 or 0.1.0+3f2a1b9."""
    file = files("careerplan").joinpath(REVISION_FILE)
    revision = file.read_text().strip() if file.is_file() else ""
    return f"{NUMBER}+{revision}" if revision else NUMBER
