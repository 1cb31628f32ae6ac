"""No migration breaks the version before, which runs beside the new one during an upgrade."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from careerplan.core.migration_rules import LETS_IN_MORE, REFUSES_NOTHING_WRITTEN, RULES, UNUSED_SINCE, problems_of
from careerplan.operations.backups import our_apps

TEXT = models.CharField(max_length=10)
PUBLISHED = {
    "account_data.0001_initial": "f8440fffa5b41eb1",
    "accounts.0001_initial": "dee9a10aa932c4cc",
    "calendar_feed.0001_initial": "c70dae5733c5a8e6",
    "catalogue.0001_initial": "8be32e7556cbab57",
    "core.0001_extensions": "e1a91c21ff3ae7fd",
    "goals.0001_initial": "b866401744d2de79",
    "operators.0001_initial": "3ba09aec92f3e968",
    "opportunities.0001_initial": "5e03876f8b9f8432",
    "plan_document.0001_initial": "c224e435e3d802c5",
    "planning.0001_initial": "b9738a863b807e34",
    "plans.0001_initial": "cc0b4490dafa2711",
    "reminders.0001_initial": "274fce328be6086b",
    "reviews.0001_initial": "2993280c37633b25",
    "site_settings.0001_initial": "cf47c3f9a84d4f04",
    "skills.0001_initial": "0e37662b6887808f",
}
"""The digest of each migration that sites have run. A new one is added when it is published."""


def migration_with(*operations, initial=None):
    migration = migrations.Migration("0002_next", "goals")
    migration.operations, migration.initial = list(operations), initial
    return migration


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("goal", "title"),
        migrations.DeleteModel("Goal"),
        migrations.RenameField("goal", "title", "name"),
        migrations.RenameModel("Goal", "Aim"),
        migrations.AddField("goal", "colour", TEXT),
        migrations.AddField("goal", "colour", models.CharField(max_length=10, default="red")),  # Django's alone
        migrations.AlterField("goal", "title", TEXT),
        migrations.AddConstraint("goal", models.UniqueConstraint(fields=["title"], name="once")),
        migrations.SeparateDatabaseAndState([migrations.RemoveField("goal", "title")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_breaks_the_version_before_is_said(operation, monkeypatch):
    [problem] = problems_of(migration_with(operation))
    assert problem.startswith("goals.0002_next: ")
    assert problems_of(migration_with(operation, initial=True)) == []
    monkeypatch.setitem(UNUSED_SINCE, "goals.0002_next", "0.2.0")
    assert problems_of(migration_with(operation)) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Colour", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("goal", "colour", models.CharField(max_length=10, null=True)),
        migrations.AddField("goal", "colour", models.CharField(max_length=10, db_default="")),
        AddIndexConcurrently("goal", models.Index(fields=["title"], name="by_title")),
        ValidateConstraint("goal", "title_given"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_is_taken(operation):
    assert problems_of(migration_with(operation)) == []


def test_what_holds_a_table_while_it_reads_all_rows_is_said(monkeypatch):
    """A page gives up after three seconds, and a table of steps takes longer."""
    monkeypatch.setitem(REFUSES_NOTHING_WRITTEN, "goals.0002_next", "no page makes such rows")
    given = models.CheckConstraint(condition=models.Q(title__gt=""), name="title_given")
    index = models.Index(fields=["title"], name="by_title")
    table = migrations.CreateModel("Goal", [("title", TEXT)])
    for held in (migrations.AddConstraint("goal", given), migrations.AddIndex("goal", index)):
        assert len(problems_of(migration_with(held))) == 1
        assert problems_of(migration_with(table, held)) == []  # without rows
    late = AddConstraintNotValid("goal", given)
    validated = ValidateConstraint("goal", "title_given")
    assert problems_of(migration_with(late)) == []
    assert len(problems_of(migration_with(late, validated))) == 1


def test_each_constraint_that_is_not_valid_yet_is_validated_later():
    added, validated = set(), set()
    for (app, _name), migration in MigrationLoader(None).disk_migrations.items():
        for one in migration.operations if app in our_apps() else ():
            if isinstance(one, AddConstraintNotValid):
                added.add((app, one.constraint.name))
            elif isinstance(one, ValidateConstraint):
                validated.add((app, one.name))
    assert added == validated
    assert added


def test_every_migration_lets_the_version_before_run():
    ours = [m for (app, _name), m in MigrationLoader(None).disk_migrations.items() if app in our_apps()]
    assert {"accounts", "core", "goals", "operators"} <= {migration.app_label for migration in ours}
    assert [problem for migration in ours for problem in problems_of(migration)] == []


@pytest.mark.parametrize("name", LETS_IN_MORE)
def test_what_lets_in_more_takes_all_that_was_taken_before(name):
    key = tuple(name.split("."))
    loader = MigrationLoader(None)
    migration = loader.disk_migrations[key]
    before, after = loader.project_state(migration.dependencies), loader.project_state(key)
    found = [one for one in migration.operations if isinstance(one, RULES)]
    assert found
    for operation in found:
        model = (key[0], operation.model_name)
        old, new = before.models[model], after.models[model]
        if isinstance(operation, migrations.AlterField):
            kept, now = (state.fields[operation.name].deconstruct()[3] for state in (old, new))
            assert {*dict(kept.pop("choices"))} <= {*dict(now.pop("choices"))}
            assert kept == now
        else:
            kept, now = (values_of(state, operation.constraint.name) for state in (old, new))
            assert kept <= now


def values_of(state, name):
    """What a constraint lets in: the values of `column__in`, the alternatives of the pattern in `column__regex`, or
    conditions that are joined by OR.

    What else a constraint with a pattern demands is one more value, so that it has to stay.
    """
    [constraint] = [one for one in state.options["constraints"] if one.name == name]
    [(lookup, values)] = constraint.condition.children if len(constraint.condition) == 1 else [("", None)]
    if lookup.endswith("__in"):
        return {*values}
    said = str(constraint.condition)
    patterns = re.findall(r"__regex', '\^\((.+?)\)\$'\)", said)
    if not patterns:
        assert constraint.condition.connector == "OR"
        return {str(one) for one in constraint.condition.children}
    [pattern] = patterns
    return {*re.split(r"\|(?=[a-z])", pattern), said.replace(pattern, "")}


def test_published_migrations_stay_as_they_were():
    """A database that ran one never runs it again: what changes later is another migration."""
    found = {}
    for app in our_apps():
        folder = Path(apps.get_app_config(app).path) / "migrations"
        found |= {f"{app}.{one.stem}": sha256(one.read_bytes()).hexdigest()[:16] for one in folder.glob("0*.py")}
    assert PUBLISHED.items() <= found.items()
