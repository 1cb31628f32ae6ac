"""Database triggers that several apps share.

A rule that looks beyond one row raises `check_violation`, which Django raises as IntegrityError, with the name of the
rule in the message. A trigger that reads another row to decide reads it FOR SHARE, so that it waits for transactions
that change that row.
"""

import pgtrigger


def refuse(rule: str, why: str) -> str:
    """Build the SQL statement that refuses a write by the name of a rule."""
    return f"RAISE EXCEPTION '{rule}: {why}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


def refuse_when(
    condition: str,
    *,
    name: str,
    rule: str,
    why: str,
    operation: pgtrigger.Operation = pgtrigger.Insert | pgtrigger.Update,
    only_if: str = "",
) -> pgtrigger.Trigger:
    """Build a trigger that refuses to write a row (NEW) while an SQL condition holds, by the name of a rule.

    `condition` may read other rows, `only_if` those of OLD and NEW alone: the database then calls nothing for the rest.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        condition=pgtrigger.Condition(only_if) if only_if else None,
        func=f"IF {condition} THEN {refuse(rule, why)} END IF; RETURN NEW;",
    )


def require_child(table: str, child: str, column: str, *, name: str, rule: str, why: str) -> pgtrigger.Trigger:
    """Build a trigger that requires a row of `child`, whose `column` is the new row of `table`, at the commit."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=(
            f"IF NOT EXISTS (SELECT 1 FROM {child} WHERE {column} = NEW.id)"
            f" AND EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) THEN {refuse(rule, why)} END IF; RETURN NULL;"
        ),
    )


def immutable_fk(app: str, column: str) -> pgtrigger.Trigger:
    """Build a trigger that refuses a new value of a foreign key; the rule is `<app>_immutable_<column>`.

    A row that moved to another parent would leave one that is closed or archived, which must not change.
    """
    return pgtrigger.Trigger(
        name=f"immutable_{column}",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.{column} IS DISTINCT FROM NEW.{column}"),
        func=refuse(f"{app}_immutable_{column}", "the parent of a row does not change"),
    )


def count_versions() -> pgtrigger.Trigger:
    """Build a trigger that adds one to the integer column `version` with every change of a row."""
    return pgtrigger.Trigger(
        name="count_versions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


def delete_events(event_table: str) -> pgtrigger.Trigger:
    """Build a trigger that deletes the events of a row with the row.

    Django's cascade deletes the events first and then sets to null what pointed at the row (Goal.carried_from), which
    makes one more event.
    """
    return pgtrigger.Trigger(
        name="delete_events",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=f"DELETE FROM {event_table} WHERE pgh_obj_id = OLD.id; RETURN NULL;",
    )
