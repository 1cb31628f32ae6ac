"""Triggers of mentorships: what is shared is the owner's own."""

import pgtrigger

from careerplan.core.triggers import refuse_when

HAS_THE_GOAL = (
    "EXISTS (SELECT 1 FROM mentoring_mentorship m JOIN plans_plan p ON p.user_id = m.owner_id"
    " JOIN goals_goal g ON g.plan_id = p.id WHERE m.id = NEW.mentorship_id AND g.id = NEW.goal_id)"
)
"""That the goal of a new row belongs to the owner of its mentorship."""


def only_goals_of_the_owner() -> pgtrigger.Trigger:
    """Build the trigger that refuses to share a goal of somebody else."""
    return refuse_when(
        f"NOT {HAS_THE_GOAL}",
        name="only_goals_of_the_owner",
        rule="mentoring_only_goals_of_the_owner",
        why="people share their own goals",
    )
