"""Rejected addresses: mail stops after two days in a row, the app says so, and the person can try again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.reminders.models import Digest, RefusedAddress
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db
REFUSED = SmtpResult(SmtpOutcome.REJECTED, "550 5.1.1 no such person")


@pytest.fixture
def daily(user):
    """A person with a mail each day."""
    for days in range(7, 15):
        make_goal(user, step_due_on=MOMENT.date() + timedelta(days=days))


@pytest.fixture
def refusing(monkeypatch, mail_box):
    """Whether the mail server rejects everyone, changeable; and how often it was asked."""
    right, state = EmailBackend.deliver, {"answer": REFUSED, "asked": 0}

    def deliver(self, *mail):
        state["asked"] += 1
        return state["answer"] or right(self, *mail)

    monkeypatch.setattr(EmailBackend, "deliver", deliver)
    return state


def test_rejection_on_one_day_is_tried_again_the_next_day(user, daily, refusing, mail_box, signed_in):
    send()
    assert Digest.objects.get().state == "failed"
    page = signed_in.get(reverse("reminders:sent")).content.decode()
    assert "550 5.1.1 no such person" in page
    assert RefusedAddress.objects.get().stopped_at is None
    refusing["answer"] = None
    assert len(send(MOMENT + timedelta(days=1))) == 1
    assert not RefusedAddress.objects.exists()


def test_rejections_on_two_days_in_a_row_stop_mail(user, daily, refusing, signed_in):
    for days in (0, 1, 2, 3):
        send(MOMENT + timedelta(days=days))
    assert refusing["asked"] == 2
    row = RefusedAddress.objects.get()
    assert (row.user, row.address, row.days, row.stopped_at is None) == (user, user.email, 2, False)
    for name in ("reminders:settings", "dashboard:today"):
        page = signed_in.get(reverse(name)).content.decode()
        assert 'data-testid="stopped-address"' in page
        assert user.email in page


def test_trying_the_address_again_sends_what_is_due(user, daily, refusing, signed_in, mail_box):
    for days in (0, 1):
        send(MOMENT + timedelta(days=days))
    refusing["answer"] = None
    assert send(MOMENT + timedelta(days=2)) == []
    page = signed_in.post(reverse("reminders:address-again"), follow=True).content.decode()
    assert 'data-testid="stopped-address"' not in page
    assert len(send(MOMENT + timedelta(days=3))) == 1


def test_other_address_of_the_same_person_is_not_stopped(user, daily, refusing, mail_box):
    for days in (0, 1):
        send(MOMENT + timedelta(days=days))
    refusing["answer"] = None
    user.emailaddress_set.update(email="new@example.org")
    assert [mail.address for mail in send(MOMENT + timedelta(days=2))] == ["new@example.org"]


def test_refusal_of_the_operator_is_no_rejected_address(user, daily, refusing):
    refusing["answer"] = SmtpResult(SmtpOutcome.REFUSED, "554 5.7.1 relay denied")
    for days in (0, 1, 2):
        send(MOMENT + timedelta(days=days))
    digest = Digest.objects.get()
    assert (digest.state, digest.smtp_response) == ("pending", "554 5.7.1 relay denied")
    assert not RefusedAddress.objects.exists()


def test_address_of_another_person_is_not_resumed(other_user, signed_in):
    RefusedAddress.objects.create(
        user=other_user, address=other_user.email, refused_on=date(2027, 3, 5), stopped_at=timezone.now()
    )
    signed_in.post(reverse("reminders:address-again"))
    assert RefusedAddress.objects.count() == 1


def test_one_row_per_address(user):
    RefusedAddress.objects.create(user=user, address=user.email, refused_on=date(2027, 3, 5))
    with pytest.raises(IntegrityError, match="reminders_refusedaddress_once"):
        RefusedAddress.objects.create(user=user, address=user.email, refused_on=date(2027, 3, 6))
