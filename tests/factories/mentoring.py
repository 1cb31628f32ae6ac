"""Mentorships for tests, made through the services as the pages do."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.mentoring.mentor.access import cookie_name, open_session
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.invitations import accept, save_draft, send_invitation

EVERYTHING = {"shows_vision": True, "shows_strengths": True, "shows_reviews": True}


def make_draft(owner: User, goals: Iterable[Goal] = (), *, now: datetime | None = None, **values) -> Mentorship:
    """A draft of an invitation for three months, of these goals."""
    now = now or timezone.now()
    data = {"name": "Kwame Osei", "email": f"kwame-{os.getpid()}-{owner.pk}@example.org", "role": "mentor"}
    data |= {"ends_at": now + timedelta(days=90), **values}
    return save_draft(owner=owner, values=data, goals=[goal.pk for goal in goals], now=now)


def make_invitation(owner: User, goals: Iterable[Goal] = (), *, now: datetime | None = None, **values) -> Mentorship:
    """An invitation that was sent."""
    return send_invitation(draft=make_draft(owner, goals, now=now, **values), now=now or timezone.now())


def make_mentorship(
    owner: User, goals: Iterable[Goal] = (), *, mentor: User | None = None, now: datetime | None = None, **values
) -> Mentorship:
    """An invitation that was accepted, by an account where one is given."""
    invitation = make_invitation(owner, goals, now=now, **values)
    return accept(mentorship=invitation, mentor=mentor, now=now or timezone.now())


def let_in(mentorship: Mentorship, client: Client | None = None) -> Client:
    """A browser on which the mentor has entered the code."""
    client, response = client or Client(), HttpResponse()
    open_session(response, mentorship, stays=True, now=timezone.now())
    client.cookies[cookie_name(mentorship.key)] = response.cookies[cookie_name(mentorship.key)].value
    return client
