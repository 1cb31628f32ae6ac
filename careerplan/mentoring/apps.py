"""Mentoring: what happens to mentorships when a mentor's account is deleted, and when a new plan starts."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import pre_delete
from django.utils import timezone


class MentoringConfig(AppConfig):
    """Ends what a mentor sees before their account is deleted, however that is done; shares what is carried over."""

    name = "careerplan.mentoring"

    def ready(self) -> None:
        """Listen to deletions of accounts and to new plans, and tell of sharing in the history of a plan."""
        from careerplan.mentoring.owner.history import tell_sharing  # noqa: PLC0415
        from careerplan.mentoring.owner.queries import names_of_those_who_see  # noqa: PLC0415
        from careerplan.planning.queries.plan_page import who_sees_goals  # noqa: PLC0415
        from careerplan.planning.queries.told_days import tellers  # noqa: PLC0415
        from careerplan.planning.services.new_plan import new_plan_started  # noqa: PLC0415  (needs the models loaded)

        tellers.append(tell_sharing)
        who_sees_goals.append(names_of_those_who_see)
        pre_delete.connect(_leave_all, sender=settings.AUTH_USER_MODEL, dispatch_uid="careerplan.mentoring")
        new_plan_started.connect(_carry_shared_goals, dispatch_uid="careerplan.mentoring")


def _leave_all(*, instance: Any, **_values: Any) -> None:
    from careerplan.mentoring.services.ending import leave_all  # noqa: PLC0415  # models are loaded by now

    leave_all(account=instance, now=timezone.now())


def _carry_shared_goals(*, goals: Any, now: Any, **_values: Any) -> None:
    from careerplan.mentoring.services.sharing import carry_shared_goals  # noqa: PLC0415

    carry_shared_goals(copies=goals, now=now)
