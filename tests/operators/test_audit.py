"""The audit log: nobody changes it, and everything is in it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry
from careerplan.operators.services.audit import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return record(actor=SYSTEM, action=AuditAction.TEST_MAIL, now=timezone.now())


@pytest.mark.parametrize("column", ["actor", "why", "action"])
def test_an_entry_does_not_change(entry, column):
    with pytest.raises(IntegrityError, match="operators_auditentry_unchanged"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(**{column: "blocked"})


def test_an_entry_is_not_deleted_for_two_years(entry):
    with pytest.raises(IntegrityError, match="operators_auditentry_kept"), transaction.atomic():
        entry.delete()
    old = record(actor=SYSTEM, action=AuditAction.TEST_MAIL, now=timezone.now() - timedelta(days=731))
    assert old.delete()[0] == 1


def test_an_entry_outlives_the_accounts(window, operator, user):
    window.post(reverse("operators:act", args=[user.pk, "sessions"]))
    user.delete()
    operator.delete()
    assert AuditEntry.objects.get().actor == "Ines Roth"


def test_the_log_of_one_account(window, operator, user):
    record(actor=SYSTEM, action=AuditAction.BLOCKED, person=user, now=timezone.now(), why="Spam")
    record(actor=SYSTEM, action=AuditAction.BLOCKED, person=operator, now=timezone.now())
    page = window.get(reverse("operators:audit-log"), {"person": user.pk})
    assert [about for _entry, about in page.context["page"].rows] == [user]
    assert "Spam" in page.content.decode()


def test_the_log_goes_on_page_by_page(window):
    for _number in range(51):
        record(actor=SYSTEM, action=AuditAction.TEST_MAIL, now=timezone.now())
    first = window.get(reverse("operators:audit-log")).context["page"]
    second = window.get(reverse("operators:audit-log"), {"before": first.next_before}).context["page"]
    assert (len(first.rows), len(second.rows)) == (50, 1)
