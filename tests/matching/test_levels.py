"""Levels in words: the whole scale, in order, the same for answers and for needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.shipped_data import read_skills
from careerplan.matching.levels import CUTS, ItemKind, figure_of, level_of
from tests.catalogue.shipped import shipped_occupations

FIGURES = st.floats(0, 7)
RATED = st.sampled_from(list(CUTS))


@given(FIGURES, FIGURES, RATED)
def test_levels_keep_the_order_of_figures(one, other, kind):
    low, high = sorted((one, other))
    assert 0 <= level_of(low, kind) <= level_of(high, kind) <= 5


@pytest.mark.parametrize("kind", list(CUTS))
@pytest.mark.parametrize("level", range(6))
def test_the_figure_of_a_level_is_in_its_own_range(kind, level):
    assert level_of(figure_of(level, kind), kind) == level


@pytest.mark.parametrize(
    ("kind", "figure", "level"),
    [
        (ItemKind.SKILL, 0.99, 0),
        (ItemKind.SKILL, 1.0, 1),
        (ItemKind.SKILL, 3.05, 3),
        (ItemKind.SKILL, 4.3, 5),
        (ItemKind.KNOWLEDGE, 4.3, 4),
        (ItemKind.KNOWLEDGE, 5.29, 4),
        (ItemKind.KNOWLEDGE, 5.3, 5),
    ],
)
def test_a_figure_at_a_cut_is_of_the_higher_level(kind, figure, level):
    assert level_of(figure, kind) == level


def test_the_important_needs_of_the_shipped_occupations_use_the_whole_scale():
    kinds = {skill.key: group.kind for group in read_skills() for skill in group.skills}
    levels = [
        level_of(float(need.figure), ItemKind.KNOWLEDGE if kinds[key] == "knowledge" else ItemKind.SKILL)
        for record in shipped_occupations()
        for key, need in record.needs.items()
        if need.importance >= 3
    ]
    shares = [levels.count(level) / len(levels) for level in range(6)]
    assert max(shares) <= 0.45
    assert 0.05 <= shares[5] <= 0.12
