"""Pages about the tasks of the target occupation."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careerplan.catalogue.models import OccupationTask
from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import MOST_SKILLS, Page, PageKind, WizardStage, split_evenly

USUAL_TASKS = 11  # of a target that is not chosen yet, in full mode
QUICK_TASKS = 8  # the most telling ones, on one page
SECONDS_A_TASK = 6  # 8 words and a choice


def asked_tasks(assessment: Assessment, tasks: Iterable[OccupationTask]) -> tuple[OccupationTask, ...]:
    """Return the tasks of the target occupation that are asked about: all of them, or in quick mode the first ones."""
    return tuple(tasks)[: QUICK_TASKS if assessment.is_quick else None]


def tasks_pages(answers: Answers) -> list[Page]:
    """Return the pages about the tasks of the target occupation; none if it is unknown or has no tasks, nor in a
    retake that asks about something else.
    """
    if answers.assessment.limited_to is not None:
        return []
    most = QUICK_TASKS if answers.assessment.is_quick else MOST_SKILLS
    chunks = split_evenly(answers.tasks, most)
    return [tasks_page(answers, number, chunk) for number, chunk in enumerate(chunks, start=1)]


def tasks_page(answers: Answers, number: int, tasks: tuple[OccupationTask, ...]) -> Page:
    target = answers.assessment.target_occupation
    people = target.plural if target else ""
    lead = _("This is what %(people)s do. What is new to you can become a goal.") % {"people": people}
    return Page(
        WizardStage.TASKS.value if number == 1 else f"{WizardStage.TASKS}-{number}",
        PageKind.TASKS,
        WizardStage.TASKS,
        _("Which of these have you done?"),
        lead if people else _("These are tasks of your target role. What is new to you can become a goal."),
        lambda a: a.has_answered(tasks),
        tasks=tasks,
        texts=tuple(TaskAnswer.Experience.labels),
        choices=len(tasks),
    )
