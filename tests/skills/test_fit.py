"""Gaps and shares met: what must hold for every rating and every need."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.matching.levels import ItemKind, figure_of, level_of
from careerplan.skills.fit import LEAST_DIFFERENCE, ShareMet, SkillNeed, SkillsMet, share_met

SKILLS = range(1, 13)
IMPORTANCES = st.decimals(1, 5, places=2)
KINDS = st.sampled_from([ItemKind.SKILL, ItemKind.KNOWLEDGE])


@st.composite
def needs_of_occupations(draw, skill_id=1):
    figure, kind = draw(st.floats(0, 7)), draw(KINDS)
    return SkillNeed(skill_id, level_of(figure, kind), draw(IMPORTANCES), figure=figure, kind=kind)


@st.composite
def lists_of_needs(draw):
    ids = draw(st.lists(st.sampled_from(SKILLS), unique=True))
    return [SkillNeed(pk, draw(st.integers(0, 5)), draw(IMPORTANCES)) for pk in ids]


RATINGS = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 5))


def need(skill_id, level, importance=4):
    return SkillNeed(skill_id, level, Decimal(str(importance)))


@given(needs_of_occupations(), st.integers(0, 4))
def test_a_higher_rating_never_raises_a_gap(need, have):
    assert 0 <= need.gap(have + 1) <= need.gap(have) <= 5
    assert 0 <= need.weighted_gap(have + 1) <= need.weighted_gap(have)


@given(needs_of_occupations(), st.integers(0, 5))
def test_a_gap_is_a_whole_level_and_half_a_point(need, have):
    is_gap = need.level > have and need.figure - figure_of(have, need.kind) >= LEAST_DIFFERENCE
    assert bool(need.gap(have)) == bool(need.weighted_gap(have)) == is_gap


@given(st.integers(0, 5), st.integers(0, 5), KINDS)
def test_a_need_without_a_figure_counts_by_its_level(level, have, kind):
    assert (SkillNeed(1, level, Decimal(3), kind=kind).gap(have) > 0) == (level > have)


def test_the_same_gap_weighs_more_where_occupations_differ_little():
    narrow, wide = (SkillNeed(1, 4, Decimal(4), figure=4.0, spread=spread) for spread in (0.5, 2.0))
    assert narrow.weighted_gap(1) == 4 * wide.weighted_gap(1)


@given(lists_of_needs(), RATINGS, st.randoms())
def test_the_order_does_not_matter(needs, levels, chance):
    shuffled, items = list(needs), list(levels.items())
    chance.shuffle(shuffled)
    chance.shuffle(items)
    assert share_met(dict(items), shuffled) == share_met(levels, needs)


@given(lists_of_needs(), RATINGS)
def test_a_share_is_of_what_is_needed_and_rated(needs, levels):
    found = share_met(levels, needs)
    compared = [need for need in needs if need.is_needed and need.skill_id in levels]
    assert (found is None) == (not compared)
    if found:
        assert (found.compared, found.needed) == (len(compared), sum(need.is_needed for need in needs))
        assert 0 <= found.percent <= 100
        assert found.met == sum(levels[need.skill_id] >= need.level for need in compared)


@st.composite
def shares(draw):
    met, missing, unrated = draw(st.integers(0, 6)), draw(st.integers(0, 6)), draw(st.integers(0, 6))
    percent = draw(st.integers(0, 100))
    return ShareMet(percent, met, compared=met + missing, needed=met + missing + unrated)


@pytest.mark.parametrize(
    ("met", "missing", "unrated", "word"),
    [
        (8, 0, 0, SkillsMet.ALL),
        (7, 0, 1, None),
        (7, 1, 0, SkillsMet.MOST),
        (5, 1, 2, SkillsMet.MOST),
        (4, 1, 3, None),
        (4, 4, 0, SkillsMet.SOME),
        (1, 4, 3, SkillsMet.SOME),
        (0, 8, 0, SkillsMet.NONE),
        (0, 7, 1, None),
    ],
)
def test_skills_met_in_words(met, missing, unrated, word):
    assert ShareMet(50, met, met + missing, met + missing + unrated).skills_met is word


@given(shares(), st.data())
def test_rating_more_skills_never_changes_a_word(share, data):
    met = data.draw(st.integers(0, share.unrated))
    missing = data.draw(st.integers(0, share.unrated - met))
    later = ShareMet(share.percent, share.met + met, share.compared + met + missing, share.needed)
    assert share.skills_met in {None, later.skills_met}


@given(shares().filter(lambda share: not share.unrated))
def test_a_word_is_said_when_all_is_rated(share):
    assert share.skills_met is not None


@given(shares(), shares(), shares())
def test_being_ahead_is_an_order(one, two, three):
    assert not one.is_ahead_of(one)
    assert not (one.is_ahead_of(two) and two.is_ahead_of(one))
    if one.compared and two.compared and three.compared and one.is_ahead_of(two) and two.is_ahead_of(three):
        assert one.is_ahead_of(three)


def test_a_share_by_hand():
    # (4x3 + 4x1 + 5x2 + 3x1 + 4x0) / (4x3 + 4x2 + 5x4 + 3x1 + 4x3) = 29 / 55
    needs = [need(1, 3), need(2, 2), need(3, 4, 5), need(4, 1, 3), need(5, 3)]
    found = share_met({1: 5, 2: 1, 3: 2, 4: 1, 5: 0, 99: 5}, needs)
    assert (found.percent, found.met, found.compared, found.needed) == (53, 2, 5, 5)


@pytest.mark.parametrize(("level", "importance", "is_needed"), [(1, "3", True), (0, "5", False), (5, "2.99", False)])
def test_needed_is_important_and_above_0(level, importance, is_needed):
    assert SkillNeed(1, level, Decimal(importance)).is_needed == is_needed
