"""Forecast of the next emails. It only reads, and takes a fixed number of queries.

What is due on each day is asked by the statement that creates reminders (due.sql). It knows the emails that were sent;
the emails of the coming days are added here, day by day, by the rules of create_due_reminders.sql and
reschedule_unsent_digests.sql. The forecast holds as long as nothing changes and the person stays inactive;
tests/reminders/test_forecast.py compares it with what is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.goals.queries.coming_times import ComingTime, times_on_days
from careerplan.plans.models import Pause
from careerplan.reminders.kinds import UNANSWERED_MOST, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import Digest, RefusedAddress, ReminderSchedule, UserActivity
from careerplan.reminders.queries.delivery_windows import delivery_day, delivery_time, wait_after
from careerplan.reminders.queries.digests import count_unanswered, load_digest_rows, recipient_of, unique_by_target
from careerplan.reminders.queries.due import LONGEST_DAY, DueReminder, due_reminders
from careerplan.reminders.queries.preferences import preferences_of
from careerplan.reminders.texts import ReminderLine
from careerplan.reviews.queries.schedule import reviews_on_days

DAYS_AHEAD = 30


@dataclass(frozen=True)
class UpcomingMail:
    """An email that will be sent, with its reminders, most urgent first."""

    at: datetime
    day: date
    reminders: list[ReminderLine]


@dataclass
class ForecastMail:
    """A digest of one day, as it is stored or as it will be. `lines` are the reminders of a pending one.

    A claimed one is being sent until `claimed_until`; one that `may_be_out` is repeated as it was.
    """

    day: date
    state: str = Digest.State.PENDING
    lines: list[ReminderLine] = field(default_factory=list)
    claimed_until: datetime | None = None
    may_be_out: bool = False
    sent_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.state == Digest.State.PENDING

    @property
    def counts(self) -> bool:
        """Whether it counts for the weekly maximum."""
        return self.state not in (Digest.State.DROPPED, Digest.State.FAILED)

    @property
    def takes_more(self) -> bool:
        """Whether new reminders are added to it."""
        return self.is_pending and self.claimed_until is None and not self.may_be_out


@dataclass(frozen=True)
class Delivery:
    """A coming delivery time, the day whose email it sends, and whether it creates reminders before."""

    at: datetime
    day: date
    is_check: bool


@dataclass(frozen=True)
class ForecastFacts:
    """What the forecast of one person starts from. `mails` are the digests of the last week and all pending ones.

    `earlier` are emails of days that come again, because the person has flown over the date line since.
    """

    deliveries: list[Delivery]
    time_zone: str
    hour: int
    due: list[DueReminder]
    mails: dict[date, ForecastMail]
    earlier: list[ForecastMail]
    paused: frozenset[date]
    weekly_maximum: int
    unanswered: int
    last_sent_at: datetime | None
    times: list[ComingTime] = field(default_factory=list)

    @cached_property
    def _due_on_by_day(self) -> dict[tuple[int, date], date]:
        return {(time.step_id, time.day): time.due_on for time in self.times}

    def is_missed(self, line: ReminderLine, day: date) -> bool:
        """Whether a reminder is about a time of a repeating step that is missed by `day`."""
        return line.step_id is not None and line.due_on < self._due_on_by_day.get((line.step_id, day), line.due_on)


def upcoming(user: User, now: datetime) -> list[UpcomingMail]:
    """Return the emails of the next 30 days; none where we cannot write to the person."""
    facts = load_forecast_facts(user, now)
    return list(simulate_sending(facts)) if facts else []


def next_mail(user: User, now: datetime) -> UpcomingMail | None:
    """Return the next email; None if there is none in the next 30 days."""
    facts = load_forecast_facts(user, now)
    return next(simulate_sending(facts), None) if facts else None


def simulate_sending(facts: ForecastFacts) -> Iterator[UpcomingMail]:
    """Yield the emails that will be sent. Pure."""
    mails = {day: replace(mail, lines=[*mail.lines]) for day, mail in facts.mails.items()}
    told, unanswered, last_sent_at = _Told(), facts.unanswered, facts.last_sent_at
    due_on_day = defaultdict(list)
    for reminder in facts.due:
        for day in reminder.days:
            due_on_day[day].append(reminder)
    for delivery in facts.deliveries:
        day = delivery.day
        if day not in mails and day not in facts.paused:
            _reschedule(mails, delivery, facts)
        if delivery.is_check and day not in facts.paused:
            maximum = 1 if unanswered >= UNANSWERED_MOST else facts.weekly_maximum
            new = [reminder for reminder in due_on_day[day] if not told.includes(reminder, day)]
            is_urgent = any(reminder.is_urgent_on(day) for reminder in new)
            if new and (is_urgent or _count_of_week(mails, facts.earlier, day) < maximum):
                todays = mails.setdefault(day, ForecastMail(day))
                if todays.takes_more:
                    todays.lines += new
                    told.add(new, day)
        mail = mails.get(day)
        if mail is None or not mail.is_pending:
            continue
        at = delivery.at + wait_after(last_sent_at, delivery.at) if mail.lines else delivery.at
        if at != delivery.at and delivery_day(at, facts.time_zone, facts.hour) != day:
            continue  # it becomes the email of the next day
        mail.state = Digest.State.SENT if mail.lines else Digest.State.DROPPED
        if mail.lines:
            unanswered, last_sent_at = unanswered + 1, at
            yield UpcomingMail(at, local_day(at, facts.time_zone), unique_by_target(mail.lines))


def _count_of_week(mails: dict[date, ForecastMail], earlier: list[ForecastMail], day: date) -> int:
    """Count the emails of the six days before a day, and what was sent before the day came again."""
    since = day - timedelta(days=WEEK_DAYS)
    week = [mail for of, mail in mails.items() if since < of < day]
    again = [mail for mail in earlier if since < mail.day <= day]
    return sum(mail.counts for mail in (*week, *again))


def _reschedule(mails: dict[date, ForecastMail], delivery: Delivery, facts: ForecastFacts) -> None:
    """Move what was not sent before into one email of the day, as reschedule_unsent_digests.sql does.

    A time of a repeating step that is missed by then is in no email.
    """
    unsent = [
        mail
        for mail in mails.values()
        if mail.is_pending
        and mail.day < delivery.day
        and (mail.claimed_until is None or mail.claimed_until <= delivery.at)
    ]
    if not unsent:
        return
    newest = max(unsent, key=lambda mail: mail.day)
    lines = [line for mail in unsent for line in mail.lines if not facts.is_missed(line, delivery.day)]
    for mail in unsent:
        mail.state = Digest.State.DROPPED
    del mails[newest.day]
    mails[delivery.day] = ForecastMail(delivery.day, lines=lines, may_be_out=newest.may_be_out)


class _Told:
    """The reminders in the emails of the forecast. What was sent before is known to due.sql, by the same rule."""

    def __init__(self) -> None:
        self._by_target: dict[tuple[int | None, ...], list[tuple[DueReminder, date]]] = defaultdict(list)

    def add(self, reminders: Iterable[DueReminder], day: date) -> None:
        for reminder in reminders:
            self._by_target[reminder.target].append((reminder, day))

    def includes(self, reminder: DueReminder, day: date) -> bool:
        """Whether an email before `day` makes a reminder needless (`due` in due.sql)."""
        return any(
            told.kind in reminder.series and _is_told_by(reminder, day, told, told_on)
            for told, told_on in self._by_target.get(reminder.target, ())
        )


def _is_told_by(reminder: DueReminder, day: date, told: DueReminder, told_on: date) -> bool:
    if reminder.is_once:
        return True
    if reminder.kind == ReminderKind.GOAL_WITHOUT_STEP:
        return told_on > day - timedelta(days=WEEK_DAYS)
    return told.due_on == reminder.due_on and told.lead_days <= reminder.lead_days


@dataclass(frozen=True)
class HeldBack:
    """What becomes due after an email and before the next one, most urgent first. `until` is the day of that one, None
    where none comes within a week.
    """

    until: date | None
    reminders: list[ReminderLine]


def held_back(user: User, now: datetime) -> HeldBack | None:
    """Return what no email will say in the week after the one that is being sent `now`; None if nothing is held back.

    Fourteen queries.
    """
    facts = load_forecast_facts(user, now, days_ahead=WEEK_DAYS, in_pauses=True)
    if facts is None:
        return None
    today = facts.deliveries[0].day
    until = next((mail.day for mail in simulate_sending(facts) if mail.day > today), None)
    gap = [
        delivery.day for delivery in facts.deliveries if today < delivery.day and (not until or delivery.day < until)
    ]
    held = unique_by_target([reminder for reminder in facts.due if not set(gap).isdisjoint(reminder.days)])
    return HeldBack(until, list(held)) if held else None


def load_forecast_facts(
    user: User, now: datetime, *, days_ahead: int | None = None, in_pauses: bool = False
) -> ForecastFacts | None:
    """Load what the forecast starts from; None where we cannot write to the person. Fourteen queries."""
    recipient = recipient_of(user)
    if recipient is None or user.deletion_due_at:
        return None
    if RefusedAddress.objects.for_user(user).filter(address=recipient.address, stopped_at__isnull=False).exists():
        return None
    deliveries = _deliveries(user, now, recipient.hour, days_ahead or DAYS_AHEAD)
    first_day = deliveries[0].day
    digests, dropped = _load_mails(user, first_day - timedelta(days=WEEK_DAYS))
    mails = {mail.day: mail for mail in digests if not _was_sent_before_day(mail, user.time_zone)}
    days = {delivery.day: local_day(delivery.at, user.time_zone) for delivery in deliveries}
    times = times_on_days(user, days)
    return ForecastFacts(
        deliveries=deliveries,
        time_zone=user.time_zone,
        hour=recipient.hour,
        due=due_reminders(user, days, reviews_on_days(user, days), times, dropped, in_pauses=in_pauses),
        mails=mails,
        earlier=[mail for mail in digests if mail is not mails.get(mail.day)],
        paused=_paused_days(user, days),
        weekly_maximum=preferences_of(user).weekly_maximum,
        unanswered=count_unanswered(user, _seen_at(user)),
        last_sent_at=max((mail.sent_at for mail in digests if mail.sent_at), default=None),
        times=times,
    )


def _was_sent_before_day(mail: ForecastMail, time_zone: str) -> bool:
    """Whether an email went out before its day began here: the person had that day elsewhere, and has it again."""
    began_at = delivery_time(mail.day, 0, time_zone)
    return mail.sent_at is not None and began_at - LONGEST_DAY < mail.sent_at < began_at


def _deliveries(user: User, now: datetime, hour: int, days_ahead: int) -> list[Delivery]:
    """Return the coming delivery times, and `now` where today's has passed. Today may have been checked already."""
    today = local_day(now, user.time_zone)
    days = (today + timedelta(days=n) for n in range(days_ahead + 1))
    coming = [at for day in days if (at := delivery_time(day, hour, user.time_zone)) > now]
    is_checked = not ReminderSchedule.objects.filter(user=user, next_check_at__lte=now).exists()
    return [
        Delivery(at, day, is_check=at > now or not is_checked)
        for at in (now, *coming)
        if (day := delivery_day(at, user.time_zone, hour))
    ]


def _load_mails(user: User, since: date) -> tuple[list[ForecastMail], list[int]]:
    """Return the digests after a day and all pending ones, and the ids of those that will be dropped.

    A pending digest without a valid reminder is dropped as soon as it is read. Two queries.
    """
    all_digests = Digest.objects.for_user(user)
    digests = list((all_digests.filter(local_date__gt=since) | all_digests.pending()).order_by("occurrence"))
    lines = defaultdict(list)
    for row in load_digest_rows([digest.pk for digest in digests if digest.state == Digest.State.PENDING]):
        if row.is_valid:
            lines[row.digest_id].append(row)
    mails = [
        ForecastMail(
            digest.local_date,
            digest.state,
            list(lines[digest.pk]),
            digest.not_before if digest.claim_token else None,
            digest.uncertain_attempts > 0 or digest.attempt_started_at is not None,
            digest.sent_at,
        )
        for digest in digests
    ]
    dropped = [digest.pk for digest in digests if digest.state == Digest.State.PENDING and not lines[digest.pk]]
    return mails, dropped


def _paused_days(user: User, days: Iterable[date]) -> frozenset[date]:
    pauses = list(Pause.objects.for_user(user).of_active_plans().filter(ends_on__gte=min(days)))
    return frozenset(day for day in days if any(pause.starts_on <= day <= pause.ends_on for pause in pauses))


def _seen_at(user: User) -> datetime:
    seen_at = UserActivity.objects.filter(user=user).values_list("seen_at", flat=True).first()
    return seen_at or user.date_joined
