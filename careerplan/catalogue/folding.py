"""Titles normalised for searching: lower case, no accents, single spaces. Once for Python, once for PostgreSQL."""

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
    """A title normalised for searching: lower case, no accents, single spaces.

    It uses only immutable functions, so PostgreSQL can store and index it as a generated column, and none that depends
    on the locale. `queries.fold` does the same in Python. "+" and "#" stay: they tell C++ and C# from C. Migrations use
    it, so a change here needs one that recreates the columns.
    """

    output_field = models.TextField()
    template = (
        f"btrim(regexp_replace(translate(%(expressions)s, '{FOLDED_FROM}', '{FOLDED_TO}'), '[^a-z0-9+#]+', ' ', 'g'))"
    )
    arity = 1


_FOLD = str.maketrans(FOLDED_FROM, FOLDED_TO)


def fold(text: str) -> str:
    """Normalise a text for searching titles; the same as `Folded` in the database."""
    return re.sub(r"[^a-z0-9+#]+", " ", text.translate(_FOLD)).strip()
