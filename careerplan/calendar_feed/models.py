"""The calendar of a person: its contents, and the address from which calendar apps fetch it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet

SHA256 = "^[0-9a-f]{64}$"


class CalendarPart(models.TextChoices):
    """A kind of date in the calendar."""

    GOALS = "goals", _("Goals")
    STEPS = "steps", _("Steps")
    STOP_RULES = "stop_rules", _("Stop rules")
    REVIEWS = "reviews", _("Reviews")
    OPPORTUNITIES = "opportunities", _("Closing dates of opportunities")


class CalendarAlert(models.IntegerChoices):
    """Days before a date on which a calendar app shows an alert, at the time of day for reminders."""

    ON_THE_DAY = 0, _("On the day")
    DAY_BEFORE = 1, _("1 day before")
    WEEK_BEFORE = 7, _("7 days before")


def every_part() -> list[str]:
    return list(CalendarPart.values)


class CalendarFeedQuerySet(OwnedQuerySet["CalendarFeed"]):
    """Calendars of people."""

    def served(self) -> "CalendarFeedQuerySet":
        """Keep calendars of active people who are not deleting their accounts."""
        return self.filter(user__is_active=True, user__deletion_due_at=None)


class CalendarFeed(models.Model):
    """The calendar of a person. Only the hash of its address is stored."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    parts = ArrayField(
        models.CharField(max_length=13, choices=CalendarPart), verbose_name=_("dates to show"), default=every_part
    )
    steps_as_todos = models.BooleanField(_("steps as to-dos"), default=False)
    with_done = models.BooleanField(_("finished ones too"), default=False)
    alarm_days = models.PositiveSmallIntegerField(_("alert"), choices=CalendarAlert, null=True, blank=True)
    token_hash = models.CharField(_("token hash"), max_length=64, null=True, blank=True, unique=True)
    made_at = models.DateTimeField(_("address made at"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(token_hash__isnull=True, made_at__isnull=True)
                | Q(token_hash__isnull=False, token_hash__regex=SHA256, made_at__isnull=False),
                name="calendar_feed_calendarfeed_address",
            ),
            models.CheckConstraint(
                condition=Q(parts__contained_by=CalendarPart.values, parts__len__gt=0),
                name="calendar_feed_calendarfeed_parts_known",
            ),
            models.CheckConstraint(
                condition=Q(alarm_days__isnull=True) | Q(alarm_days__in=CalendarAlert.values),
                name="calendar_feed_calendarfeed_alarm_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def has_address(self) -> bool:
        """Whether calendar apps can fetch it."""
        return self.token_hash is not None
