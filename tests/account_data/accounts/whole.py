"""A whole account as a file: any texts, any dates, any states that belong together."""

from datetime import timedelta

from hypothesis import strategies as st

from careerplan.account_data.file_format import read_datetime
from careerplan.catalogue.interests import activities
from tests.account_data.accounts.goals import goals, happened, moved
from tests.account_data.accounts.opportunities import weighed
from tests.account_data.accounts.values import days, direction, instants, keys, past_days, texts, titles

TABLES = (
    "assessments",
    "ratings",
    "task_answers",
    "interest_answers",
    "education",
    "plans",
    "pauses",
    "goals",
    "goal_skills",
    "progress_entries",
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


@st.composite
def accounts(draw, catalogue):
    """A whole file. `catalogue`: keys and names of skills that the server knows."""
    own_skills = _own_skills(draw)
    known = [{"key": key, "own": None, "name": name} for key, name in catalogue]
    known += [{"key": None, "own": row["id"], "name": row["name"]} for row in own_skills]
    file = {"format": "careerplan-export", "version": 1, "own_skills": own_skills, **{table: [] for table in TABLES}}
    for number in range(1, draw(st.integers(0, 2)) + 1):
        _assessment(draw, file, number, known)
    for number in range(1, draw(st.integers(0, 3)) + 1):
        _plan(draw, file, number, known)
    return file


def _own_skills(draw):
    names = draw(st.lists(titles, max_size=3, unique_by=str.lower))
    examples = {f"level_{level}": "" for level in range(1, 6)}
    return [
        {
            "id": 100 + place,
            "name": name[:80],
            "kind": "work",
            "meaning": "",
            **examples,
            "archived_at": None,
            "created_at": draw(instants),
        }
        for place, name in enumerate(names)
    ]


def _assessment(draw, file, number, known):
    started, finished = sorted((draw(instants), draw(instants)), key=read_datetime)
    file["assessments"].append(
        {
            "id": number,
            **direction(draw),
            "mode": draw(st.sampled_from(["quick", "full"])),
            "current_occupation": None,
            "current_unlisted": draw(st.booleans()),
            "target_unlisted": draw(st.booleans()),
            "target_undecided": False,
            "started_at": started,
            "saved_at": draw(st.none() | instants),
            "finished_at": finished,
            "limited_to": draw(st.none() | st.lists(st.sampled_from(known), max_size=3, unique_by=str)),
            "also_asked": draw(st.none() | st.lists(st.sampled_from(known), max_size=3, unique_by=str)),
            "questions": draw(st.none() | st.lists(st.sampled_from(known), max_size=6, unique_by=str)),
            "question_pages": draw(st.integers(0, 6)),
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
    for activity in draw(st.lists(st.sampled_from(sorted(activities())), max_size=4, unique=True)):
        liking = draw(st.none() | st.integers(1, 5))
        file["interest_answers"].append(
            {"assessment": number, "activity": activity, "liking": liking, "confirmed_at": draw(instants)}
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
            "closing_notes": draw(texts(100)),
            "created_at": draw(instants),
            "version": draw(st.integers(1, 9)),
        }
    )
    file["pauses"].append(_pause(draw, number))
    for _goal in range(draw(st.integers(0, 3))):
        goal = len(file["goals"]) + 1
        file["goals"].append(draw(goals(goal, number, known)))
        for skill in draw(st.lists(st.sampled_from(known), max_size=2, unique_by=str)):
            file["goal_skills"].append({"goal": goal, "skill": skill})
        happened(draw, file, goal)
        if draw(st.booleans()):
            file["pause_moves"].append(moved(draw, file, goal=goal))
    weighed(draw, file, number, known)


def _pause(draw, number):
    first = draw(past_days)
    return {
        "id": number,
        "plan": number,
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=9)).isoformat(),
        "reason": "leave",
        "note": draw(texts(100)),
        "days_moved": draw(st.integers(0, 700)),
        "made_at": draw(instants),
        "caught_up_at": draw(st.none() | instants),
        "form_key": draw(keys),
    }
