"""Initial values of the goal form for a goal from the results. Nothing is saved until the user saves the form."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.catalogue.first_steps import FirstSteps, first_steps
from careerplan.catalogue.models import SkillKind
from careerplan.catalogue.task_wording import imperative
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.skills.models import Level, TaskAnswer
from careerplan.skills.queries.skill_gap import SkillGap
from careerplan.skills.texts import in_sentence

MONTHS_A_LEVEL = 2  # our own rule of thumb: time to practise, but not too far away; the user can change it
MONTHS_A_TASK, MONTHS_WITHOUT_HELP = 4, 2  # to do a task for the first time, or without help
MONTHS_OF_EDUCATION = 12  # the same for a course or a degree: a year, and the first step finds out more
FIRST_STEP = timedelta(days=14)  # "one step that you can take this month"
DONE_WHEN_LENGTH = 300


def suggest_from_skill(gap: SkillGap, today: date) -> dict[str, Any]:
    """Return initial values of the goal form: title, measure, dates and a first step that fits the present level."""
    name = in_sentence(gap.skill.name)
    shipped = shipped_steps(gap)
    if shipped and (gap.have or Level.NONE) <= Level.BASIC:
        return _from_shipped(gap, shipped, today)
    return {
        "title": _title(gap, name)[:TITLE_LENGTH],
        "measure_kind": Goal.MeasureKind.YES_NO,
        "done_when": gap.aim_example[:DONE_WHEN_LENGTH],
        "due_on": end_of_month(today, MONTHS_A_LEVEL * gap.steps_up),
        "step_title": _first_step(gap, name)[:TITLE_LENGTH],
        "step_due_on": today + FIRST_STEP,
        "skill": gap.skill.pk,
        **_why(gap),
    }


def shipped_steps(gap: SkillGap | None) -> FirstSteps | None:
    """Return goals and first steps for the skill of a gap, in our own words; None for one that the user added."""
    return first_steps().get(gap.skill.key) if gap and not gap.skill.is_own else None


def _from_shipped(gap: SkillGap, found: FirstSteps, today: date) -> dict[str, Any]:
    """Return initial values from the goal and the steps written for this skill: first with a person, then practice."""
    goal = found.goals[0]
    by_number: dict[str, Any] = {
        "measure_kind": Goal.MeasureKind.NUMBER,
        "unit": goal.unit,
        "start_value": "0",
        "target_value": goal.target,
    }
    by_answer = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": goal.done_when}
    step = found.person[0] if (gap.have or Level.NONE) <= Level.BEGINNER else found.practice[0]
    return {
        "title": goal.title,
        **(by_number if goal.target else by_answer),
        "due_on": end_of_month(today, MONTHS_A_LEVEL * gap.steps_up),
        "step_title": step,
        "step_due_on": today + FIRST_STEP,
        "skill": gap.skill.pk,
        **_why(gap),
    }


def suggest_from_task(answer: TaskAnswer, today: date) -> dict[str, Any]:
    """Return initial values for a task that is not done yet, or only with help: done alone, once or three times.

    The first step is one of those for any task, a different one for the next task: with a person for someone who has
    never done it, else practice.
    """
    was_helped = answer.experience == TaskAnswer.Experience.WITH_HELP
    steps = task_steps().practice if was_helped else task_steps().person
    words = imperative(answer.text) or _("Take on a new task: %(task)s") % {"task": in_sentence(answer.text)}
    once = _("I have done this on my own, and someone experienced has checked it.")
    return {
        "title": Truncator(words).chars(TITLE_LENGTH),
        "measure_kind": Goal.MeasureKind.YES_NO,
        "done_when": _("I have done this three times without help.") if was_helped else once,
        "due_on": end_of_month(today, MONTHS_WITHOUT_HELP if was_helped else MONTHS_A_TASK),
        "step_title": steps[answer.position % len(steps)],
        "step_due_on": today + FIRST_STEP,
        "task": answer.pk,
    }


def task_steps() -> FirstSteps:
    """Return the first steps for a task of an occupation, in our own words."""
    return first_steps()["task"]


def suggest_from_education(lacking: str, today: date) -> dict[str, Any]:
    """Return initial values for missing education, in the user's words or as a level.

    Words that are too long for a title are in full under "why".
    """
    outcome = " ".join(lacking.split())
    title = Truncator(outcome).chars(TITLE_LENGTH)
    return {
        "title": title,
        "measure_kind": Goal.MeasureKind.YES_NO,
        "done_when": _("I have the certificate, the degree or proof that I passed."),
        "why": "" if title == outcome else lacking,
        "due_on": end_of_month(today, MONTHS_OF_EDUCATION),
        "step_title": _("Find out the entry requirements, the cost and the start date"),
        "step_due_on": today + FIRST_STEP,
    }


def suggest_from_split(goal: Goal, skills: list[int], today: date) -> dict[str, Any]:
    """Return the first half of a goal as a goal of its own: half the range, and the same date if it is in the future.

    Half of whole numbers is whole, rounded towards the target.
    """
    half = _half_way(goal)
    first = {
        "area": goal.area,
        "title": goal.title,
        "why": goal.why,
        "measure_kind": goal.measure_kind,
        "unit": goal.unit,
        "done_when": goal.done_when,
        "due_on": goal.due_on if goal.due_on > today else end_of_month(today, MONTHS_A_LEVEL),
        "step_due_on": min(today + FIRST_STEP, goal.due_on) if goal.due_on > today else today + FIRST_STEP,
        "skills": skills,
    }
    if half is None or goal.start_value is None or goal.target_value is None:
        return first
    whole, part = f"{goal.target_value.normalize():f}", f"{half.normalize():f}"
    title = re.sub(rf"(?<![\d.,]){re.escape(whole)}(?![\d.,]*\d)", part, goal.title)
    return first | {"title": title, "start_value": f"{goal.start_value.normalize():f}", "target_value": part}


def _half_way(goal: Goal) -> Decimal | None:
    """Return the middle between start and target; None for a yes/no goal, or if the middle equals an end."""
    start, target = goal.start_value, goal.target_value
    if start is None or target is None:
        return None
    half = (start + target) / 2
    if start == start.to_integral_value() and target == target.to_integral_value():
        half = half.to_integral_value(ROUND_CEILING if target > start else ROUND_FLOOR)
    return half.quantize(Decimal("0.01")) if half not in (start, target) else None


def _why(gap: SkillGap) -> dict[str, str]:
    """Return the reason if the occupation is not the target role: nothing else in the plan names it."""
    if gap.is_target or gap.need is None or gap.occupation is None:
        return {}
    words = {"occupation": gap.occupation.title, "level": Level(gap.need).phrase}
    return {"why": _("Level needed as %(occupation)s: %(level)s.") % words}


def _title(gap: SkillGap, name: str) -> str:
    """Return the title of the goal, by the level of the user."""
    levels = {"aim": Level(gap.aim).adjective, "skill": name}
    if gap.have == Level.EXPERT:
        return _("Stay an expert at %(skill)s") % levels
    if gap.have:
        levels["have"] = Level(gap.have).adjective
        return _("Get from %(have)s to %(aim)s at %(skill)s") % levels
    if gap.aim <= Level.BASIC:
        return _("Learn the basics of %(skill)s") % levels
    return _("Become %(aim)s at %(skill)s") % levels


def end_of_month(day: date, months: int) -> date:
    """Return the last day of the month a number of months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _first_step(gap: SkillGap, name: str) -> str:
    """Return a first step: watch someone as a beginner, practise in the middle, do more above."""
    level = gap.have or Level.NONE
    if level <= Level.BEGINNER:
        return _("Ask someone who is good at %(skill)s to let me watch") % {"skill": name}
    if level >= Level.SKILLED:
        return _("Ask for a task that needs more %(skill)s than my work does now") % {"skill": name}
    if gap.skill.kind == SkillKind.PEOPLE:
        return _("Choose one occasion for %(skill)s, and ask a colleague for feedback") % {"skill": name}
    return _("Choose one task to practise %(skill)s on, and ask someone to check the result") % {"skill": name}
