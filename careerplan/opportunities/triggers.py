"""Triggers of opportunities: their parts belong to the same plan and person."""

import pgtrigger

from careerplan.core.triggers import refuse_when


def of_the_same_plan(table: str, other: str) -> pgtrigger.Trigger:
    """Build a trigger that refuses a row of `table` whose `other` row belongs to another plan than its opportunity."""
    app, model = other.split("_", 1)
    return refuse_when(
        f"(SELECT plan_id FROM {app}_{model} WHERE id = NEW.{model}_id)"
        " IS DISTINCT FROM (SELECT plan_id FROM opportunities_opportunity WHERE id = NEW.opportunity_id)",
        name=f"{table}_of_the_plan",
        rule=f"opportunities_{table}_of_the_plan",
        why="it belongs to another plan",
    )


def of_visible_skills() -> pgtrigger.Trigger:
    """Build a trigger that refuses another user's own skill."""
    return refuse_when(
        "EXISTS (SELECT 1 FROM catalogue_skill s, opportunities_opportunity o"
        " JOIN plans_plan p ON p.id = o.plan_id"
        " WHERE s.id = NEW.skill_id AND o.id = NEW.opportunity_id AND s.owner_id <> p.user_id)",
        name="neededskill_visible",
        rule="opportunities_neededskill_visible",
        why="this skill belongs to another person",
    )
