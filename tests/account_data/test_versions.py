"""Files of every published version can still be imported (docs/adr/0013)."""

import io
import json
from pathlib import Path

import pytest
from django.db import transaction
from jsonschema import Draft202012Validator

from careerplan.account_data.file_format import VERSION, VERSIONS
from careerplan.account_data.importer import import_file
from careerplan.account_data.parser import FileParser
from careerplan.account_data.schema import PUBLISHED
from careerplan.account_data.sections import SECTIONS, SECTIONS_BY_NAME
from careerplan.goals.models import Goal
from careerplan.opportunities.models import Opportunity
from tests.account_data.test_round_trip import NOW, exported
from tests.factories.goals import make_goal

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
HEAD = {"format": "careerplan-export", "version": VERSION}


def rows_by_section(data):
    """The number of rows in a file, by today's name of the section."""
    names = VERSIONS[data["version"]].sections
    return {names.get(name, name): len(rows) for name, rows in data.items() if isinstance(rows, list)}


def parse(data):
    parser = FileParser(io.BytesIO(json.dumps(data).encode()))
    return list(parser), parser


def test_each_version_has_a_sample():
    assert {json.loads(path.read_text())["version"] for path in SAMPLES} == set(VERSIONS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_valid_by_the_schema_of_its_version(path):
    data = json.loads(path.read_text())
    schema = json.loads((PUBLISHED.parent / f"careerplan-export-{data['version']}.schema.json").read_text())
    if path.stem.startswith("1-") and path.stem != "1-2026-11-23-last":
        for part in schema["properties"].values():  # columns that came later under the same number
            part.get("items", {}).pop("required", None)
    Draft202012Validator(schema).validate(data)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_name_in_a_sample_is_known(path):
    _rows, parser = parse(json.loads(path.read_text()))
    assert parser.unknown_names == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_imported_completely(path, user):
    data = json.loads(path.read_text())
    with transaction.atomic():
        summary = import_file(user=user, file=io.BytesIO(path.read_bytes()), now=NOW)
    assert summary.unknown_names == []
    expected = {
        name: count
        for name, count in rows_by_section(data).items()
        if count and not SECTIONS_BY_NAME[name].export_only_reason
    }
    assert summary.counts == expected
    assert {goal.title for goal in Goal.objects.for_user(user)} == {row["title"] for row in data["goals"]}
    assert [goal.why for goal in Goal.objects.for_user(user).order_by("pk")] == [row["why"] for row in data["goals"]]
    assert Opportunity.objects.filter(plan__user=user).count() == len(data.get("opportunities", []))
    assert Goal.objects.for_user(user).exclude(origin_skill=None).count() == 1  # from the history, in version 1
    expected["own_skills"] += len(summary.unknown_skills)  # the catalogue of the tests is smaller
    expected.pop("goal_history")  # the origin skill is one more event
    again = exported(user)
    assert {name: len(again[name]) for name in expected} == expected


@pytest.mark.django_db
def test_missing_column_takes_the_default_of_the_model(user):
    make_goal(user, title="Twelve shifts")
    data = exported(user)
    for section in SECTIONS:
        for column in section.columns:
            if not column.is_required:
                for row in data[section.name]:
                    row.pop(column.name, None)
    data["goals"][0] |= {"target_value": "12", "unit": "shifts"}
    rows, parser = parse(data)
    assert parser.unknown_names == []
    assert [row["title"] for section, _number, row in rows if section.name == "goals"] == ["Twelve shifts"]


def test_unknown_column_and_unknown_section_are_ignored_and_named():
    skill = {"id": 1, "name": "Welding", "kind": "work", "created_at": "2026-12-01T08:00:00Z", "colour": "blue"}
    rows, parser = parse(HEAD | {"own_skills": [skill], "friends": [{"name": "Ada"}] * 3})
    assert parser.unknown_names == ["own_skills.colour", "friends"]
    assert [row for _section, _number, row in rows] == [skill]


def test_published_column_is_never_removed():
    """Renaming a column needs `Section.file_names`, or a new version with the old name in file_format.py."""
    published = json.loads(PUBLISHED.read_text())["properties"]
    for name, part in published.items():
        if "items" in part:
            assert set(part["items"]["properties"]) == {column.name for column in SECTIONS_BY_NAME[name].columns}
