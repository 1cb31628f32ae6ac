"""How one column of a table stands in the file: its schema, the way out and the way in.

The kind follows from the model's field, so that a new column is in the file, and in the schema, as soon as it exists.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

TEXT_MOST = 20_000  # characters, where the model gives no limit
INTEGER_MOST = 2**31 - 1
ID = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}  # 2^53 - 1: what every JSON reader keeps exactly
DATE = {"type": "string", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
INSTANT = {"type": "string", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?Z$"}
UUID_FORM = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
SMALL = {models.PositiveSmallIntegerField: (0, 32_767), models.SmallIntegerField: (-32_768, 32_767)}

Schema = dict[str, Any]
Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands in the file for a value, and how it is written and read. `read` raises ValueError."""

    schema: Schema
    write: Turn
    read: Turn


def as_it_is(value: Any) -> Any:
    """Texts, whole numbers, yes and no need no other form."""
    return value


def write_instant(value: datetime) -> str:
    """An instant in UTC, to the microsecond."""
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def read_instant(text: str) -> datetime:
    """The instant of `write_instant`. Raises ValueError for a day or hour that does not exist."""
    return datetime.fromisoformat(text.removesuffix("Z") + "+00:00")


def write_decimal(value: Decimal) -> str:
    """A figure as text, so that no reader rounds it: without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kind_of(field: "models.Field[Any, Any]") -> Kind:  # noqa: PLR0911  (a list of kinds)
    """The kind of a field without its null. Raises TypeError for one that is not known here."""
    if isinstance(field, ArrayField):
        one = kind_of(field.base_field)
        most = field.size or 100
        return Kind(
            {"type": "array", "items": one.schema, "maxItems": most},
            lambda values: [one.write(value) for value in values],
            lambda values: [one.read(value) for value in values],
        )
    if field.choices:
        values = list(dict.fromkeys([*([""] if field.blank else []), *(value for value, _name in field.flatchoices)]))
        return Kind({"enum": values}, as_it_is, as_it_is)
    if isinstance(field, models.BooleanField):
        return Kind({"type": "boolean"}, as_it_is, as_it_is)
    if isinstance(field, models.DateTimeField):
        return Kind(INSTANT, write_instant, read_instant)
    if isinstance(field, models.DateField):
        return Kind(DATE, date.isoformat, date.fromisoformat)
    if isinstance(field, models.DecimalField):
        whole = field.max_digits - field.decimal_places
        pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places}}})?$"
        return Kind({"type": "string", "pattern": pattern}, write_decimal, Decimal)
    if isinstance(field, models.UUIDField):
        return Kind(UUID_FORM, str, UUID)
    if isinstance(field, models.CharField | models.TextField):
        return Kind({"type": "string", "maxLength": field.max_length or TEXT_MOST}, as_it_is, as_it_is)
    if isinstance(field, models.IntegerField):
        least, most = next((span for kind, span in SMALL.items() if isinstance(field, kind)), (0, INTEGER_MOST))
        return Kind({"type": "integer", "minimum": least, "maximum": most}, as_it_is, as_it_is)
    raise TypeError(f"{field} has no form in the file yet: add it to kind_of")


def or_null(schema: Schema) -> Schema:
    """The schema of something that may be missing."""
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
    "required": ["key", "own", "name"],
    "additionalProperties": False,
}
OCCUPATION: Schema = {
    "type": "object",
    "description": "An occupation of the catalogue by its O*NET-SOC code; the title is for readers.",
    "properties": {
        "code": {"type": "string", "pattern": r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$"},
        "title": {"type": "string", "maxLength": 150},
    },
    "required": ["code", "title"],
    "additionalProperties": False,
}
CONTEXT: Schema = {
    "type": ["object", "null"],
    "description": "Who made the change.",
    "properties": {"by": {"enum": ["owner", "another"]}},
    "additionalProperties": False,
}
DEFS: Mapping[str, Schema] = {"skill": SKILL, "occupation": OCCUPATION}
