"""The schema of the file (JSON Schema 2020-12), built from the sections; schema/ has the published copies."""

from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from accounts.models import User
from careerplan.account_data.file_format import DATE_TIME, DEFS, VERSION, Schema, or_null
from careerplan.account_data.sections import SECTIONS, Section

FORMAT = "careerplan-export"
PUBLISHED = Path(__file__).parent / "schema" / f"{FORMAT}-{VERSION}.schema.json"
ACCOUNT: Schema = {
    "type": "object",
    "description": "Who the data belong to. Shown before an import, and not imported.",
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "email": {"type": "string", "maxLength": 254},
        "time_zone": {"type": "string", "maxLength": 64},
        "theme": {"enum": list(User.Theme.values)},
        "joined_at": DATE_TIME,
        "last_sign_in_at": or_null(DATE_TIME),
    },
}


def row_schema(section: Section) -> Schema:
    """Return the complete schema of one row of a section."""
    return {"$defs": dict(DEFS), **section.schema}


@cache
def validator_of(section: Section) -> Any:
    """Return the validator of one row of a section."""
    return Draft202012Validator(row_schema(section))


@cache
def account_validator() -> Any:
    """Return the validator of the part about the account."""
    return Draft202012Validator(ACCOUNT)


def file_schema() -> Schema:
    """Return the schema of the whole file. Sections are in this order: no row refers to a later one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT} {VERSION}",
        "description": "Everything of one Careerplan account. Sections have this order, and refer to rows of"
        " earlier ones by `id`. Dates are ISO 8601, times in UTC, decimal numbers texts. A column that is not required"
        " may be missing, and readers ignore what they do not know.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "exported_at": DATE_TIME,
            "account": ACCOUNT,
            **{section.name: {"type": "array", "items": section.schema} for section in SECTIONS},
        },
        "required": ["format", "version"],
        "$defs": dict(DEFS),
    }
