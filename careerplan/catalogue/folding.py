"""Titles as they are searched: lower case, no accents, single spaces. Once for Python, once for PostgreSQL."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

from django.db import models
from django.db.models import Func

_ACCENTED = "àáâãäåāçćčèéêëēěìíîïīñńòóôõöøōšśùúûüūýÿžźż"
_PLAIN = "aaaaaaaccceeeeeeiiiiinnooooooossuuuuuyyzzz"
FOLDED_FROM = ascii_uppercase + _ACCENTED + _ACCENTED.upper()
FOLDED_TO = ascii_lowercase + _PLAIN * 2


class Folded(Func):
    """A title as it is searched: lower case, without accents, one space between words.

    Built of immutable functions only, so PostgreSQL can keep it as a generated column and index it, and of
    none that asks the locale, so it is the same everywhere (`queries.fold` is its twin). "+" and "#" stay:
    they tell C++ and C# from C. Migrations use it: a change here needs one that makes the columns anew.
    """

    output_field = models.TextField()
    template = (
        f"btrim(regexp_replace(translate(%(expressions)s, '{FOLDED_FROM}', '{FOLDED_TO}'), '[^a-z0-9+#]+', ' ', 'g'))"
    )
    arity = 1


_FOLD = str.maketrans(FOLDED_FROM, FOLDED_TO)


def fold(text: str) -> str:
    """A text as titles are searched; the same as `Folded` in the database."""
    return re.sub(r"[^a-z0-9+#]+", " ", text.translate(_FOLD)).strip()
