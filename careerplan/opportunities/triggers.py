"""Rules of the database that look beyond one row: what belongs to an archived plan does not change any more.

Each takes the plan FOR SHARE: who is just archiving it is waited for.
"""

import pgtrigger

from careerplan.core.triggers import refuse
from careerplan.plans.triggers import ARCHIVED


def keep_parts(table: str, *, also: str = "") -> list[pgtrigger.Trigger]:
    """What belongs to an opportunity (`opportunity_id`) is written and removed only while its plan is active.

    A DELETE is looked at when the transaction ends: together with the opportunity, or with what it is `also` about
    (an SQL condition over OLD), it is allowed.
    """
    rule = f"opportunities_{table}_archived"
    look = (
        "SELECT p.state INTO plan_state FROM opportunities_opportunity o JOIN plans_plan p ON p.id = o.plan_id"
        " WHERE o.id = {row}.opportunity_id {lock};"
    )
    still = f" AND {also}" if also else ""
    return [
        pgtrigger.Trigger(
            name=f"{table}_archived",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("plan_state", "text")],
            func=look.format(row="NEW", lock="FOR SHARE OF p")
            + f" IF plan_state = 'archived' THEN {refuse(rule, ARCHIVED)} END IF; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name=f"{table}_stays",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            timing=pgtrigger.Deferred,
            declare=[("plan_state", "text")],
            func=look.format(row="OLD", lock="")
            + f" IF plan_state = 'archived'{still} THEN {refuse(rule, ARCHIVED)} END IF; RETURN NULL;",
        ),
    ]


def of_the_same_plan(table: str, other: str) -> pgtrigger.Trigger:
    """A row ties an opportunity to an `other` (a table with a `plan_id`) of the same plan only."""
    app, model = other.split("_", 1)
    rule = f"opportunities_{table}_of_the_plan"
    return pgtrigger.Trigger(
        name=f"{table}_of_the_plan",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            f"IF (SELECT plan_id FROM {app}_{model} WHERE id = NEW.{model}_id)"
            " IS DISTINCT FROM (SELECT plan_id FROM opportunities_opportunity WHERE id = NEW.opportunity_id) THEN "
            + refuse(rule, "it belongs to another plan")
            + " END IF; RETURN NEW;"
        ),
    )


def of_visible_skills() -> pgtrigger.Trigger:
    """A needed skill is one of the catalogue, or one of the person's own."""
    return pgtrigger.Trigger(
        name="neededskill_visible",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF EXISTS (SELECT 1 FROM catalogue_skill s, opportunities_opportunity o"
            " JOIN plans_plan p ON p.id = o.plan_id"
            " WHERE s.id = NEW.skill_id AND o.id = NEW.opportunity_id AND s.owner_id <> p.user_id) THEN "
            + refuse("opportunities_neededskill_visible", "this skill belongs to somebody else")
            + " END IF; RETURN NEW;"
        ),
    )
