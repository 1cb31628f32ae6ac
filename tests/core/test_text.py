"""NFC for every text, in bounded time."""

import sys
import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.text import LAST_MARK, MAX_MARKS, is_mark, normalize_nfc

MARKS = ("\u0315", "\u0300", "\u0344", "\u0f73", "\u0f71")  # the last but one is a mark only when taken apart
TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(MARKS)))


@given(TEXTS)
def test_text_becomes_nfc_unless_it_has_too_many_marks(text):
    runs = "".join("m" if is_mark(sign) else " " for sign in text).split()
    longest = max(map(len, runs), default=0)
    assert normalize_nfc(text) == (unicodedata.normalize("NFC", text) if longest <= MAX_MARKS else text)


def test_max_marks_are_still_normalized():
    assert normalize_nfc("a" + "\u0315\u0300" * 15) == unicodedata.normalize("NFC", "a" + "\u0315\u0300" * 15)
    assert normalize_nfc("a\u0300" + "\u0300" * 30) == "a" + "\u0300" * 31


def test_text_of_marks_is_fast():
    start = time.process_time()
    normalize_nfc("a" + "\u0315\u0300" * 250_000)  # minutes, where it is put in order
    normalize_nfc("a" + "\u0f73" * 250_000)
    assert time.process_time() - start < 3


def test_every_combining_mark_is_known():
    """A new Unicode may bring marks further up."""
    looked_at = [*range(0x300), *range(LAST_MARK + 1, sys.maxunicode + 1)]
    assert [hex(code) for code in looked_at if not 0xD800 <= code < 0xE000 and is_mark(chr(code))] == []
