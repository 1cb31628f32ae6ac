"""Triggers of comments and suggestions: where they belong, and that replies have one level."""

import pgtrigger

from careerplan.core.triggers import refuse


def only_about_the_owners_plan() -> pgtrigger.Trigger:
    """Build the trigger that refuses a comment about something of another person than the mentorship's owner."""
    owner = "(SELECT owner_id FROM mentoring_mentorship WHERE id = NEW.mentorship_id)"
    of_goal = f"SELECT 1 FROM goals_goal g JOIN plans_plan p ON p.id = g.plan_id WHERE p.user_id = {owner}"
    of_review = f"SELECT 1 FROM reviews_review r JOIN plans_plan p ON p.id = r.plan_id WHERE p.user_id = {owner}"
    return pgtrigger.Trigger(
        name="only_about_the_owners_plan",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            f"IF NOT EXISTS ({of_goal} AND g.id = NEW.goal_id) AND NOT EXISTS ({of_review} AND r.id = NEW.review_id)"
            f" OR {_is_elsewhere('NEW.step_id')} OR {_is_elsewhere('NEW.made_step_id')} THEN "
            + refuse("conversation_comment_about_the_owners_plan", "a comment is about one goal or review of the owner")
            + " END IF; RETURN NEW;"
        ),
    )


def only_of_the_owners_goals() -> pgtrigger.Trigger:
    """Build the trigger that refuses a suggestion for a goal of another person than the mentorship's owner."""
    return pgtrigger.Trigger(
        name="only_of_the_owners_goals",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF NOT EXISTS (SELECT 1 FROM mentoring_mentorship m JOIN plans_plan p ON p.user_id = m.owner_id"
            " JOIN goals_goal g ON g.plan_id = p.id WHERE m.id = NEW.mentorship_id AND g.id = NEW.goal_id)"
            f" OR {_is_elsewhere('NEW.step_id')} OR {_is_elsewhere('NEW.made_step_id')} THEN "
            + refuse("conversation_suggestion_of_the_owners_goals", "a suggestion is for a goal of the owner")
            + " END IF; RETURN NEW;"
        ),
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
    return pgtrigger.Trigger(
        name="only_one_level",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
        func=(
            "IF NOT EXISTS (SELECT 1 FROM conversation_comment c WHERE c.id = NEW.parent_id AND c.parent_id IS NULL"
            f" AND {same}) THEN "
            + refuse("conversation_comment_one_level", "a reply belongs to a comment about the same thing")
            + " END IF; RETURN NEW;"
        ),
    )
