"""What belongs to an account: one section of the file for each table, in an order in which nothing refers ahead.

A new table is a new line in `SECTIONS` (with its own columns all in it), or in `LEFT_OUT` with the reason. A test walks
all models and fails for one that leads to a person and is in neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import User
from careerplan.account_data.columns import CONTEXT, ID, SKILL, Kind, Schema, kind_of, or_null
from careerplan.catalogue.models import Occupation, Skill
from careerplan.goals.models import ActionStep, Change, Evaluation, EvaluationDraft, Goal, Progress, Resource
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
from careerplan.skills.models import Assessment, Education, Rating

if TYPE_CHECKING:
    from careerplan.account_data.importer import Incoming

Row = dict[str, Any]
# What a column of a row that is brought in holds, whatever the file says.
Given = Callable[["Incoming", Row], Any]

EVENT_NAMES = {"pgh_created_at": "at", "pgh_label": "what", "pgh_obj": "of", "pgh_context": "context"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """One table in the file.

    `owner` leads from a row to its user. `left_out` names columns that are not in the file, each with the reason.
    `given` says what columns hold after an import; all that is left out must be in it, or null. `not_taken`: why rows
    are shown in the file and not brought in. `take` looks at each row before it is written and gives None for one
    that is not brought in; `before` is called before a batch is written.
    """

    name: str
    model: type[models.Model]
    owner: str
    left_out: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)
    not_taken: str = ""
    take: Callable[["Incoming", Row], Row | None] | None = None
    before: Callable[["Incoming", list[Row]], None] | None = None
    most: int = 200_000  # rows in a file that is brought in
    is_history: bool = False

    @cached_property
    def columns(self) -> list["Column"]:
        """Those in the file."""
        return [
            Column(one)
            for one in self.model._meta.concrete_fields
            if one.name not in self.left_out
            and one.related_model is not User
            and (not one.primary_key or one.is_relation or (self.is_referred_to and not self.is_history))
        ]

    @cached_property
    def is_referred_to(self) -> bool:
        """Whether another section names its rows; only then they have an id in the file."""
        return any(
            other.related_model is self.model
            for section in SECTIONS
            if section is not self
            for other in section.model._meta.concrete_fields
        ) or any(one.related_model is self.model for one in self.model._meta.concrete_fields)

    @cached_property
    def schema(self) -> Schema:
        """What a row must look like."""
        properties = {column.name: column.schema for column in self.columns}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }


class Column:
    """One column of a section: what it is called in the file, and which kind it is.

    `refers_to` is the model whose id, key or code stands there, where the column is a foreign key.
    """

    def __init__(self, source: "models.Field[Any, Any]") -> None:
        self.field = source
        self.name = "id" if source.primary_key and not source.is_relation else EVENT_NAMES.get(source.name, source.name)
        self.refers_to = source.related_model if source.is_relation else None
        self.is_context = source.name == "pgh_context"
        self.is_skill_list = source.name in {"limited_to", "also_asked"}
        self.is_null = source.null
        self.kind: Kind | None = None
        if not (self.refers_to or self.is_context or self.is_skill_list or self.name == "id"):
            self.kind = kind_of(source)

    @property
    def schema(self) -> Schema:
        """What may stand there."""
        if self.kind:
            schema = self.kind.schema
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
    """The section of what the rows of a model were, for a model with history (careerplan.core.history)."""
    return Section(
        name=name,
        model=model.events.rel.related_model,  # type: ignore[attr-defined]  # made by track_history
        owner=f"pgh_obj__{owner}",
        left_out={"id": "the same as `of`", "pgh_id": "a number of the database; the order is kept"},
        given={"id": lambda incoming, row: row["pgh_obj_id"]},
        is_history=True,
    )


def _now(incoming: "Incoming", row: Row) -> Any:
    return incoming.now


GOAL_OWNER, STEP_OWNER = "goal__plan__user", "step__goal__plan__user"
OPPORTUNITY_OWNER = "opportunity__plan__user"
CATALOGUE_ONLY = "a column of the catalogue; an own skill has none"

SECTIONS: list[Section] = [
    Section(
        name="email_addresses",
        model=EmailAddress,
        owner="user",
        not_taken="who signs in, and with what, belongs to the account it is in",
    ),
    Section(
        name="presence",
        model=UserActivity,
        owner="user",
        not_taken="when somebody was here is a fact of the other account",
    ),
    Section(
        name="refused_addresses",
        model=RefusedAddress,
        owner="user",
        not_taken="a fact about the address of the other account",
    ),
    Section(
        name="reminder_preferences",
        model=Preferences,
        owner="user",
        take=lambda incoming, row: incoming.take_preferences(row),
        most=1,
    ),
    Section(
        name="own_skills",
        model=Skill,
        owner="owner",
        left_out=dict.fromkeys(("key", "group", "external_code", "is_core", "position"), CATALOGUE_ONLY),
        given={
            **dict.fromkeys(("key", "external_code"), lambda incoming, row: ""),
            "is_core": lambda incoming, row: False,
            "position": lambda incoming, row: 0,
        },
        take=lambda incoming, row: incoming.take_own_skill(row),
        most=1000,
    ),
    Section(
        name="assessments",
        model=Assessment,
        owner="user",
        take=lambda incoming, row: incoming.take_assessment(row),
        most=2000,
    ),
    Section(name="ratings", model=Rating, owner="assessment__user"),
    Section(name="education", model=Education, owner="assessment__user"),
    Section(
        name="plans",
        model=Plan,
        owner="user",
        given={"created_at": _now},  # when it came here: nothing before that is reminded of (candidates/*.sql)
        take=lambda incoming, row: incoming.take_plan(row),
        most=500,
    ),
    Section(
        name="review_schedules",
        model=ReviewSchedule,
        owner="plan__user",
        before=lambda incoming, rows: incoming.drop_default_schedules(rows),
    ),
    Section(
        name="pauses",
        model=Pause,
        owner="plan__user",
        given={"made_at": lambda incoming, row: incoming.pause_made_at(row)},
    ),
    Section(
        name="goals",
        model=Goal,
        owner="plan__user",
        given={"due_set_at": lambda incoming, row: incoming.goal_set_at(row)},
    ),
    Section(name="goal_skills", model=Goal.skills.through, owner=GOAL_OWNER),
    Section(name="goal_reminders", model=GoalReminders, owner=GOAL_OWNER),
    Section(name="readings", model=Progress, owner=GOAL_OWNER, take=lambda incoming, row: incoming.take_reading(row)),
    Section(name="changes", model=Change, owner=GOAL_OWNER),
    Section(
        name="steps",
        model=ActionStep,
        owner=GOAL_OWNER,
        given={"due_set_at": lambda incoming, row: incoming.step_set_at(row)},
    ),
    Section(name="resources", model=Resource, owner=STEP_OWNER),
    Section(name="evaluations", model=Evaluation, owner=STEP_OWNER),
    Section(name="begun_evaluations", model=EvaluationDraft, owner=STEP_OWNER),
    Section(name="pause_moves", model=PauseMove, owner="pause__plan__user"),
    Section(name="criteria", model=Criterion, owner="plan__user"),
    Section(
        name="opportunities",
        model=Opportunity,
        owner="plan__user",
        given={"closes_set_at": lambda incoming, row: incoming.closing_set_at(row)},
    ),
    Section(name="needed_skills", model=NeededSkill, owner=OPPORTUNITY_OWNER),
    Section(name="goal_effects", model=GoalEffect, owner=OPPORTUNITY_OWNER),
    Section(name="priority_scores", model=PriorityScore, owner=OPPORTUNITY_OWNER),
    Section(name="criterion_scores", model=CriterionScore, owner=OPPORTUNITY_OWNER),
    Section(name="reviews", model=Review, owner="plan__user"),
    Section(name="review_goals", model=ReviewGoal, owner="review__plan__user"),
    Section(
        name="mails",
        model=Digest,
        owner="user",
        left_out={
            "key": "names the mail on its way",
            "claim_token": "says which worker is sending it",
            "attempt_started_at": "says that a worker is sending it",
        },
        given={"key": lambda incoming, row: uuid4()},
        take=lambda incoming, row: incoming.take_mail(row),
    ),
    Section(name="reminders", model=Reminder, owner="user"),
    history("plan_history", Plan, "user"),
    history("pause_history", Pause, "plan__user"),
    history("goal_history", Goal, "plan__user"),
    history("step_history", ActionStep, GOAL_OWNER),
    history("resource_history", Resource, STEP_OWNER),
    history("evaluation_history", Evaluation, STEP_OWNER),
    history("opportunity_history", Opportunity, "plan__user"),
]

# Models that lead to a person and are not in the file: label and reason.
LEFT_OUT: dict[str, str] = {
    "accounts.User": "name, address, time zone and appearance stand in `account`; a password is nobody's to read",
    "accounts.User_groups": "rights of operators, given by the server",
    "accounts.User_user_permissions": "rights of operators, given by the server",
    "account.EmailConfirmation": "keys that were mailed and are used once",
    "calendar_feed.CalendarFeed": "its address is a key to this server; what goes in is chosen anew in a minute",
    "reminders.ReminderSchedule": "when the server next looks at what is owed; made by the database with each account",
    "account_data.DataFile": "made of these data, or about to become them",
    "account_data.DataChunk": "made of these data, or about to become them",
}

BY_NAME = {section.name: section for section in SECTIONS}
BY_MODEL = {section.model: section for section in SECTIONS}

__all__ = ["BY_MODEL", "BY_NAME", "LEFT_OUT", "SECTIONS", "SKILL", "Column", "Row", "Section", "history"]
