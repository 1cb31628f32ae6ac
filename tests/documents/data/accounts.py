"""Accounts that hypothesis thinks of, as files: any texts, any dates, any states that belong together."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from careerplan.documents.data.columns import read_instant, write_decimal, write_instant
from careerplan.goals.models import ActionStep, Evaluation, Goal, Resource
from careerplan.opportunities.models import GoalEffect, Opportunity
from careerplan.plans.models import CareerStage

LAST = datetime(2027, 2, 13, tzinfo=UTC)
no_control = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")


def texts(most, least=0):
    """What people type: any script, in NFC."""
    made = st.text(no_control, min_size=least, max_size=min(most, 30)).map(
        lambda text: unicodedata.normalize("NFC", text)
    )
    return made.filter(lambda text: len(text) <= most and (not least or text.strip()))


titles = texts(120, 1).filter(lambda text: any(not one.isspace() and one.isalnum() for one in text))
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2027, 2, 12)).map(
    lambda one: write_instant(one.replace(tzinfo=UTC))
)
past_days = st.dates(date(2000, 1, 1), date(2027, 2, 12))
keys = st.uuids().map(str)


def figures(digits, places, least=0):
    """Decimals as the file has them."""
    top = 10 ** min(digits, 9) - 1
    return st.integers(least, top).map(lambda n: write_decimal(Decimal(n).scaleb(-places)))


@st.composite
def goals(draw, number, plan):
    """One goal with its measure."""
    starts, due = sorted((draw(days), draw(days)))
    by_number = draw(st.booleans())
    start, target = draw(st.lists(figures(12, 2), min_size=2, max_size=2, unique=True))
    state = draw(st.sampled_from(Goal.State.values))
    stop = draw(st.booleans())
    return {
        "id": number,
        "plan": plan,
        "area": draw(st.sampled_from(Goal.Area.values)),
        "title": draw(titles),
        "why": draw(texts(100)),
        "measure_kind": "number" if by_number else "yes_no",
        "unit": draw(titles)[:60] if by_number else "",
        "start_value": start if by_number else None,
        "target_value": target if by_number else None,
        "done_when": "" if by_number else draw(titles),
        "starts_on": starts.isoformat(),
        "due_on": due.isoformat(),
        "due_set_at": draw(instants),
        "state": state,
        "closed_at": None if state == "active" else draw(instants),
        "closing_note": draw(texts(100)),
        "learned": draw(texts(100)),
        "worth": draw(st.none() | st.integers(1, 5)),
        "stop_on": draw(days).isoformat() if stop else None,
        "stop_unless": draw(titles) if stop else "",
        "stop_answered_at": draw(instants) if stop and draw(st.booleans()) else None,
        "carried_from": number - 1 if number > 1 and draw(st.booleans()) else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 50)),
        "form_key": str(UUID(int=number)),
    }


@st.composite
def steps(draw, number, goal, position):
    """One step of a goal."""
    state = draw(st.sampled_from(ActionStep.State.values))
    return {
        "id": number,
        "goal": goal,
        "title": draw(titles),
        "details": draw(texts(100)),
        "kind": draw(st.sampled_from(["", *ActionStep.Kind.values])),
        "position": position,
        "due_on": draw(days).isoformat(),
        "due_set_at": draw(instants),
        "effort_hours": draw(st.none() | figures(6, 2, 1)),
        "state": state,
        "done_at": draw(instants) if state == "done" else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 50)),
        "form_key": str(UUID(int=number)),
    }


def direction(draw):
    """Where somebody is and where they want to be."""
    horizon = draw(st.sampled_from(["", "date", "retirement"]))
    return {
        "career_stage": draw(st.sampled_from(["", *CareerStage.values])),
        "current_role": draw(texts(100)),
        "target_role": draw(texts(100)),
        "target_occupation": None,
        "vision": draw(texts(100)),
        "horizon": horizon,
        "horizon_on": draw(days).isoformat() if horizon == "date" else None,
    }


@st.composite
def accounts(draw, catalogue):
    """A whole file. `catalogue`: keys and names of skills that the server knows."""
    own = draw(
        st.lists(titles, max_size=3, unique_by=str.lower).filter(
            lambda names: len({n.lower() for n in names}) == len(names)
        )
    )
    examples = {f"level_{level}": "" for level in range(1, 6)}
    own_skills = [
        {
            "id": 100 + place,
            "name": name[:80],
            "kind": "work",
            "meaning": "",
            **examples,
            "put_away_at": None,
            "created_at": draw(instants),
        }
        for place, name in enumerate(own)
    ]
    known = [{"key": key, "own": None, "name": name} for key, name in catalogue]
    known += [{"key": None, "own": row["id"], "name": row["name"]} for row in own_skills]
    file = {"format": "careerplan-export", "version": 1, "own_skills": own_skills}
    file |= {
        name: []
        for name in (
            "assessments",
            "ratings",
            "education",
            "plans",
            "pauses",
            "goals",
            "goal_skills",
            "readings",
            "changes",
            "steps",
            "resources",
            "evaluations",
            "begun_evaluations",
            "pause_moves",
            "criteria",
            "opportunities",
            "needed_skills",
            "goal_effects",
            "priority_scores",
            "criterion_scores",
        )
    }
    for number in range(1, draw(st.integers(0, 2)) + 1):
        _assessment(draw, file, number, known)
    for number in range(1, draw(st.integers(0, 3)) + 1):
        _plan(draw, file, number, known)
    return file


def _assessment(draw, file, number, known):
    started, finished = sorted((draw(instants), draw(instants)), key=read_instant)
    file["assessments"].append(
        {
            "id": number,
            **direction(draw),
            "mode": draw(st.sampled_from(["quick", "full"])),
            "target_undecided": False,
            "started_at": started,
            "saved_at": draw(st.none() | instants),
            "finished_at": finished,
            "limited_to": draw(st.none() | st.lists(st.sampled_from(known), max_size=3, unique_by=str)),
            "also_asked": draw(st.none() | st.lists(st.sampled_from(known), max_size=3, unique_by=str)),
            "version": draw(st.integers(0, 9)),
        }
    )
    for skill in draw(st.lists(st.sampled_from(known), max_size=4, unique_by=str)):
        level = draw(st.none() | st.integers(0, 5))
        verdict = draw(st.sampled_from(["", "strength", "neither", "weakness"])) if level is not None else ""
        file["ratings"].append(
            {
                "assessment": number,
                "skill": skill,
                "level": level,
                "verdict": verdict,
                "evidence": draw(texts(100)),
                "wants_to_learn": draw(st.none() | st.booleans()),
                "confirmed_at": draw(instants),
            }
        )


def _plan(draw, file, number, known):
    is_active = number == 1 and draw(st.booleans())
    file["plans"].append(
        {
            "id": number,
            **direction(draw),
            "title": draw(titles),
            "priorities": draw(st.lists(texts(100), max_size=5)),
            "hours_a_week": draw(st.none() | st.just("7.5")),
            "currency": draw(st.sampled_from(["", "EUR"])),
            "state": "active" if is_active else "archived",
            "started_on": draw(days).isoformat(),
            "archived_at": None if is_active else draw(instants),
            "closing_words": draw(texts(100)),
            "created_at": draw(instants),
            "version": draw(st.integers(1, 9)),
        }
    )
    first = draw(past_days)
    file["pauses"].append(
        {
            "id": number,
            "plan": number,
            "starts_on": first.isoformat(),
            "ends_on": (first + timedelta(days=9)).isoformat(),
            "reason": "leave",
            "note": draw(texts(100)),
            "days_moved": draw(st.integers(0, 700)),
            "made_at": draw(instants),
            "triaged_at": draw(st.none() | instants),
            "form_key": draw(keys),
        }
    )
    for _goal in range(draw(st.integers(0, 3))):
        goal = len(file["goals"]) + 1
        file["goals"].append(draw(goals(goal, number)))
        for skill in draw(st.lists(st.sampled_from(known), max_size=2, unique_by=str)):
            file["goal_skills"].append({"goal": goal, "skill": skill})
        _happened(draw, file, goal)
        if draw(st.booleans()):
            file["pause_moves"].append(_moved(draw, file, goal=goal))
    _weighed(draw, file, number, known)


def _happened(draw, file, goal):
    for place in range(draw(st.integers(0, 3)) if file["goals"][-1]["measure_kind"] == "number" else 0):
        file["readings"].append(
            {
                "id": 1000 * goal + place,
                "goal": goal,
                "read_on": draw(past_days).isoformat(),
                "value": draw(figures(12, 2)),
                "note": draw(texts(100)),
                "recorded_at": draw(instants),
                "withdrawn_at": draw(st.none() | instants),
                "form_key": str(UUID(int=place)),
            }
        )
    if draw(st.booleans()):
        file["changes"].append(
            {
                "goal": goal,
                "what": "due_date",
                "day_from": draw(days).isoformat(),
                "day_to": draw(days).isoformat(),
                "value_from": None,
                "value_to": None,
                "reason": "life",
                "note": draw(texts(100)),
                "steps_moved": draw(st.integers(0, 9)),
                "made_at": draw(instants),
            }
        )
    for position in range(1, draw(st.integers(1, 3)) + 1):
        step = draw(steps(100 * goal + position, goal, position))
        file["steps"].append(step)
        if draw(st.booleans()):
            file["resources"].append(
                {
                    "id": step["id"],
                    "step": step["id"],
                    "kind": draw(st.sampled_from(Resource.Kind.values)),
                    "description": draw(titles),
                    "cost": draw(st.none() | figures(9, 2)),
                    "state": draw(st.sampled_from(Resource.State.values)),
                }
            )
        if draw(st.booleans()):
            file["evaluations"].append(
                {
                    "id": step["id"],
                    "step": step["id"],
                    "worth": draw(st.sampled_from(Evaluation.Worth.values)),
                    "learned": draw(texts(100)),
                    "hours_spent": draw(st.none() | figures(6, 2)),
                    "again": draw(st.sampled_from(["", "yes", "no"])),
                    "made_at": draw(instants),
                    "version": draw(st.integers(1, 9)),
                }
            )
        if draw(st.booleans()):
            file["begun_evaluations"].append(
                {
                    "step": step["id"],
                    "worth": draw(st.none() | st.sampled_from(Evaluation.Worth.values)),
                    "hours_spent": draw(st.none() | figures(6, 2)),
                    "learned": draw(texts(100)),
                    "again": draw(st.sampled_from(["", *Evaluation.Again.values])),
                    "kept_at": draw(instants),
                }
            )
        if draw(st.booleans()):
            file["pause_moves"].append(_moved(draw, file, step=step["id"]))


def _moved(draw, file, *, goal=None, step=None):
    return {
        "pause": file["pauses"][-1]["id"],
        "goal": goal,
        "step": step,
        "is_stop_rule": goal is not None and draw(st.booleans()),
        "days": draw(st.integers(1, 700)),
        "stands_on": draw(days).isoformat(),
    }


@st.composite
def opportunities(draw, number, plan):
    """One opportunity, in any state with the moments and words that belong to it."""
    state = draw(st.sampled_from(Opportunity.State.values))
    moments = sorted(draw(st.lists(instants, min_size=3, max_size=3)), key=read_instant)
    is_decided, is_over = state != "considering", state in {"won", "lost"}
    judgement = draw(st.sampled_from(["", *Opportunity.Judgement.values])) if is_decided else ""
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
        "pros": draw(texts(100)),
        "cons": draw(texts(100)),
        "vision_score": draw(st.none() | st.integers(1, 5)),
        "weighed_at": draw(st.none() | instants),
        "state": state,
        "decided_at": moments[0] if is_decided else None,
        "reason": draw(titles) if is_decided else draw(texts(100)),
        "outcome_at": moments[1] if is_over else None,
        "judgement": judgement,
        "judgement_note": draw(texts(100)),
        "judged_at": moments[2] if judgement else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 9)),
        "form_key": str(UUID(int=number)),
    }


def _weighed(draw, file, plan, known):
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
