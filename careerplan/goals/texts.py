"""What the pages say of progress, in words. Pure: rows come in as figures."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.numbers import as_sentence, format_number, number_words
from careerplan.goals.models import Goal
from careerplan.goals.pace import Forecast, MeasureRange, Outlook, Pace
from careerplan.goals.queries.workload import Overload

DAYS_OF_MONTH = Decimal("30.44")  # mean length of a month in the Gregorian calendar


def progress_text(value: Decimal, measure_range: MeasureRange, unit: str) -> str:
    """Where a number is: "35 of 100 people"; falling, where "of" would mislead: "12 errors, target 5"."""
    words = {"value": format_number(value), "target": format_number(measure_range.target), "unit": unit}
    if measure_range.is_rising:
        return _("%(value)s of %(target)s %(unit)s") % words
    return _("%(value)s %(unit)s, target %(target)s") % words


def pace_text(state: Pace) -> str:
    """How an active goal stands to its time: "A little behind"."""
    return {
        Pace.ON_TRACK: _("On track"),
        Pace.SLIPPING: _("A little behind"),
        Pace.BEHIND: _("Behind"),
        Pace.REACHED: _("At the target"),
    }[state]


def share_text(done: int, gone: int) -> tuple[str, str]:
    """The two sides of a pace bar, in per cent: "29% done", "65% of the time gone"."""
    return _("%(done)s%% done") % {"done": done}, _("%(gone)s%% of the time gone") % {"gone": gone}


def steps_text(done: int, counted: int) -> str:
    """Where a yes/no goal is: "Not yet; 2 of 5 steps done"."""
    words = ngettext("%(done)s of %(all)s step done", "%(done)s of %(all)s steps done", counted)
    return _("Not yet; %(steps)s") % {"steps": words % {"done": done, "all": counted}}


def forecast_text(found: Forecast, measure_range: MeasureRange) -> str:
    """The outlook as a sentence; it says from which readings, and what is missing where nothing can be said."""
    if found.outlook is Outlook.TOO_FEW:
        return _("Once it is recorded on two days, this says when you will be there at this pace.")
    if found.newest is None or found.outlook is Outlook.REACHED:
        return ""
    since = _("from %(start)s on %(first)s to %(value)s on %(last)s") % {
        "start": format_number(measure_range.start),
        "first": date_format(measure_range.starts_on, "j M Y"),
        "value": format_number(found.newest.value),
        "last": date_format(found.newest.read_on, "j M Y"),
    }
    if found.on is None:
        return {
            Outlook.STILL: _("No forecast: it is where it began (%(since)s)."),
            Outlook.AWAY: _("No forecast: it has moved away from the target (%(since)s)."),
        }.get(found.outlook, _("Not within ten years at the pace so far (%(since)s).")) % {"since": since}
    day = date_format(found.on, "j M Y")
    if found.outlook is Outlook.STALE:
        words = _("At the pace so far (%(since)s) it would have been there on %(day)s. Where is it now?")
        return words % {"since": since, "day": day}
    after = due_date_distance(found.on, measure_range.due_on)
    return _("At the pace so far (%(since)s): %(day)s, %(after)s.") % {"since": since, "day": day, "after": after}


def due_date_distance(day: date, due_on: date) -> str:
    """How a day lies to the due date: "ten weeks after the due date"."""
    days = (day - due_on).days
    if not days:
        return _("on the due date")
    span = _span(abs(days))
    words = _("%(span)s after the due date") if days > 0 else _("%(span)s before the due date")
    return words % {"span": span}


def _span(days: int) -> str:
    months = round(days / DAYS_OF_MONTH)
    if days < 14:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": number_words(days)}
    if days < 84:  # to a dozen weeks
        return _("%(n)s weeks") % {"n": number_words(round(days / 7))}
    if months < 24:
        return _("%(n)s months") % {"n": number_words(months)}
    return _("%(n)s years") % {"n": number_words(round(months / 12))}


def lead_words(states: dict[Pace, int], closed: dict[str, int]) -> str:
    """The sentence above the goals: "Five are open: three on track, two behind. One is reached."

    `states` counts open goals by pace, `closed` closed ones by state. "" where no goal is open.
    """
    count = sum(states.values())
    behind = states.get(Pace.SLIPPING, 0) + states.get(Pace.BEHIND, 0)
    parts = [
        (states.get(Pace.ON_TRACK, 0), _("on track")),
        (behind, _("behind")),
        (states.get(Pace.REACHED, 0), _("at the target")),
    ]
    found = [(n, words) for n, words in parts if n]
    if not count:
        return ""
    if count == 1:
        opening = _("One is open and %(state)s.") % {"state": found[0][1]}
    elif len(found) == 1:
        opening = _("%(n)s are open, all %(state)s.") % {"n": as_sentence(number_words(count)), "state": found[0][1]}
    else:
        listed = ", ".join(f"{number_words(n)} {words}" for n, words in found)
        opening = _("%(n)s are open: %(listed)s.") % {"n": as_sentence(number_words(count)), "listed": listed}
    return f"{opening} {closed_text(closed)}".strip()


def closed_text(closed: dict[str, int]) -> str:
    """How many goals are closed, and how: "One is reached, two were let go."."""
    found = []
    for state, one, many in (
        ("achieved", _("%(n)s is reached"), _("%(n)s are reached")),
        ("partly", _("%(n)s is partly reached"), _("%(n)s are partly reached")),
        ("let_go", _("%(n)s was let go"), _("%(n)s were let go")),
    ):
        if count := closed.get(state, 0):
            found.append((one if count == 1 else many) % {"n": number_words(count)})
    text = ", ".join(found)
    return f"{as_sentence(text)}." if text else ""


def workload_question(overfull: Overload, *, asks: bool = True) -> str:
    """The question (or, unless it `asks`, only what is so), with the week and the figures."""
    known = {
        "week": date_format(overfull.week, "j M"),
        "hours": format_number(overfull.hours),
        "limit": format_number(overfull.limit),
    }
    text = _("The week of %(week)s would hold %(hours)s of your %(limit)s hours.") % known
    if overfull.more:
        more = ngettext("%(n)s more week would be overfull.", "%(n)s more weeks would be overfull.", overfull.more)
        text = f"{text} {more % {'n': overfull.more}}"
    return f"{text} {_('Save it all the same?')}" if asks else text


def stop_rule_text(goal: Goal) -> str:
    """The stop rule in the person's words; blank where there is none."""
    if goal.stop_on is None:
        return ""
    words = {"day": date_format(goal.stop_on, "j M Y"), "condition": goal.stop_condition}
    return _("I will stop on %(day)s unless: %(condition)s") % words
