"""The sections about mentorships: of the plan's owner, and what somebody wrote as a mentor in plans of others."""

from typing import Any

from django.db.models import Model

from careerplan.account_data.section import Section
from careerplan.conversation.models import Comment, Side, StoppedDigest, Suggestion
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.mentoring.models import MentoringEmail, Mentorship, MentorVisit, SharedGoal, SharingChange
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, OpinionSkill, SecondOpinion

PEOPLE_OF_THIS_SITE = "other people agreed to it here; they are invited again elsewhere"
PLAN_OF_ANOTHER = "it belongs to another person's plan"
OF_THE_OWNER = "said or done by the owner of the plan"
DOUBLE_CLICK = "keeps a double click from writing twice"


def _of_owner(name: str, model: type[Model], owner: str, **more: Any) -> Section:
    """Return the section of what belongs to mentorships in the user's own plan; `owner` is the way to them."""
    return Section(name=name, model=model, owner=owner, export_only_reason=PEOPLE_OF_THIS_SITE, **more)


def _of_mentor(name: str, model: type[Model], mentor: str, **more: Any) -> Section:
    """Return the section of what the user wrote as a mentor; `mentor` is the way to them."""
    return Section(name=name, model=model, owner=mentor, export_only_reason=PLAN_OF_ANOTHER, is_as_mentor=True, **more)


OWNER, MENTOR = "mentorship__owner", "mentorship__mentor"
OF_OWNERS = [
    _of_owner(
        "mentorships",
        Mentorship,
        "owner",
        excluded={
            "key": "the address of the mentor's pages",
            "place": "a number that keeps people to three",
            "address_hash": "stops invitations to an address that was deleted",
        },
    ),
    _of_owner("shared_goals", SharedGoal, OWNER),
    _of_owner("sharing_changes", SharingChange, OWNER),
    _of_owner("mentor_visits", MentorVisit, OWNER),
    _of_owner(
        "mentoring_emails",
        MentoringEmail,
        OWNER,
        excluded={
            "key": "names the email while it is sent",
            "claim_token": "says which worker is sending it",
            "attempt_started_at": "says that a worker is sending it",
        },
    ),
    _of_owner("comments", Comment, OWNER, excluded={"form_key": DOUBLE_CLICK}),
    _of_owner("suggestions", Suggestion, OWNER, excluded={"form_key": DOUBLE_CLICK}),
    _of_owner("stopped_comment_emails", StoppedDigest, "user"),
    _of_owner("second_opinions", SecondOpinion, OWNER),
    _of_owner("opinion_skills", OpinionSkill, f"opinion__{OWNER}"),
    _of_owner(
        "opinion_ratings",
        OpinionRating,
        f"asked__opinion__{OWNER}",
        visible={"asked__opinion__opened_at__isnull": False},
    ),
    _of_owner("opinion_decisions", OpinionDecision, f"rating__asked__opinion__{OWNER}"),
    _of_owner("meetings", Meeting, OWNER, excluded={"key": "names the date in calendars"}),
    _of_owner("meeting_notes", MeetingNote, f"meeting__{OWNER}"),
]

# What a mentor with an account wrote. Nothing of the owner's is in it but the name and the names of skills to be rated,
# which the mentor was shown. A mentor writes no notes of meetings. Deleted with the account, or 30 days after the end.
OF_MENTORS = [
    _of_mentor(
        "plans_you_see",
        Mentorship,
        "mentor",
        excluded={
            "key": "the address of the mentor's pages",
            "place": "a number that keeps people to three",
            "address_hash": "stops invitations to an address that was deleted",
            "line": OF_THE_OWNER,
            "created_at": OF_THE_OWNER,
            **dict.fromkeys(("shows_vision", "shows_strengths", "shows_reviews"), OF_THE_OWNER),
            "bounced_at": "a fact about an email",
            "forgotten_at": "then it is no longer in this file",
        },
        looked_up={"owner_name": "owner__name"},
    ),
    _of_mentor(
        "comments_you_wrote",
        Comment,
        MENTOR,
        visible={"author": Side.MENTOR},
        excluded={
            "id": "a number of the database",
            **dict.fromkeys(("goal", "step", "review", "parent", "made_step"), PLAN_OF_ANOTHER),
            "author": "always you",
            "read_at": OF_THE_OWNER,
            "form_key": DOUBLE_CLICK,
        },
    ),
    _of_mentor(
        "suggestions_you_made",
        Suggestion,
        MENTOR,
        excluded={
            **dict.fromkeys(("goal", "step", "made_step"), PLAN_OF_ANOTHER),
            **dict.fromkeys(("read_at", "answer_line"), OF_THE_OWNER),
            "form_key": DOUBLE_CLICK,
        },
    ),
    _of_mentor(
        "skills_you_rated",
        OpinionRating,
        f"asked__opinion__{MENTOR}",
        excluded={"id": "a number of the database", "asked": PLAN_OF_ANOTHER},
        looked_up={
            "mentorship": "asked__opinion__mentorship",
            "skill": "asked__skill__name",
            "sent_at": "asked__opinion__sent_at",
        },
    ),
    _of_mentor(
        "visits_you_made",
        MentorVisit,
        MENTOR,
        excluded={"places": PLAN_OF_ANOTHER},
    ),
]

PEOPLE = [*OF_OWNERS, *OF_MENTORS]
