"""Rules of the database that look beyond one row: what is closed or archived does not change any more.

Each takes the rows it looks at FOR SHARE: who is just closing the goal or archiving the plan is waited for.
"""

import pgtrigger

from careerplan.core.triggers import refuse
from careerplan.plans.triggers import ARCHIVED


def has_a_step() -> pgtrigger.Trigger:
    """A goal is saved together with its first step: looked at when the transaction ends."""
    return pgtrigger.Trigger(
        name="goal_has_a_step",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=pgtrigger.Func(
            "IF NOT EXISTS (SELECT 1 FROM goals_actionstep WHERE goal_id = NEW.id)"
            " AND EXISTS (SELECT 1 FROM goals_goal WHERE id = NEW.id) THEN "
            + refuse("goals_goal_has_a_step", "a goal is saved together with its first step")
            + " END IF; RETURN NULL;"
        ),
    )


def keep_closed_goal() -> pgtrigger.Trigger:
    """A closed goal changes in one way only: it is opened again. (What it was carried from may vanish.)

    The version has been counted up by then (count_versions), so it is left out of the comparison, here and below.
    """
    return pgtrigger.Trigger(
        name="goal_closed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "OLD.state <> 'active' AND NEW.state <> 'active'"
            " AND (to_jsonb(NEW) - ARRAY['carried_from_id', 'origin_skill_id', 'version'])"
            " IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['carried_from_id', 'origin_skill_id', 'version'])"
        ),
        func=refuse("goals_goal_closed", "a closed goal does not change"),
    )


def keep_archived_goal() -> pgtrigger.Trigger:
    """A goal of an archived plan does not change, and none is added to it."""
    return pgtrigger.Trigger(
        name="goal_archived",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("plan_state", "text")],
        func=(
            "IF TG_OP = 'UPDATE' THEN"
            " IF (to_jsonb(NEW) - ARRAY['carried_from_id', 'origin_skill_id', 'version'])"
            " IS NOT DISTINCT FROM (to_jsonb(OLD) - ARRAY['carried_from_id', 'origin_skill_id', 'version'])"
            " THEN RETURN NEW; END IF; END IF;"
            " SELECT state INTO plan_state FROM plans_plan WHERE id = NEW.plan_id FOR SHARE;"
            " IF plan_state = 'archived' THEN " + refuse("goals_goal_archived", ARCHIVED) + " END IF; RETURN NEW;"
        ),
    )


def keep_goal_of_archived() -> pgtrigger.Trigger:
    """A goal of an archived plan goes with the whole plan only: looked at when the transaction ends."""
    return pgtrigger.Trigger(
        name="goal_stays",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=(
            "IF EXISTS (SELECT 1 FROM plans_plan WHERE id = OLD.plan_id AND state = 'archived') THEN "
            + refuse("goals_goal_archived", ARCHIVED)
            + " END IF; RETURN NULL;"
        ),
    )


def keep_readings_measurable() -> pgtrigger.Trigger:
    """A goal with readings stays measured with a number."""
    return pgtrigger.Trigger(
        name="goal_measured",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.measure_kind = 'number' AND NEW.measure_kind <> 'number'"),
        func=(
            "IF EXISTS (SELECT 1 FROM goals_progress WHERE goal_id = NEW.id AND withdrawn_at IS NULL) THEN "
            + refuse("goals_goal_measured", "a goal with readings stays measured with a number")
            + " END IF; RETURN NEW;"
        ),
    )


def keep_parts_of_closed(
    table: str, *, goal_of: str, closed_too: bool = False, goes_if: str = ""
) -> list[pgtrigger.Trigger]:
    """What belongs to a goal is written only while the goal is active (or closed, with `closed_too`) in an active plan.

    `goal_of` is an SQL query for the goal's id; {row} stands for NEW or OLD. A DELETE is looked at when the
    transaction ends: with the whole goal it is allowed, alone it is not, unless `goes_if`, a condition on OLD.
    """
    rule = f"goals_{table}_frozen"
    wrong = "plan_state = 'archived'" if closed_too else "plan_state = 'archived' OR goal_state <> 'active'"
    look = (
        " SELECT g.state, p.state INTO goal_state, plan_state FROM goals_goal g JOIN plans_plan p ON p.id = g.plan_id"
        " WHERE g.id = ({goal}) {lock};"
    )
    declare = [("goal_state", "text"), ("plan_state", "text")]
    refusal = refuse(rule, "what is closed does not change")
    test = f" IF {wrong} THEN {refusal} END IF;"
    test_delete = f" IF ({wrong}) AND NOT ({goes_if}) THEN {refusal} END IF;" if goes_if else test
    return [
        pgtrigger.Trigger(
            name=f"{table}_frozen",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=declare,
            func=look.format(goal=goal_of.format(row="NEW"), lock="FOR SHARE") + test + " RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name=f"{table}_stays",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            timing=pgtrigger.Deferred,
            declare=declare,
            func=look.format(goal=goal_of.format(row="OLD"), lock="") + test_delete + " RETURN NULL;",
        ),
    ]


def only_withdrawn() -> pgtrigger.Trigger:
    """A reading never changes and never goes; it can be withdrawn, and taken back in."""
    return pgtrigger.Trigger(
        name="progress_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "((to_jsonb(NEW) - 'withdrawn_at') IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at'))"
        ),
        func=refuse("goals_progress_kept", "a reading does not change; it can be withdrawn"),
    )


def only_of_numbers() -> pgtrigger.Trigger:
    """A reading belongs to a goal that is measured with a number; one that was withdrawn may stay behind."""
    return pgtrigger.Trigger(
        name="progress_of_number",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF (TG_OP = 'INSERT' OR NEW.withdrawn_at IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM goals_goal WHERE id = NEW.goal_id AND measure_kind = 'number') THEN "
            + refuse("goals_progress_of_number", "this goal is not measured with a number")
            + " END IF; RETURN NEW;"
        ),
    )


def only_of_done_steps() -> pgtrigger.Trigger:
    """A step is judged once it is done."""
    return pgtrigger.Trigger(
        name="evaluation_of_done",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF NOT EXISTS (SELECT 1 FROM goals_actionstep WHERE id = NEW.step_id AND state = 'done') THEN "
            + refuse("goals_evaluation_of_done", "a step is judged once it is done")
            + " END IF; RETURN NEW;"
        ),
    )
