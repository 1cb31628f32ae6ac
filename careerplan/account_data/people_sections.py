"""The sections about mentorships: of the plan's owner, and what somebody wrote as a mentor in plans of others."""

from careerplan.account_data.section import Section
from careerplan.conversation.models import Comment, Side, StoppedDigest, Suggestion
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.mentoring.models import MentoringEmail, Mentorship, MentorVisit, SharedGoal, SharingChange
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, OpinionSkill, SecondOpinion

PEOPLE_OF_THIS_SITE = "other people agreed to it here; they are invited again elsewhere"
PLAN_OF_ANOTHER = "it belongs to another person's plan"
OF_THE_OWNER = "said or done by the owner of the plan"
DOUBLE_CLICK = "keeps a double click from writing twice"

OF_OWNERS: list[Section] = [
    Section(
        name="mentorships",
        model=Mentorship,
        owner="owner",
        excluded={
            "key": "the address of the mentor's pages",
            "place": "a number that keeps people to three",
            "address_hash": "stops invitations to an address that was deleted",
        },
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(name="shared_goals", model=SharedGoal, owner="mentorship__owner", export_only_reason=PEOPLE_OF_THIS_SITE),
    Section(
        name="sharing_changes", model=SharingChange, owner="mentorship__owner", export_only_reason=PEOPLE_OF_THIS_SITE
    ),
    Section(name="mentor_visits", model=MentorVisit, owner="mentorship__owner", export_only_reason=PEOPLE_OF_THIS_SITE),
    Section(
        name="mentoring_emails",
        model=MentoringEmail,
        owner="mentorship__owner",
        excluded={
            "key": "names the email while it is sent",
            "claim_token": "says which worker is sending it",
            "attempt_started_at": "says that a worker is sending it",
        },
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="comments",
        model=Comment,
        owner="mentorship__owner",
        excluded={"form_key": DOUBLE_CLICK},
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="suggestions",
        model=Suggestion,
        owner="mentorship__owner",
        excluded={"form_key": "keeps a double click from suggesting twice"},
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(name="stopped_comment_emails", model=StoppedDigest, owner="user", export_only_reason=PEOPLE_OF_THIS_SITE),
    Section(
        name="second_opinions",
        model=SecondOpinion,
        owner="mentorship__owner",
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="opinion_skills",
        model=OpinionSkill,
        owner="opinion__mentorship__owner",
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="opinion_ratings",
        model=OpinionRating,
        owner="asked__opinion__mentorship__owner",
        visible={"asked__opinion__opened_at__isnull": False},
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="opinion_decisions",
        model=OpinionDecision,
        owner="rating__asked__opinion__mentorship__owner",
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="meetings",
        model=Meeting,
        owner="mentorship__owner",
        excluded={"key": "names the date in calendars"},
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
    Section(
        name="meeting_notes",
        model=MeetingNote,
        owner="meeting__mentorship__owner",
        export_only_reason=PEOPLE_OF_THIS_SITE,
    ),
]

# What a mentor with an account wrote. Nothing of the owner's is in it but the name and the names of skills to be rated,
# which the mentor was shown. A mentor writes no notes of meetings. Deleted with the account, or 30 days after the end.
OF_MENTORS: list[Section] = [
    Section(
        name="plans_you_see",
        model=Mentorship,
        owner="mentor",
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
        export_only_reason=PLAN_OF_ANOTHER,
        is_as_mentor=True,
    ),
    Section(
        name="comments_you_wrote",
        model=Comment,
        owner="mentorship__mentor",
        visible={"author": Side.MENTOR},
        excluded={
            "id": "a number of the database",
            **dict.fromkeys(("goal", "step", "review", "parent", "made_step"), PLAN_OF_ANOTHER),
            "author": "always you",
            "read_at": OF_THE_OWNER,
            "form_key": DOUBLE_CLICK,
        },
        export_only_reason=PLAN_OF_ANOTHER,
        is_as_mentor=True,
    ),
    Section(
        name="suggestions_you_made",
        model=Suggestion,
        owner="mentorship__mentor",
        excluded={
            **dict.fromkeys(("goal", "step", "made_step"), PLAN_OF_ANOTHER),
            **dict.fromkeys(("read_at", "answer_line"), OF_THE_OWNER),
            "form_key": DOUBLE_CLICK,
        },
        export_only_reason=PLAN_OF_ANOTHER,
        is_as_mentor=True,
    ),
    Section(
        name="skills_you_rated",
        model=OpinionRating,
        owner="asked__opinion__mentorship__mentor",
        excluded={"id": "a number of the database", "asked": PLAN_OF_ANOTHER},
        looked_up={
            "mentorship": "asked__opinion__mentorship",
            "skill": "asked__skill__name",
            "sent_at": "asked__opinion__sent_at",
        },
        export_only_reason=PLAN_OF_ANOTHER,
        is_as_mentor=True,
    ),
    Section(
        name="visits_you_made",
        model=MentorVisit,
        owner="mentorship__mentor",
        excluded={"places": PLAN_OF_ANOTHER},
        export_only_reason=PLAN_OF_ANOTHER,
        is_as_mentor=True,
    ),
]

PEOPLE = [*OF_OWNERS, *OF_MENTORS]
