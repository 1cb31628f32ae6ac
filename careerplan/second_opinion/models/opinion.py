"""A second opinion: the skills that an owner asks a mentor to rate."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Skill
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.triggers import complete_when_sent, has_a_skill, open_only_of_skills

MOST_SKILLS = 8


class SecondOpinionQuerySet(OwnedQuerySet["SecondOpinion"]):
    """Second opinions. `for_user` keeps those of the owner of the plan, never those of the mentor."""

    owner_path = "mentorship__owner"

    def unsent(self) -> "SecondOpinionQuerySet":
        """Keep those that the mentor has not sent yet."""
        return self.filter(sent_at=None)

    def sent(self) -> "SecondOpinionQuerySet":
        """Keep those that the mentor has sent, newest first."""
        return self.filter(sent_at__isnull=False).order_by("-sent_at", "-id")

    def opened(self) -> "SecondOpinionQuerySet":
        """Keep those that the owner has opened, newest first."""
        return self.filter(opened_at__isnull=False).order_by("-opened_at", "-id")


class SecondOpinion(models.Model):
    """One request of an owner to a mentor to rate up to MOST_SKILLS skills.

    Nothing that the mentor answers is shown before `sent_at`, and answers can change until `opened_at`. From then on
    both sides are fixed: the owner's levels of that moment are in OpinionDecision.
    """

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="second_opinions")
    asked_at = models.DateTimeField(_("asked at"))
    sent_at = models.DateTimeField(_("sent by the mentor at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened by you at"), null=True, blank=True)

    objects = SecondOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("second opinion")
        verbose_name_plural = _("second opinions")
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship"], condition=Q(sent_at__isnull=True), name="second_opinion_one_unanswered"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("asked_at")),
                name="second_opinion_sent_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(sent_at__isnull=False, opened_at__gte=F("sent_at")),
                name="second_opinion_opened_after_sent",
            ),
        ]
        triggers: ClassVar = [immutable_fk("second_opinion", "mentorship_id"), has_a_skill(), complete_when_sent()]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.asked_at:%Y-%m-%d}"

    @property
    def is_sent(self) -> bool:
        """Whether the mentor has sent the answers."""
        return self.sent_at is not None

    @property
    def is_opened(self) -> bool:
        """Whether the owner has opened the answers."""
        return self.opened_at is not None


class OpinionSkillQuerySet(OwnedQuerySet["OpinionSkill"]):
    owner_path = "opinion__mentorship__owner"


class OpinionSkill(models.Model):
    """A skill that a mentor is asked to rate. It holds nothing that the owner said about it."""

    opinion = models.ForeignKey(SecondOpinion, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))

    objects = OpinionSkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill of a second opinion")
        verbose_name_plural = _("skills of second opinions")
        ordering: ClassVar = ["opinion", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "skill"], name="second_opinion_skill_once"),
            models.UniqueConstraint(fields=["opinion", "position"], name="second_opinion_skill_position_once"),
            models.CheckConstraint(condition=Q(position__range=(1, MOST_SKILLS)), name="second_opinion_at_most_8"),
        ]
        triggers: ClassVar = [open_only_of_skills()]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.skill_id}"
