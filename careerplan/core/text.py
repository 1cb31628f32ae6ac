"""Text as it is stored: Unicode's composed form (NFC), one kind of line end, no control characters."""

import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_MARKS = 30
LAST_MARK = 0x1FFFF  # no combining mark has a higher code; a test looks
ALLOWED_IN_LONG_TEXT = frozenset("\n\t")
# Control characters other than line break and tab, lone surrogates, non-characters, and the marks that change the
# direction of all text after them: right-to-left scripts need none.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str, *, multiline: bool = False) -> str:
    """Normalise text for storing.

    Raises ValidationError for control characters (line breaks too, unless `multiline`) and for lone surrogates,
    which no database stores.
    """
    text = normalize_nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    allowed = ALLOWED_IN_LONG_TEXT if multiline else frozenset()
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text):
        raise ValidationError(
            _("This text contains a character that we cannot show. Type it again."), code="control_characters"
        )
    return text


def normalize_nfc(text: str) -> str:
    """Compose a text to NFC in bounded time; texts with more than MAX_MARKS combining marks in a row stay unchanged.

    Python sorts the marks behind a letter one by one, so that the time grows with the square of their number: half a
    megabyte of marks takes minutes. No script needs more than a few; MAX_MARKS is the limit of UAX 15, section 13
    ("Stream-Safe Text Format").
    """
    if text.isascii() or _too_many_marks().search(text):
        return text
    return unicodedata.normalize("NFC", text)


def printable(text: str) -> str:
    """Return a text without characters that no file can hold or show."""
    return UNPRINTABLE.sub("", text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    """Match more than MAX_MARKS marks in a row, including characters that decompose to a mark first."""
    marks = "".join(sign for sign in map(chr, range(0x300, LAST_MARK + 1)) if is_mark(sign))
    return re.compile(f"[{re.escape(marks)}]{{{MAX_MARKS + 1}}}")


def is_mark(sign: str) -> bool:
    """Whether a character is a combining mark, which Python sorts."""
    return bool(unicodedata.combining(unicodedata.normalize("NFD", sign)[0]))
