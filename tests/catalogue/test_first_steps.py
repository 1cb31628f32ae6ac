"""The first goals and first steps that we ship: one table for each skill, each sentence its own."""

from collections import Counter

import pytest

from careerplan.catalogue.first_steps import KINDS, first_steps
from careerplan.catalogue.shipped_data import read_skills

KEYS = [skill.key for group in read_skills() for skill in group.skills]
FOR_OTHER_GAPS = ["advanced", "task", "qualification", "licence"]
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
    assert all(getattr(found, kind) for kind in KINDS)
    assert len(found.steps) >= 6
    assert all(4 <= len(step.split()) <= 14 and len(step) <= 100 and step[-1] not in ".!" for step in found.steps)


def test_no_goal_is_suggested_for_two_skills():
    titles = [goal.title for found in first_steps().values() for goal in (*found.goals, *found.advanced)]
    assert Counter(titles).most_common(1)[0][1] == 1
    openings = Counter(" ".join(title.split()[:4]) for title in titles)
    assert openings.most_common(1)[0][1] <= 3


def test_no_sentence_is_a_template():
    assert Counter(SENTENCES).most_common(1)[0][1] == 1
    openings = Counter(" ".join(text.split()[:4]) for text in SENTENCES)
    assert openings.most_common(1)[0][1] <= 3
