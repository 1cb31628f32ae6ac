"""Texts about progress. Pure: no rows, only numbers."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from careerplan.core.numbers import format_amount, format_number
from careerplan.core.sentences import join_sentences
from careerplan.goals.models import Goal
from careerplan.goals.pace import Forecast, MeasureRange, Outlook, Pace
from careerplan.goals.queries.workload import Overload

DAYS_OF_MONTH = Decimal("30.44")  # mean length of a month in the Gregorian calendar


def progress_text(value: Decimal, measure_range: MeasureRange, unit: str) -> str:
    """Return the current number: "35 of 100 people"; for a falling number "12 errors, target 5"."""
    if measure_range.is_rising:
        words = {"value": format_number(value), "target": format_amount(measure_range.target, unit)}
        return _("%(value)s of %(target)s") % words
    words = {"value": format_amount(value, unit), "target": format_number(measure_range.target)}
    return _("%(value)s, target %(target)s") % words


def pace_text(state: Pace) -> str:
    """Return the pace of an active goal: "A little behind"."""
    return {
        Pace.ON_TRACK: _("On track"),
        Pace.SLIPPING: _("A little behind"),
        Pace.BEHIND: _("Behind"),
        Pace.REACHED: _("At the target"),
    }[state]


def share_text(done: int, gone: int) -> tuple[str, str]:
    """Return the texts of a pace bar, in per cent: "29% done", "65% of the time used"."""
    return _("%(done)s%% done") % {"done": done}, _("%(gone)s%% of the time used") % {"gone": gone}


def steps_text(done: int, counted: int) -> str:
    """Return the progress of a yes/no goal: "2 of 5 steps done"."""
    words = ngettext("%(done)s of %(all)s step done", "%(done)s of %(all)s steps done", counted)
    return words % {"done": done, "all": counted}


def forecast_text(found: Forecast, measure_range: MeasureRange) -> str:
    """Return when the target will be reached and the entries this is based on, or why there is no forecast."""
    if found.outlook is Outlook.TOO_FEW:
        return _("Record progress on 2 days to see when you will reach the target.")
    if found.newest is None or found.outlook is Outlook.REACHED:
        return ""
    basis = _("This is based on %(start)s on %(first)s and %(value)s on %(last)s.") % {
        "start": format_number(measure_range.start),
        "first": date_format(measure_range.starts_on, "j M Y"),
        "value": format_number(found.newest.value),
        "last": date_format(found.newest.measured_on, "j M Y"),
    }
    return join_sentences(_outlook_text(found, measure_range), basis)


def _outlook_text(found: Forecast, measure_range: MeasureRange) -> str:
    if found.on is None:
        return {
            Outlook.STILL: _("No forecast yet: the number is the same as at the start."),
            Outlook.AWAY: _("No forecast: the number has moved away from the target."),
        }.get(found.outlook, _("At this pace you will not reach the target within 10 years."))
    day = date_format(found.on, "j M Y")
    if found.outlook is Outlook.STALE:
        return _("At this pace you would have reached the target on %(day)s. What is the number now?") % {"day": day}
    words = _("At this pace you will reach the target on %(day)s.") % {"day": day}
    return join_sentences(words, due_date_distance(found.on, measure_range.due_on))


AFTER_DUE_DATE = {
    "days": ngettext_lazy(
        "The forecast is %(n)s day after the due date.", "The forecast is %(n)s days after the due date.", "n"
    ),
    "weeks": ngettext_lazy(
        "The forecast is %(n)s week after the due date.", "The forecast is %(n)s weeks after the due date.", "n"
    ),
    "months": ngettext_lazy(
        "The forecast is %(n)s month after the due date.", "The forecast is %(n)s months after the due date.", "n"
    ),
    "years": ngettext_lazy(
        "The forecast is %(n)s year after the due date.", "The forecast is %(n)s years after the due date.", "n"
    ),
}
BEFORE_DUE_DATE = {
    "days": ngettext_lazy(
        "The forecast is %(n)s day before the due date.", "The forecast is %(n)s days before the due date.", "n"
    ),
    "weeks": ngettext_lazy(
        "The forecast is %(n)s week before the due date.", "The forecast is %(n)s weeks before the due date.", "n"
    ),
    "months": ngettext_lazy(
        "The forecast is %(n)s month before the due date.", "The forecast is %(n)s months before the due date.", "n"
    ),
    "years": ngettext_lazy(
        "The forecast is %(n)s year before the due date.", "The forecast is %(n)s years before the due date.", "n"
    ),
}


def due_date_distance(day: date, due_on: date) -> str:
    """Return how far a date is from the due date: "The forecast is 10 weeks after the due date."."""
    days = (day - due_on).days
    if not days:
        return _("The forecast is exactly the due date.")
    unit, count = _span(abs(days))
    return str((AFTER_DUE_DATE if days > 0 else BEFORE_DUE_DATE)[unit] % {"n": count})


def _span(days: int) -> tuple[str, int]:
    """Return a number of days as a unit and a count."""
    months = round(days / DAYS_OF_MONTH)
    if days < 14:
        return "days", days
    if days < 84:  # up to 12 weeks
        return "weeks", round(days / 7)
    return ("months", months) if months < 24 else ("years", round(months / 12))


def lead_text(count: int, states: dict[Pace, int], closed: dict[str, int]) -> str:
    """Return the line above the goals: "5 open goals. 3 are on track. 2 are behind. 1 is reached."

    `count` open goals, `states` counts them by pace, `closed` closed ones by state. "" without open goals.
    """
    if not count:
        return ""
    behind = states.get(Pace.SLIPPING, 0) + states.get(Pace.BEHIND, 0)
    found = [
        (count, ngettext("%(n)s open goal.", "%(n)s open goals.", count)),
        *_pace_sentences(states.get(Pace.ON_TRACK, 0), behind, states.get(Pace.REACHED, 0)),
        *_closed_sentences(closed),
    ]
    return join_sentences(*(words % {"n": n} for n, words in found if n))


def _pace_sentences(on_track: int, behind: int, at_target: int) -> list[tuple[int, str]]:
    return [
        (on_track, ngettext("%(n)s is on track.", "%(n)s are on track.", on_track)),
        (behind, ngettext("%(n)s is behind.", "%(n)s are behind.", behind)),
        (at_target, ngettext("%(n)s is at the target.", "%(n)s are at the target.", at_target)),
    ]


def _closed_sentences(closed: dict[str, int]) -> list[tuple[int, str]]:
    reached, partly, let_go = (closed.get(state, 0) for state in ("reached", "partly", "let_go"))
    return [
        (reached, ngettext("%(n)s is reached.", "%(n)s are reached.", reached)),
        (partly, ngettext("%(n)s is partly reached.", "%(n)s are partly reached.", partly)),
        (let_go, ngettext("%(n)s was let go.", "%(n)s were let go.", let_go)),
    ]


def workload_question(overfull: Overload, *, asks: bool = True) -> str:
    """Return the question about an overloaded week; without `asks` only the statement."""
    known = {
        "week": date_format(overfull.week, "j M"),
        "hours": format_number(overfull.hours),
        "limit": format_number(overfull.limit),
    }
    more = ngettext(
        "%(n)s more week would need too many hours.", "%(n)s more weeks would need too many hours.", overfull.more
    )
    return join_sentences(
        _("The week of %(week)s would need %(hours)s hours. You have %(limit)s.") % known,
        more % {"n": overfull.more} if overfull.more else "",
        _("Save it anyway?") if asks else "",
    )


def stop_rule_text(goal: Goal) -> str:
    """Return the stop rule in the user's words; blank if there is none."""
    if goal.stop_on is None:
        return ""
    words = {"day": date_format(goal.stop_on, "j M Y"), "condition": goal.stop_condition}
    return _("I will stop on %(day)s unless: %(condition)s") % words


def way_text(days_taken: int, days_early: int) -> str:
    """Say how long a goal took and how that compares with its due date: "Finished 52 days early. It took 165 days."."""
    if days_early > 0:
        early = ngettext("Finished %(n)s day early.", "Finished %(n)s days early.", days_early) % {"n": days_early}
    elif days_early < 0:
        early = ngettext("Finished %(n)s day late.", "Finished %(n)s days late.", -days_early) % {"n": -days_early}
    else:
        early = _("Finished on its due date.")
    taken = ngettext("It took %(n)s day.", "It took %(n)s days.", days_taken) % {"n": days_taken}
    return join_sentences(early, taken)
