"""Write, read and describe the value of a model field in the account file.

The format follows from the field, so a new column is in the file and its schema as soon as it exists.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

TEXT_MOST = 20_000  # characters, if the model gives no limit
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
