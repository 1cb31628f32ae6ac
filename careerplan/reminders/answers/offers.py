"""Which answers a mail offers to what: only those that fit."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url, render_links
from careerplan.reminders.answers.links import About, Maker
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
TOKEN, OPEN = "-token-", "-open-"  # where they go in a row of links that is kept


class Links(NamedTuple):
    """The links of one reminder, as the two bodies of a mail have them."""

    text: str
    html: SafeString


def about_of(line: Subject) -> tuple[About, int] | None:
    """What a reminder is about, as a link names it; None where it is answered in the app only."""
    if line.step_id is not None:
        return (About.UNRATED if line.kind == ReminderKind.STEP_UNRATED else About.STEP), line.step_id
    if line.goal_id is None:
        return None
    if line.kind == ReminderKind.STOP_RULE:
        return About.STOP_RULE, line.goal_id
    return (About.STEPLESS if line.kind == ReminderKind.GOAL_WITHOUT_STEP else About.GOAL), line.goal_id


def links_of(line: Subject, make: Maker, *, to_open: tuple[str, str], is_short: bool, language: str) -> Links:
    """The links of a reminder. `to_open`: what the link into the app says, and its path; `is_short`: only the
    button, or the first answer beside it. A mail has many: the rows are kept, and only tokens and addresses put in.
    """
    found = about_of(line)
    what = found and found[0]
    text, html = _row(what, to_open[0], is_short, language, settings.BASE_URL)
    if found:
        token = make(*found, line.due_on)
        text, html = text.replace(TOKEN, token), html.replace(TOKEN, token)
    if what not in BUTTON_ANSWERS:
        opens = absolute_url(to_open[1])
        text, html = text.replace(OPEN, opens), html.replace(OPEN, escape(opens))
    return Links(text, SafeString(html))


@lru_cache(maxsize=256)
def _row(what: About | None, to_open: str, is_short: bool, _language: str, _base_url: str) -> tuple[str, str]:  # noqa: FBT001
    """A row of links as text and HTML, with TOKEN and OPEN where they go."""
    answers = (
        []
        if what is None
        else [
            {"label": label(what, answer), "url": absolute_url(answer_path(answer, TOKEN))} for answer in ANSWERS[what]
        ]
    )
    opens = [] if what in BUTTON_ANSWERS else [{"label": to_open, "url": OPEN}]
    return render_links((opens + answers)[: 1 + len(opens)] if is_short else opens + answers)


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
