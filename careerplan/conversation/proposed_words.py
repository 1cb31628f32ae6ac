"""Words and a day for a step, proposed from a comment. The owner changes them. Pure."""

import re
from datetime import date

from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.quick_step import parse_step

SENTENCE = re.compile(r"[^.!?\n]+")
MOST_WORDS = 60  # in which a day is looked for


def propose_title(text: str) -> str:
    """Return the first sentence of a comment, without its end and not longer than a title."""
    first = next((found.group().strip() for found in SENTENCE.finditer(text) if found.group().strip()), "")
    if len(first) <= TITLE_LENGTH:
        return first
    return first[:TITLE_LENGTH].rsplit(" ", 1)[0]


def propose_day(text: str, today: date, last: date) -> date | None:
    """Return the first day that a comment names, from today to the goal's due date; None without one."""
    for sentence in SENTENCE.findall(text):
        words, end = sentence.split()[:MOST_WORDS], 1
        while end <= len(words):
            day, end = _day_at(words, end, today)
            if day is not None and today <= day <= last:
                return day
    return None


def _day_at(words: list[str], end: int, today: date) -> tuple[date | None, int]:
    """Return the day that ends with a word, and the word after it. The longest reading counts: "1 May 2030"."""
    if _read(words[:end], today) is not None:
        for later in range(min(end + 2, len(words)), end - 1, -1):
            if day := _read(words[:later], today):
                return day, later + 1
    return None, end + 1


def _read(words: list[str], today: date) -> date | None:
    return parse_step(f"x {' '.join(words)}", today).due_on
