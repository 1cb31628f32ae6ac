"""The format of the file: how the value of a model field is written, read and described, and names of earlier versions.

The format of a value follows from its field, so that a new column is in the file, and in the schema, as soon as it
exists. The names follow the models, so renaming a column is a new version unless `Section.file_names` retains the
published name (docs/adr/0013). What a version called differently is listed in VERSIONS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models


class InvalidFile(Exception):
    """A file that cannot be imported: the place and the reason, for people to read."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


class TooManyRows(Exception):
    """More entries than we import while someone waits."""


TEXT_MOST = 20_000  # characters, where the model gives no limit
INTEGER_MOST = 2**31 - 1
# 2^53 - 1: the largest integer that every JSON reader keeps exactly
ID = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
DATE = {"type": "string", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
DATE_TIME = {"type": "string", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?Z$"}
UUID_FORM = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
SMALL = {models.PositiveSmallIntegerField: (0, 32_767), models.SmallIntegerField: (-32_768, 32_767)}

Row = dict[str, Any]
Schema = dict[str, Any]
Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """The JSON form of a value: its schema, and the converters to it and from it. `read` raises ValueError."""

    schema: Schema
    write: Converter
    read: Converter


def unchanged(value: Any) -> Any:
    """Return a text, whole number or boolean unchanged, because JSON has these types."""
    return value


def write_datetime(value: datetime) -> str:
    """Write a date and time in UTC, to the microsecond."""
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def read_datetime(text: str) -> datetime:
    """Parse what `write_datetime` wrote. Raises ValueError for a day or hour that does not exist."""
    return datetime.fromisoformat(text.removesuffix("Z") + "+00:00")


def write_decimal(value: Decimal) -> str:
    """Write a number as text, so that no reader rounds it: without an exponent or trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_for(field: "models.Field[Any, Any]") -> ValueFormat:  # noqa: PLR0911  (one return for each type)
    """Return the format of a field, without null. Raises TypeError for a field type without one."""
    if isinstance(field, ArrayField):
        one = format_for(field.base_field)
        most = field.size or 100
        return ValueFormat(
            {"type": "array", "items": one.schema, "maxItems": most},
            lambda values: [one.write(value) for value in values],
            lambda values: [one.read(value) for value in values],
        )
    if field.choices:
        values = list(dict.fromkeys([*([""] if field.blank else []), *(value for value, _name in field.flatchoices)]))
        return ValueFormat({"enum": values}, unchanged, unchanged)
    if isinstance(field, models.BooleanField):
        return ValueFormat({"type": "boolean"}, unchanged, unchanged)
    if isinstance(field, models.DateTimeField):
        return ValueFormat(DATE_TIME, write_datetime, read_datetime)
    if isinstance(field, models.DateField):
        return ValueFormat(DATE, date.isoformat, date.fromisoformat)
    if isinstance(field, models.DecimalField):
        whole = field.max_digits - field.decimal_places
        pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places}}})?$"
        return ValueFormat({"type": "string", "pattern": pattern}, write_decimal, Decimal)
    if isinstance(field, models.UUIDField):
        return ValueFormat(UUID_FORM, str, UUID)
    if isinstance(field, models.CharField | models.TextField):
        return ValueFormat({"type": "string", "maxLength": field.max_length or TEXT_MOST}, unchanged, unchanged)
    if isinstance(field, models.IntegerField):
        least, most = next((span for kind, span in SMALL.items() if isinstance(field, kind)), (0, INTEGER_MOST))
        return ValueFormat({"type": "integer", "minimum": least, "maximum": most}, unchanged, unchanged)
    raise TypeError(f"{field} has no format in the file yet: add it to format_for")


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {"anyOf": [schema, {"type": "null"}]}


SKILL: Schema = {
    "type": "object",
    "description": "A skill of the catalogue by its key, or one of `own_skills` by its id; the name is for readers,"
    " and for a catalogue that does not know the key.",
    "properties": {
        "key": {"type": ["string", "null"], "maxLength": 60},
        "own": {**ID, "type": ["integer", "null"]},
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
    },
    "required": ["name"],
}
OCCUPATION: Schema = {
    "type": "object",
    "description": "An occupation of the catalogue by its O*NET-SOC code; the title is for readers.",
    "properties": {
        "code": {"type": "string", "pattern": r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$"},
        "title": {"type": "string", "maxLength": 150},
    },
    "required": ["code"],
}
CONTEXT: Schema = {
    "type": ["object", "null"],
    "description": "Who made the change.",
    "properties": {"by": {"enum": ["owner", "another"]}},
}
DEFS: Mapping[str, Schema] = {"skill": SKILL, "occupation": OCCUPATION}


VERSION = 2
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class VersionNames:
    """Names that one earlier version used.

    `sections`: its name of a section -> today's. `columns`: by today's section, its name of a column -> today's.
    `values`: by today's column, wherever it is, its value -> today's.
    """

    sections: Names = field(default_factory=dict)
    columns: Mapping[str, Names] = field(default_factory=dict)
    values: Mapping[str, Names] = field(default_factory=dict)

    def translate(self, section: str, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of a section (by today's name) with today's names and values. Unknown names do not change."""
        names = self.columns.get(section, {})
        return {(name := names.get(old, old)): self._value(name, value) for old, value in row.items()}

    def _value(self, column: str, value: Any) -> Any:
        values = self.values.get(column, {})
        if isinstance(value, list):
            return [values.get(one, one) if isinstance(one, str) else one for one in value]
        return values.get(value, value) if isinstance(value, str) else value


V1_PLAN = {"closing_words": "closing_notes"}
V1_PAUSE = {"triaged_at": "caught_up_at"}
V1_GOAL = {"stop_unless": "stop_condition"}
V1_EVALUATION = {"again": "would_repeat"}
V1_OPPORTUNITY = {
    "judgement": "outcome_review",
    "judgement_note": "outcome_review_note",
    "judged_at": "outcome_reviewed_at",
}

V1_STATES = {"achieved": "reached", "requested": "asked_for", "secured": "arranged"}  # of goals, of resources
V1_KINDS = {"assessment_left": "assessment_abandoned", "opportunity_judged": "opportunity_outcome_review"}

# Renamed within version 2, with the same meaning.
RENAMED_STATES = {"state": {"owed": "pending"}, "answer": {"slipping": "a_little_behind"}}

VERSIONS: Mapping[int, VersionNames] = {
    1: VersionNames(
        sections={
            "presence": "activity",
            "begun_evaluations": "evaluation_drafts",
            "mails": "emails",
            "review_rhythms": "review_schedules",
            "readings": "progress_entries",
        },
        columns={
            "activity": {"asked_at": "feedback_asked_at"},
            "refused_addresses": {"answer": "smtp_response"},
            "emails": {
                "unsure": "uncertain_attempts",
                "answer": "smtp_response",
                "is_asking": "asks_for_feedback",
            },
            "own_skills": {"put_away_at": "archived_at"},
            "plans": V1_PLAN,
            "plan_history": V1_PLAN,
            "pauses": V1_PAUSE,
            "pause_history": V1_PAUSE,
            "goals": V1_GOAL,
            "goal_history": V1_GOAL,
            "progress_entries": {"read_on": "measured_on", "withdrawn_at": "removed_at"},
            "evaluations": V1_EVALUATION,
            "evaluation_history": V1_EVALUATION,
            "evaluation_drafts": {**V1_EVALUATION, "kept_at": "saved_at"},
            "reviews": {"got_in_the_way": "obstacles"},
            "review_goals": {"verdict": "answer", "reading": "progress_entry"},
            "opportunities": V1_OPPORTUNITY,
            "opportunity_history": V1_OPPORTUNITY,
        },
        values={
            "effect": {"serves": "helps", "delays": "slows_down"},
            "kind": V1_KINDS,
            "state": V1_STATES,
            "muted_kinds": V1_KINDS,
            **RENAMED_STATES,
        },
    ),
    VERSION: VersionNames(values=RENAMED_STATES),
}
