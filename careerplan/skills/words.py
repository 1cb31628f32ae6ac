"""Names of skills inside sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_sentence(name: str) -> str:
    """A name in the middle of a sentence: "Managing money" becomes "managing money"; "HTML" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names as a list in a sentence, at most so many: "a, b and c", or "a, b, c and 2 more"."""
    shown = [in_sentence(name) for name in names[:most]]
    rest = len(names) - len(shown)
    if rest:
        shown.append(ngettext("%(n)s more", "%(n)s more", rest) % {"n": rest})
    if len(shown) < 2:
        return "".join(shown)
    return _("%(list)s and %(last)s") % {"list": ", ".join(shown[:-1]), "last": shown[-1]}
