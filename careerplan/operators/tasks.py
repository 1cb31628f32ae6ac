"""The daily clear-up, started every few minutes; a row says when it is due."""

import structlog
from django.urls import reverse
from django.utils import timezone

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
        question = inactivity.ask(user=user, now=timezone.now())
        if question is None:
            continue
        if send_question(question):
            sent += 1
        else:
            inactivity.take_back(question=question)
            break  # the mail server is the reason; the rest is asked tomorrow
    return sent


def send_question(question: InactivityQuestion) -> bool:
    """Email the question; return whether the mail server took it."""
    until = timezone.localtime(question.answer_by, question.user.zone)
    context = {"until": until, "sign_in_url": absolute_url(reverse("account_login"))}
    return mails.send("inactive_account", to=question.user.email, context=context)
