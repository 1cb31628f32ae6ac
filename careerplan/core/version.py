"""The version of Careerplan: its number, and the revision from which an image was built."""

from functools import cache
from importlib.resources import files

NUMBER = "0.1.0"
"""The same as in pyproject.toml; a test compares them."""
REVISION_FILE = "revision.txt"
"""Written where an image is built (Dockerfile)."""


@cache
def version() -> str:
    """Return the version, such as 0.1.0 or 0.1.0+3f2a1b9."""
    file = files("careerplan").joinpath(REVISION_FILE)
    revision = file.read_text().strip() if file.is_file() else ""
    return f"{NUMBER}+{revision}" if revision else NUMBER
