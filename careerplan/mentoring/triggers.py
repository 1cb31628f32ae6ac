"""Triggers of mentorships: what is shared is the owner's own."""

import pgtrigger

from careerplan.core.triggers import refuse


def only_goals_of_the_owner() -> pgtrigger.Trigger:
    """Build the trigger that refuses to share a goal of somebody else."""
    return pgtrigger.Trigger(
        name="only_goals_of_the_owner",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF NOT EXISTS (SELECT 1 FROM mentoring_mentorship m JOIN plans_plan p ON p.user_id = m.owner_id"
            " JOIN goals_goal g ON g.plan_id = p.id WHERE m.id = NEW.mentorship_id AND g.id = NEW.goal_id) THEN "
            + refuse("mentoring_only_goals_of_the_owner", "people share their own goals")
            + " END IF; RETURN NEW;"
        ),
    )
