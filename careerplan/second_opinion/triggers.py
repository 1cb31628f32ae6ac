"""Triggers of second opinions: how many skills, when answers may change, and when anything is shown."""

import pgtrigger

from careerplan.core.triggers import refuse, refuse_when, require_child


def has_a_skill() -> pgtrigger.Trigger:
    """Require a skill when the transaction that asks for an opinion ends. Positions keep the skills to eight."""
    return require_child(
        "second_opinion_secondopinion",
        "second_opinion_opinionskill",
        "opinion_id",
        name="second_opinion_has_a_skill",
        rule="second_opinion_has_a_skill",
        why="an opinion is asked about one skill at least",
    )


def complete_when_sent() -> pgtrigger.Trigger:
    """Refuse sending an opinion in which a skill has no answer, and taking back what was sent or opened."""
    return pgtrigger.Trigger(
        name="second_opinion_complete",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            "IF OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at"
            " OR OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN "
            + refuse("second_opinion_stays_sent", "what was sent or opened stays so")
            + " END IF; IF NEW.sent_at IS NOT NULL AND EXISTS (SELECT 1 FROM second_opinion_opinionskill s"
            " LEFT JOIN second_opinion_opinionrating r ON r.asked_id = s.id"
            " WHERE s.opinion_id = NEW.id AND r.id IS NULL) THEN "
            + refuse("second_opinion_complete", "each skill has an answer, or cannot be judged")
            + " END IF; RETURN NEW;"
        ),
    )


def open_only_of_skills() -> pgtrigger.Trigger:
    """Refuse new or other skills in an opinion that was sent."""
    return refuse_when(
        "EXISTS (SELECT 1 FROM second_opinion_secondopinion WHERE id = NEW.opinion_id"
        " AND sent_at IS NOT NULL FOR SHARE)",
        name="second_opinion_skills_stay",
        rule="second_opinion_skills_stay",
        why="the skills of an opinion that was sent stay",
    )


def rate_until_opened() -> pgtrigger.Trigger:
    """Refuse a mentor's answer once the owner has opened the opinion."""
    return pgtrigger.Trigger(
        name="second_opinion_rate_until_opened",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "PERFORM 1 FROM second_opinion_secondopinion o JOIN second_opinion_opinionskill s ON s.opinion_id = o.id"
            " WHERE s.id = NEW.asked_id AND o.opened_at IS NOT NULL FOR SHARE OF o; IF FOUND THEN "
            + refuse("second_opinion_rate_until_opened", "answers stay once they are opened")
            + " END IF; RETURN NEW;"
        ),
    )


def decide_what_is_opened() -> pgtrigger.Trigger:
    """Refuse a decision before the opinion is opened, without a difference, or for a level that was not offered."""
    return refuse_when(
        "NOT EXISTS (SELECT 1 FROM second_opinion_opinionrating r"
        " JOIN second_opinion_opinionskill s ON s.id = r.asked_id"
        " JOIN second_opinion_secondopinion o ON o.id = s.opinion_id"
        " WHERE r.id = NEW.rating_id AND o.opened_at IS NOT NULL AND r.level <> NEW.own_level"
        " AND (NEW.choice <> 'theirs' OR NEW.level = r.level)"
        " AND (NEW.choice <> 'middle' OR NEW.level > LEAST(r.level, NEW.own_level)"
        " AND NEW.level < GREATEST(r.level, NEW.own_level)))",
        name="second_opinion_decide_opened",
        rule="second_opinion_decide_opened",
        why="only an opened difference is decided, by one of its levels",
    )
