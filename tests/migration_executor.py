"""Django's executor of migrations, which renders models once where a migration only adds to the database.

For each constraint, index and trigger Django renders the model again, and all that are related to it: five hundred
times for a new database, which is three quarters of the time. Nothing looks at them before the migration ends. Only the
template of the tests is made with it: the product migrates as Django does, and `make run` in tests/local too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDS = (CreateModel, AddField, AddIndex, AddConstraint, AddTrigger)


class Executor(MigrationExecutor):
    """Runs each migration like Django, and those that only add in less time."""

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        """Run a migration forwards."""
        if fake or fake_initial or not all(type(operation) in ADDS for operation in migration.operations):
            return super().apply_migration(state, migration, fake, fake_initial)
        with rendered_once(state):
            return super().apply_migration(state, migration)


@contextmanager
def rendered_once(state: ProjectState) -> Iterator[None]:
    """Render only models and fields that are new, and at the end all that is related to what has changed."""
    changed: set[tuple[str, str]] = set()
    render: Any = state.reload_model

    def render_if_needed(app_label: str, model_name: str, **how: bool) -> None:
        key = app_label, model_name.lower()
        changed.add(key)
        model = state.apps.all_models[app_label].get(key[1])
        if model is None:
            state.apps.render_multiple([state.models[key]])
        elif {field.name for field in _fields_of(model)} != set(state.models[key].fields):
            render(app_label, model_name)

    vars(state)["reload_model"] = render_if_needed
    try:
        yield
    finally:
        del vars(state)["reload_model"]
    state.reload_models(sorted(changed), delay=False)


def _fields_of(model: Any) -> list[Any]:
    return [*model._meta.local_fields, *model._meta.local_many_to_many]
