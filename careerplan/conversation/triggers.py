"""Triggers of comments and suggestions: where they belong, and that replies have one level."""

import pgtrigger

from careerplan.core.triggers import refuse_when
from careerplan.mentoring.triggers import HAS_THE_GOAL


def only_about_the_owners_plan() -> pgtrigger.Trigger:
    """Build the trigger that refuses a comment about something of another person than the mentorship's owner."""
    owner = "(SELECT owner_id FROM mentoring_mentorship WHERE id = NEW.mentorship_id)"
    of_goal = f"SELECT 1 FROM goals_goal g JOIN plans_plan p ON p.id = g.plan_id WHERE p.user_id = {owner}"
    of_review = f"SELECT 1 FROM reviews_review r JOIN plans_plan p ON p.id = r.plan_id WHERE p.user_id = {owner}"
    return refuse_when(
        f"NOT EXISTS ({of_goal} AND g.id = NEW.goal_id) AND NOT EXISTS ({of_review} AND r.id = NEW.review_id)"
        f" OR {_is_elsewhere('NEW.step_id')} OR {_is_elsewhere('NEW.made_step_id')}",
        name="only_about_the_owners_plan",
        rule="conversation_comment_about_the_owners_plan",
        why="a comment is about one goal or review of the owner",
    )


def only_of_the_owners_goals() -> pgtrigger.Trigger:
    """Build the trigger that refuses a suggestion for a goal of another person than the mentorship's owner."""
    return refuse_when(
        f"NOT {HAS_THE_GOAL} OR {_is_elsewhere('NEW.step_id')} OR {_is_elsewhere('NEW.made_step_id')}",
        name="only_of_the_owners_goals",
        rule="conversation_suggestion_of_the_owners_goals",
        why="a suggestion is for a goal of the owner",
    )


def _is_elsewhere(step: str) -> str:
    return (
        f"({step} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM goals_actionstep s"
        f" WHERE s.id = {step} AND s.goal_id = NEW.goal_id))"
    )


def only_one_level() -> pgtrigger.Trigger:
    """Build the trigger that refuses a reply to a reply, and one elsewhere than its comment."""
    same = " AND ".join(
        f"c.{column} IS NOT DISTINCT FROM NEW.{column}"
        for column in ("mentorship_id", "goal_id", "step_id", "review_id")
    )
    return refuse_when(
        "NOT EXISTS (SELECT 1 FROM conversation_comment c WHERE c.id = NEW.parent_id AND c.parent_id IS NULL"
        f" AND {same})",
        name="only_one_level",
        rule="conversation_comment_one_level",
        why="a reply belongs to a comment about the same thing",
        only_if="NEW.parent_id IS NOT NULL",
    )
