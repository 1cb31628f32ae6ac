"""Reads of the app, as typed objects; templates ask the database nothing."""

from careerplan.skills.queries.check import are_all_alike, summary_of
from careerplan.skills.queries.draft import (
    AGAIN,
    DraftState,
    Offer,
    draft_for,
    draft_of,
    due_again,
    earlier_answers,
    load_wizard,
    newest_inventory,
    offers,
    visible_skills,
)
from careerplan.skills.queries.groups import GoalLink
from careerplan.skills.queries.matches import Match, rank_occupations
from careerplan.skills.queries.results import results_of
from careerplan.skills.queries.standing import Standing, is_in_results, lacking_of, standing_of

__all__ = [
    "AGAIN",
    "DraftState",
    "GoalLink",
    "Match",
    "Offer",
    "Standing",
    "are_all_alike",
    "draft_for",
    "draft_of",
    "due_again",
    "earlier_answers",
    "is_in_results",
    "lacking_of",
    "load_wizard",
    "newest_inventory",
    "offers",
    "rank_occupations",
    "results_of",
    "standing_of",
    "summary_of",
    "visible_skills",
]
