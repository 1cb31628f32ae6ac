"""What a reminder says: one place for the e-mail, the notices and the lists of what comes and what was sent."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from careerplan.core.dates import SOON_DAYS, relative_day
from careerplan.reminders.kinds import DUE_SERIES, ReminderKind
from careerplan.reminders.queries import Subject


@dataclass(slots=True)
class ReminderText:
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


class Line(Subject, Protocol):
    """A reminder with the texts it is made of: a `Reminder` with what it is about loaded, or an `OwedRow`."""

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


def reminder_text(line: Line, today: date, language: str | None = None) -> ReminderText:
    """The words of a reminder, seen from the reader's today, in the active language: who knows it saves asking.

    Must be fast: a mail has many, a round many mails.
    """
    language = language or get_language()
    fixed = _fixed(language)
    if line.kind == ReminderKind.REVIEW_DUE:
        return _of_review(line, today, fixed)
    if line.opportunity_id is not None:
        return _of_opportunity(line, today, fixed)
    if line.kind in DUE_SERIES:
        mark, mark_kind, when, says = _near(line.due_on, today, language)
        action = fixed["open_step"] if line.step_id else fixed["open_goal"]
    else:
        says, action = _question(line.kind, language)
        mark, when = says[:1].upper() + says[1:], _since(line)
        mark_kind = "soon" if line.kind == ReminderKind.STOP_RULE else ""
    return ReminderText(
        mark, mark_kind, when, _title(line, fixed), _about_goal(line, fixed), says, action, _path(line, fixed)
    )


def _of_review(line: Line, today: date, fixed: dict[str, str]) -> ReminderText:
    is_today, day = line.due_on >= today, date_format(line.due_on, "D j M Y")
    return ReminderText(
        mark=_("Today") if is_today else _("Waiting"),
        mark_kind="soon",
        when=day if is_today else _("since %(day)s") % {"day": day},
        title=fixed["review"],
        what=fixed["look_back"],
        says=_("due today") if is_today else _("due since %(day)s") % {"day": date_format(line.due_on, "j M")},
        action=fixed["open_review"],
        path=fixed["review_path"],
    )


def _of_opportunity(line: Line, today: date, fixed: dict[str, str]) -> ReminderText:
    closes = line.kind == ReminderKind.OPPORTUNITY_CLOSING
    mark, mark_kind, when, says = (_closing if closes else _looking_back)(line.due_on, today, get_language())
    path = f"{fixed['opportunities']}{line.opportunity_id}/"
    return ReminderText(
        mark=mark,
        mark_kind=mark_kind,
        when=when,
        title=line.opportunity_title,
        what=fixed["of_opportunity"] % {"who": line.organisation} if line.organisation else fixed["opportunity"],
        says=says,
        action=fixed["open_opportunity"] if closes else fixed["look_back_at"],
        path=path if closes else f"{path}judge/",
    )


def mark_of(due_on: date, today: date) -> str:
    """How near a date is, as a mark: "Late by 8 days", "Today", "Tomorrow", "In 7 days"."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", -days) % {"n": -days}
    if days == 0:
        return _("Today")
    return _("Tomorrow") if days == 1 else _("In %(n)s days") % {"n": days}


# What follows is kept by language: the mails of a day are about the same few dates.
@lru_cache(maxsize=4096)
def _near(due_on: date, today: date, _language: str) -> tuple[str, str, str, str]:
    """Mark, its kind, the date in words, and what a list says about it."""
    days = (due_on - today).days
    day, near = date_format(due_on, "D j M Y"), relative_day(due_on, today)
    mark_kind = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    when = _("was due %(day)s") % {"day": day} if days < 0 else day
    return mark_of(due_on, today), mark_kind, when, near if days < 0 else _("due %(when)s") % {"when": near}


@lru_cache(maxsize=4096)
def _closing(closes_on: date, today: date, language: str) -> tuple[str, str, str, str]:
    """The same of an opportunity's closing date; one that has passed is nothing that one is late with."""
    if closes_on < today:
        day = date_format(closes_on, "D j M Y")
        return _("Closed"), "", _("closed on %(day)s") % {"day": day}, _("closed on %(day)s") % {"day": day}
    mark, mark_kind, when, _says = _near(closes_on, today, language)
    near = relative_day(closes_on, today)
    return mark, mark_kind, _("closes %(day)s") % {"day": when}, _("closes %(when)s") % {"when": near}


@lru_cache(maxsize=4096)
def _looking_back(decided_on: date, _today: date, _language: str) -> tuple[str, str, str, str]:
    """The same of a decision."""
    day = {"day": date_format(decided_on, "D j M Y")}
    return _("Was it right?"), "", _("decided %(day)s") % day, _("was it right?")


@lru_cache(maxsize=64)
def _question(kind: str, _language: str) -> tuple[str, str]:
    """What a list says about something without a due date, and what the link to it does."""
    return {
        ReminderKind.STOP_RULE: (_("stop or go on?"), _("Open the goal")),
        ReminderKind.GOAL_WITHOUT_STEP: (_("no next step"), _("Open the goal")),
        ReminderKind.STEP_UNRATED: (_("not rated yet"), _("Rate it")),
        ReminderKind.ASSESSMENT_LEFT: (_("left half done"), _("Go on with it")),
    }[ReminderKind(kind)]


@lru_cache(maxsize=16)
def _fixed(_language: str) -> dict[str, str]:
    """ReminderText and paths that are always the same; that of goals up to the number."""
    return {
        "open_step": _("Open the step"),
        "open_goal": _("Open the goal"),
        "assessment": _("Your assessment"),
        "kept": _("Your answers are kept; it goes on where you stopped."),
        "unless": _("You wanted to drop it unless: %(words)s"),
        "itself": _("This is the goal itself."),
        "of_goal": _("Goal: %(title)s"),
        "goals": reverse("goals:detail", args=[0]).removesuffix("0/"),
        "go_on": reverse("skills:continue"),
        "review": _("Review of your plan"),
        "look_back": _("Goal by goal: how far, on track or not, keep or adjust."),
        "open_review": _("Open the review"),
        "review_path": reverse("reviews:list"),
        "opportunity": _("Opportunity"),
        "of_opportunity": _("Opportunity, %(who)s"),
        "open_opportunity": _("Open the opportunity"),
        "look_back_at": _("Look back"),
        "opportunities": reverse("opportunities:list"),
    }


def _since(line: Line) -> str:
    day = {"day": date_format(line.due_on, "D j M Y")}
    if line.kind == ReminderKind.STEP_UNRATED:
        return _("done %(day)s") % day
    if line.kind == ReminderKind.ASSESSMENT_LEFT:
        return _("last touched %(day)s") % day
    return day["day"]


def _title(line: Line, fixed: dict[str, str]) -> str:
    return line.step_title or line.goal_title or fixed["assessment"]


def _about_goal(line: Line, fixed: dict[str, str]) -> str:
    if line.goal_id is None:
        return fixed["kept"]
    if line.kind == ReminderKind.STOP_RULE:
        return fixed["unless"] % {"words": line.stop_condition}
    return fixed["of_goal"] % {"title": line.goal_title} if line.step_id else fixed["itself"]


def _path(line: Line, fixed: dict[str, str]) -> str:
    if line.goal_id is None:
        return fixed["go_on"]
    return (
        f"{fixed['goals']}{line.goal_id}/#step-{line.step_id}" if line.step_id else f"{fixed['goals']}{line.goal_id}/"
    )
