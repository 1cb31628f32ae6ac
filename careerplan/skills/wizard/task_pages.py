"""Pages about the tasks of the target occupation."""

from django.utils.translation import gettext as _

from careerplan.catalogue.models import OccupationTask
from careerplan.skills.models import TaskAnswer
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import MOST_SKILLS, Page, PageKind, WizardStage, split_evenly

USUAL_TASKS = 11  # of a target that is not chosen yet
SECONDS_A_TASK = 6  # 8 words and a choice


def tasks_pages(answers: Answers) -> list[Page]:
    """Return the pages about the tasks of the target occupation; none if it is unknown or has no tasks."""
    if answers.assessment.limited_to == []:
        return []  # only what they like is asked
    chunks = split_evenly(answers.tasks, MOST_SKILLS)
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
