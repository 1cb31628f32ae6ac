"""What the pages of opportunities say in sentences. Pure: rows come in as figures."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import SOON_DAYS
from careerplan.core.numbers import as_sentence, number_words
from careerplan.opportunities.queries import OpportunityList, Weighed


def list_lead(found: OpportunityList, today: date) -> str:
    """How many are open, and when the first closes."""
    first = _("Posts, projects and courses that could take you further.")
    count = len(found.open)
    if not count:
        return first
    words = ngettext("%(n)s is open", "%(n)s are open", count) % {"n": as_sentence(number_words(count))}
    days = [row.opportunity.closes_on for row in found.open]
    coming = min((day for day in days if day and day >= today), default=None)
    if coming is None:
        return f"{first} {words}."
    return f"{first} " + _("%(open)s; the first closes %(when)s.") % {"open": words, "when": _when(coming, today)}


def _when(day: date, today: date) -> str:
    away = (day - today).days
    if away <= 1:
        return _("tomorrow") if away else _("today")
    return _("on %(day)s") % {"day": date_format(day, "l" if away < SOON_DAYS else "j M Y")}


def compare_lead(rows: Sequence[Weighed]) -> str:
    """Which one fits the skills best, and which serves the most goals; nothing where two are alike."""
    said = []
    best = closest(rows)
    most = _only_best(rows, [len(row.served) for row in rows])
    if best is not None and best is most:
        return _("“%(title)s” fits your skills best today, and serves the most goals.") % {
            "title": best.opportunity.title
        }
    if best is not None:
        said.append(_("“%(title)s” fits your skills best today.") % {"title": best.opportunity.title})
    if most is not None:
        said.append(_("“%(title)s” serves the most goals.") % {"title": most.opportunity.title})
    return " ".join(said)


def closest(rows: Sequence[Weighed]) -> Weighed | None:
    """The one that fits the skills best, if it is only one."""
    return _only_best(rows, [row.match.about or 0 for row in rows])


def _only_best(rows: Sequence[Weighed], figures: Sequence[int]) -> Weighed | None:
    best = max(figures, default=0)
    if not best or figures.count(best) > 1:
        return None
    return rows[figures.index(best)]


def side_by_side(count: int) -> str:
    """The heading of the comparison."""
    return _("%(n)s opportunities side by side") % {"n": as_sentence(number_words(count))}
