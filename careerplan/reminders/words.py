"""What a reminder says: one place for the e-mail, the notices and the lists of what comes and what was sent."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import SOON_DAYS, relative_day
from careerplan.reminders.models import Reminder, ReminderKind


@dataclass(frozen=True)
class Words:
    """A reminder in words.

    `mark` and `mark_kind` ("late", "soon" or "") lead it in the mail; `when` is its full date; `says` goes on after
    the title in a list: "due tomorrow", "8 days late". `action` is what the link to `path` does.
    """

    mark: str
    mark_kind: str
    when: str
    title: str
    what: str
    says: str
    action: str
    path: str


def words_of(reminder: Reminder, today: date) -> Words:
    """The words of a reminder, with what it is about loaded, seen from the reader's today."""
    if reminder.kind in {ReminderKind.GOAL_DUE, ReminderKind.STEP_DUE, ReminderKind.OVERDUE}:
        return _of_date(reminder, today)
    return _of_question(reminder, today)


def mark_of(due_on: date, today: date) -> str:
    """How near a date is, as a mark: "Late by 8 days", "Today", "Tomorrow", "In 7 days"."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", -days) % {"n": -days}
    if days == 0:
        return _("Today")
    return _("Tomorrow") if days == 1 else _("In %(n)s days") % {"n": days}


def _of_date(reminder: Reminder, today: date) -> Words:
    days = (reminder.due_on - today).days
    day = date_format(reminder.due_on, "D j M Y")
    near = relative_day(reminder.due_on, today)
    return Words(
        mark=mark_of(reminder.due_on, today),
        mark_kind="late" if days < 0 else "soon" if days <= SOON_DAYS else "",
        when=_("was due %(day)s") % {"day": day} if days < 0 else day,
        title=_title(reminder),
        what=_about_goal(reminder),
        says=near if days < 0 else _("due %(when)s") % {"when": near},
        action=_("Open the step") if reminder.step_id else _("Open the goal"),
        path=_path(reminder),
    )


def _of_question(reminder: Reminder, today: date) -> Words:
    says, action = {
        ReminderKind.STOP_RULE: (_("stop or go on?"), _("Open the goal")),
        ReminderKind.GOAL_WITHOUT_STEP: (_("no next step"), _("Open the goal")),
        ReminderKind.STEP_UNRATED: (_("not rated yet"), _("Rate it")),
        ReminderKind.ASSESSMENT_LEFT: (_("left half done"), _("Go on with it")),
    }[ReminderKind(reminder.kind)]
    return Words(
        mark=says[:1].upper() + says[1:],
        mark_kind="soon" if reminder.kind == ReminderKind.STOP_RULE else "",
        when=_since(reminder),
        title=_title(reminder),
        what=_about_goal(reminder),
        says=says,
        action=action,
        path=_path(reminder),
    )


def _since(reminder: Reminder) -> str:
    day = {"day": date_format(reminder.due_on, "D j M Y")}
    if reminder.kind == ReminderKind.STEP_UNRATED:
        return _("done %(day)s") % day
    if reminder.kind == ReminderKind.ASSESSMENT_LEFT:
        return _("last touched %(day)s") % day
    return day["day"]


def _title(reminder: Reminder) -> str:
    if reminder.step:
        return reminder.step.title
    return reminder.goal.title if reminder.goal else _("Your assessment")


def _about_goal(reminder: Reminder) -> str:
    if reminder.goal is None:
        return _("Your answers are kept; it goes on where you stopped.")
    if reminder.kind == ReminderKind.STOP_RULE:
        return _("You wanted to drop it unless: %(words)s") % {"words": reminder.goal.stop_unless}
    if reminder.step is None:
        return _("This is the goal itself.")
    return _("Goal: %(title)s") % {"title": reminder.goal.title}


def _path(reminder: Reminder) -> str:
    if reminder.goal is None:
        return reverse("skills:continue")
    return reminder.goal.get_absolute_url() + (f"#step-{reminder.step_id}" if reminder.step_id else "")
