"""What the database refuses of mentorships, whoever writes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from careerplan.mentoring.models import MentoringEmail, MentorSession, Mentorship
from tests.factories.goals import make_goal
from tests.factories.mentoring import make_invitation, make_mentorship

pytestmark = pytest.mark.django_db


def refused(name: str, write) -> None:
    """The write fails by the rule of this name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_rows_that_cannot_be(user, other_user):
    mentorship, now = make_mentorship(user), timezone.now()
    rows, hashed = Mentorship.objects.filter(pk=mentorship.pk), "a" * 64
    session = {"mentorship": mentorship, "token_hash": hashed, "opened_at": now}
    email = {"mentorship": mentorship, "recipient": "owner", "kind": "news", "occasion": "accepted"}
    refused("place_while_open", lambda: rows.update(place=4))
    refused("place_while_open", lambda: rows.update(place=None))
    refused("ended_at", lambda: rows.update(ended_at=now))
    refused("accepted_at", lambda: rows.update(accepted_at=None))
    refused("invited_at", lambda: rows.update(invited_at=None))
    refused("not_oneself", lambda: rows.update(mentor=user))
    refused("email_lower", lambda: rows.update(email="Kwame@example.org"))
    refused("forgotten_when_ended", lambda: rows.update(name=""))
    refused("immutable_owner_id", lambda: rows.update(owner=other_user))
    refused("at_most_12_hours", lambda: MentorSession.objects.create(**session, expires_at=now + timedelta(hours=13)))
    session["token_hash"] = ""
    refused("hashed", lambda: MentorSession.objects.create(**session, expires_at=now + timedelta(hours=1)))
    refused("email_once", lambda: MentoringEmail.objects.create(**email, made_at=now, not_before=now))
    unclaimed = MentoringEmail.objects.filter(mentorship=mentorship)
    refused("started_by_claim", lambda: unclaimed.update(attempt_started_at=now))
    refused("claim_while_pending", lambda: unclaimed.update(claim_token=uuid4(), state="sent", sent_at=now))


def test_places_and_addresses(user):
    first = make_invitation(user, email="a@example.org")
    second = make_invitation(user, email="b@example.org")
    assert (first.place, second.place) == (1, 2)
    refused("place_once", lambda: Mentorship.objects.filter(pk=second.pk).update(place=1))
    refused("address_once", lambda: Mentorship.objects.filter(pk=second.pk).update(email="a@example.org"))


def test_only_own_goals_are_shared(user, other_user):
    mentorship = make_mentorship(user)
    theirs = make_goal(other_user)
    now = timezone.now()
    refused("only_goals_of_the_owner", lambda: mentorship.shared_goals.create(goal=theirs, shared_at=now))
