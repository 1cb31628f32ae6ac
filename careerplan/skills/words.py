"""Names of skills inside sentences."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_sentence(name: str) -> str:
    """A name in the middle of a sentence: "Managing money" becomes "managing money"; "HTML" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def listed(names: Sequence[str], most: int = 3, *, as_written: Collection[str] = ()) -> str:
    """Names as a list in a sentence, at most so many: "a, b and c", or "a, b, c and 2 more".

    `as_written` are those that somebody made up: they keep their capitals, as "Portuguese" does.
    """
    shown = [name if name in as_written else in_sentence(name) for name in names[:most]]
    rest = len(names) - len(shown)
    if rest:
        shown.append(ngettext("%(n)s more", "%(n)s more", rest) % {"n": rest})
    if len(shown) < 2:
        return "".join(shown)
    return _("%(list)s and %(last)s") % {"list": ", ".join(shown[:-1]), "last": shown[-1]}


def with_article(name: str) -> str:
    """A name with its article inside a sentence: "a ward manager", "an electrician", "an IT manager"."""
    text = in_sentence(name)
    first = text.split(" ", 1)[0]
    if first.isupper():  # spelled out: an H, an S, but a U
        vowel = first[:1] in "AEFHILMNORSX"
    else:
        vowel = text[:1].lower() in "aeio" or (text[:1].lower() == "u" and not text.startswith(("uni", "use")))
    return (_("an %(name)s") if vowel else _("a %(name)s")) % {"name": text}
