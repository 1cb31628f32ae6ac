"""Rules of the database: an archived plan is readable and does not change any more."""

import pgtrigger

from careerplan.core.triggers import refuse

ARCHIVED = "an archived plan does not change"


def keep_archived_plan() -> pgtrigger.Trigger:
    """An UPDATE of an archived plan is refused.

    The one exception: its occupation may vanish from the catalogue (the foreign key is set to null). The version
    has been counted up by then (count_versions), so it is left out.
    """
    return pgtrigger.Trigger(
        name="plan_archived",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            "OLD.state = 'archived' AND ("
            "(to_jsonb(NEW) - ARRAY['target_occupation_id', 'version'])"
            " IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['target_occupation_id', 'version'])"
            " OR NEW.target_occupation_id IS NOT NULL)"
        ),
        func=refuse("plans_plan_archived", ARCHIVED),
    )


def keep_archived(table: str) -> pgtrigger.Trigger:
    """A row of a table with a `plan_id` is neither made nor changed where the plan is archived.

    Who is just archiving it is waited for.
    """
    _app, noun = table.split("_", 1)
    return pgtrigger.Trigger(
        name=f"{noun}_archived",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("plan_state", "text")],
        func=(
            "SELECT state INTO plan_state FROM plans_plan WHERE id = NEW.plan_id FOR SHARE;"
            f" IF plan_state = 'archived' THEN {refuse(f'{table}_archived', ARCHIVED)} END IF; RETURN NEW;"
        ),
    )
