"""Which answers a mail offers to what: only those that fit."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.core.mail_templates import PLACEHOLDERS, BodyTemplate, compile_item
from careerplan.reminders.answers.links import About
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.queries import Subject

DONE, WEEK, STUCK, LET_GO, SO, WORTH = "done", "week", "stuck", "let-go", "so", "worth"
# What can be answered about each, in the order in which it is offered.
ANSWERS: dict[About, tuple[str, ...]] = {
    About.STEP: (DONE, WEEK, STUCK, LET_GO),
    About.UNRATED: (WORTH,),
    About.GOAL: (DONE, WEEK, STUCK, LET_GO),
    About.STEPLESS: (STUCK, DONE, LET_GO),
    About.STOP_RULE: (SO, WEEK, LET_GO),
}
# Where the button of the mail is an answer; else it opens the goal, and all answers stand beside it.
BUTTON_ANSWERS = (About.STEP, About.UNRATED, About.STEPLESS)


def about_of(line: Subject) -> tuple[About, int] | None:
    """What a reminder is about, as a link names it; None where it is answered in the app only."""
    if line.step_id is not None:
        return (About.UNRATED if line.kind == ReminderKind.STEP_UNRATED else About.STEP), line.step_id
    if line.goal_id is None:
        return None
    if line.kind == ReminderKind.STOP_RULE:
        return About.STOP_RULE, line.goal_id
    return (About.STEPLESS if line.kind == ReminderKind.GOAL_WITHOUT_STEP else About.GOAL), line.goal_id


@lru_cache(maxsize=1024)
def shape_with_links(
    about: About | None, to_open: str, *, is_short: bool, is_first: bool, mark_kind: str, _language: str, _base_url: str
) -> BodyTemplate:
    """How an item looks in a mail whose link into the app says `to_open`; `is_short`: it has only the button, or the
    first answer beside it.
    """
    answers = (
        []
        if about is None
        else [
            {"label": label(about, answer), "url": absolute_url(answer_path(answer, PLACEHOLDERS["token"]))}
            for answer in ANSWERS[about]
        ]
    )
    opens = [] if about in BUTTON_ANSWERS else [{"label": to_open, "url": absolute_url(PLACEHOLDERS["path"])}]
    links = (opens + answers)[: 1 + len(opens)] if is_short else opens + answers
    return compile_item(is_first=is_first, mark_kind=mark_kind, links=links)


def label(what: About, answer: str) -> str:
    """An answer as a link says it."""
    if answer == DONE:
        return _("Mark done") if what == About.STEP else _("Reached")
    if answer == STUCK:
        return _("Plan the next step") if what == About.STEPLESS else _("I am stuck")
    if answer == WEEK:
        return _("Give it a week") if what == About.STOP_RULE else _("A week later")
    return {LET_GO: _("Let go"), SO: _("It is so"), WORTH: _("Rate it")}[answer]


def answer_path(answer: str, token: str) -> str:
    """The path of an answer's page."""
    return reverse(f"answer:{answer}", args=[token])
