"""Does what people do at the very moment of sending: one of CHANGES and an address a line.

Like load.py it uses the application, because that is what is raced. Answers each line with the time of the commit.
"""

import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from careerplan.goals.models import ActionStep, Goal  # noqa: E402
from careerplan.goals.services.goals import delete_goal  # noqa: E402
from careerplan.goals.services.steps import complete_step  # noqa: E402
from careerplan.mentoring.models import Mentorship  # noqa: E402
from careerplan.mentoring.services.sharing import set_emails  # noqa: E402
from careerplan.reminders.kinds import ReminderKind  # noqa: E402
from careerplan.reminders.services import stop_kinds  # noqa: E402


def finish(address: str) -> None:
    """Do the step that the reminder is about."""
    complete_step(step=ActionStep.objects.get(goal__plan__user__email=address), now=timezone.now())


def stop(address: str) -> None:
    """Turn all reminders off."""
    stop_kinds(user=User.objects.get(email=address), kinds=list(ReminderKind))


def delete(address: str) -> None:
    """Delete the goal, with its step."""
    delete_goal(goal=Goal.objects.get(plan__user__email=address))


def refuse(address: str) -> None:
    """Stop the emails of a plan, as its mentor."""
    set_emails(mentorship=Mentorship.objects.get(email=address), wanted=False, now=timezone.now())


def block(address: str) -> None:
    """Block an account, as an operator."""
    User.objects.filter(email=address).update(is_active=False)


CHANGES = {"done": finish, "stop": stop, "delete": delete, "refuse": refuse, "block": block}


def main() -> None:
    """Until the input ends."""
    print("ready", flush=True)
    for line in sys.stdin:
        what, address = line.split()
        CHANGES[what](address)  # committed when it returns
        print(time.time(), flush=True)


if __name__ == "__main__":
    main()
