"""Triggers of goals that check other rows. Closed goals are read-only by careerplan/readonly_rules.py."""

import pgtrigger

from careerplan.core.triggers import refuse


def has_a_step() -> pgtrigger.Trigger:
    """Require a first step when the transaction that saves a goal ends."""
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


def keep_entries_measurable() -> pgtrigger.Trigger:
    """Keep a goal with progress entries measured with a number."""
    return pgtrigger.Trigger(
        name="goal_measured",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.measure_kind = 'number' AND NEW.measure_kind <> 'number'"),
        func=(
            "IF EXISTS (SELECT 1 FROM goals_progressentry WHERE goal_id = NEW.id AND removed_at IS NULL) THEN "
            + refuse("goals_goal_measured", "a goal with entries stays measured with a number")
            + " END IF; RETURN NEW;"
        ),
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
    return pgtrigger.Trigger(
        name="progress_of_number",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF (TG_OP = 'INSERT' OR NEW.removed_at IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM goals_goal WHERE id = NEW.goal_id AND measure_kind = 'number') THEN "
            + refuse("goals_progressentry_of_number", "this goal is not measured with a number")
            + " END IF; RETURN NEW;"
        ),
    )


def only_of_done_steps() -> pgtrigger.Trigger:
    """Refuse the evaluation of a step that is not done."""
    return pgtrigger.Trigger(
        name="evaluation_of_done",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF NOT EXISTS (SELECT 1 FROM goals_actionstep WHERE id = NEW.step_id AND state = 'done') THEN "
            + refuse("goals_evaluation_of_done", "a step is rated once it is done")
            + " END IF; RETURN NEW;"
        ),
    )
