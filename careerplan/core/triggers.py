"""Database triggers that several apps share.

A rule that looks beyond one row raises `check_violation`, which Django raises as IntegrityError, with the name of the
rule in the message. A trigger that reads another row to decide reads it FOR SHARE, so that it waits for transactions
that change that row.
"""

import pgtrigger


def refuse(rule: str, why: str) -> str:
    """Build the SQL statement that refuses a write by the name of a rule."""
    return f"RAISE EXCEPTION '{rule}: {why}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


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
