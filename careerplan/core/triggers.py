"""What the triggers of several apps share.

A rule that looks beyond one row raises `check_violation`, which Django gives as IntegrityError, with the rule's name
in the message. What reads another row to decide takes it FOR SHARE: who is just changing it is waited for.
"""

import pgtrigger


def refuse(rule: str, why: str) -> str:
    """The statement that refuses a write by the name of a rule."""
    return f"RAISE EXCEPTION '{rule}: {why}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


def stays_with(app: str, column: str) -> pgtrigger.Trigger:
    """A row stays with what it belongs to by `column`: so nothing is taken out of what is closed or archived, either.

    The rule is named after the app.
    """
    return pgtrigger.Trigger(
        name=f"stays_with_{column}",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.{column} IS DISTINCT FROM NEW.{column}"),
        func=refuse(f"{app}_stays_with_{column}", "a row stays with what it belongs to"),
    )
