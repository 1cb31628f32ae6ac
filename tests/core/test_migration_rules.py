"""No migration breaks the version before, which runs beside the new one during an upgrade."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from careerplan.core.migration_rules import LETS_IN_MORE, RULES, UNUSED_SINCE, problems_of
from careerplan.operations.backups import our_apps

TEXT = models.CharField(max_length=10)


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
        migrations.AddIndex("goal", models.Index(fields=["title"], name="by_title")),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_is_taken(operation):
    assert problems_of(migration_with(operation)) == []


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
    """The values that a constraint of the form `column__in` lets in."""
    [constraint] = [one for one in state.options["constraints"] if one.name == name]
    [(lookup, values)] = constraint.condition.children
    assert lookup.endswith("__in")
    return {*values}
