"""Opportunities of an account, and how they are weighed."""

from uuid import UUID

from hypothesis import strategies as st

from careerplan.account_data.file_format import read_datetime
from careerplan.opportunities.models import GoalEffect, Opportunity
from tests.account_data.accounts.values import days, instants, texts, titles


@st.composite
def opportunities(draw, number, plan):
    """One opportunity, in any state with the moments and words that belong to it."""
    state = draw(st.sampled_from(Opportunity.State.values))
    moments = sorted(draw(st.lists(instants, min_size=3, max_size=3)), key=read_datetime)
    is_decided, is_over = state != "considering", state in {"won", "lost"}
    outcome_review = draw(st.sampled_from(["", *Opportunity.OutcomeReview.values])) if is_decided else ""
    closes = draw(st.none() | days)
    return {
        "id": number,
        "plan": plan,
        "title": draw(titles),
        "organisation": draw(texts(100)),
        "link": draw(st.sampled_from(["", "https://example.org/ward?id=7"])),
        "closes_on": closes and closes.isoformat(),
        "closes_set_at": draw(instants) if closes else None,
        "summary": draw(texts(100)),
        "advert": draw(texts(100)),
        "pros": draw(texts(100)),
        "cons": draw(texts(100)),
        "vision_score": draw(st.none() | st.integers(1, 5)),
        "weighed_at": draw(st.none() | instants),
        "state": state,
        "decided_at": moments[0] if is_decided else None,
        "reason": draw(titles) if is_decided else draw(texts(100)),
        "outcome_at": moments[1] if is_over else None,
        "outcome_review": outcome_review,
        "outcome_review_note": draw(texts(100)),
        "outcome_reviewed_at": moments[2] if outcome_review else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 9)),
        "form_key": str(UUID(int=number)),
    }


def weighed(draw, file, plan, known):
    """Criteria of a plan and its opportunities, with what was said of them."""
    mine = [row["id"] for row in file["goals"] if row["plan"] == plan]
    scores = st.integers(1, 5)
    names = draw(st.lists(titles, max_size=2, unique=True))
    criteria = [10 * plan + place for place in range(len(names))]
    for number, name in zip(criteria, names, strict=True):
        file["criteria"].append({"id": number, "plan": plan, "name": name[:80], "weight": draw(scores)})
    for _one in range(draw(st.integers(0, 2))):
        number = len(file["opportunities"]) + 1
        file["opportunities"].append(draw(opportunities(number, plan)))
        for skill in draw(st.lists(st.sampled_from(known), max_size=2, unique_by=str)):
            file["needed_skills"].append({"opportunity": number, "skill": skill, "level": draw(scores)})
        for goal in mine:
            effect = draw(st.sampled_from(GoalEffect.Effect.values))
            file["goal_effects"].append({"opportunity": number, "goal": goal, "effect": effect})
        for priority in draw(st.lists(titles, max_size=2, unique=True)):
            file["priority_scores"].append({"opportunity": number, "priority": priority, "score": draw(scores)})
        for criterion in criteria:
            file["criterion_scores"].append({"opportunity": number, "criterion": criterion, "score": draw(scores)})
