"""The first goals and first steps that we ship: a table for each skill, each sentence its own, read as shown."""

import re
from collections import Counter
from itertools import combinations

from careerplan.catalogue.first_steps import KINDS, advanced_steps, first_steps
from careerplan.catalogue.shipped_data import read_skills
from careerplan.goals.step_ideas import StepIdeaKind, step_ideas
from tests.catalogue.filled_in import ADVANCED, FILLED_IN, NAMES, TAUGHT
from tests.each import each

KEYS = [skill.key for group in read_skills() for skill in group.skills]
FOR_OTHER_GAPS = ["teach", "task", "qualification", "licence", "explore"]
WITHOUT_GOALS = {"teach", "task", "explore"}
LEAST_STEPS = 1000
SENTENCES = [text for found in (*first_steps().values(), *set(advanced_steps().values())) for text in found.steps]
THIS = re.compile(r"\bthis\b(?! (week|month|year)\b)")
MOST_WORDS, MOST_CHARACTERS = 20, 120
MOST_SHARED = 0.4  # of the words of two steps


def test_every_skill_has_goals_and_steps():
    assert list(first_steps()) == [*KEYS, *FOR_OTHER_GAPS]
    assert list(advanced_steps()) == KEYS


@each("key", [*KEYS, *FOR_OTHER_GAPS])
def test_goals_and_steps_are_short_and_measured(key):
    found = first_steps()[key]
    assert len(found.goals) == (0 if key in WITHOUT_GOALS else 2)
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


@each("key", FOR_OTHER_GAPS)
def test_a_step_names_what_it_is_about(key):
    """On Today a step appears without its goal."""
    name = {"teach": "{skill}", "task": "{task}", "explore": "{people}"}.get(key, key)
    assert all(name in step for step in first_steps()[key].steps)


@each("key", KEYS)
def test_the_steps_of_a_skill_make_sense_without_its_goal(key):
    assert [step for step in first_steps()[key].steps if THIS.search(step)] == []
    named = [*ADVANCED[key].steps, *TAUGHT[key].steps]
    assert all(NAMES[key] in step and "{" not in step for step in named)
    assert all(len(step.split()) <= MOST_WORDS and len(step) <= MOST_CHARACTERS for step in named)


def test_skilled_people_read_no_sentence_for_more_than_three_skills():
    """Each group has its own; the skills of a group take turns."""
    shown = Counter(
        step.title
        for group in read_skills()
        for place, skill in enumerate(group.skills, start=1)
        for step in step_ideas(advanced_steps()[skill.key], StepIdeaKind.PERSON, place=place)
    )
    assert max(shown.values()) <= 3
    assert max(Counter(FILLED_IN).values()) == 1


@each("key", KEYS)
def test_no_two_steps_of_a_skill_say_the_same(key):
    words = [set(re.findall(r"[a-z]{4,}", step.lower())) for step in first_steps()[key].steps]
    assert all(len(one & other) / len(one | other) < MOST_SHARED for one, other in combinations(words, 2))


def test_no_sentence_is_a_template():
    assert len(SENTENCES) >= LEAST_STEPS
    assert Counter(SENTENCES).most_common(1)[0][1] == 1
    openings = Counter(" ".join(text.split()[:4]) for text in SENTENCES)
    assert openings.most_common(1)[0][1] <= 3
