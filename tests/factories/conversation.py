"""A mentor who sees a goal, and what the two say about it."""

import os
from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import User
from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.conversation.services.comments import Subject, write_comment
from careerplan.conversation.services.suggestions import Proposed, suggest
from careerplan.goals.models import Goal
from careerplan.mentoring.models import Mentorship
from tests.factories.goals import NOW


def share_with_mentor(owner: User, *goals: Goal, name: str = "Kwame Osei", now: datetime = NOW, **values) -> Mentorship:
    """An active mentorship that shows these goals."""
    taken = Mentorship.objects.for_user(owner).open().count()
    fields = {
        "owner": owner,
        "name": name,
        "email": f"{name.split(maxsplit=1)[0].lower()}-{os.getpid()}-{owner.pk}@example.org",
        "role": "mentor",
        "state": Mentorship.State.ACTIVE,
        "place": taken + 1,
        "created_at": now,
        "invited_at": now,
        "answer_by": now + timedelta(days=14),
        "accepted_at": now,
        "ends_at": now + timedelta(days=90),
    }
    mentorship = Mentorship.objects.create(**fields | values)
    for goal in goals:
        mentorship.shared_goals.create(goal=goal, shared_at=now)
    return mentorship


def say(mentorship: Mentorship, goal: Goal, text: str = "Well done.", *, by: Side = Side.MENTOR, **values) -> Comment:
    """A comment on a goal, written by the service."""
    where = {"about": Subject(goal=goal.pk), "form_key": uuid4(), "now": NOW, **values}
    return write_comment(mentorship=mentorship, by=by, text=text, **where)


def propose(mentorship: Mentorship, goal: Goal, title: str = "Rehearse twice", *, now: datetime = NOW, **values):
    """A suggestion for a goal, made by the service."""
    proposed = Proposed(goal=goal.pk, title=title, **values)
    made: Suggestion = suggest(mentorship=mentorship, proposed=proposed, form_key=uuid4(), now=now)
    return made
