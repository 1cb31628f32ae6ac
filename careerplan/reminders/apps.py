"""App configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """App configuration of reminders and the daily email."""

    name = "careerplan.reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Record every sign-in as activity, and add a section to the page of a goal."""
        # The models are loaded by now.
        from careerplan.goals.queries.goal_page import goal_panels  # noqa: PLC0415
        from careerplan.reminders.activity import record_sign_in  # noqa: PLC0415
        from careerplan.reminders.views import goal_reminders_panel  # noqa: PLC0415

        user_logged_in.connect(record_sign_in, dispatch_uid="careerplan.reminders.record_sign_in")
        goal_panels.append(goal_reminders_panel)
