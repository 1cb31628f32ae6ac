"""Query of the tasks of an occupation: which the user has done, and which are still open."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import Occupation
from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.queries.skill_groups import GoalLink

CELL_GAP = 0.14  # of a cell, between two cells of the picture


@dataclass(frozen=True, slots=True)
class AnsweredTask:
    """A task as it was asked. `pk`: the id of the answer. `state`: in words, "Not yet"."""

    pk: int
    text: str
    state: str
    evidence: str
    goal: GoalLink | None


@dataclass(frozen=True, slots=True)
class TaskCell:
    """A cell of the picture: where it starts and how wide it is, in per cent, and its class."""

    x: str
    width: str
    css_class: str


@dataclass(frozen=True, slots=True)
class TaskResults:
    """The answered tasks of an occupation, each list with the most telling first. `unanswered`: asked and left open."""

    occupation: Occupation
    never: list[AnsweredTask]
    helped: list[AnsweredTask]
    done: list[AnsweredTask]
    unanswered: int

    @property
    def open(self) -> list[AnsweredTask]:
        """Return the gaps: what the user has not done yet, then what they have done with help."""
        return [*self.never, *self.helped]

    @property
    def answered(self) -> int:
        """Return how many tasks are answered."""
        return len(self.open) + len(self.done)

    @property
    def headline(self) -> str:
        """Return how many tasks the user has done."""
        values = {"done": len(self.done), "all": self.answered, "people": self.occupation.plural}
        if self.unanswered:
            text = ngettext(
                "You have done %(done)s of the %(all)s task that you answered",
                "You have done %(done)s of the %(all)s tasks that you answered",
                self.answered,
            )
        elif self.occupation.plural:
            text = ngettext(
                "You have done %(done)s of %(all)s thing that %(people)s do",
                "You have done %(done)s of %(all)s things that %(people)s do",
                self.answered,
            )
        else:
            text = ngettext(
                "You have done %(done)s of %(all)s task in this occupation",
                "You have done %(done)s of %(all)s tasks in this occupation",
                self.answered,
            )
        return text % values

    @property
    def caption(self) -> str:
        """Return the numbers of the picture in words."""
        values = {"done": len(self.done), "helped": len(self.helped), "never": len(self.never)}
        return _("%(done)s done, %(helped)s with help, %(never)s not yet") % values

    @property
    def cells(self) -> list[TaskCell]:
        """Return a cell for each answered task, those that are done first."""
        classes = ["c-have"] * len(self.done) + ["c-have-area"] * len(self.helped) + ["c-mark"] * len(self.never)
        step = 100 / (len(classes) - CELL_GAP)
        width = f"{step * (1 - CELL_GAP):.2f}"
        return [TaskCell(f"{number * step:.2f}", width, css_class) for number, css_class in enumerate(classes)]


def load_task_results(
    assessment: Assessment, occupation: Occupation | None, goals: Mapping[str, GoalLink]
) -> TaskResults | None:
    """Return what an assessment says about the tasks of an occupation; None if it says nothing. At most one query.

    `goals`: existing goals by text of the task.
    """
    asked = asked_tasks(assessment, occupation)
    if occupation is None or not any(answer.experience for answer in asked):
        return None
    experience = TaskAnswer.Experience

    def rows(*wanted: str) -> list[AnsweredTask]:
        return [_row(answer, goals.get(answer.text)) for answer in asked if answer.experience in wanted]

    return TaskResults(
        occupation=occupation,
        never=rows(experience.NEVER),
        helped=rows(experience.WITH_HELP),
        done=rows(experience.ALONE, experience.TAUGHT),
        unanswered=sum(not answer.experience for answer in asked),
    )


def asked_tasks(assessment: Assessment, occupation: Occupation | None) -> list[TaskAnswer]:
    """Return the answers about the tasks of an occupation, the most telling first. At most one query.

    An answer that was carried over and not asked again counts only if none was asked.
    """
    answers = list(assessment.task_answers.filter(occupation=occupation)) if occupation else []
    return [answer for answer in answers if answer.confirmed_at >= assessment.started_at] or answers


def _row(answer: TaskAnswer, goal: GoalLink | None) -> AnsweredTask:
    never = answer.experience == TaskAnswer.Experience.NEVER
    state = _("Not yet") if never else answer.get_experience_display()
    return AnsweredTask(answer.pk, answer.text, state, answer.evidence, goal)
