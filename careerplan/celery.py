"""The Celery application: its workers send what is owed, its beat only wakes them.

What is owed is decided by the database (see careerplan.reminders). A message that is lost,
doubled or late therefore costs at most one round of the beat table below.
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
app.autodiscover_tasks(["careerplan.core", "accounts", "careerplan.reminders", "careerplan.account_data"])


@worker_process_init.connect
def _keep_what_is_loaded(**_signal: Any) -> None:
    """What is in memory as a worker's process begins stays there: the garbage collection need not look through it."""
    gc.freeze()


# The one beat table: everything that runs by itself stands here.
app.conf.beat_schedule = {
    "send-reminders": {
        "task": "careerplan.reminders.tasks.send_reminders",
        "schedule": settings.SCHEDULER_SECONDS,
        # A wake-up nobody took before the next one is worth nothing any more.
        "options": {"expires": settings.SCHEDULER_SECONDS},
    },
    "data-files": {  # made at once when asked for; this finds what was left over
        "task": "careerplan.account_data.tasks.process_files",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "delete-accounts": {
        "task": "accounts.tasks.delete_due_accounts",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "clear-sessions": {
        "task": "careerplan.core.tasks.clear_sessions",
        "schedule": 24 * 3600,
        "options": {"expires": 3600},
    },
}
