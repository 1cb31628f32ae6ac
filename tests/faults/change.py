"""What people and operators do while emails go out: called inside a stack, because it uses the application."""

import sys
import time
from io import BytesIO, StringIO, TextIOWrapper

from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import delete_goal
from careerplan.goals.services.steps import complete_step
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.sharing import set_emails
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.services import stop_kinds


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


def change(*, what: str, address: str) -> float:
    """Do one of CHANGES, and return the time of the commit."""
    CHANGES[what](address)
    return time.time()


def manage(*, arguments: list[str], given: bytes) -> str:
    """What a management command says, with this as its standard input."""
    said, before = StringIO(), sys.stdin
    sys.stdin = TextIOWrapper(BytesIO(given))
    try:
        call_command(*arguments, stdout=said)
    finally:
        sys.stdin = before
    return said.getvalue()
