"""Texts of the opportunity pages."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import SOON_DAYS
from careerplan.core.sentences import join_list, join_sentences
from careerplan.opportunities.queries.opportunity_list import OpportunityList
from careerplan.opportunities.queries.weighing import MatchComparison, WeighedOpportunity
from careerplan.reading.language import ENGLISH, NAMES
from careerplan.skills.texts import list_names


def unread_language(language: str) -> str:
    """Return what to say of an advert in a language that we do not read; blank for English and where it is unclear."""
    if language in {"", ENGLISH}:
        return ""
    if language not in NAMES:
        return _("We read adverts in English only. Choose the skills yourself.")
    words = _("This looks like %(language)s. We read adverts in English only. Choose the skills yourself.")
    return words % {"language": NAMES[language]}


def no_room_in_summary(facts: Sequence[str]) -> str:
    """Return that the summary has no room for facts that were ticked."""
    return _("Not added, because the summary is full: %(facts)s.") % {"facts": join_list(facts)}


def list_lead(found: OpportunityList, today: date) -> str:
    """Return how many opportunities are open, and the next closing date."""
    lead = _("Jobs, projects and courses that could take you further.")
    count = len(found.open)
    if not count:
        return lead
    total = ngettext("You have %(n)s open opportunity.", "You have %(n)s open opportunities.", count) % {"n": count}
    days = [row.opportunity.closes_on for row in found.open]
    coming = min((day for day in days if day and day >= today), default=None)
    closed = sum(bool(row.opportunity.closes_on and row.opportunity.closes_on < today) for row in found.considering)
    return join_sentences(
        lead, total, _past_closing(closed) if closed else "", "" if coming is None else _next_closing(coming, today)
    )


def _past_closing(count: int) -> str:
    words = ngettext(
        "%(n)s of them has closed. Pursue or decline it.",
        "%(n)s of them have closed. Pursue or decline them.",
        count,
    )
    return words % {"n": count}


def _next_closing(day: date, today: date) -> str:
    away = (day - today).days
    if away == 0:
        return _("The next closing date is today.")
    if away == 1:
        return _("The next closing date is tomorrow.")
    return _("The next closing date is %(day)s.") % {"day": date_format(day, "D j M" if away < SOON_DAYS else "j M Y")}


def compare_heading(count: int) -> str:
    """Return the heading of the comparison."""
    return ngettext("Compare %(n)s opportunity", "Compare %(n)s opportunities", count) % {"n": count}


def compare_lead(rows: Sequence[WeighedOpportunity], matches: MatchComparison) -> str:
    """Return which opportunities match the user's skills best and which helps most goals; blank if none leads.

    Nothing leads against an unknown: then the text says how much is missing.
    """
    most = _most_helpful(rows)
    if most is not None and matches.best == [most]:
        text = _("“%(title)s” is the best match for your skills today and helps the most goals.")
        return text % {"title": most.opportunity.title}
    helps = _("“%(title)s” helps the most goals.") % {"title": most.opportunity.title} if most else ""
    return join_sentences(_best_matches(matches), helps, _missing_answers(rows))


def _missing_answers(rows: Sequence[WeighedOpportunity]) -> str:
    asks_about_goals = any(row.effects for row in rows)  # there are goals, and one of the opportunities says so
    count = sum(row.unanswered + (asks_about_goals and not row.effects) for row in rows)
    text = ngettext(
        "%(n)s answer is missing. Add it before you decide.",
        "%(n)s answers are missing. Add them before you decide.",
        count,
    )
    return text % {"n": count} if count else ""


def _best_matches(matches: MatchComparison) -> str:
    if matches.unrated:
        count = len(matches.unrated)
        text = ngettext("Rate %(n)s skill to compare matches.", "Rate %(n)s skills to compare matches.", count)
        return text % {"n": count}
    titles = [row.opportunity.title for row in matches.best]
    if len(titles) == 1:
        return _("“%(title)s” is the best match for your skills today.") % {"title": titles[0]}
    return _("Your skills match these equally well: %(titles)s.") % {"titles": list_names(titles)} if titles else ""


def _most_helpful(rows: Sequence[WeighedOpportunity]) -> WeighedOpportunity | None:
    """Return the opportunity that helps the most goals; None if two lead, or if one says nothing about goals."""
    if not all(row.effects for row in rows):
        return None
    counts = [len(row.helped_goals) for row in rows]
    best = max(counts, default=0)
    return rows[counts.index(best)] if best and counts.count(best) == 1 else None
