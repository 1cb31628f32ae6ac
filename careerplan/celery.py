"""The Celery application: workers send due emails, beat only starts them.

The database decides what is due (see careerplan.reminders), so a message that is lost, doubled or late costs at most
one round of the schedule below.
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging, task_postrun, task_prerun, worker_init, worker_process_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from structlog.contextvars import bind_contextvars, clear_contextvars

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerplan.settings")

app = Celery("careerplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "careerplan.core",
        "accounts",
        "careerplan.reminders",
        "careerplan.mentoring",
        "careerplan.account_data",
        "careerplan.plan_document",
        "careerplan.operators",
        "careerplan.operations",
    ]
)


@worker_process_init.connect
def _keep_what_is_loaded(**_signal: Any) -> None:
    """Exclude what is loaded at the start of a worker process from garbage collection."""
    gc.freeze()


@worker_init.connect
def _refuse_shared_connections(**_signal: Any) -> None:
    """End the worker where a pooler gives each transaction another connection. Celery only logs other errors."""
    from careerplan.core.pooling import refuse_shared_connections  # noqa: PLC0415  (needs the apps)

    try:
        refuse_shared_connections()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None


@setup_logging.connect
def _keep_our_logs(**_signal: Any) -> None:
    """Keep Celery from setting up logs of its own: Django's settings have done it (careerplan.core.logs)."""


@task_prerun.connect
def _name_task_in_logs(task_id: str, task: Any, **_signal: Any) -> None:
    """Add the task and its id to all lines of the log until it ends."""
    bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def _forget_task_in_logs(**_signal: Any) -> None:
    clear_contextvars()


@heartbeat_sent.connect
def _give_life_sign(sender: Any, **_signal: Any) -> None:
    """Report from the loop that takes tasks that it still does."""
    from careerplan.core.workers import life_signs  # noqa: PLC0415  (needs the apps)

    life_signs().give(sender.eventer.hostname, timezone.now())


# The beat schedule: everything that runs on a schedule.
app.conf.beat_schedule = {
    "send-reminders": {
        "task": "careerplan.reminders.tasks.send_reminders",
        "schedule": settings.SCHEDULER_SECONDS,
        # A message that no worker took before the next one is dropped.
        "options": {"expires": settings.SCHEDULER_SECONDS},
    },
    "mentoring": {  # started at once on request; this finds what was missed
        "task": "careerplan.mentoring.tasks.send_mentoring_emails",
        "schedule": settings.SCHEDULER_SECONDS,
        "options": {"expires": settings.SCHEDULER_SECONDS},
    },
    "data-files": {  # started at once on request; this finds what was missed
        "task": "careerplan.account_data.tasks.process_files",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "plan-files": {  # started at once on request; this finds what was missed
        "task": "careerplan.plan_document.tasks.make_plan_files",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "delete-accounts": {
        "task": "accounts.tasks.delete_due_accounts",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "backups": {  # started at once on request; this finds what was missed
        "task": "careerplan.operations.tasks.make_backups",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "clear-up": {  # once a day, when its row in the database says so
        "task": "careerplan.operators.tasks.clear_up",
        "schedule": 600,
        "options": {"expires": 600},
    },
}
