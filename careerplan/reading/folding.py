"""Text as it is compared: without case and accents."""

import unicodedata


def fold(text: str) -> str:
    """Remove case and accents. Marks go first: decomposing sorts each run of them in quadratic time."""
    if text.isascii():
        return text.casefold()
    parted = unicodedata.normalize("NFKD", _without_marks(text)).casefold()
    return _without_marks(parted)


def _without_marks(text: str) -> str:
    return "".join(letter for letter in text if not unicodedata.combining(letter))
