"""People who work together, for looks and pictures: comments, a suggestion, opinions, meetings; made in the stack."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.goals.models import ActionStep, Goal
from careerplan.local.demo import load_demo
from careerplan.meetings.models import MeetingNote
from careerplan.meetings.services.dates import set_meeting
from careerplan.meetings.services.notes import NoteInput, save_notes
from careerplan.mentoring.mentor.access import cookie_name
from careerplan.mentoring.models import Mentorship
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review
from tests.factories.conversation import propose, say
from tests.factories.mentoring import EVERYTHING, let_in, make_invitation, make_mentorship
from tests.factories.second_opinions import make_opened_opinion, make_opinion


def make_company(*, email: str, evidence: str = "She ran the handover.") -> dict[str, Any]:
    """Give a person of the demo two mentors and somebody invited; return the addresses of both sides and the cookies.

    Kwame has answered an opinion and will meet; Ines is asked and has not answered.
    """
    user, now = User.objects.get(email=email), timezone.now()
    goals = list(Goal.objects.for_user(user).filter(plan__state="active").active())
    review = Review.objects.filter(plan__user=user).finished().first()
    kwame = make_mentorship(user, goals, email=f"{uuid4().hex}@example.org", **EVERYTHING)
    ines = make_mentorship(user, goals, name="Ines Roth", email=f"{uuid4().hex}@example.org", **EVERYTHING)
    invited = make_invitation(user, goals, name="Femi Ade", email=f"{uuid4().hex}@example.org", **EVERYTHING)
    theirs = say(kwame, goals[0], "Who was in the room when it went well?", now=now)
    own = say(kwame, goals[0], "Two of the ward sisters.", by=Side.OWNER, reply_to=theirs, now=now)
    suggestion = propose(kwame, goals[0], "Rehearse in the seminar room", now=now)
    skills = list(Skill.objects.filter(ratings__assessment__user=user, owner=None).distinct()[:3])
    opinion = make_opened_opinion(kwame, skills, [2, 5, None], evidence, now=now)
    make_opinion(ines, skills, now=now)
    notes = [NoteInput(text="Ask Karen about the rota", kind="note")]
    save_notes(mentorship=kwame, form_key=uuid4(), notes=notes, now=now)
    set_meeting(mentorship=kwame, starts_at=now + timedelta(days=3), now=now)
    owners = [
        *("/people/", "/people/invite/", "/people/comments/", goals[0].get_absolute_url()),
        *(f"/people/{kwame.pk}/{name}" for name in ("", "view/", f"view/goals/{goals[0].pk}/", "opinion/", "stop/")),
        *(f"/people/{kwame.pk}/meeting/{name}" for name in ("", "last/", "notes/")),
        *(f"/people/comments/{theirs.pk}/reply/", f"/people/comments/{theirs.pk}/step/"),
        *(f"/people/comments/{own.pk}/edit/", f"/people/goals/{goals[0].pk}/comment/"),
        *(f"/people/suggestions/{suggestion.pk}/{name}/" for name in ("change", "decline")),
        *(f"/people/opinions/{opinion.pk}/", f"/people/opinions/{opinion.pk}/results/"),
    ]
    side, at_review = f"/with/{kwame.key}/", f"reviews/{review.pk}/" if review else "plan/"
    mentors = [
        *(side + name for name in ("plan/", f"goals/{goals[0].pk}/", at_review, "meeting/", "leave/")),
        *(f"{side}goals/{goals[0].pk}/{name}/" for name in ("comment", "suggest")),
        *(f"{side}comments/{theirs.pk}/edit/", f"{side}comments/{own.pk}/reply/"),
        f"/with/{ines.key}/opinion/1/",
        *(f"/with/{invited.key}/{name}" for name in ("", "code/", "decline/", "stop/", "emails/")),
    ]
    cookies = [_cookie(one) for one in (kwame, ines)]
    return {"owner": owners, "mentor": mentors, "cookies": cookies}


def _cookie(mentorship: Mentorship) -> dict[str, str]:
    name = cookie_name(mentorship.key)
    return {"name": name, "value": let_in(mentorship).cookies[name].value}


# 80 letters without a space.
WORD = ("Arbeiterunfallversicherungsgesetz" * 3)[:80]


def make_wordy_company() -> dict[str, Any]:
    """Make the person of the demo afresh, with a company whose every text is one long word; also return the email."""
    user = load_demo(now=timezone.now())
    company = make_company(email=user.email, evidence=WORD)
    User.objects.filter(pk=user.pk).update(name=WORD)
    Plan.objects.filter(user=user).update(title=WORD, vision=WORD)
    Goal.objects.for_user(user).active().update(title=WORD, why=WORD)
    ActionStep.objects.for_user(user).filter(goal__state="active").update(title=WORD)
    Mentorship.objects.for_user(user).update(name=WORD, line=WORD)
    Comment.objects.filter(mentorship__owner=user).update(text=WORD)
    Suggestion.objects.filter(mentorship__owner=user).update(title=WORD)
    MeetingNote.objects.filter(meeting__mentorship__owner=user).update(text=WORD)
    return company | {"email": user.email}
