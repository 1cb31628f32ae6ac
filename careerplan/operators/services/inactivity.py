"""Inactive accounts: asked by email whether to keep them, deleted without an answer. Off unless the site says so."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from accounts import services as accounts
from accounts.models import User
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, InactivityQuestion
from careerplan.operators.queries.people import inactive_since
from careerplan.operators.services.audit import record
from careerplan.reminders.models import RefusedAddress
from careerplan.site_settings.queries import current_site

MOST_A_DAY = 200
YEAR = timedelta(days=365)
INACTIVE = "Inactive"  # in the audit log, which has one language


def people_to_ask(now: datetime) -> list[User]:
    """Return inactive people who can be asked: at a confirmed address that takes our emails."""
    years = current_site().inactive_years
    if years is None:
        return []
    own = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    asked = InactivityQuestion.objects.filter(user=OuterRef("pk"))
    people = inactive_since(now - years * YEAR).filter(Exists(own), ~Exists(refused()), ~Exists(asked))
    return list(people.order_by("pk")[:MOST_A_DAY])


@transaction.atomic
def save_question(*, user: User, now: datetime) -> None:
    """Write down that a person was asked, after the mail server took the email.

    A worker that dies in between asks twice; nobody is deleted without having been asked.
    """
    answer_by = now + InactivityQuestion.ANSWER_WITHIN
    _question, is_new = InactivityQuestion.objects.get_or_create(
        user=user, defaults={"asked_at": now, "answer_by": answer_by}
    )
    if is_new:
        record(actor=SYSTEM, action=AuditAction.INACTIVE_ASKED, person=user, now=now)


def delete_inactive(now: datetime) -> int:
    """Have the accounts deleted that nobody came back to in time; return how many. Forget the other questions."""
    withdrawn(now).delete()
    # Withdrawn ones again: someone may have come back since.
    due = InactivityQuestion.objects.filter(answer_by__lte=now).exclude(pk__in=withdrawn(now).values("pk"))
    due = due.select_for_update(of=("self",)).select_related("user")
    count = 0
    for question in due:
        accounts.request_deletion(user=question.user, now=now)
        accounts.skip_deletion_delay(user=question.user, now=now)
        record(actor=SYSTEM, action=AuditAction.DELETION_ASKED, person=question.user, now=now, why=INACTIVE)
        count += 1
    return count


def withdrawn(now: datetime) -> QuerySet[InactivityQuestion]:
    """Return the questions of people who were seen since, or who would not be asked any more."""
    questions, years = InactivityQuestion.objects.all(), current_site().inactive_years
    if years is None:
        return questions
    since = Coalesce("activity__seen_at", "last_login", "date_joined")
    asked_at = InactivityQuestion.objects.filter(user=OuterRef("pk")).values("asked_at")[:1]
    back = User.objects.annotate(since=since).filter(since__gt=asked_at)
    inactive = inactive_since(now - years * YEAR).exclude(pk__in=back.values("pk")).filter(~Exists(refused()))
    return questions.exclude(user__in=inactive.values("pk"))


def refused() -> QuerySet[RefusedAddress]:
    """Return, inside a query of users, the refusal that stopped emails to their present address."""
    return RefusedAddress.objects.filter(user=OuterRef("pk"), address=OuterRef("email"), stopped_at__isnull=False)
