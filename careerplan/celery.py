"""The Celery application: workers send due emails, beat only starts them.

The database decides what is due (see careerplan.reminders), so a message that is lost, doubled or late costs at most
one round of the schedule below.
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerplan.settings")

app = Celery("careerplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["careerplan.core", "accounts", "careerplan.reminders", "careerplan.account_data", "careerplan.plan_document"]
)


@worker_process_init.connect
def _keep_what_is_loaded(**_signal: Any) -> None:
    """Exclude what is loaded at the start of a worker process from garbage collection."""
    gc.freeze()


# The beat schedule: everything that runs on a schedule.
app.conf.beat_schedule = {
    "send-reminders": {
        "task": "careerplan.reminders.tasks.send_reminders",
        "schedule": settings.SCHEDULER_SECONDS,
        # A message that no worker took before the next one is dropped.
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
    "forget-sessions": {
        "task": "accounts.tasks.forget_ended_sessions",
        "schedule": 24 * 3600,
        "options": {"expires": 3600},
    },
    "clear-sessions": {
        "task": "careerplan.core.tasks.clear_sessions",
        "schedule": 24 * 3600,
        "options": {"expires": 3600},
    },
}
