"""An owner's words in emails to people who do not know us: they must not look like ours or hold a link."""

import re
import unicodedata

from django.utils.translation import gettext as _

from careerplan.core.mail import CONTROL, one_line
from careerplan.site_settings.queries import current_site

LINK = re.compile(r"://|\bwww\.|@|[^\s.]\.[^\W\d_]{2,}|[<>\[\]\\/]")
"""What a mail program could make a link of, or what stands around one."""
MOST_OF_A_NAME = 60


def has_link(text: str) -> bool:
    """Return whether a mail program could make a link of something in the text."""
    return LINK.search(text) is not None


def shown_name(name: str) -> str:
    """Return the owner's name for an email; "Someone" for one with a link, too long, or with the name of the site."""
    name = one_line(name)
    is_ours = _letters(current_site().name) in _letters(name)
    return _("Someone") if not name or has_link(name) or is_ours or len(name) > MOST_OF_A_NAME else name


def _letters(name: str) -> str:
    """Return what the eye reads of a name: without spaces and invisible characters, in one form and case."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one) != "Cf").casefold()


def quoted_line(text: str) -> str:
    """Return the owner's line for an email: one paragraph without control characters; "" for one with a link."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return "" if has_link(line) else line
