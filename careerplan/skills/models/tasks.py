"""What the user has done of an occupation's tasks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Occupation
from careerplan.skills.models.assessment import Assessment
from careerplan.skills.models.ratings import EVIDENCE_LENGTH, TASK_LENGTH


class TaskAnswer(models.Model):
    """A task of an occupation as it was asked, and whether the user has done it.

    No row: not asked. Experience blank: asked and left open. The text is kept here and is no reference to the task, so
    that results say what was asked even if the catalogue words it differently now. Answers about an occupation that is
    no longer the target stay.
    """

    class Experience(models.TextChoices):
        """How far the user has done a task."""

        NEVER = "never", _("Never")
        WITH_HELP = "help", _("With help")
        ALONE = "alone", _("Alone")
        TAUGHT = "taught", _("Taught others")

        @property
        def is_done(self) -> bool:
            """Return whether the user has done it without help."""
            return self in (TaskAnswer.Experience.ALONE, TaskAnswer.Experience.TAUGHT)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="task_answers")
    # RESTRICT: no release deletes an occupation, it is only no longer current.
    occupation = models.ForeignKey(Occupation, on_delete=models.RESTRICT, related_name="+")
    text = models.CharField(_("task"), max_length=TASK_LENGTH)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    experience = models.CharField(_("experience"), max_length=6, choices=Experience, blank=True)
    evidence = models.CharField(_("example"), max_length=EVIDENCE_LENGTH, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("answer about a task")
        verbose_name_plural = _("answers about tasks")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "occupation", "text"], name="skills_taskanswer_once"),
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="skills_taskanswer_text_not_blank"),
            models.CheckConstraint(
                condition=Q(experience__in=["", "never", "help", "alone", "taught"]),
                name="skills_taskanswer_experience_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.experience}"
