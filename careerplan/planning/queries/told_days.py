"""The history of a plan told by the day: what began, ended and moved, each with the person's own reason."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.numbers import format_amount
from careerplan.core.sentences import isolate
from careerplan.goals.models import ActionStep, Change, Goal, StepOccurrence
from careerplan.plans.models import Pause, Plan

MOST_DAYS = 60
"""Days on the page, the newest; the list of every change has all."""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A sentence, and the reason in the person's own words, if they gave one."""

    sentence: str
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What happened on a day."""

    day: date
    changes: list[ToldChange]


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """The days of a month, newest first, and how many steps were finished in it."""

    first: date
    days: list[ToldDay]
    steps_done: int


Told = Iterable[tuple[date, ToldChange]]
tellers: list[Callable[[Plan], Told]] = []
"""What apps above this one tell of a plan, such as comments; each adds its own in `AppConfig.ready`."""


def tell_history(plan: Plan) -> list[ToldMonth]:
    """Return the months of a plan in which something began, ended, moved or was finished, newest first. Four queries,
    and those of `tellers`.

    Steps are counted by the month: their own sentences would hide the reasons.
    """
    by_day: dict[date, list[ToldChange]] = defaultdict(list)
    by_day[plan.started_on].append(ToldChange(_("You started this plan.")))
    goals = list(plan.goals.order_by("created_at", "pk"))
    told = (
        *_told_goals(goals),
        *_told_changes(plan),
        *_told_pauses(plan),
        *(one for tell in tellers for one in tell(plan)),
    )
    for day, change in told:
        by_day[day].append(change)
    days = sorted(by_day, reverse=True)[:MOST_DAYS]
    counts = _steps_by_month(plan)
    months = {month: list(some) for month, some in groupby(days, key=lambda day: day.replace(day=1))}
    shown = {*months, *(month for month in counts if not days or month >= days[-1].replace(day=1))}
    return [
        ToldMonth(month, [ToldDay(day, by_day[day]) for day in months.get(month, [])], counts.get(month, 0))
        for month in sorted(shown, reverse=True)
    ]


def is_within(plan: Plan, day: date) -> bool:
    """Return whether a day belongs to a plan: from its start until it was archived."""
    return plan.started_on <= day and (plan.archived_on is None or day <= plan.archived_on)


def _told_goals(goals: Iterable[Goal]) -> Iterator[tuple[date, ToldChange]]:
    """Yield when goals were added, together if it was on one day, and when each was closed."""
    for day, some in groupby(goals, key=lambda goal: timezone.localdate(goal.created_at)):
        yield day, ToldChange(_added_text([isolate(goal.title) for goal in some]))
    for goal in goals:
        if goal.closed_on:
            yield goal.closed_on, ToldChange(CLOSED[goal.state](isolate(goal.title)), goal.closing_note)


def _added_text(titles: list[str]) -> str:
    if len(titles) == 1:
        return _("You added “%(goal)s”.") % {"goal": titles[0]}
    if len(titles) == 2:
        return _("You added “%(first)s” and “%(second)s”.") % {"first": titles[0], "second": titles[1]}
    return ngettext("You added %(n)s goal.", "You added %(n)s goals.", len(titles)) % {"n": len(titles)}


CLOSED: Mapping[str, Callable[[str], str]] = {
    Goal.State.REACHED: lambda title: _("You reached “%(goal)s”.") % {"goal": title},
    Goal.State.PARTLY: lambda title: _("You partly reached “%(goal)s”.") % {"goal": title},
    Goal.State.LET_GO: lambda title: _("You let go of “%(goal)s”.") % {"goal": title},
}


def _told_changes(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    """Yield dates and targets that the person changed, with the reason; what a pause moved is told by the pause."""
    moved = Change.objects.filter(goal__plan=plan).exclude(reason=Change.Reason.PAUSE)
    for change in moved.select_related("goal").order_by("made_at", "pk"):
        day, own_words = timezone.localdate(change.made_at), change.note or str(change.reason_text)
        yield day, ToldChange(_change_text(change), own_words)


def _change_text(change: Change) -> str:
    words = {"goal": isolate(change.goal.title)}
    if change.value_to is not None:
        words |= {"target": isolate(format_amount(change.value_to, change.goal.unit))}
        return _("You set the target of “%(goal)s” to %(target)s.") % words
    if change.day_to is None:
        return _("You took the stop rule away from “%(goal)s”.") % words
    words["day"] = date_format(change.day_to, "j M Y")
    if change.what == Change.What.STOP_DATE:
        return _("You gave “%(goal)s” until %(day)s.") % words
    return _("You moved “%(goal)s” to %(day)s.") % words


def _told_pauses(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    for pause in Pause.objects.filter(plan=plan).order_by("made_at", "pk"):
        words = {name: date_format(getattr(pause, name), "j M Y") for name in ("starts_on", "ends_on")}
        text = _("You planned a pause from %(starts_on)s to %(ends_on)s.") % words
        yield timezone.localdate(pause.made_at), ToldChange(text, pause.note)


def _steps_by_month(plan: Plan) -> dict[date, int]:
    """Return how many steps were finished in each month, by its first day; of a repeating one each time. One query."""
    once = ActionStep.objects.filter(goal__plan=plan, state=ActionStep.State.DONE, done_at__isnull=False, repeats="")
    done = StepOccurrence.Outcome.DONE
    times = StepOccurrence.objects.filter(step__goal__plan=plan, outcome=done).order_by()
    by_day = once.order_by().annotate(day=TruncDate("done_at")).values_list("day").annotate(count=Count("pk"))
    of_times = times.annotate(day=TruncDate("closed_at")).values_list("day").annotate(count=Count("pk"))
    counts: dict[date, int] = defaultdict(int)
    for day, count in by_day.union(of_times, all=True):
        counts[day.replace(day=1)] += count
    return counts
