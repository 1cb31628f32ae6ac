"""The daily clear-up, started every few minutes; a row says when it is due."""

from datetime import datetime

import structlog
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.celery import app
from careerplan.core.mail import absolute_url
from careerplan.operators import mails
from careerplan.operators.models import InactivityQuestion
from careerplan.operators.services import inactivity
from careerplan.operators.services.clear_up import clear_up as run_if_due

log = structlog.get_logger(__name__)


@app.task
def clear_up() -> None:
    """Delete what was kept long enough, and ask inactive people, once a day."""
    if run_if_due(clock=timezone.now) is not None:
        ask_inactive_people()


def ask_inactive_people() -> int:
    """Ask inactive people whether to keep their account; return how many emails were taken."""
    sent = 0
    for user in inactivity.people_to_ask(timezone.now()):
        now = timezone.now()
        if not send_question(user, answer_by=now + InactivityQuestion.ANSWER_WITHIN):
            break  # the mail server is the reason; the rest is asked tomorrow
        inactivity.save_question(user=user, now=now)
        sent += 1
    return sent


def send_question(user: User, *, answer_by: datetime) -> bool:
    """Email the question; return whether the mail server took it."""
    until = timezone.localtime(answer_by, user.zone)
    context = {"until": until, "sign_in_url": absolute_url(reverse("account_login"))}
    return mails.send("inactive_account", to=user.email, context=context)
