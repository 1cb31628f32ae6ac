"""No migration breaks the version before, which runs beside the new one during an upgrade."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from careerplan.core.migration_rules import UNUSED_SINCE, problems_of
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
