"""Paragraphs of sentences of which some may be missing, lists of names and quotations, in every language."""

import unicodedata
from collections.abc import Iterable
from functools import reduce

from django.utils.translation import pgettext


def join_sentences(*sentences: str) -> str:
    """Return whole sentences one after the other, without blank ones. A language may need no space between them."""
    said = [sentence for sentence in sentences if sentence]
    return reduce(_append, said) if said else ""


def join_list(names: Iterable[str]) -> str:
    """Return names as a list. A language may have another comma."""
    return reduce(_next, names, "")


def _next(before: str, name: str) -> str:
    return pgettext("list", "%(before)s, %(name)s") % {"before": before, "name": name} if before else name


def quoted(words: str) -> str:
    """Return somebody's own words between quotation marks. A language may have others."""
    return pgettext("quotation", "“%(words)s”") % {"words": words}


def _append(before: str, after: str) -> str:
    return pgettext("two sentences", "%(before)s %(after)s") % {"before": before, "after": after}


TURNING = frozenset({"R", "AL", "RLE", "RLO", "LRE", "LRO"})
"""Letters from right to left, and marks that turn what follows them, in the line of an email too."""


def isolate_turned(words: str) -> str:
    """Return a user's words isolated if they could turn what stands beside them: labels and emails of others go without
    marks.
    """
    if words.isascii() or TURNING.isdisjoint(map(unicodedata.bidirectional, words)):
        return words
    return isolate(words)


def isolate(words: str) -> str:
    """Return a user's words with marks around them that keep their direction to themselves, in a sentence."""
    return f"\u2068{words}\u2069"
