"""New passwords must be hard to guess, for somebody who knows the account too."""

import re
from math import prod
from threading import Lock
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_LOG10_GUESSES = 10
"""Ten thousand million guesses: what zxcvbn calls "very unguessable" (Wheeler 2016, USENIX Security, score 4)."""
SHORTEST_ESTIMATED, LONGEST_ESTIMATED = 16, 72
"""Characters that are looked at: more make no password easier to guess."""
MOST_READINGS = 1_500
"""Characters times spellings. zxcvbn reads a password once for each way to take its signs for letters: 736 for one that
has them all, 11 seconds of work.
"""
_ONE_AT_A_TIME = Lock()  # zxcvbn keeps the user's words in a module's variable
PRODUCT = ("careerplan", "career plan", "career", "plan")


class GuessablePasswordValidator:
    """Refuse what zxcvbn guesses too soon: common passwords, words, names, dates, keyboard runs and repeats, put
    together or spelled in leetspeak, and the user's own name and address.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError with code "password_guessable"."""
        from zxcvbn import zxcvbn  # noqa: PLC0415  (its word lists take 0.2 s and 15 MB)

        with _ONE_AT_A_TIME:
            estimate = zxcvbn(_beginning(password), user_inputs=[*PRODUCT, *_own_words(user)])
        if float(estimate["guesses_log10"]) < LEAST_LOG10_GUESSES:
            raise ValidationError(
                _("This password is easy to guess. Use 3 or 4 unrelated words."), code="password_guessable"
            )

    def get_help_text(self) -> str:
        """Return nothing: the field says what to do."""
        return ""


def _beginning(password: str) -> str:
    """Return as much of a password as is estimated within the bound of work."""
    from zxcvbn.matching import L33T_TABLE  # noqa: PLC0415

    spellings = prod(max(1, sum(sign in password for sign in signs)) for signs in L33T_TABLE.values())
    return password[: max(SHORTEST_ESTIMATED, min(LONGEST_ESTIMATED, MOST_READINGS // spellings))]


def _own_words(user: Any) -> list[str]:
    """Return what acquaintances of the user know: the name and the address, whole and in parts."""
    known = [str(getattr(user, name, "") or "") for name in ("name", "email")]
    return [*filter(None, known), *(part for text in known for part in re.findall(r"\w{3,}", text))]
