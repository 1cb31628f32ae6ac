"""The actions that an email offers for each kind of target."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.reminders.email_actions.links import ActionTarget
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.queries import Subject
from careerplan.reminders.texts import ReminderText

DONE, WEEK, STUCK, LET_GO, CONFIRM, WORTH = "done", "week", "stuck", "let-go", "confirm", "worth"
TOKEN_PLACE = "TOKEN"  # noqa: S105  (stands for the token in a cached address)
# Actions for each target, in the order in which they are offered.
ANSWERS: dict[ActionTarget, tuple[str, ...]] = {
    ActionTarget.STEP: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.UNRATED: (WORTH,),
    ActionTarget.GOAL: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.STEPLESS: (STUCK, DONE, LET_GO),
    ActionTarget.STOP_RULE: (CONFIRM, WEEK, LET_GO),
}
# Targets whose email button is an action; for others it opens the goal, which offers all actions.
BUTTON_ANSWERS = (ActionTarget.STEP, ActionTarget.UNRATED, ActionTarget.STEPLESS)


class MailLink(NamedTuple):
    """A link in an email."""

    label: str
    url: str


def target_of(line: Subject) -> tuple[ActionTarget, int] | None:
    """Return the target of a reminder, as a link names it; None if it has no email actions."""
    if line.step_id is not None:
        return (ActionTarget.UNRATED if line.kind == ReminderKind.STEP_UNRATED else ActionTarget.STEP), line.step_id
    if line.goal_id is None:
        return None
    if line.kind == ReminderKind.STOP_RULE:
        return ActionTarget.STOP_RULE, line.goal_id
    return (ActionTarget.STEPLESS if line.kind == ReminderKind.GOAL_WITHOUT_STEP else ActionTarget.GOAL), line.goal_id


def mail_links(about: ActionTarget | None, token: str, text: ReminderText, *, is_short: bool) -> list[MailLink]:
    """Return the links of an item in an email, the button first. Short: the button and at most one other action."""
    links = [] if about in BUTTON_ANSWERS else [MailLink(text.action, absolute_url(text.path))]
    if about:
        answers = _answer_links(about, settings.LANGUAGE_CODE, settings.BASE_URL)
        links += [
            MailLink(label, url.replace(TOKEN_PLACE, token)) for label, url in (answers[:1] if is_short else answers)
        ]
    return links


@lru_cache(maxsize=64)  # looking up URLs and translations takes longer than everything else in an email
def _answer_links(about: ActionTarget, _language: str, _base_url: str) -> list[MailLink]:
    return [MailLink(label(about, answer), absolute_url(answer_path(answer, TOKEN_PLACE))) for answer in ANSWERS[about]]


def label(what: ActionTarget, answer: str) -> str:
    """Return the label of an action."""
    if answer == DONE:
        return _("Mark as done") if what == ActionTarget.STEP else _("Reached")
    if answer == STUCK:
        return _("Add the next step") if what == ActionTarget.STEPLESS else _("I am stuck")
    if answer == WEEK:
        return _("Ask me in a week") if what == ActionTarget.STOP_RULE else _("Move by a week")
    return {LET_GO: _("Let go"), CONFIRM: _("Condition met"), WORTH: _("Rate this step")}[answer]


def answer_path(answer: str, token: str) -> str:
    """Return the path of an action's page."""
    return reverse(f"email_action:{answer}", args=[token])
