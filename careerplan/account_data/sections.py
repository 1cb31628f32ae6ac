"""The sections of the file: one for each table, in an order in which no row refers to a later one.

A new table needs a line in `SECTIONS` (with all its columns), or in `EXCLUDED_MODELS` with the reason. A test finds
models with personal data that are in neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import Consent, User
from careerplan.account_data.file_format import CONTEXT, ID, Row, Schema, ValueFormat, format_for, or_null
from careerplan.account_data.import_rules import ImportContext
from careerplan.catalogue.models import Occupation, Skill
from careerplan.conversation.models import Comment, StoppedDigest, Suggestion
from careerplan.goals.models import (
    ActionStep,
    Change,
    DeclinedFirstGoals,
    Evaluation,
    EvaluationDraft,
    Goal,
    ProgressEntry,
    Resource,
    StepOccurrence,
)
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.mentoring.models import MentoringEmail, Mentorship, MentorVisit, SharedGoal, SharingChange
from careerplan.opportunities.models import (
    Criterion,
    CriterionScore,
    GoalEffect,
    NeededSkill,
    Opportunity,
    PriorityScore,
)
from careerplan.planning.models import PauseMove
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Digest, GoalReminders, Preferences, RefusedAddress, Reminder, UserActivity
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, OpinionSkill, SecondOpinion
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer

Override = Callable[[ImportContext, Row], Any]
EVENT_NAMES = {"pgh_created_at": "at", "pgh_label": "what", "pgh_obj": "of", "pgh_context": "context"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """A table in the file.

    `owner` is the lookup from a row to its user. `file_names` gives columns a different name in the file. `excluded`
    lists columns that are not in the file, each with the reason. `overrides` sets columns on import, whatever the file
    has. `export_only_reason`: why the rows are not imported. `clean_row` checks each row before it is written and
    returns None to leave it out; `before_batch` is called before a batch is written. `identity`: columns by which a row
    that the account already has is recognised.
    """

    name: str
    model: type[models.Model]
    owner: str
    file_names: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    export_only_reason: str = ""
    clean_row: Callable[[ImportContext, Row], Row | None] | None = None
    before_batch: Callable[[ImportContext, list[Row]], None] | None = None
    identity: tuple[str, ...] = ()
    max_rows: int = 200_000  # of an imported file
    is_history: bool = False
    visible: Mapping[str, Any] = field(default_factory=dict)  # which rows the owner may see; all if empty

    def rows_of(self, user: User) -> "models.QuerySet[Any]":
        """Return the rows of a user that are in the file."""
        return self.model._base_manager.filter(**{self.owner: user}, **self.visible)

    @cached_property
    def columns(self) -> list["FileColumn"]:
        """Return the columns in the file."""
        return [
            FileColumn(one, self.file_names.get(one.name, ""))
            for one in self.model._meta.concrete_fields
            if one.name not in self.excluded
            and one.related_model is not User
            and (not one.primary_key or one.is_relation or (self.is_referred_to and not self.is_history))
        ]

    @cached_property
    def is_referred_to(self) -> bool:
        """Return whether another section refers to its rows; only then they have an id in the file."""
        return any(
            other.related_model is self.model
            for section in SECTIONS
            if section is not self
            for other in section.model._meta.concrete_fields
        ) or any(one.related_model is self.model for one in self.model._meta.concrete_fields)

    @cached_property
    def schema(self) -> Schema:
        """Return the schema of a row. A column with a default may be missing, and unknown columns are ignored."""
        return {
            "type": "object",
            "properties": {column.name: column.schema for column in self.columns},
            "required": [column.name for column in self.columns if column.is_required],
        }

    def attname(self, name: str) -> str:
        """Return the attribute of a field, such as `plan_id` of `plan`."""
        return next(one.attname for one in self.model._meta.concrete_fields if one.name == name)


class FileColumn:
    """One column of a section: its name in the file and the format of its values.

    `refers_to` is the related model if the column is a foreign key; the value is then its id, key or code.
    """

    def __init__(self, source: "models.Field[Any, Any]", name: str = "") -> None:
        self.field = source
        self.name = name or EVENT_NAMES.get(source.name, source.name)
        if source.primary_key and not source.is_relation:
            self.name = "id"
        self.refers_to = source.related_model if source.is_relation else None
        self.is_context = source.name == "pgh_context"
        self.is_skill_list = source.name in {"limited_to", "also_asked", "questions"}
        self.is_null = source.null
        self.format: ValueFormat | None = None
        if not (self.refers_to or self.is_context or self.is_skill_list or self.name == "id"):
            self.format = format_for(source)

    @property
    def is_required(self) -> bool:
        """Return whether a file without the column is refused, because it has no default."""
        is_text = isinstance(self.field, models.CharField | models.TextField) and self.field.blank
        return not (self.is_null or self.is_context or self.field.has_default() or is_text) or self.name == "id"

    def default(self) -> Any:
        """Return the value for a file without this column."""
        return self.field.get_default()

    @property
    def schema(self) -> Schema:
        """Return the schema of a value."""
        if self.format:
            schema = self.format.schema
        elif self.is_context:
            return CONTEXT
        elif self.is_skill_list:
            schema = {"type": "array", "items": {"$ref": "#/$defs/skill"}, "maxItems": 1000}
        elif self.refers_to is Skill:
            schema = {"$ref": "#/$defs/skill"}
        elif self.refers_to is Occupation:
            schema = {"$ref": "#/$defs/occupation"}
        else:
            schema = ID
        return or_null(schema) if self.is_null else schema


def history(name: str, model: type[models.Model], owner: str) -> Section:
    """Return the section of the history of a model (careerplan.core.history)."""
    return Section(
        name=name,
        model=model.events.rel.related_model,  # type: ignore[attr-defined]  # made by track_history
        owner=f"pgh_obj__{owner}",
        excluded={"id": "the same as `of`", "pgh_id": "a number of the database; the order is the same"},
        overrides={"id": lambda context, row: row["pgh_obj_id"]},
        is_history=True,
    )


GOAL_OWNER, STEP_OWNER = "goal__plan__user", "step__goal__plan__user"
OPPORTUNITY_OWNER = "opportunity__plan__user"
PEOPLE_OF_THIS_SITE = "other people agreed to it here; they are invited again elsewhere"
CATALOGUE_ONLY = "a column of the catalogue; an own skill has none"

SECTIONS: list[Section] = [
    Section(
        name="email_addresses",
        model=EmailAddress,
        owner="user",
        export_only_reason="sign-in details belong to the other account",
    ),
    Section(
        name="consents",
        model=Consent,
        owner="user",
        export_only_reason="what was agreed to at the other site",
    ),
    Section(name="activity", model=UserActivity, owner="user", export_only_reason="sign-ins to the other account"),
    Section(
        name="refused_addresses",
        model=RefusedAddress,
        owner="user",
        export_only_reason="a fact about the address of the other account",
    ),
    Section(
        name="reminder_preferences",
        model=Preferences,
        owner="user",
        clean_row=ImportContext.clean_preferences,
        max_rows=1,
    ),
    Section(
        name="own_skills",
        model=Skill,
        owner="owner",
        excluded=dict.fromkeys(("key", "group", "external_code", "is_core", "spread", "position"), CATALOGUE_ONLY),
        overrides={
            **dict.fromkeys(("key", "external_code"), lambda context, row: ""),
            "is_core": lambda context, row: False,
            "spread": lambda context, row: 1,
            "position": lambda context, row: 0,
        },
        clean_row=ImportContext.clean_own_skill,
        max_rows=1000,
    ),
    Section(
        name="assessments",
        model=Assessment,
        owner="user",
        clean_row=ImportContext.clean_assessment,
        identity=("started_at",),
        max_rows=2000,
    ),
    Section(name="ratings", model=Rating, owner="assessment__user", file_names={"category": "verdict"}),
    Section(
        name="task_answers",
        model=TaskAnswer,
        owner="assessment__user",
        clean_row=ImportContext.clean_task_answer,
    ),
    Section(name="interest_answers", model=InterestAnswer, owner="assessment__user"),
    Section(name="declined_first_goals", model=DeclinedFirstGoals, owner="assessment__user"),
    Section(name="education", model=Education, owner="assessment__user"),
    Section(
        name="plans",
        model=Plan,
        owner="user",
        overrides={
            "created_at": lambda context, row: context.now
        },  # no reminder about anything earlier (candidates/*.sql)
        clean_row=ImportContext.clean_plan,
        identity=("title", "started_on"),
        max_rows=500,
    ),
    Section(
        name="review_schedules",
        model=ReviewSchedule,
        owner="plan__user",
        before_batch=ImportContext.drop_default_schedules,
    ),
    Section(
        name="pauses",
        model=Pause,
        owner="plan__user",
        overrides={"made_at": ImportContext.pause_made_at},
    ),
    Section(
        name="goals",
        model=Goal,
        owner="plan__user",
        overrides={"due_set_at": ImportContext.goal_due_set_at},
        identity=("title", "created_at"),
    ),
    Section(name="goal_skills", model=Goal.skills.through, owner=GOAL_OWNER),
    Section(name="goal_reminders", model=GoalReminders, owner=GOAL_OWNER),
    Section(
        name="progress_entries",
        model=ProgressEntry,
        owner=GOAL_OWNER,
        clean_row=ImportContext.clean_progress_entry,
        identity=("recorded_at", "value"),
    ),
    Section(name="changes", model=Change, owner=GOAL_OWNER),
    Section(
        name="steps",
        model=ActionStep,
        owner=GOAL_OWNER,
        overrides={"due_set_at": ImportContext.step_due_set_at},
        identity=("title", "created_at"),
    ),
    Section(name="step_occurrences", model=StepOccurrence, owner=STEP_OWNER),
    Section(name="resources", model=Resource, owner=STEP_OWNER),
    Section(name="evaluations", model=Evaluation, owner=STEP_OWNER),
    Section(name="evaluation_drafts", model=EvaluationDraft, owner=STEP_OWNER),
    Section(name="pause_moves", model=PauseMove, owner="pause__plan__user"),
    Section(name="criteria", model=Criterion, owner="plan__user"),
    Section(
        name="opportunities",
        model=Opportunity,
        owner="plan__user",
        overrides={"closes_set_at": ImportContext.closing_set_at},
        identity=("title", "created_at"),
    ),
    Section(name="needed_skills", model=NeededSkill, owner=OPPORTUNITY_OWNER),
    Section(name="goal_effects", model=GoalEffect, owner=OPPORTUNITY_OWNER),
    Section(name="priority_scores", model=PriorityScore, owner=OPPORTUNITY_OWNER),
    Section(name="criterion_scores", model=CriterionScore, owner=OPPORTUNITY_OWNER),
    Section(name="reviews", model=Review, owner="plan__user", identity=("due_on", "made_at")),
    Section(
        name="review_goals",
        model=ReviewGoal,
        owner="review__plan__user",
        file_names={"unrecorded_value": "typed"},
    ),
    Section(
        name="emails",
        model=Digest,
        owner="user",
        excluded={
            "key": "names the email while it is sent",
            "claim_token": "says which worker is sending it",
            "attempt_started_at": "says that a worker is sending it",
        },
        overrides={"key": lambda context, row: uuid4()},
        clean_row=ImportContext.clean_email,
    ),
    Section(name="reminders", model=Reminder, owner="user"),
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
        excluded={"form_key": "keeps a double click from writing twice"},
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
    history("plan_history", Plan, "user"),
    history("pause_history", Pause, "plan__user"),
    history("goal_history", Goal, "plan__user"),
    history("step_history", ActionStep, GOAL_OWNER),
    history("resource_history", Resource, STEP_OWNER),
    history("evaluation_history", Evaluation, STEP_OWNER),
    history("opportunity_history", Opportunity, "plan__user"),
]

# Models with personal data that are not in the file: label and reason.
EXCLUDED_MODELS: dict[str, str] = {
    "accounts.User": "name, address, time zone and appearance are in `account`; a password cannot be read",
    "accounts.User_groups": "rights of operators, given by the server",
    "accounts.User_user_permissions": "rights of operators, given by the server",
    "accounts.Invitation": "names an account only until its address is confirmed",
    "account.EmailConfirmation": "keys that were sent by email and work once",
    "mfa.Authenticator": "passkeys and secrets of codes work here only; their owner adds them again elsewhere",
    "socialaccount.SocialAccount": "which account elsewhere signs in here; their owner connects it again elsewhere",
    "socialaccount.SocialToken": "keys of other servers; none are stored",
    "usersessions.UserSession": "keys of browsers that are signed in here",
    "calendar_feed.CalendarFeed": "its address is a key to this server; what it shows is quickly chosen again",
    "reminders.ReminderSchedule": "when the server next checks for reminders; made by the database with each account",
    "account_data.DataFile": "made of these data, or about to become them",
    "account_data.DataChunk": "made of these data, or about to become them",
    "account_data.DataImport": "what an import made here, so that it can be undone here",
    "operators.InactivityQuestion": "an email of this site about its own account",
    "mentoring.MentorCode": "a code that was sent by email and works for 10 minutes",
    "mentoring.MentorSession": "keys of devices that a mentor uses here",
    "mentoring.InvitationRecord": "counts invitations for the limits of this site, without an address",
    "plan_document.PlanFile": "made of these data, and deleted after a day",
    "account_data.ImportedRows": "what an import made here, so that it can be undone here",
}

SECTIONS_BY_NAME = {section.name: section for section in SECTIONS}
SECTIONS_BY_MODEL = {section.model: section for section in SECTIONS}
