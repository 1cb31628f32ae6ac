"""Sentences, labels and file names of the plan document."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from careerplan.core.numbers import format_hours, format_money, format_number
from careerplan.goals.models import ActionStep, Evaluation, Goal, Resource
from careerplan.goals.queries.progress import GoalProgress
from careerplan.goals.texts import pace_text, progress_text, steps_text
from careerplan.opportunities.models import Opportunity
from careerplan.plan_document.document import OpenStepFacts
from careerplan.plans.models import Plan
from careerplan.skills.models import Level

# Headings and column heads: the same in every format.
LABELS: Mapping[str, str | Promise] = {
    "vision": gettext_lazy("Vision"),
    "ended": gettext_lazy("How it ended"),
    "direction": gettext_lazy("Direction"),
    "skills": gettext_lazy("My skills"),
    "strengths": gettext_lazy("Strengths"),
    "skill": gettext_lazy("Skill to learn"),
    "have": gettext_lazy("My level"),
    "need": gettext_lazy("Level needed"),
    "timeline": gettext_lazy("Goal timeline"),
    "today": gettext_lazy("Today"),
    "goal": gettext_lazy("Goal"),
    "start": gettext_lazy("Start"),
    "due": gettext_lazy("Due"),
    "share_done": gettext_lazy("Done"),
    "time_gone": gettext_lazy("Time passed"),
    "goals": gettext_lazy("Goals and steps"),
    "closed": gettext_lazy("Reached or let go"),
    "done": gettext_lazy("Done"),
    "step": gettext_lazy("Step"),
    "no_day": gettext_lazy("No day yet"),
    "worth": gettext_lazy("Rating"),
    "hours": gettext_lazy("Hours"),
    "again": gettext_lazy("Would repeat"),
    "changes": gettext_lazy("Changes"),
    "opportunities": gettext_lazy("Opportunities"),
    "reviews": gettext_lazy("Reviews"),
    "contents": gettext_lazy("Contents"),
    "picture": gettext_lazy(
        "Each bar runs from the start to the due date. The dark part shows what is done. "
        "Circles are open steps, and filled circles are late steps."
    ),
}


def heading_line(plan: Plan, today: date) -> str:
    """Return the line under the title: whose plan it is, when it started, and the day of the document."""
    names = {"name": plan.user.name, "start": format_day(plan.started_on), "day": format_day(today)}
    if plan.user.name.strip() and plan.is_active:
        text = _("Career plan of %(name)s, started %(start)s. As of %(day)s.")
    elif plan.user.name.strip():
        text = _("Career plan of %(name)s, started %(start)s, archived %(day)s.")
    elif plan.is_active:
        text = _("Career plan, started %(start)s. As of %(day)s.")
    else:
        text = _("Career plan, started %(start)s, archived %(day)s.")
    return text % names


def goal_date(goal: Goal) -> str:
    """Return the date beside the title of a goal: its due date, or when it was closed."""
    if goal.closed_on:
        return _("Closed %(day)s") % {"day": format_day(goal.closed_on)}
    return _("Due %(day)s") % {"day": format_day(goal.due_on)}


def hidden_goals_text(count: int) -> str:
    """Return how many goals the timeline leaves out; blank if it shows all."""
    words = ngettext("The list has %(n)s more goal.", "The list has %(n)s more goals.", count)
    return words % {"n": count} if count else ""


def format_day(day: date) -> str:
    """Format a date: 12 Mar 2027."""
    return date_format(day, "j M Y")


def level_of_skill(name: str, level: int | None) -> str:
    """Return a skill with its level where there is one: "Managing money: 2 basic"."""
    return name if level is None else _("%(skill)s: %(level)s") % {"skill": name, "level": Level(level).phrase}


def target_date_text(horizon: str, on: date | None, label: str) -> str:
    """Return the target date of a plan: a date, or "At retirement"; blank if not set."""
    return format_day(on) if on else label if horizon else ""


def goal_sentences(goal: Goal, progress: GoalProgress, steps: list[ActionStep], *, is_past: bool) -> tuple[str, ...]:
    """Return our sentences about a goal: its area and start, its measure, its progress and pace.

    `is_past`: the plan is archived, so an open goal was not finished.
    """
    area = _("%(area)s, since %(day)s.") % {"area": goal.get_area_display(), "day": format_day(goal.starts_on)}
    said = [area]
    if goal.measure_range is not None or goal.state != Goal.State.REACHED:
        said.append(_("Progress: %(progress)s.") % {"progress": _progress(goal, progress, steps)})
    if goal.done_when:
        said.append(_("Done when: %(words)s.") % {"words": goal.done_when.rstrip(".")})
    if not goal.is_active:
        said.append(_("Status: %(status)s.") % {"status": goal.get_state_display()})
        if goal.worth:
            said.append(_("Rated %(worth)s of 5.") % {"worth": goal.worth})
    elif is_past:
        said.append(_("Not finished when the plan was archived."))
    else:
        said.append(_("Status: %(status)s.") % {"status": pace_text(progress.state)})
    return tuple(said)


def _progress(goal: Goal, progress: GoalProgress, steps: list[ActionStep]) -> str:
    measure = goal.measure_range
    if measure is None or progress.value is None:
        done = sum(step.state == ActionStep.State.DONE for step in steps)
        return steps_text(done, len(steps))
    names = {"progress": progress_text(progress.value, measure, goal.unit), "start": format_number(measure.start)}
    if not progress.newest:
        return _("%(progress)s, started at %(start)s") % names if measure.start else names["progress"]
    names["day"] = format_day(progress.newest.measured_on)
    if measure.start:
        return _("%(progress)s on %(day)s, started at %(start)s") % names
    return _("%(progress)s on %(day)s") % names


def open_step(step: ActionStep, today: date, currency: str, *, with_needs: bool) -> OpenStepFacts:
    """Return an open step, with its details and what it needs where that part was chosen."""
    is_late, is_begun = bool(step.due_on and step.due_on < today), step.state == ActionStep.State.IN_PROGRESS
    note = {(True, True): _("Late, in progress"), (True, False): _("Late"), (False, True): _("In progress")}
    needs, details = [], step.details if with_needs else ""
    if with_needs:
        needs = [format_hours(step.effort_hours)] if step.effort_hours else []
        needs += [resource_text(resource, currency) for resource in step.resources.all()]
    words = note.get((is_late, is_begun), "")
    rule = step.repeat_rule.text if step.repeat_rule else ""
    return OpenStepFacts(step.due_on, step.title, words, details, tuple(needs), rule)


RESOURCE_TEXTS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    Resource.State.NEEDED: (gettext_lazy("Needed: %(resource)s"), gettext_lazy("Needed: %(resource)s, %(cost)s")),
    Resource.State.ASKED_FOR: (
        gettext_lazy("Asked for: %(resource)s"),
        gettext_lazy("Asked for: %(resource)s, %(cost)s"),
    ),
    Resource.State.ARRANGED: (
        gettext_lazy("Arranged: %(resource)s"),
        gettext_lazy("Arranged: %(resource)s, %(cost)s"),
    ),
}


def resource_text(resource: Resource, currency: str) -> str:
    """Return a resource with its cost and state: "Needed: Conference fee, £85"."""
    free, priced = RESOURCE_TEXTS[resource.state]
    if resource.cost is None:
        return free % {"resource": resource.description}
    return priced % {"resource": resource.description, "cost": format_money(resource.cost, currency)}


WORTH_TEXTS: Mapping[int, str | Promise] = {
    1: gettext_lazy("1 of 5, not at all"),
    2: gettext_lazy("2 of 5, a little"),
    3: gettext_lazy("3 of 5, partly"),
    4: gettext_lazy("4 of 5, mostly"),
    5: gettext_lazy("5 of 5, fully"),
}


def evaluation_texts(evaluation: Evaluation | None) -> tuple[str, str, str]:
    """Return rating, hours and would-repeat of a finished step; "" where not set."""
    if evaluation is None:
        return _("Not rated"), "", ""
    hours = "" if evaluation.hours_spent is None else format_hours(evaluation.hours_spent)
    return str(WORTH_TEXTS[evaluation.worth]), hours, evaluation.get_would_repeat_display()


CLOSED_TEXTS: Mapping[str, str | Promise] = {
    Opportunity.State.DECLINED: gettext_lazy("Declined %(day)s"),
    Opportunity.State.WON: gettext_lazy("Got it %(day)s"),
    Opportunity.State.LOST: gettext_lazy("Did not get it %(day)s"),
}


def opportunity_date(opportunity: Opportunity) -> str:
    """Return the date of the decision on an opportunity, or its closing date; blank without one."""
    ended_on = opportunity.outcome_on or opportunity.decided_on
    if not opportunity.is_open and ended_on:
        return CLOSED_TEXTS[opportunity.state] % {"day": format_day(ended_on)}
    if opportunity.closes_on is None:
        return ""
    return _("Closing date: %(day)s") % {"day": format_day(opportunity.closes_on)}


LONGEST = 80  # characters of the title; most systems limit file names to 255 bytes
# Characters that some systems do not allow in names, or that change the folder; white space becomes one space.
UNSAFE = re.compile(r'[\\/:*?"<>|;%\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]')


def file_name(title: str, day: date, ending: str) -> str:
    """Return a safe file name: "Ward manager by autumn 2027, 2027-03-09.pdf"."""
    plain = " ".join(UNSAFE.sub(" ", title).split())[:LONGEST].strip(" .")
    return f"{plain or _('Career plan')}, {day.isoformat()}.{ending}"
