"""Rules of the database: an archived plan is readable and does not change any more."""

import pgtrigger

REFUSE = (
    "RAISE EXCEPTION '{rule}: an archived plan does not change'"
    " USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"
)


def keep_archived_plan() -> pgtrigger.Trigger:
    """An UPDATE of an archived plan is refused.

    The one exception: its occupation may vanish from the catalogue (the foreign key is set to null). The version
    has been counted up by then (counts_versions), so it is left out.
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
        func=REFUSE.format(rule="plans_plan_archived"),
    )


def keep_archived_pause() -> pgtrigger.Trigger:
    """A pause of an archived plan is neither made nor changed. Who is just archiving it is waited for."""
    return pgtrigger.Trigger(
        name="pause_archived",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("plan_state", "text")],
        func=(
            "SELECT state INTO plan_state FROM plans_plan WHERE id = NEW.plan_id FOR SHARE;"
            " IF plan_state = 'archived' THEN " + REFUSE.format(rule="plans_pause_archived") + " END IF; RETURN NEW;"
        ),
    )
