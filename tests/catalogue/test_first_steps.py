"""The first goals and first steps that we ship: one table for each skill, each sentence its own."""

from collections import Counter

import pytest

from careerplan.catalogue.first_steps import KINDS, first_steps
from careerplan.catalogue.shipped_data import read_skills

KEYS = [skill.key for group in read_skills() for skill in group.skills]
FOR_OTHER_GAPS = ["advanced", "task", "qualification", "licence"]
LEAST_STEPS = 1000
SENTENCES = [text for found in first_steps().values() for text in found.steps]


def test_every_skill_has_goals_and_steps():
    assert list(first_steps()) == [*KEYS, *FOR_OTHER_GAPS]


@pytest.mark.parametrize("key", [*KEYS, *FOR_OTHER_GAPS])
def test_goals_and_steps_are_short_and_measured(key):
    found = first_steps()[key]
    assert len(found.goals) == (0 if key in {"advanced", "task"} else 2)
    assert len(found.advanced) == (0 if key in FOR_OTHER_GAPS else 1)
    for goal in (*found.goals, *found.advanced):
        assert 3 <= len(goal.title.split()) <= 12
        assert len(goal.title) <= 80
        assert bool(goal.target and goal.unit) != bool(goal.done_when)
        assert 4 <= goal.hours <= 100
    assert all(len(getattr(found, kind)) >= 3 for kind in KINDS)
    assert all(4 <= len(step.split()) <= 14 and len(step) <= 100 and step[-1] not in ".!" for step in found.steps)


def test_no_goal_is_suggested_for_two_skills():
    titles = [goal.title for found in first_steps().values() for goal in (*found.goals, *found.advanced)]
    assert Counter(titles).most_common(1)[0][1] == 1
    openings = Counter(" ".join(title.split()[:4]) for title in titles)
    assert openings.most_common(1)[0][1] <= 3


@pytest.mark.parametrize("key", FOR_OTHER_GAPS)
def test_a_step_names_what_it_is_about(key):
    """On Today a step appears without its goal."""
    name = {"advanced": "{skill}", "task": "{task}"}.get(key, "")
    assert all(name in step for step in first_steps()[key].steps)
    if key != "task":
        assert not any("this" in step.split() for step in first_steps()[key].steps)
    found = first_steps()[key].fill_in(skill="managing time", task="Draw up the rota")
    assert not any("{" in step for step in found.steps)


def test_no_sentence_is_a_template():
    assert len(SENTENCES) >= LEAST_STEPS
    assert Counter(SENTENCES).most_common(1)[0][1] == 1
    openings = Counter(" ".join(text.split()[:4]) for text in SENTENCES)
    assert openings.most_common(1)[0][1] <= 3
