"""Unicode's composed form (NFC) in bounded time.

Python puts the marks that stand behind a letter in order one by one: the time grows with the square of how many there
are, so that a text of half a megabyte with nothing but marks takes minutes. No script needs more than a few; UAX 15
(section 13, "Stream-Safe Text Format") sets MOST_MARKS. A text with more stays as it was written.
"""

import re
import unicodedata
from functools import cache

MOST_MARKS = 30
LAST_MARK = 0x1FFFF  # no mark stands behind it; a test looks


def composed(text: str) -> str:
    """The text in NFC; unchanged where more than MOST_MARKS marks stand in a row."""
    if text.isascii() or _too_many().search(text):
        return text
    return unicodedata.normalize("NFC", text)


@cache
def _too_many() -> re.Pattern[str]:
    """More marks in a row than are put in order. Also those that begin with a mark only once they are taken apart."""
    marks = "".join(sign for sign in map(chr, range(0x300, LAST_MARK + 1)) if is_mark(sign))
    return re.compile(f"[{re.escape(marks)}]{{{MOST_MARKS + 1}}}")


def is_mark(sign: str) -> bool:
    """Whether a character takes part in the order of marks."""
    return bool(unicodedata.combining(unicodedata.normalize("NFD", sign)[0]))
