"""Goals of an account, and what happened to them."""

from uuid import UUID

from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Evaluation, Goal, Resource
from tests.account_data.accounts.values import days, figures, instants, past_days, texts, titles


@st.composite
def goals(draw, number, plan, known):
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
        "stop_condition": draw(titles) if stop else "",
        "stop_answered_at": draw(instants) if stop and draw(st.booleans()) else None,
        **obstacles(draw),
        "origin_skill": draw(st.none() | st.sampled_from(known)) if known else None,
        "origin_task": draw(st.sampled_from(["", "Draw up the rota"])),
        "carried_from": number - 1 if number > 1 and draw(st.booleans()) else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 50)),
        "form_key": str(UUID(int=number)),
    }


def obstacles(draw):
    """What may get in the way of a goal or a step, and what to do then: the second only with the first."""
    obstacle = draw(st.just("") | titles)
    return {"obstacle": obstacle, "obstacle_plan": draw(st.just("") | titles) if obstacle else ""}


@st.composite
def steps(draw, number, goal, position):
    """One step of a goal."""
    state = draw(st.sampled_from(ActionStep.State.values))
    rule = draw(st.sampled_from(["", "weekly:1:5", "monthly:1:31", "after:10"]))
    due = draw(days) if rule else draw(st.none() | days)
    return {
        "id": number,
        "goal": goal,
        "title": draw(titles),
        "details": draw(texts(100)),
        "kind": draw(st.sampled_from(["", *ActionStep.Kind.values])),
        "position": position,
        "due_on": due.isoformat() if due else None,
        "due_set_at": draw(instants),
        "repeats": rule,
        "repeats_from": draw(days).isoformat() if rule else None,
        "repeats_until": max(due, draw(days)).isoformat() if rule and draw(st.booleans()) else None,
        "is_on_day": draw(st.booleans()),
        "effort_hours": draw(st.none() | figures(6, 2, 1)),
        **obstacles(draw),
        "state": state,
        "done_at": draw(instants) if state == "done" else None,
        "created_at": draw(instants),
        "version": draw(st.integers(1, 50)),
        "form_key": str(UUID(int=number)),
    }


def happened(draw, file, goal):
    """What happened to the last goal of the file: entries, a change, steps with what belongs to them."""
    is_by_number = file["goals"][-1]["measure_kind"] == "number"
    file["progress_entries"] += [
        _entry(draw, goal, place) for place in range(draw(st.integers(0, 3)) if is_by_number else 0)
    ]
    if draw(st.booleans()):
        file["changes"].append(_change(draw, goal))
    for position in range(1, draw(st.integers(1, 3)) + 1):
        step = draw(steps(100 * goal + position, goal, position))
        file["steps"].append(step)
        for table, part in (("resources", _resource), ("evaluations", _evaluation), ("begun_evaluations", _begun)):
            if draw(st.booleans()):
                file[table].append(part(draw, step["id"]))
        if draw(st.booleans()):
            file["pause_moves"].append(moved(draw, file, step=step["id"]))


def _entry(draw, goal, place):
    return {
        "id": 1000 * goal + place,
        "goal": goal,
        "measured_on": draw(past_days).isoformat(),
        "value": draw(figures(12, 2)),
        "note": draw(texts(100)),
        "recorded_at": draw(instants),
        "removed_at": draw(st.none() | instants),
        "form_key": str(UUID(int=place)),
    }


def _change(draw, goal):
    return {
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


def _resource(draw, step):
    return {
        "id": step,
        "step": step,
        "kind": draw(st.sampled_from(Resource.Kind.values)),
        "description": draw(titles),
        "cost": draw(st.none() | figures(9, 2)),
        "state": draw(st.sampled_from(Resource.State.values)),
    }


def _evaluation(draw, step):
    return {
        "id": step,
        "step": step,
        "worth": draw(st.sampled_from(Evaluation.Worth.values)),
        "learned": draw(texts(100)),
        "hours_spent": draw(st.none() | figures(6, 2)),
        "would_repeat": draw(st.sampled_from(["", "yes", "no"])),
        "made_at": draw(instants),
        "version": draw(st.integers(1, 9)),
    }


def _begun(draw, step):
    return {
        "step": step,
        "worth": draw(st.none() | st.sampled_from(Evaluation.Worth.values)),
        "hours_spent": draw(st.none() | figures(6, 2)),
        "learned": draw(texts(100)),
        "would_repeat": draw(st.sampled_from(["", *Evaluation.WouldRepeat.values])),
        "saved_at": draw(instants),
    }


def moved(draw, file, *, goal=None, step=None):
    """A date that the last pause of the file moved."""
    return {
        "pause": file["pauses"][-1]["id"],
        "goal": goal,
        "step": step,
        "is_stop_rule": goal is not None and draw(st.booleans()),
        "days": draw(st.integers(1, 700)),
        "stands_on": draw(days).isoformat(),
        "until_stands_on": draw(st.none() | days.map(lambda day: day.isoformat())),
    }
