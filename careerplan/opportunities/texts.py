"""Texts of the opportunity pages."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import SOON_DAYS
from careerplan.opportunities.queries.opportunity_list import OpportunityList
from careerplan.opportunities.queries.weighing import WeighedOpportunity


def list_lead(found: OpportunityList, today: date) -> str:
    """Return how many opportunities are open, and the next closing date."""
    lead = _("Jobs, projects and courses that could take you further.")
    count = len(found.open)
    if not count:
        return lead
    total = ngettext("You have %(n)s open opportunity.", "You have %(n)s open opportunities.", count) % {"n": count}
    days = [row.opportunity.closes_on for row in found.open]
    coming = min((day for day in days if day and day >= today), default=None)
    return f"{lead} {total}" if coming is None else f"{lead} {total} {_next_closing(coming, today)}"


def _next_closing(day: date, today: date) -> str:
    away = (day - today).days
    if away == 0:
        return _("The next closing date is today.")
    if away == 1:
        return _("The next closing date is tomorrow.")
    return _("The next closing date is %(day)s.") % {"day": date_format(day, "D j M" if away < SOON_DAYS else "j M Y")}


def compare_heading(count: int) -> str:
    """Return the heading of the comparison."""
    return ngettext("Comparing %(n)s opportunity", "Comparing %(n)s opportunities", count) % {"n": count}


def compare_lead(rows: Sequence[WeighedOpportunity]) -> str:
    """Return which opportunity matches the user's skills best and which helps most goals; "" if none leads."""
    best = best_match(rows)
    most = _single_best(rows, [len(row.helped_goals) for row in rows])
    if best is not None and best is most:
        return _("“%(title)s” is the best match for your skills today and helps the most goals.") % {
            "title": best.opportunity.title
        }
    texts = []
    if best is not None:
        texts.append(
            _("“%(title)s” is the best match for your skills today.") % {"title": best.opportunity.title},
        )
    if most is not None:
        texts.append(_("“%(title)s” helps the most goals.") % {"title": most.opportunity.title})
    return " ".join(texts)


def best_match(rows: Sequence[WeighedOpportunity]) -> WeighedOpportunity | None:
    """Return the opportunity with the best match; None if two lead."""
    return _single_best(rows, [row.match.rounded_percent or 0 for row in rows])


def _single_best(rows: Sequence[WeighedOpportunity], numbers: Sequence[int]) -> WeighedOpportunity | None:
    best = max(numbers, default=0)
    if not best or numbers.count(best) > 1:
        return None
    return rows[numbers.index(best)]
