"""The sections of the file: one for each table, in an order in which no row refers to a later one.

A new table needs a line in `SECTIONS` (with all its columns), or in `EXCLUDED_MODELS` with the reason. A test finds
models with personal data that are in neither.
"""

from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import Consent
from careerplan.account_data.import_rules import ImportContext
from careerplan.account_data.people_sections import PEOPLE
from careerplan.account_data.section import SECTIONS, FileColumn, Section
from careerplan.catalogue.models import Skill
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
from careerplan.goals.repeats import RULE
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
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer

__all__ = ["EXCLUDED_MODELS", "SECTIONS", "SECTIONS_BY_MODEL", "SECTIONS_BY_NAME", "FileColumn", "Section"]


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
CATALOGUE_ONLY = "a column of the catalogue; an own skill has none"

SECTIONS += [
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
        clean_row=ImportContext.clean_step,
        patterns={"repeats": f"^({RULE})?$"},
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
    *PEOPLE,
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
SECTIONS_BY_MODEL = {section.model: section for section in SECTIONS if not section.is_as_mentor}
