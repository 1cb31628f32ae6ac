"""Inactive accounts: asked by email whether to keep them, deleted without an answer. Off unless the site says so."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

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


def people_to_ask(now: datetime) -> list[User]:
    """Return inactive people who can be asked: at a confirmed address that takes our emails."""
    years = current_site().inactive_years
    if years is None:
        return []
    own = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    refused = RefusedAddress.objects.filter(user=OuterRef("pk"), address=OuterRef("email"), stopped_at__isnull=False)
    asked = InactivityQuestion.objects.filter(user=OuterRef("pk"))
    people = inactive_since(now - years * YEAR).filter(Exists(own), ~Exists(refused), ~Exists(asked))
    return list(people.order_by("pk")[:MOST_A_DAY])


@transaction.atomic
def ask(*, user: User, now: datetime) -> InactivityQuestion | None:
    """Write down that a person is asked, before the email goes out; None if that was done already."""
    answer_by = now + InactivityQuestion.ANSWER_WITHIN
    question, is_new = InactivityQuestion.objects.get_or_create(
        user=user, defaults={"asked_at": now, "answer_by": answer_by}
    )
    if not is_new:
        return None
    record(actor=SYSTEM, action=AuditAction.INACTIVE_ASKED, person=user, now=now)
    return question


def take_back(*, question: InactivityQuestion) -> None:
    """Ask again another day: the mail server did not take the email."""
    question.delete()


def delete_inactive(now: datetime) -> int:
    """Have the accounts deleted that nobody came back to in time; return how many. Forget the other questions."""
    answered_or_off().delete()
    due = InactivityQuestion.objects.select_for_update().filter(answer_by__lte=now).select_related("user")
    count = 0
    for question in due:
        accounts.request_deletion(user=question.user, now=now)
        accounts.skip_deletion_delay(user=question.user, now=now)
        record(actor=SYSTEM, action=AuditAction.DELETION_ASKED, person=question.user, now=now, why=_("Inactive"))
        count += 1
    return count


def answered_or_off() -> QuerySet[InactivityQuestion]:
    """Return the questions of people who were seen since, or who keep their account anyway."""
    questions = InactivityQuestion.objects.all()
    if current_site().inactive_years is None:
        return questions
    since = Coalesce("activity__seen_at", "last_login", "date_joined")
    asked_at = InactivityQuestion.objects.filter(user=OuterRef("pk")).values("asked_at")[:1]
    back = User.objects.annotate(since=since).filter(since__gt=asked_at)
    kept = User.objects.filter(is_staff=True) | User.objects.filter(is_active=False)
    return questions.filter(user__in=back.values("pk")) | questions.filter(user__in=kept.values("pk"))
