"""Form for what the user has done of the target occupation's tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from careerplan.core.forms import LineField
from careerplan.core.http import parse_id
from careerplan.skills import texts
from careerplan.skills.forms.base import WizardForm, radio
from careerplan.skills.models import EVIDENCE_LENGTH, TaskAnswer
from careerplan.skills.services.answers import TaskChange, save_task_answers

PREFIX, EVIDENCE = "task-", "evidence-"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as its fieldset shows it."""

    text: str
    experience: forms.BoundField
    evidence: forms.BoundField


def posted_tasks(data: Mapping[str, str]) -> set[int]:
    """Return the ids of the tasks in posted data."""
    found = (parse_id(name.removeprefix(PREFIX)) for name in data if name.startswith(PREFIX))
    return {key for key in found if key is not None}


class TasksForm(WizardForm):
    """Form with the experience in each task of the page, and one line as an example. Any answer may be left open."""

    prefixes = (PREFIX, EVIDENCE)

    def stored(self) -> dict[str, Any]:
        """Return the saved answers."""
        stored: dict[str, Any] = {}
        for task in self.page.tasks:
            answer = self.answers.task_answer(task)
            stored[f"{PREFIX}{task.pk}"] = answer.experience if answer else ""
            stored[f"{EVIDENCE}{task.pk}"] = answer.evidence if answer else ""
        return stored

    def add_fields(self) -> None:
        """Add two fields for each task."""
        for task in self.page.tasks:
            experience = radio(task.text, TaskAnswer.Experience.choices)
            experience.widget.attrs = {}
            experience.error_messages["invalid_choice"] = gettext_lazy("Choose one of the answers.")
            self.fields[f"{PREFIX}{task.pk}"] = experience
            self.fields[f"{EVIDENCE}{task.pk}"] = LineField(
                label=texts.EVIDENCE, max_length=EVIDENCE_LENGTH, required=False
            )

    def rows(self) -> Iterator[TaskRow]:
        """Return the tasks for the template."""
        for task in self.page.tasks:
            yield TaskRow(task.text, self[f"{PREFIX}{task.pk}"], self[f"{EVIDENCE}{task.pk}"])

    @property
    def is_again(self) -> bool:
        """Return whether the page has an unconfirmed answer from the last assessment."""
        answers = [self.answers.task_answer(task) for task in self.page.tasks]
        return any(answer is not None and self.answers.is_carried_over(answer) for answer in answers)

    def save(self) -> None:
        """Save valid answers. Only continuing confirms what was not touched, and notes that it was asked."""
        changes = {}
        for task in self.page.tasks:
            answer = TaskChange(*(self._entered(f"{prefix}{task.pk}") for prefix in self.prefixes))
            stored = TaskChange(*(self.rows_say[f"{prefix}{task.pk}"] for prefix in self.prefixes))
            if self.complete or answer != stored:
                changes[task] = answer
        save_task_answers(assessment=self.answers.assessment, changes=changes, now=self.now)

    def _entered(self, name: str) -> str:
        """Return a valid answer, or the saved one in place of an invalid one."""
        return str(self.cleaned_data.get(name, self.rows_say[name]))
