"""Does what people do at the very moment of sending: `done`, `stop` or `delete` and an address a line.

Like load.py it uses the application, because that is what is raced. Answers each line with the time of the commit.
"""

import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from careerplan.goals.models import ActionStep, Goal  # noqa: E402
from careerplan.goals.services.steps import complete_step  # noqa: E402
from careerplan.reminders.kinds import ReminderKind  # noqa: E402
from careerplan.reminders.services import stop_kinds  # noqa: E402


def change(what: str, address: str) -> None:
    """One change, committed when it returns."""
    user = User.objects.get(email=address)
    if what == "done":
        complete_step(step=ActionStep.objects.for_user(user).get(), now=timezone.now())
    elif what == "stop":
        stop_kinds(user=user, kinds=list(ReminderKind))
    else:
        Goal.objects.for_user(user).get().delete()


def main() -> None:
    """Until the input ends."""
    print("ready", flush=True)
    for line in sys.stdin:
        change(*line.split())
        print(time.time(), flush=True)


if __name__ == "__main__":
    main()
