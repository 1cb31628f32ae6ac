"""The state of the site for the health page: what /health/ says, part by part, and the day in figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from careerplan.core.health import check_health
from careerplan.operators.models import ClearUp
from careerplan.reminders.health import reminder_status

CLEAR_UP_LATE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Part:
    """One part of the site; `problem` is "" where it works."""

    name: str
    problem: str


@dataclass(frozen=True)
class HealthPage:
    """The parts, trouble first, and the figures below them."""

    parts: list[Part]
    sent: int
    waiting: int
    refused: int
    oldest: datetime | None
    ran_at: datetime | None
    clear_up: ClearUp | None

    @property
    def problems(self) -> list[Part]:
        return [part for part in self.parts if part.problem]


def load_health(now: datetime) -> HealthPage:
    """Return the page. Takes little more than two seconds where a part does not answer."""
    parts = [Part(name, problem) for name, problem in check_health(now).parts.items()]
    status, clear_up = reminder_status(), ClearUp.objects.first()
    parts += [Part(name, str(import_string(check)(now))) for name, check in settings.OPERATOR_CHECKS.items()]
    stages = status.stages
    return HealthPage(
        parts=sorted(parts, key=lambda part: not part.problem),
        sent=stages["sent"],
        waiting=stages["pending"] + stages["deferred"] + stages["claimed"] + stages["unknown"],
        refused=stages["failed"],
        oldest=status.oldest,
        ran_at=status.ran_at,
        clear_up=clear_up,
    )


def clear_up_problem(now: datetime) -> str:
    """Return why the daily clear-up needs somebody, or ""."""
    row = ClearUp.objects.first()
    if row is None:
        return ""
    if row.failed:
        return _("%(steps)s failed. The log says why.") % {"steps": ", ".join(row.failed)}
    if now - row.due_at > CLEAR_UP_LATE_AFTER:
        said = _("due since %(time)s UTC. Check that a worker and the scheduler are running.")
        return said % {"time": f"{row.due_at:%Y-%m-%d %H:%M}"}
    return ""
