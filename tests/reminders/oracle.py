"""The reminders that are due, worked out in plain Python from docs/reminders.md. Imports nothing of the application.

It walks over instants: each lead has one, the person's hour on its day, by RFC 5545 3.3.5; a mail goes out between
the instant of a day's hour and the end of the local day in which it falls.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
OVERDUE = (-1, -8, -15)


@dataclass
class Item:
    """A goal (`step_of` None) or a step. `done_at` is for steps only, `stop_on` for goals."""

    due_on: date
    set_at: datetime
    is_step: bool = False
    leads: tuple[int, ...] | None = None
    is_muted: bool = False
    done_at: datetime | None = None
    is_rated: bool = False
    stop_on: date | None = None


@dataclass
class OpportunityCase:
    """An opportunity: perhaps with a closing date and when that was set, perhaps decided on, looked back on or won."""

    closes_on: date | None
    set_at: datetime
    state: str = "considering"
    decided_at: datetime | None = None
    is_looked_back_on: bool = False


@dataclass
class Person:
    """A person with a goal and a step; perhaps an assessment abandoned at `left_at`, an opportunity, a pause."""

    zone: str
    hour: int
    goal: Item
    step: Item
    goal_leads: tuple[int, ...] = (30, 7, 1, 0)
    step_leads: tuple[int, ...] = (7, 1, 0)
    opportunity_leads: tuple[int, ...] = (7, 2, 0)
    muted: frozenset[str] = frozenset()
    left_at: datetime | None = None
    pause: tuple[date, date] | None = None
    opportunity: OpportunityCase | None = None
    sent: set[tuple[str, str, date, int]] = field(default_factory=set)


def instant(day: date, hour: int, zone: str) -> datetime:
    """The first moment at which a clock in the zone shows the hour; where it never does, by the offset before."""
    wanted = datetime.combine(day, time(hour))
    as_utc = wanted.replace(tzinfo=UTC)
    before, after = ((as_utc + shift).astimezone(ZoneInfo(zone)).utcoffset() for shift in (-DAY, DAY))
    for offset in (before, after):
        if (as_utc - offset).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted:
            return as_utc - offset
    return as_utc - before


def local(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall shows."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def delivery_day(as_of: datetime, hour: int, zone: str) -> date | None:
    """The day whose mail may go out."""
    today = local(as_of, zone).date()
    for day in (today, today - DAY):
        came = instant(day, hour, zone)
        if came <= as_of and local(came, zone).date() == today:
            return day
    return None


def due_reminders(person: Person, as_of: datetime) -> set[tuple[str, str, date, int]]:
    """All reminders to be mailed at `as_of` to someone who had none: (kind, target, date, lead)."""
    day = delivery_day(as_of, person.hour, person.zone)
    if day is None or (person.pause and person.pause[0] <= day <= person.pause[1]):
        return set()
    found: set[tuple[str, str, date, int]] = set()
    if not person.goal.is_muted:
        found |= _of_goal(person, day)
    if person.left_at:
        found |= _last(
            person, "draft", local(person.left_at, person.zone).date(), [("assessment_abandoned", (-3,))], day
        )
    if person.opportunity:
        found |= _of_opportunity(person, person.opportunity, day)
    return found


def _of_opportunity(person: Person, opportunity: OpportunityCase, day: date) -> set[tuple[str, str, date, int]]:
    """Its closing date while it is open; its outcome ninety days after a decision."""
    found: set[tuple[str, str, date, int]] = set()
    if opportunity.closes_on and opportunity.closes_on >= day and opportunity.state in ("considering", "pursuing"):
        series = [("opportunity_closing", person.opportunity_leads)]
        found |= _last(person, "opportunity", opportunity.closes_on, series, day, opportunity.set_at)
    if opportunity.decided_at and not opportunity.is_looked_back_on:
        decided_on = local(opportunity.decided_at, person.zone).date()
        found |= _last(person, "opportunity", decided_on, [("opportunity_outcome_review", (-90,))], day)
    return found


def _of_goal(person: Person, day: date) -> set[tuple[str, str, date, int]]:
    goal, step = person.goal, person.step
    leads = person.goal_leads if goal.leads is None else goal.leads
    found = _last(person, "goal", goal.due_on, [("goal_due", leads), ("overdue", OVERDUE)], day, goal.set_at)
    if goal.stop_on:
        found |= _last(person, "goal", goal.stop_on, [("stop_rule", (0,))], day)
    if step.done_at is None:
        series = [("step_due", person.step_leads), ("overdue", OVERDUE)]
        return found | _last(person, "step", step.due_on, series, day, step.set_at)
    done_on = local(step.done_at, person.zone).date()
    if not step.is_rated:
        found |= _last(person, "step", done_on, [("step_unrated", (-2,))], day)
    if max(done_on, local(goal.set_at, person.zone).date()) < day and "goal_without_step" not in person.muted:
        found.add(("goal_without_step", "goal", day, 0))
    return found


def _last(
    person: Person,
    subject: str,
    about: date,
    series: list[tuple[str, tuple[int, ...]]],
    day: date,
    set_at: datetime | None = None,
) -> set[tuple[str, str, date, int]]:
    """Walk forward to `day`; only the last reminder counts, and only if the date was set before it."""
    last: tuple[str, int] | None = None
    walk = about - timedelta(days=40)
    while walk <= day:
        for kind, leads in series:
            if kind not in person.muted and (about - walk).days in leads:
                last = kind, (about - walk).days
        walk += DAY
    if last is None:
        return set()
    kind, lead = last
    hour_of_it = datetime.combine(about - timedelta(days=lead), time(person.hour))
    if set_at and local(set_at, person.zone) >= hour_of_it:
        return set()
    return {(kind, subject, about, lead)}
