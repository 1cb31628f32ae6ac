"""Makes the mentorships of the letters (letters.py) and what each email is about, by the services of the product."""

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Comment, Side
from careerplan.conversation.services.comments import Subject, write_comment
from careerplan.goals.models import Goal
from careerplan.meetings.services.dates import cancel_meeting, set_meeting
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.invitations import cancel_invitation
from careerplan.mentoring.services.outbox import owe_email
from careerplan.mentoring.services.sharing import set_emails
from careerplan.second_opinion.services.answering import save_rating, send_opinion
from careerplan.second_opinion.services.asking import ask_opinion, withdraw_opinion

LIVE_DAYS = {"ending": 10, "expired": -1}
INVITED_DAYS = {"invitation": 14, "invitation_cancelled": 14, "unanswered": -1}
State = Mentorship.State


def make_letters(rows: list[dict], now: datetime) -> None:
    """Make a mentorship for each owner, who is in the database with a goal, and owe what its kind says.

    Nothing waits for its hour: the daily email and the pause before a question are due now.
    """
    goals = {goal.plan.user.email: goal for goal in Goal.objects.select_related("plan__user")}
    for one in rows:
        goal = goals[one["owner"]]
        mentorship = make_mentorship(goal.plan.user, one, now)
        mentorship.shared_goals.create(goal=goal, shared_at=now)
        happen(one["kind"], mentorship, goal, now)
    MentoringEmail.objects.update(not_before=now)


def make_mentorship(owner: User, one: dict, now: datetime) -> Mentorship:
    """Somebody who sees the plan, or is invited to, as the kind of the email needs it."""
    kind, since = one["kind"], now - timedelta(days=31)
    answer_days = INVITED_DAYS.get(kind)
    return Mentorship.objects.create(
        owner=owner, name=one["names"][1], email=one["mentor"], role=Mentorship.Role.MENTOR, place=1,
        state=State.ACTIVE if answer_days is None else State.INVITED,
        created_at=since, invited_at=since, accepted_at=since if answer_days is None else None,
        answer_by=now + timedelta(days=-20 if answer_days is None else answer_days),
        ends_at=now + timedelta(days=LIVE_DAYS.get(kind, 60)),
    )  # fmt: skip


def happen(kind: str, mentorship: Mentorship, goal: Goal, now: datetime) -> None:
    """Do what the email is about. What time brings ("ending", "expired", "unanswered") the product finds itself."""
    if kind.startswith("invitation"):
        to = MentoringEmail.Recipient.MENTOR
        owe_email(mentorship=mentorship, recipient=to, kind="invitation", occasion="1", now=now)
    elif kind in {"said_by_owner", "said_by_mentor", "comment_read", "emails_stopped"}:
        by = Side.MENTOR if kind in {"said_by_mentor", "comment_read"} else Side.OWNER
        about = Subject(goal=goal.pk)
        write_comment(mentorship=mentorship, by=by, about=about, text="Well done.", form_key=uuid4(), now=now)
    elif kind.startswith("opinion"):
        skill = Skill.objects.create(owner=mentorship.owner, name="Speaking in public")
        opinion = ask_opinion(mentorship=mentorship, skill_ids=[skill.pk], now=now)
        if kind == "opinion_withdrawn":
            withdraw_opinion(opinion=opinion)
        if kind == "opinion_sent":
            asked = opinion.skills.get()
            save_rating(mentorship=mentorship, asked_id=asked.pk, level=3, evidence="", now=now)
            MentoringEmail.objects.filter(mentorship=mentorship).delete()  # of a month ago
            send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=now)
    elif kind.startswith("meeting"):
        meet(kind, mentorship, now)
    settle(kind, mentorship, now)


def meet(kind: str, mentorship: Mentorship, now: datetime) -> None:
    """Set a meeting, and cancel it before or after the mentor heard of it."""
    meeting = set_meeting(mentorship=mentorship, starts_at=now + timedelta(days=3), now=now)
    if kind == "meeting_cancelled":
        owed = MentoringEmail.objects.filter(mentorship=mentorship)
        owed.update(state=MentoringEmail.State.SENT, sent_at=now, attempts=1)
    if kind != "meeting_set":
        cancel_meeting(meeting=meeting, now=now)


def settle(kind: str, mentorship: Mentorship, now: datetime) -> None:
    """Do what makes an email superfluous."""
    if kind == "invitation_cancelled":
        cancel_invitation(mentorship=mentorship, now=now)
    elif kind == "comment_read":
        Comment.objects.filter(mentorship=mentorship).update(read_at=now)
    elif kind == "emails_stopped":
        set_emails(mentorship=mentorship, wanted=False, now=now)
