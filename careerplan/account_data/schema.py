"""The schema of the file (JSON Schema 2020-12), made from the sections; the copy in schema/ is the published one."""

from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from accounts.models import User
from careerplan.account_data.columns import DEFS, INSTANT, Schema, or_null
from careerplan.account_data.sections import SECTIONS, Section

FORMAT, VERSION = "careerplan-export", 1
PUBLISHED = Path(__file__).parent / "schema" / f"{FORMAT}-{VERSION}.schema.json"
ACCOUNT: Schema = {
    "type": "object",
    "description": "Who the data belong to. Shown before an import; what is there is not brought in.",
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "email": {"type": "string", "maxLength": 254},
        "time_zone": {"type": "string", "maxLength": 64},
        "theme": {"enum": list(User.Theme.values)},
        "joined_at": INSTANT,
        "last_sign_in_at": or_null(INSTANT),
    },
    "required": ["name", "email", "time_zone", "theme", "joined_at"],
    "additionalProperties": False,
}


def row_schema(section: Section) -> Schema:
    """The schema of one row of a section, standing for itself."""
    return {"$defs": dict(DEFS), **section.schema}


@cache
def validator_of(section: Section) -> Any:
    """What checks one row of a section."""
    return Draft202012Validator(row_schema(section))


@cache
def account_validator() -> Any:
    """What checks the part about the account."""
    return Draft202012Validator(ACCOUNT)


def whole_schema() -> Schema:
    """The schema of the whole file. Sections stand in this order: no row refers to one that comes later."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT} {VERSION}",
        "description": "Everything of one Careerplan account. Sections come in the order in which they stand here, and"
        " name rows of earlier ones by `id`. Days are ISO 8601; instants are in UTC; figures with decimals are texts.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "exported_at": INSTANT,
            "account": ACCOUNT,
            **{section.name: {"type": "array", "items": section.schema} for section in SECTIONS},
        },
        "required": ["format", "version"],
        "additionalProperties": False,
        "$defs": dict(DEFS),
    }
