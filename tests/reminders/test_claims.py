"""Several senders at once: one of them sends each mail."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from careerplan.core.smtp import EmailBackend
from careerplan.reminders import claims, delivery
from careerplan.reminders.models import Digest
from careerplan.reminders.services import create_due_reminders
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db


def test_sender_that_lost_its_claim_neither_sends_nor_records(goal, user, mail_box):
    create_due_reminders(as_of=MOMENT, now=MOMENT)
    soon = timezone.now() + timedelta(days=400)
    [stale] = claims.claim_digests(now=soon, limit=10)
    [_fresh] = claims.claim_digests(now=soon + timedelta(days=1), limit=10)
    batch = delivery._Batch([stale], MOMENT, timezone.now, soon, None)
    batch.send()
    assert batch.sent == 0
    assert mail_box.to(user.email) == []


def test_claimed_digest_is_not_claimed_again_before_the_lease_ends(goal):
    create_due_reminders(as_of=MOMENT, now=MOMENT)
    now = MOMENT + timedelta(days=1)
    lease = claims.lease()
    assert len(claims.claim_digests(now=now, limit=10)) == 1
    assert claims.claim_digests(now=now + lease - timedelta(seconds=1), limit=10) == []
    assert len(claims.claim_digests(now=now + lease, limit=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_locked_digest_is_skipped(user):
    make_goal(user, step_due_on=date(2027, 3, 12))
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    with transaction.atomic():
        assert len(claims.claim_digests(now=timezone.now(), limit=10)) == 1
        with ThreadPoolExecutor(1) as pool:
            elsewhere = pool.submit(lambda: (claims.claim_digests(now=timezone.now(), limit=10), connection.close())[0])
            assert elsewhere.result(timeout=20) == []


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_runs_create_one_reminder(user):
    make_goal(user, step_due_on=date(2027, 3, 12))

    def one_round(_):
        try:
            return create_due_reminders(as_of=MOMENT, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(one_round, range(50)))
    assert sum(made) == 1
    assert Digest.objects.get().reminders.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_during_smtp(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    right, seen = EmailBackend.deliver, []

    def look(self, *mail):
        seen.append(connection.in_atomic_block)
        return right(self, *mail)

    monkeypatch.setattr(EmailBackend, "deliver", look)
    assert len(send()) == 1
    assert seen == [False]


@pytest.mark.parametrize("since", [timedelta(hours=-2), timedelta(seconds=1), timedelta(seconds=30), timedelta()])
def test_claim_lasts_for_a_lease_from_the_start_of_its_mail(goal, since):
    """Also where the clock is set back between claim and attempt."""
    create_due_reminders(as_of=MOMENT, now=MOMENT)
    claimed_at = MOMENT + timedelta(days=1)
    [digest] = claims.claim_digests(now=claimed_at, limit=1)
    assert claims.start_attempt(digest, now=claimed_at + since)
    assert Digest.objects.get().not_before == claimed_at + since + claims.lease()


@pytest.mark.parametrize("taken_over", [0, 1])
def test_of_two_emails_only_the_one_that_was_taken_over_is_left_alone(taken_over):
    for person in UserFactory.create_batch(2):
        make_goal(person, step_due_on=date(2027, 3, 12))
    create_due_reminders(as_of=MOMENT, now=MOMENT)
    both = claims.claim_digests(now=MOMENT + timedelta(days=1), limit=2)
    assert claims.start_attempt(both[0], now=MOMENT)
    Digest.objects.filter(pk=both[taken_over].id).update(claim_token=uuid4())
    before = Digest.objects.filter(pk=both[taken_over].id).values().get()
    sent = claims.DeliveredDigest(both[0], MOMENT, "Ask", "250 2.0.0 taken")
    assert claims.record_sent_and_start(sent, both[1], now=MOMENT) is (taken_over != 1)
    first, second = (Digest.objects.get(pk=digest.id) for digest in both)
    if taken_over == 0:
        assert (second.attempt_started_at, second.attempts, second.not_before) == (MOMENT, 1, MOMENT + claims.lease())
    else:
        assert (first.state, first.sent_at, first.subject, first.claim_token) == ("sent", MOMENT, "Ask", None)
    assert Digest.objects.filter(pk=both[taken_over].id).values().get() == before


@pytest.mark.parametrize(
    "statement", [claims.START_ATTEMPT, claims.RECORD_OUTCOME, claims.RECORD_AND_DELETE, claims.RECORD_AND_START]
)
def test_claimed_digest_is_found_by_its_key(statement):
    """And not through the index of all pending digests, which looks small when the plan is made."""
    names = re.findall(r"%\((\w+)\)s", statement)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN " + statement,
            dict.fromkeys(names) | {"id": 1, "next_id": 2, "claim_token": uuid4(), "state": "sent", "obsolete_ids": []},
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("reminders_digest_pkey") == statement.count("UPDATE reminders_digest")
    assert "reminders_digest_pending" not in plan
