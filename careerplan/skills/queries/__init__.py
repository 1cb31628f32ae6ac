"""Reads of the app, as typed objects; templates ask the database nothing."""

from careerplan.skills.queries.check import are_all_alike, summary_of, target_words
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
)
from careerplan.skills.queries.results import results_of

__all__ = [
    "AGAIN",
    "DraftState",
    "Offer",
    "are_all_alike",
    "draft_for",
    "draft_of",
    "due_again",
    "earlier_answers",
    "load_wizard",
    "newest_inventory",
    "offers",
    "results_of",
    "summary_of",
    "target_words",
]
