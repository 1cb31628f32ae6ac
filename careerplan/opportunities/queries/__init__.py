"""Reads of the app, as typed objects; templates ask the database nothing."""

from careerplan.opportunities.queries.list import (
    MissingSkill,
    OpportunityList,
    OpportunityRow,
    asks_judgement,
    opportunity_list,
)
from careerplan.opportunities.queries.match import Match, matches_of
from careerplan.opportunities.queries.soon import Soon, opportunities_soon
from careerplan.opportunities.queries.weighing import Asked, GoalAsked, Weighed, asked_of, criteria_of, weighed

__all__ = [
    "Asked",
    "GoalAsked",
    "Match",
    "MissingSkill",
    "OpportunityList",
    "OpportunityRow",
    "Soon",
    "Weighed",
    "asked_of",
    "asks_judgement",
    "criteria_of",
    "matches_of",
    "opportunities_soon",
    "opportunity_list",
    "weighed",
]
