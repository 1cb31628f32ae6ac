"""Texts of reminders for emails, notifications and the lists of upcoming and sent emails."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from careerplan.core.dates import SOON_DAYS, relative_day
from careerplan.core.sentences import isolate_turned
from careerplan.reminders.kinds import DUE_SERIES, ReminderKind
from careerplan.reminders.queries.digests import ReminderTarget


@dataclass(slots=True)
class ReminderText:
    """Texts of a reminder.

    `mark` and `mark_kind` ("late", "soon" or "") come first in the email, `when` is its full date, `status` is below
    the title in a list: "Due tomorrow", "8 days late". `action` is the label of the link to `path`.
    """

    mark: str
    mark_kind: str
    when: str
    title: str
    detail: str
    status: str
    action: str
    path: str


class ReminderLine(ReminderTarget, Protocol):
    """A reminder with the titles it is made of: a `Reminder` with its relations loaded, or a `DigestRow`."""

    @property
    def step_title(self) -> str: ...
    @property
    def goal_title(self) -> str: ...
    @property
    def stop_condition(self) -> str: ...
    @property
    def opportunity_title(self) -> str: ...
    @property
    def organisation(self) -> str: ...


def reminder_text(line: ReminderLine, today: date, language: str | None = None) -> ReminderText:
    """Return the texts of a reminder as of the user's today, in the active language.

    Must be fast: an email has up to 40, and a run sends thousands.
    """
    language = language or get_language()
    fixed = _fixed(language)
    if line.kind == ReminderKind.REVIEW_DUE:
        return _review_text(line, today, fixed)
    if line.opportunity_id is not None:
        return _opportunity_text(line, today, fixed)
    if line.kind in DUE_SERIES:
        mark, mark_kind, when, status = _due_date(line.due_on, today, language)
        action = fixed["open_step"] if line.step_id else fixed["open_goal"]
    else:
        mark, action = _question(line.kind, language)
        status, when = mark, _since(line, fixed)
        mark_kind = "soon" if line.kind == ReminderKind.STOP_RULE else ""
    title = line.step_title or line.goal_title or fixed["assessment"]
    return ReminderText(mark, mark_kind, when, title, _detail(line, fixed), status, action, _path(line, fixed))


def _review_text(line: ReminderLine, today: date, fixed: dict[str, str]) -> ReminderText:
    is_today, day = line.due_on >= today, date_format(line.due_on, "D j M Y")
    return ReminderText(
        mark=_("Today") if is_today else _("Review due"),
        mark_kind="soon",
        when=day if is_today else _("Due since %(day)s") % {"day": day},
        title=fixed["review"],
        detail=fixed["review_detail"],
        status=_("Due today") if is_today else _("Due since %(day)s") % {"day": date_format(line.due_on, "j M")},
        action=fixed["open_review"],
        path=fixed["review_path"],
    )


def _opportunity_text(line: ReminderLine, today: date, fixed: dict[str, str]) -> ReminderText:
    is_closing = line.kind == ReminderKind.OPPORTUNITY_CLOSING
    mark, mark_kind, when, status = (_closing_date if is_closing else _decision)(line.due_on, today, get_language())
    path = f"{fixed['opportunities']}{line.opportunity_id}/"
    organisation = fixed["of_organisation"] % {"organisation": isolate_turned(line.organisation)}
    return ReminderText(
        mark=mark,
        mark_kind=mark_kind,
        when=when,
        title=line.opportunity_title,
        detail=organisation if line.organisation else fixed["opportunity"],
        status=status,
        action=fixed["open_opportunity"] if is_closing else fixed["look_back"],
        path=path if is_closing else f"{path}look-back/",
    )


def mark_of(due_on: date, today: date) -> str:
    """Return how near a date is: "8 days late", "Today", "Tomorrow", "In 7 days"."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days == 0:
        return _("Today")
    return _("Tomorrow") if days == 1 else _("In %(n)s days") % {"n": days}


# Cached by language: the emails of a day are about the same few dates.
@lru_cache(maxsize=4096)
def _due_date(due_on: date, today: date, _language: str) -> tuple[str, str, str, str]:
    """Return mark, its kind, the full date, and the status in a list."""
    days = (due_on - today).days
    day, near = date_format(due_on, "D j M Y"), relative_day(due_on, today)
    mark_kind = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    when = _("Was due %(day)s") % {"day": day} if days < 0 else _("Due %(day)s") % {"day": day}
    return mark_of(due_on, today), mark_kind, when, near if days < 0 else _("Due %(when)s") % {"when": near}


@lru_cache(maxsize=4096)
def _closing_date(closes_on: date, today: date, language: str) -> tuple[str, str, str, str]:
    """The same for the closing date of an opportunity, which is never late."""
    day = {"day": date_format(closes_on, "D j M Y")}
    if closes_on < today:
        return _("Closed"), "", _("Closed on %(day)s") % day, _("Closed on %(day)s") % day
    mark, mark_kind, _when, _status = _due_date(closes_on, today, language)
    near = {"when": relative_day(closes_on, today)}
    return mark, mark_kind, _("Closing date: %(day)s") % day, _("Closing date %(when)s") % near


@lru_cache(maxsize=4096)
def _decision(decided_on: date, _today: date, _language: str) -> tuple[str, str, str, str]:
    """The same for a decision on an opportunity."""
    mark = _("Was it the right decision?")
    return mark, "", _("You decided on %(day)s") % {"day": date_format(decided_on, "D j M Y")}, mark


@lru_cache(maxsize=64)
def _question(kind: str, _language: str) -> tuple[str, str]:
    """Return the mark of a reminder without a due date, and the label of its link."""
    return {
        ReminderKind.STOP_RULE: (_("Keep going or stop?"), _("Open the goal")),
        ReminderKind.GOAL_WITHOUT_STEP: (_("No next step"), _("Open the goal")),
        ReminderKind.STEP_UNRATED: (_("Not rated"), _("Rate this step")),
        ReminderKind.ASSESSMENT_ABANDONED: (_("Not finished"), _("Continue your assessment")),
    }[ReminderKind(kind)]


@lru_cache(maxsize=16)
def _fixed(_language: str) -> dict[str, str]:
    """Return texts and paths that never change."""
    return {
        "open_step": _("Open the step"),
        "open_goal": _("Open the goal"),
        "assessment": _("Your assessment"),
        "assessment_detail": _("Your answers are saved. Continue where you stopped."),
        "unless": _("You planned to stop unless: %(words)s"),
        "goal_itself": _("This is the due date of the whole goal."),
        "stepless_since": _("No open step has a day"),
        "stepless": _("Choose what you will do next, and a day for it."),
        "of_goal": _("Goal: %(title)s"),
        "goals": reverse("goals:detail", args=[0]).removesuffix("0/"),
        "continue": reverse("skills:continue"),
        "review": _("Review of your plan"),
        "review_detail": _("For each goal, check how far you are and decide what to do next."),
        "open_review": _("Open the review"),
        "review_path": reverse("reviews:list"),
        "opportunity": _("Opportunity"),
        "of_organisation": _("Opportunity: %(organisation)s"),
        "open_opportunity": _("Open the opportunity"),
        "look_back": _("Look back on your decision"),
        "opportunities": reverse("opportunities:list"),
    }


def _since(line: ReminderLine, fixed: dict[str, str]) -> str:
    if line.kind == ReminderKind.GOAL_WITHOUT_STEP:
        return fixed["stepless_since"]
    day = {"day": date_format(line.due_on, "D j M Y")}
    if line.kind == ReminderKind.STEP_UNRATED:
        return _("Done %(day)s") % day
    if line.kind == ReminderKind.ASSESSMENT_ABANDONED:
        return _("Last changed %(day)s") % day
    return day["day"]


def _detail(line: ReminderLine, fixed: dict[str, str]) -> str:
    if line.goal_id is None:
        return fixed["assessment_detail"]
    if line.kind == ReminderKind.STOP_RULE:
        return fixed["unless"] % {"words": isolate_turned(line.stop_condition)}
    if line.kind == ReminderKind.GOAL_WITHOUT_STEP:
        return fixed["stepless"]
    return fixed["of_goal"] % {"title": isolate_turned(line.goal_title)} if line.step_id else fixed["goal_itself"]


def _path(line: ReminderLine, fixed: dict[str, str]) -> str:
    if line.goal_id is None:
        return fixed["continue"]
    return (
        f"{fixed['goals']}{line.goal_id}/#step-{line.step_id}" if line.step_id else f"{fixed['goals']}{line.goal_id}/"
    )
