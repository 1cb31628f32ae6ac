"""Words as people write them: plurals, British and American spelling, and slips of the pen."""

from __future__ import annotations

from itertools import pairwise

# Pairs of spellings; a word gets the other one, whether or not it is a word.
SPELLINGS = (
    ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("yse", "yze"), ("tre", "ter"),
    ("ogue", "og"), ("ence", "ense"), ("ller", "ler"), ("lling", "ling"), ("grey", "gray"), ("tyre", "tire"),
    ("jewellery", "jewelry"), ("programme", "program"), ("aero", "air"), ("paed", "ped"), ("gynaec", "gynec"),
    ("anaesth", "anesth"), ("oestr", "estr"),
)  # fmt: skip
MOST_FORMS = 4
SHORT, MIDDLE = 4, 8
"""Words of fewer letters than SHORT have no slips (it would be another abbreviation), below MIDDLE one, above two."""


def forms_of(word: str) -> list[str]:
    """Return a word, its singular if it looks like a plural, and its other spellings."""
    forms = [word]
    if len(word) > 4 and word.endswith("ies"):
        forms.append(word[:-3] + "y")
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    for british, american in SPELLINGS:
        for one, other in ((british, american), (american, british)):
            if one in word and (one is american or other not in word):
                forms.append(word.replace(one, other))
    return list(dict.fromkeys(forms))[:MOST_FORMS]


def is_slip(typed: str, word: str) -> bool:
    """Whether a typed word may mean another: same first letter, and few letters missing, added, wrong or swapped."""
    if typed == word:
        return True
    most = 0 if min(len(typed), len(word)) < SHORT else 1 if len(typed) < MIDDLE else 2
    if most == 0 or typed[0] != word[0] or abs(len(typed) - len(word)) > most:
        return False
    return _distance(typed, word, most) <= most


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters are missing, added, wrong or swapped with a neighbour; more than `most` if many."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        next_row = [place]
        for there, wanted in enumerate(other, 1):
            cost = min(row[there] + 1, next_row[there - 1] + 1, row[there - 1] + (letter != wanted))
            if before and there > 1 and one[place - 2] == wanted and letter == other[there - 2]:
                cost = min(cost, before[there - 2] + 1)
            next_row.append(cost)
        if min(next_row) > most:
            return most + 1
        before, row = row, next_row
    return row[-1]


def slips_between(typed: list[str], words: list[str]) -> int | None:
    """Return how many typed words are slips of one of the words; None if one of them is neither there nor a slip."""
    slips = 0
    for word in typed:
        if word in words:
            continue
        titles = [*words, *(a + b for a, b in pairwise(words))]
        if not any(is_slip(form, one) for form in forms_of(word) for one in titles):
            return None
        slips += 1
    return slips
