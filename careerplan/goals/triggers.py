"""Triggers of goals that check other rows. Closed goals are read-only by careerplan/readonly_rules.py."""

import pgtrigger

from careerplan.core.triggers import refuse, refuse_when, require_child


def has_a_step() -> pgtrigger.Trigger:
    """Require a first step when the transaction that saves a goal ends."""
    return require_child(
        "goals_goal",
        "goals_actionstep",
        "goal_id",
        name="goal_has_a_step",
        rule="goals_goal_has_a_step",
        why="a goal is saved together with its first step",
    )


def keep_entries_measurable() -> pgtrigger.Trigger:
    """Keep a goal with progress entries measured with a number."""
    return refuse_when(
        "EXISTS (SELECT 1 FROM goals_progressentry WHERE goal_id = NEW.id AND removed_at IS NULL)",
        name="goal_measured",
        rule="goals_goal_measured",
        why="a goal with entries stays measured with a number",
        operation=pgtrigger.Update,
        only_if="OLD.measure_kind = 'number' AND NEW.measure_kind <> 'number'",
    )


def only_removed() -> pgtrigger.Trigger:
    """Refuse changing or deleting an entry, except removing and restoring it."""
    return pgtrigger.Trigger(
        name="progress_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "((to_jsonb(NEW) - 'removed_at') IS DISTINCT FROM (to_jsonb(OLD) - 'removed_at'))"
        ),
        func=refuse("goals_progressentry_kept", "an entry does not change; it can be removed"),
    )


def only_of_numbers() -> pgtrigger.Trigger:
    """Refuse entries of a goal that is not measured with a number; removed entries may stay."""
    return refuse_when(
        "(TG_OP = 'INSERT' OR NEW.removed_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM goals_goal WHERE id = NEW.goal_id AND measure_kind = 'number')",
        name="progress_of_number",
        rule="goals_progressentry_of_number",
        why="this goal is not measured with a number",
    )


def only_of_done_steps() -> pgtrigger.Trigger:
    """Refuse the evaluation of a step that is not done."""
    return refuse_when(
        "NOT EXISTS (SELECT 1 FROM goals_actionstep WHERE id = NEW.step_id AND state = 'done')",
        name="evaluation_of_done",
        rule="goals_evaluation_of_done",
        why="a step is rated once it is done",
    )
