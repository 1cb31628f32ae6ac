"""Closed rows are read-only: one trigger for every table, installed from a list, and one switch that turns it off.

Services call `require_open` on a row that they have locked, so that people read a sentence and not an error page.

A row is closed where it meets the condition of its table (`ClosedWhen`). Everything below a closed row is read-only too
(`ReadOnly`). The list is careerplan/readonly_rules.py; docs/adr/0014 gives the reasons.

The database refuses an insert or an update at once, and a delete when the transaction ends: a row may be deleted
together with its closed parent, and not alone. A refusal raises IntegrityError with the name `<table>_readonly`. The
trigger reads the parents FOR SHARE, so that it waits for a transaction that is closing one of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import pgtrigger
from django.apps import apps
from django.db import connection, models

from careerplan.core.triggers import refuse

RULE = "readonly"
"""Name of the trigger for inserts and updates; the trigger for deletes has the suffix _delete."""
HISTORY_TRIGGERS = frozenset({"insert_insert", "evaluation_of_done"})
"""Triggers that `allow_closed_changes` also turns off, because an import writes the history itself."""


class ClosedRowError(Exception):
    """A write to a closed row or below one. Each closing table has its own subclass, for the message to the user."""


class Closable(Protocol):
    """A model whose rows close."""

    @property
    def is_closed(self) -> bool:
        """Whether the row is closed, as its condition in the list says."""


def require_open(row: Closable, error: type[ClosedRowError]) -> None:
    """Raise `error` where a row is closed. Services call it on a row that they have just locked."""
    if row.is_closed:
        raise error


@dataclass(frozen=True)
class ClosedWhen:
    """The SQL condition under which a row of `model` is closed, and the sentence for the error message.

    With `may_reopen` the row itself may be changed in an update that makes it open again.
    """

    model: str
    condition: str
    message: str
    may_reopen: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadOnly:
    """A table that is read-only below a closed row.

    `through` names the foreign keys from the row up to its parents, as in a lookup: "step__goal__plan". A closed parent
    of a model in `except_below` does not count. `deleted_with`: foreign keys; the row may be deleted together with the
    row that one of them refers to. `may_delete`: deleting is not restricted.

    Foreign keys with SET_NULL may be set to null: what they refer to may be deleted.
    """

    model: str
    through: str = ""
    except_below: Sequence[str] = ()
    deleted_with: Sequence[str] = ()
    may_delete: bool = False


def install(closed: Sequence[ClosedWhen], rules: Sequence[ReadOnly]) -> None:
    """Register the triggers of all rules with their models."""
    by_model = {one.model: one for one in closed}
    for rule in rules:
        model = apps.get_model(rule.model)
        for trigger in _triggers(model, rule, by_model):
            pgtrigger.register(trigger)(model)


def _triggers(model: type[models.Model], rule: ReadOnly, closed: dict[str, ClosedWhen]) -> list[pgtrigger.Trigger]:
    name = f"{model._meta.db_table}_{RULE}"
    refusal = (
        f"RAISE EXCEPTION USING MESSAGE = '{name}: ' || parent.closed, ERRCODE = 'check_violation',"
        f" CONSTRAINT = '{name}';"
    )
    write = _skip_unchanged(model)
    if own := closed.get(rule.model):
        write += _refuse_own(own, name)
    triggers = []
    if rule.through:
        first = model._meta.get_field(rule.through.split("__")[0]).column  # type: ignore[union-attr]
        parents = _parents(model, rule, closed)
        write += (
            f" FOR parent IN {parents.format(ids=f'NEW.{first}, OLD.{first}')} {_lock(model, rule, closed)} LOOP"
            f" IF parent.closed IS NOT NULL THEN {refusal} END IF; END LOOP;"
        )
        if not rule.may_delete:
            still_there = "".join(f" AND {_exists(model, name)}" for name in rule.deleted_with)
            triggers.append(
                pgtrigger.Trigger(
                    name=f"{RULE}_delete",
                    when=pgtrigger.After,
                    operation=pgtrigger.Delete,
                    timing=pgtrigger.Deferred,
                    declare=[("parent", "record")],
                    func=f"FOR parent IN {parents.format(ids=f'OLD.{first}')} LOOP"
                    f" IF parent.closed IS NOT NULL{still_there} THEN {refusal} END IF; END LOOP; RETURN NULL;",
                )
            )
    triggers.append(
        pgtrigger.Trigger(
            name=RULE,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update if rule.through else pgtrigger.Update,
            declare=[("parent", "record")] if rule.through else None,
            func=f"{write} RETURN NEW;",
        )
    )
    return triggers


def _skip_unchanged(model: type[models.Model]) -> str:
    """Build SQL that accepts an update that only clears foreign keys with SET_NULL and counts the version."""
    clear = [
        str(field.column)
        for field in model._meta.concrete_fields
        if field.remote_field and getattr(field.remote_field, "on_delete", None) is models.SET_NULL
    ]
    counted = any(trigger.name == "count_versions" for trigger in getattr(model._meta, "triggers", []))
    ignored = "'{" + ",".join([*clear, *(["version"] if counted else [])]) + "}'::text[]"
    cleared = "".join(f" AND (NEW.{name} IS NULL OR NEW.{name} IS NOT DISTINCT FROM OLD.{name})" for name in clear)
    return (
        f"IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {ignored} IS NOT DISTINCT FROM to_jsonb(OLD) - {ignored}{cleared}"
        " THEN RETURN NEW; END IF;"
    )


def _refuse_own(own: ClosedWhen, name: str) -> str:
    """Build SQL that refuses the update of a row that is closed itself."""
    was, stays = own.condition.format(row="OLD"), own.condition.format(row="NEW")
    refused = f"({was}) AND ({stays})" if own.may_reopen else was
    return f" IF TG_OP = 'UPDATE' AND {refused} THEN {refuse(name, own.message)} END IF;"


def _path(model: type[models.Model], through: str) -> list[tuple[models.ForeignKey, type[models.Model]]]:  # type: ignore[type-arg]
    """List the foreign keys of `through`, each with the model it refers to."""
    path = []
    for name in through.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model  # type: ignore[assignment]
        path.append((field, model))
    return path  # type: ignore[return-value]


def _closing(model: type[models.Model], rule: ReadOnly, closed: dict[str, ClosedWhen]) -> list[tuple[str, ClosedWhen]]:
    """List the parents that may be closed: their table and their condition, the farthest first."""
    parents = [parent for _field, parent in _path(model, rule.through) if parent._meta.label not in rule.except_below]
    return [(one._meta.db_table, closed[one._meta.label]) for one in reversed(parents) if one._meta.label in closed]


def _parents(model: type[models.Model], rule: ReadOnly, closed: dict[str, ClosedWhen]) -> str:
    """Build the query for the message `closed` of each parent row, null where it is open; {ids} are its ids."""
    path = _path(model, rule.through)
    table = path[0][1]._meta.db_table
    joins = "".join(
        f" JOIN {parent._meta.db_table} ON {parent._meta.db_table}.id = {path[n][1]._meta.db_table}.{field.column}"
        for n, (field, parent) in enumerate(path[1:])
    )
    cases = "".join(
        f" WHEN {one.condition.format(row=name)} THEN '{one.message}'" for name, one in _closing(model, rule, closed)
    )
    return f"SELECT CASE{cases} END AS closed FROM {table}{joins} WHERE {table}.id IN ({{ids}})"  # noqa: S608  (names of models)


def _lock(model: type[models.Model], rule: ReadOnly, closed: dict[str, ClosedWhen]) -> str:
    return "FOR SHARE OF " + ", ".join(name for name, _one in _closing(model, rule, closed))


def _exists(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    table = field.related_model._meta.db_table  # type: ignore[union-attr]
    return f"EXISTS (SELECT 1 FROM {table} WHERE id = OLD.{field.column})"  # type: ignore[union-attr]  # noqa: S608  (names of models)


@contextmanager
def allow_closed_changes() -> Iterator[None]:
    """Turn the triggers of closed rows off, in this transaction and on this connection only.

    For two callers: deleting an account, and importing one. On success the checks that wait for the end of the
    transaction run before the triggers are turned on again; on an error the rollback turns them on.
    """
    off = {RULE, f"{RULE}_delete", *HISTORY_TRIGGERS}
    names = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered() if trigger.name in off]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
