"""Migrations that the code of the version before can live with: both run side by side while a site is upgraded.

So none may hold a table for longer than pages wait, either. Removing takes two versions: the first stops using a
column, the next one removes it and lists itself in UNUSED_SINCE.
"""

from collections.abc import Iterator, Sequence

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

RULES = (migrations.AlterField, migrations.AddConstraint)
UNUSED_SINCE: dict[str, str] = {}
"""Migrations that remove what no code uses any more, by `app.name`: since which version."""

LETS_IN_MORE: dict[str, str] = {
    "conversation.0002_dates_of_goals": "suggestions of another date for the goal",
    "goals.0002_steps_of_each_day": "steps that repeat each day",
    "operators.0002_backups_and_keys": "three more acts in the audit log",
    "operators.0003_acts_at_the_server": "three more acts in the audit log",
    "operations.0004_restarts": "restarts with changed settings",
}
"""Migrations that change choices and constraints to let in more than before, by `app.name`: what.

Rows of the version before fit into them. A test compares the values before and after.
"""

REFUSES_NOTHING_WRITTEN: dict[str, str] = {
    "goals.0004_repeats_by_rule": "no page of the version before makes a rule beyond these limits",
}
"""Migrations with a constraint that refuses less than rows could hold, but nothing that the version before writes, by
`app.name`: why. An earlier migration has changed the rows that did not fit.
"""

BEFORE_LOCKS = {
    "conversation.0002_dates_of_goals",
    "goals.0002_steps_of_each_day",
    "operators.0002_backups_and_keys",
    "operators.0003_acts_at_the_server",
}
"""Migrations that were there before the rules about locks; only goals.0002 reads a large table."""


def problems_of(migration: Migration) -> list[str]:
    """Return a sentence for each operation that breaks the version before. An app's first migration breaks none."""
    if migration.initial or f"{migration.app_label}.{migration.name}" in UNUSED_SINCE:
        return []
    name = f"{migration.app_label}.{migration.name}"
    is_taken = name in LETS_IN_MORE or name in REFUSES_NOTHING_WRITTEN
    operations = [one for one in migration.operations if not is_taken or not isinstance(one, RULES)]
    problems = [*_problems(operations), *([] if name in BEFORE_LOCKS else _lock_problems(migration.operations))]
    return [f"{name}: {said}" for said in problems]


def _lock_problems(operations: Sequence[Operation]) -> Iterator[str]:
    """Yield what holds a table that has rows while it reads all of them."""
    new = {one.name.lower() for one in operations if isinstance(one, migrations.CreateModel)}
    for operation in operations:
        if getattr(operation, "model_name", "").lower() in new:
            continue
        if isinstance(operation, AddIndex) and not isinstance(operation, AddIndexConcurrently):
            yield f"{operation.describe()}. Nobody can write until it is built. Use AddIndexConcurrently."
        elif _scans(operation):
            yield f"{operation.describe()}. Nobody can read until all rows are checked. Use AddConstraintNotValid."
        elif isinstance(operation, ValidateConstraint) and len(operations) > 1:
            yield f"{operation.describe()}. What is done before it stays locked. Give it a migration of its own."


def _scans(operation: Operation) -> bool:
    """Return whether a check is made of each row at once."""
    is_check = isinstance(operation, AddConstraint) and isinstance(operation.constraint, models.CheckConstraint)
    return is_check and not isinstance(operation, AddConstraintNotValid)


def _problems(operations: Sequence[Operation]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _problems(operation.database_operations)
        elif isinstance(operation, migrations.RemoveField | migrations.DeleteModel):
            yield f"{operation.describe()}. The version before still reads and writes it. Remove it one version later."
        elif isinstance(operation, migrations.RenameField | migrations.RenameModel | migrations.AlterModelTable):
            yield f"{operation.describe()}. The version before knows the old name only. Add a new one instead."
        elif isinstance(operation, migrations.AddField) and _needs_value(operation.field):
            yield f"{operation.describe()}. The version before does not fill it. Give it a db_default, or allow null."
        elif isinstance(operation, migrations.AlterField) and not operation.field.null and not _has_default(operation):
            yield f"{operation.describe()}. Rows of the version before may not fit. Add the rule one version later."
        elif isinstance(operation, migrations.AddConstraint):
            yield f"{operation.describe()}. Rows of the version before may not fit. Add it one version later."


def _needs_value(field: models.Field) -> bool:  # type: ignore[type-arg]  # of any type
    is_column = not field.many_to_many
    return is_column and not field.null and field.db_default is NOT_PROVIDED


def _has_default(operation: migrations.AlterField) -> bool:
    return operation.field.db_default is not NOT_PROVIDED
