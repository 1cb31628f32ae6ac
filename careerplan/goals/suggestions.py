"""Goals suggested for a gap: one `GoalIdea` for each, for the goal form and for the first goals.

Nothing is saved until the user saves a form. `schedule` has the due dates, `step_ideas` the first steps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.catalogue.first_steps import FirstGoal, FirstSteps, advanced_steps, first_steps
from careerplan.catalogue.models import EducationLevel, Skill
from careerplan.catalogue.task_wording import imperative
from careerplan.core.dates import end_of_month
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.schedule import FIRST_STEP, due_date, first_step_date, hours_until_done
from careerplan.goals.step_ideas import StepIdea, StepIdeaKind, first_kind, step_ideas, step_ideas_of_own_skill
from careerplan.skills.models import Level, TaskAnswer
from careerplan.skills.queries.occupation_table import OccupationFacts
from careerplan.skills.queries.result_texts import MissingEducation
from careerplan.skills.queries.skill_gap import SkillGap
from careerplan.skills.texts import in_sentence

HOURS_A_LEVEL = 24  # the median of the goals that we ship (catalogue/data/first_steps.toml)
HOURS_OF_A_TASK, HOURS_WITHOUT_HELP = 16, 8  # two days at work to do a task for the first time, one without help
HOURS_TO_EXPLORE = 8  # two conversations and half a day of watching
HOURS_TO_TRAIN_TWO = 20  # ten hours a person, as in the shipped goal "Train newcomers until they can work alone"
MONTHS_TO_ENROL = 3  # courses start on fixed dates, whatever the hours a week
MONTHS_OF_EDUCATION = 12
MONTHS_OF_A_SPLIT = 2
DONE_WHEN_LENGTH = 300
MISSING_WORDS = re.compile(r"(i have |i've )?(no|not|none|nothing|without|missing|lacking)\b", re.IGNORECASE)
TASK_IN_STEP = 120  # characters of a task in the title of a step, which has 200


class GapKind(StrEnum):
    """What a goal is suggested for. The first goals are of different kinds where possible."""

    TASK = "task"
    WORK = "work"
    PEOPLE = "people"
    KNOWLEDGE = "knowledge"
    EDUCATION = "education"
    LICENCE = "licence"
    STRENGTH = "strength"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class GoalIdea:
    """A goal suggested for a gap, measured by a number (`unit` and `target`) or by `done_when`.

    `key` names the gap in a form. `reason` is the gap in words, `why` the answer to "Why does it matter to you?".
    `hours` are in total, `least_months` the time that it takes however many hours a week there are. `steps`: the first
    is the one that fits best. `skill`: the skill that it builds; `task`: the task that it is about.
    """

    key: str
    kind: GapKind
    title: str
    hours: int
    steps: tuple[StepIdea, ...]
    reason: str = ""
    unit: str = ""
    target: int | None = None
    done_when: str = ""
    why: str = ""
    skill: Skill | None = None
    task: TaskAnswer | None = None
    least_months: int = 0

    def measure(self) -> dict[str, Any]:
        """Return the fields of the measure by name."""
        if self.target is None:
            return {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": self.done_when}
        number = {"unit": self.unit, "start_value": "0", "target_value": self.target}
        return {"measure_kind": Goal.MeasureKind.NUMBER, **number}

    def due_date(self, hours_a_week: Decimal, today: date, *, shared_with: Sequence[int] = ()) -> date:
        """Return the due date, given the hours a week; see `hours_until_done`."""
        hours = hours_until_done(self.hours, shared_with)
        return due_date(hours, hours_a_week, today, least_months=self.least_months)


def initial_values(idea: GoalIdea, hours_a_week: Decimal, today: date) -> dict[str, Any]:
    """Return initial values of the goal form: title, measure, dates and the first step."""
    return {
        "title": idea.title,
        **idea.measure(),
        "due_on": idea.due_date(hours_a_week, today),
        "step_title": idea.steps[0].title,
        "step_due_on": first_step_date(today),
        **({"skill": idea.skill.pk} if idea.skill else {}),
        **({"task": idea.task.pk} if idea.task else {}),
        **({"why": idea.why} if idea.why else {}),
    }


def idea_from_skill(gap: SkillGap, reason: str = "") -> GoalIdea:
    """Suggest a goal for a skill, and first steps that fit the present level.

    It is written for the skill: one goal up to basic, another from skilled on; an expert trains others. A skill that
    the user added has no goals of ours, so its levels make the title.
    """
    if gap.have == Level.EXPERT:
        return idea_from_strength(gap.skill, reason, _why(gap))
    level, texts = gap.have or Level.NONE, shipped_steps(gap)
    goal = _goal_for_level(texts, level) if texts else _goal_of_levels(gap)
    return GoalIdea(
        key=skill_key(gap.skill.pk),
        kind=GapKind(gap.skill.kind),
        title=goal.title[:TITLE_LENGTH],
        hours=goal.hours,
        unit=goal.unit,
        target=goal.target,
        done_when=goal.done_when[:DONE_WHEN_LENGTH],
        steps=_steps_for_level(texts, gap.skill, level),
        reason=reason,
        why=_why(gap),
        skill=gap.skill,
    )


def skill_key(skill_id: int) -> str:
    """Return the key of a gap in a skill."""
    return f"skill-{skill_id}"


def shipped_steps(gap: SkillGap | None) -> FirstSteps | None:
    """Return goals and first steps for the skill of a gap, in our own words; None for one that the user added."""
    return first_steps().get(gap.skill.key) if gap and not gap.skill.is_own else None


def _goal_for_level(texts: FirstSteps, level: int) -> FirstGoal:
    return texts.advanced[0] if level >= Level.SKILLED and texts.advanced else texts.goals[0]


def _steps_for_level(texts: FirstSteps | None, skill: Skill, level: int) -> tuple[StepIdea, ...]:
    if texts is None:
        return step_ideas_of_own_skill(skill, level)
    if level >= Level.SKILLED:
        advanced = advanced_steps()[skill.key].fill_in(skill=in_sentence(skill.name))
        return step_ideas(advanced, StepIdeaKind.PERSON, place=skill.position)
    return step_ideas(texts, first_kind(level), place=level)


def _goal_of_levels(gap: SkillGap) -> FirstGoal:
    """Return a goal whose title says from which level to which, and whose measure is the example of that level."""
    levels = {"aim": Level(gap.aim).adjective, "skill": in_sentence(gap.skill.name)}
    if gap.have:
        title = _("Get from %(have)s to %(aim)s at %(skill)s") % {**levels, "have": Level(gap.have).adjective}
    elif gap.aim <= Level.BASIC:
        title = _("Learn the basics of %(skill)s") % levels
    else:
        title = _("Become %(aim)s at %(skill)s") % levels
    return FirstGoal(title, HOURS_A_LEVEL * gap.steps_up, done_when=gap.aim_example)


def _why(gap: SkillGap) -> str:
    """Return the reason if the occupation is not the target role: nothing else in the plan names it."""
    if gap.is_target or gap.need is None or gap.occupation is None:
        return ""
    words = {"occupation": gap.occupation.title, "level": Level(gap.need).phrase}
    return _("Level needed as %(occupation)s: %(level)s.") % words


def idea_from_task(answer: TaskAnswer, reason: str = "") -> GoalIdea:
    """Suggest a task that is not done yet, or only with help: done alone, once or three times.

    The first steps are those for any task and name it, different ones for the next task: first with a person for
    someone who has never done it, else practice.
    """
    was_helped = answer.experience == TaskAnswer.Experience.WITH_HELP
    words = imperative(answer.text) or _("Take on a new task: %(task)s") % {"task": in_sentence(answer.text)}
    first = StepIdeaKind.PRACTICE if was_helped else StepIdeaKind.PERSON
    once = _("I have done this on my own, and someone experienced has checked it.")
    return GoalIdea(
        key=f"task-{answer.pk}",
        kind=GapKind.TASK,
        title=Truncator(words).chars(TITLE_LENGTH),
        hours=HOURS_WITHOUT_HELP if was_helped else HOURS_OF_A_TASK,
        done_when=_("I have done this 3 times without help.") if was_helped else once,
        steps=step_ideas(task_steps(answer), first, place=answer.position),
        reason=reason,
        task=answer,
    )


def task_steps(answer: TaskAnswer) -> FirstSteps:
    """Return the first steps for a task of an occupation, in our own words: "Ask to watch someone plan shifts".

    A task that cannot be said so safely is quoted: "Ask to watch someone do this: “Orders stationery and supplies”".
    """
    verb_first = imperative(answer.text)
    task = Truncator(verb_first or answer.text.removesuffix(".")).chars(TASK_IN_STEP)
    words = in_sentence(task) if verb_first else _("do this: “%(task)s”") % {"task": task}
    return first_steps()["task"].fill_in(task=words)


def teaching_steps(skill: Skill) -> FirstSteps:
    """Return the first steps for teaching a skill to others; each names the skill."""
    return first_steps()["teach"].fill_in(skill=in_sentence(skill.name))


def idea_from_strength(skill: Skill, reason: str = "", why: str = "") -> GoalIdea:
    """Suggest using a strength: teaching it to two people, with first steps that name it."""
    return GoalIdea(
        key=skill_key(skill.pk),
        kind=GapKind.STRENGTH,
        title=(_("Train 2 people in %(skill)s") % {"skill": in_sentence(skill.name)})[:TITLE_LENGTH],
        hours=HOURS_TO_TRAIN_TWO,
        unit=_("people trained"),
        target=2,
        steps=step_ideas(teaching_steps(skill), StepIdeaKind.PRACTICE, place=skill.position),
        reason=reason,
        why=why,
        skill=skill,
    )


def idea_from_occupation(occupation: OccupationFacts, reason: str = "") -> GoalIdea:
    """Suggest finding out about an occupation, for someone who does not know yet what they want."""
    people = occupation.people
    return GoalIdea(
        key=f"{GapKind.EXPLORE}-{occupation.pk}",
        kind=GapKind.EXPLORE,
        title=(_("Find out what the work of %(people)s is really like") % {"people": people})[:TITLE_LENGTH],
        hours=HOURS_TO_EXPLORE,
        done_when=_("I have talked to one of them and know whether I would like it."),
        steps=step_ideas(first_steps()["explore"].fill_in(people=people), StepIdeaKind.PERSON, place=occupation.pk),
        reason=reason,
    )


def idea_from_education(missing: MissingEducation, reason: str = "") -> GoalIdea:
    """Suggest a goal for missing education: enrolling for a level, or what the user says is missing.

    The first sentence of their words is the title; if there is more, the words are in full under "why".
    """
    texts, words = first_steps()["qualification"], " ".join(missing.words.split())
    enrol, units = texts.goals
    first_sentence = re.split(r"(?<=\w)[.!?] ", words, maxsplit=1)[0].rstrip(".")
    if MISSING_WORDS.match(words):  # "No degree" is not a goal
        first_sentence = _("Get the education that my target role needs")
    title = Truncator(first_sentence).chars(TITLE_LENGTH) if words else _enrol_title(EducationLevel(missing.level))
    return GoalIdea(
        key=GapKind.EDUCATION.value,
        kind=GapKind.EDUCATION,
        title=title,
        hours=units.hours if words else enrol.hours,
        done_when=_("I have the certificate, the degree or proof that I passed.") if words else enrol.done_when,
        steps=step_ideas(texts, StepIdeaKind.LEARN, of_formal=True),
        reason=reason,
        why="" if title == words.rstrip(".") else missing.words,
        least_months=MONTHS_OF_EDUCATION if words else MONTHS_TO_ENROL,
    )


def _enrol_title(level: EducationLevel) -> str:
    return {
        EducationLevel.NONE: _("Enrol in a first course for my target role"),
        EducationLevel.SECONDARY: _("Enrol in a course for a school-leaving certificate"),
        EducationLevel.VOCATIONAL: _("Enrol in vocational training for my target role"),
        EducationLevel.SOME_COLLEGE: _("Enrol in a course of higher education for my target role"),
        EducationLevel.ASSOCIATE: _("Enrol in a course for a foundation degree or higher diploma"),
        EducationLevel.BACHELOR: _("Enrol in a course for a bachelor's degree"),
        EducationLevel.MASTER: _("Enrol in a course for a master's degree"),
        EducationLevel.DOCTORATE: _("Enrol in a course for a doctorate or a professional degree"),
    }[level]


def idea_from_licence(reason: str = "") -> GoalIdea:
    """Suggest getting the licence that the target role needs."""
    texts = first_steps()["licence"]
    goal = texts.goals[0]
    return GoalIdea(
        key=GapKind.LICENCE.value,
        kind=GapKind.LICENCE,
        title=goal.title,
        hours=goal.hours,
        done_when=goal.done_when,
        steps=step_ideas(texts, StepIdeaKind.LEARN, of_formal=True),
        reason=reason,
        least_months=MONTHS_TO_ENROL,
    )


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
        "due_on": goal.due_on if goal.due_on > today else end_of_month(today, MONTHS_OF_A_SPLIT),
        "step_due_on": min(today + FIRST_STEP, goal.due_on) if goal.due_on > today else today + FIRST_STEP,
        "skills": skills,
    }
    if half is None or goal.start_value is None or goal.target_value is None:
        return first
    whole, part = f"{goal.target_value.normalize():f}", f"{half.normalize():f}"
    title = re.sub(rf"(?<![\d.,]){re.escape(whole)}(?![\d.,]*\d)", part, goal.title)
    return first | {"title": title, "start_value": f"{goal.start_value.normalize():f}", "target_value": part}


def suggest_from_reached(
    goal: Goal, value: Decimal, skills: list[int], open_steps: Sequence[ActionStep], today: date
) -> dict[str, Any]:
    """Return a goal that builds on a reached one: from where that ended, with its first open step.

    Title, target and what counts as done are left to the person.
    """
    following = {
        "area": goal.area,
        "why": goal.why,
        "measure_kind": goal.measure_kind,
        "unit": goal.unit,
        "due_on": end_of_month(today, MONTHS_OF_A_SPLIT),
        "step_due_on": today + FIRST_STEP,
        "step_title": open_steps[0].title if open_steps else "",
        "skills": skills,
    }
    return following if goal.measure_range is None else following | {"start_value": f"{value.normalize():f}"}


def _half_way(goal: Goal) -> Decimal | None:
    """Return the middle between start and target; None for a yes/no goal, or if the middle equals an end."""
    start, target = goal.start_value, goal.target_value
    if start is None or target is None:
        return None
    half = (start + target) / 2
    if start == start.to_integral_value() and target == target.to_integral_value():
        half = half.to_integral_value(ROUND_CEILING if target > start else ROUND_FLOOR)
    return half.quantize(Decimal("0.01")) if half not in (start, target) else None
