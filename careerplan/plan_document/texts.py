"""What the document says in words. Pure: rows come in with what belongs to them."""

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
from careerplan.plan_document.document import OpenStep
from careerplan.plans.models import Plan
from careerplan.skills.models import Level

# Headings and heads of columns: the same in every form of the document.
LABELS: Mapping[str, str | Promise] = {
    "vision": gettext_lazy("Vision"),
    "ended": gettext_lazy("How it ended"),
    "direction": gettext_lazy("Direction"),
    "standing": gettext_lazy("Where I stand"),
    "strengths": gettext_lazy("Strengths"),
    "skill": gettext_lazy("To learn"),
    "have": gettext_lazy("I am at"),
    "need": gettext_lazy("Needed"),
    "timeline": gettext_lazy("Timeline"),
    "today": gettext_lazy("Today"),
    "goal": gettext_lazy("Goal"),
    "start": gettext_lazy("Start"),
    "due": gettext_lazy("Due"),
    "share_done": gettext_lazy("Done"),
    "time_gone": gettext_lazy("Time gone"),
    "goals": gettext_lazy("Goals and steps"),
    "closed": gettext_lazy("Reached or let go"),
    "done": gettext_lazy("Done"),
    "step": gettext_lazy("Step"),
    "worth": gettext_lazy("Worth it"),
    "hours": gettext_lazy("Took"),
    "again": gettext_lazy("Again?"),
    "changes": gettext_lazy("What changed"),
    "opportunities": gettext_lazy("Opportunities"),
    "reviews": gettext_lazy("Reviews"),
    "contents": gettext_lazy("Contents"),
    "picture": gettext_lazy(
        "Each bar runs from the start to the due date and is filled as far as the goal is done. "
        "Circles are open steps; a full one is late."
    ),
}


def head_words(plan: Plan, today: date) -> str:
    """The line under the title: whose plan it is, from when, and of which day the document is."""
    names = {"name": plan.user.name, "start": day_words(plan.started_on), "day": day_words(today)}
    whose = _("Career action plan of %(name)s.") % names if plan.user.name.strip() else _("Career action plan.")
    days = _("Started %(start)s; as of %(day)s.") if plan.is_active else _("Started %(start)s; closed %(day)s.")
    return f"{whose} {days % names}"


def when_words(goal: Goal) -> str:
    """The day beside a goal's title: when it is due, or when it was closed."""
    if goal.closed_on:
        return _("closed %(day)s") % {"day": day_words(goal.closed_on)}
    return _("due %(day)s") % {"day": day_words(goal.due_on)}


def more_words(count: int) -> str:
    """How many goals the picture leaves out; blank where it shows all."""
    words = ngettext("and %(n)s more goal, below", "and %(n)s more goals, below", count)
    return words % {"n": count} if count else ""


def day_words(day: date) -> str:
    """A day as the design writes it: 12 Mar 2027."""
    return date_format(day, "j M Y")


def level_words(level: int) -> str:
    """A level as the design writes it: "2 basic"."""
    return f"{level} {str(Level(level).label).lower()}"


def horizon_words(horizon: str, on: date | None, label: str) -> str:
    """How far the plan looks ahead: a day, or "At retirement"; blank where it is not said."""
    return day_words(on) if on else label if horizon else ""


def standing_words(goal: Goal, progress: GoalProgress, steps: list[ActionStep], *, is_past: bool) -> tuple[str, ...]:
    """Our sentences about a goal: its side of life and beginning, its measure, its figure, how it stands.

    `is_past`: the plan is archived, so that an open goal was left open.
    """
    area = _("%(area)s, since %(day)s.") % {"area": goal.get_area_display(), "day": day_words(goal.starts_on)}
    said = [area, f"{_figure(goal, progress, steps)}."]
    if goal.done_when:
        said.append(_("Done when: %(words)s.") % {"words": goal.done_when.rstrip(".")})
    if not goal.is_active:
        said.append(f"{goal.get_state_display()}.")
        if goal.worth:
            said.append(_("Worth it: %(worth)s of 5.") % {"worth": goal.worth})
    elif is_past:
        said.append(_("Left open when the plan was closed."))
    else:
        said.append(f"{pace_text(progress.state)}.")
    return tuple(said)


def _figure(goal: Goal, progress: GoalProgress, steps: list[ActionStep]) -> str:
    way = goal.measure_range
    if way is None or progress.value is None:
        done = sum(step.state == ActionStep.State.DONE for step in steps)
        if goal.state == Goal.State.ACHIEVED:
            return _("Yes")
        return steps_text(done, len(steps))
    words = progress_text(progress.value, way, goal.unit)
    if way.start:
        words = _("%(figure)s (began at %(start)s)") % {"figure": words, "start": format_number(way.start)}
    if progress.newest:
        words = _("%(figure)s on %(day)s") % {"figure": words, "day": day_words(progress.newest.read_on)}
    return words


def open_step(step: ActionStep, today: date, currency: str, *, with_needs: bool) -> OpenStep:
    """A step to do, with what it takes where that is wanted."""
    notes = [_("late")] if step.due_on < today else []
    if step.state == ActionStep.State.IN_PROGRESS:
        notes.append(_("in progress"))
    takes = []
    if with_needs:
        takes = [format_hours(step.effort_hours)] if step.effort_hours else []
        takes += [resource_words(resource, currency) for resource in step.resources.all()]
    return OpenStep(step.due_on, step.title, ", ".join(notes), step.details, tuple(takes))


def resource_words(resource: Resource, currency: str) -> str:
    """A thing a step takes, its cost, and how far one is in getting it: "Conference fee, £85 (needed)"."""
    cost = f", {format_money(resource.cost, currency)}" if resource.cost is not None else ""
    return f"{resource.description}{cost} ({resource.get_state_display().lower()})"


def verdict_words(verdict: Evaluation | None) -> tuple[str, str, str]:
    """What a finished step was worth, the hours it took, and whether one would do it again; "" where not said."""
    if verdict is None:
        return _("Not rated"), "", ""
    worth = _("%(worth)s of 5, %(words)s") % {"worth": verdict.worth, "words": verdict.get_worth_display().lower()}
    hours = "" if verdict.hours_spent is None else format_hours(verdict.hours_spent)
    return worth, hours, verdict.get_would_repeat_display()
