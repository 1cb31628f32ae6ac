"""The actions that an email offers for each kind of target."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.reminders.email_actions.links import ActionTarget
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.queries.digests import ReminderTarget
from careerplan.reminders.texts import ReminderText

DONE, WEEK, STUCK, LET_GO, CONFIRM, WORTH = "done", "week", "stuck", "let-go", "confirm", "worth"
TOKEN_PLACE = "TOKEN"  # noqa: S105  (stands for the token in a cached address)
# The actions of each target, in the order of their links.
ACTIONS: dict[ActionTarget, tuple[str, ...]] = {
    ActionTarget.STEP: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.UNRATED: (WORTH,),
    ActionTarget.GOAL: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.STEPLESS: (STUCK, DONE, LET_GO),
    ActionTarget.STOP_RULE: (CONFIRM, WEEK, LET_GO),
}
# The button of the email is the first action; for other targets it opens the app, with all actions next to it.
BUTTON_ACTIONS = (ActionTarget.STEP, ActionTarget.UNRATED, ActionTarget.STEPLESS)


class MailLink(NamedTuple):
    """A link in an email."""

    label: str
    url: str


def target_of(line: ReminderTarget) -> tuple[ActionTarget, int] | None:
    """Return the target of a reminder with its id; None where it can be answered in the app only."""
    if line.step_id is not None:
        return (ActionTarget.UNRATED if line.kind == ReminderKind.STEP_UNRATED else ActionTarget.STEP), line.step_id
    if line.goal_id is None:
        return None
    if line.kind == ReminderKind.STOP_RULE:
        return ActionTarget.STOP_RULE, line.goal_id
    return (ActionTarget.STEPLESS if line.kind == ReminderKind.GOAL_WITHOUT_STEP else ActionTarget.GOAL), line.goal_id


def mail_links(target: ActionTarget | None, token: str, text: ReminderText, *, is_short: bool) -> list[MailLink]:
    """Return the links of an item in a mail, the button first. Short: the button and at most one more."""
    links = [] if target in BUTTON_ACTIONS else [MailLink(text.action, absolute_url(text.path))]
    if target:
        actions = _action_links(target, settings.LANGUAGE_CODE, settings.BASE_URL)
        links += [
            MailLink(label, url.replace(TOKEN_PLACE, token)) for label, url in (actions[:1] if is_short else actions)
        ]
    return links


@lru_cache(maxsize=64)  # looking up addresses and translations takes longer than all else in a mail
def _action_links(target: ActionTarget, _language: str, _base_url: str) -> list[MailLink]:
    return [MailLink(label(target, name), absolute_url(action_path(name, TOKEN_PLACE))) for name in ACTIONS[target]]


def label(target: ActionTarget, name: str) -> str:
    """Return the label of the link for an action."""
    if name == DONE:
        return _("Mark as done") if target == ActionTarget.STEP else _("Reached")
    if name == STUCK:
        return _("Add the next step") if target == ActionTarget.STEPLESS else _("I am stuck")
    if name == WEEK:
        return _("Ask me in a week") if target == ActionTarget.STOP_RULE else _("Move by a week")
    return {LET_GO: _("Let go"), CONFIRM: _("Condition met"), WORTH: _("Rate this step")}[name]


def action_path(name: str, token: str) -> str:
    """Return the path of the page of an action."""
    return reverse(f"email_action:{name}", args=[token])
