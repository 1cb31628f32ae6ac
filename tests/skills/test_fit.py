"""Gap and fit: what must hold for every rating and every need."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careerplan.catalogue.models import Occupation, OccupationNeed
from careerplan.skills.fit import Fit, SkillNeed, fit, gap, weighted_gap
from careerplan.skills.queries.comparison import rank_occupations
from tests.factories.skills import make_catalogue

SKILLS = range(1, 13)
hundredths = {"places": 2, "allow_nan": False}


def lists_of_needs(least_level, least_importance, **size):
    levels = st.decimals(least_level, 5, **hundredths)
    importances = st.decimals(least_importance, 5, **hundredths)
    one = st.builds(SkillNeed, st.sampled_from(SKILLS), levels, importances, st.booleans())
    return st.lists(one, unique_by=lambda need: need.skill_id, **size)


many_needs = lists_of_needs(1, 3, min_size=8)
many_ratings = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 5), min_size=8, max_size=11)
# Anything at all, and often so much that there is a fit.
needs = lists_of_needs(0, 1) | many_needs
ratings = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 5)) | many_ratings


def need(skill_id, level, importance=4):
    return SkillNeed(skill_id, Decimal(str(level)), Decimal(str(importance)))


ASKED = [need(1, 3), need(2, 2), need(3, 4, 5), need(4, 1, 3), need(5, 3)]


@given(need=st.integers(0, 5), have=st.integers(0, 4))
def test_a_higher_rating_never_raises_a_gap(need, have):
    assert 0 <= gap(need, have + 1) <= gap(need, have) <= 5


@given(needs, ratings, st.data())
def test_a_higher_rating_never_lowers_the_fit(needs, levels, data):
    low = sorted(skill for skill, level in levels.items() if level < 5)
    assume(low)
    skill = data.draw(st.sampled_from(low))
    before, after = fit(levels, needs), fit({**levels, skill: levels[skill] + 1}, needs)
    if before and after:
        assert (after.percent, after.met, after.points) >= (before.percent, before.met, before.points)
        assert after.percent >= before.percent
        assert after.met >= before.met


@given(needs, ratings, st.randoms())
def test_the_order_does_not_matter(needs, levels, chance):
    shuffled, items = list(needs), list(levels.items())
    chance.shuffle(shuffled)
    chance.shuffle(items)
    assert fit(dict(items), shuffled) == fit(levels, needs)


@given(needs, ratings)
def test_unrated_skills_give_no_match(needs, levels):
    rated = [need for need in needs if need.skill_id in levels]
    found, over_rated = fit(levels, needs), fit(levels, rated)
    if found:
        assert replace(found, needed=found.compared) == over_rated
    assert fit({}, needs) is None


@given(needs, ratings)
def test_there_is_a_fit_only_where_half_of_the_need_is_rated(needs, levels):
    def asked(those):
        return sum(need.importance * need.whole_level for need in those)

    needed = [need for need in needs if need.is_needed]
    rated = [need for need in needed if need.skill_id in levels]
    is_enough = len(rated) >= 5 and 2 * asked(rated) >= asked(needed) and len(set(levels.values())) > 1
    assert (fit(levels, needs) is not None) == is_enough


@given(many_needs, many_ratings, st.data())
def test_rating_one_more_skill_never_takes_a_fit_away(needs, levels, data):
    assume(fit(levels, needs))
    unrated = sorted(set(SKILLS) - set(levels))
    more = {**levels, data.draw(st.sampled_from(unrated)): data.draw(st.integers(0, 5))}
    before, after = fit(levels, needs), fit(more, needs)
    assert (after.needed, after.compared >= before.compared) == (before.needed, True)


@given(st.integers(0, 100), st.integers(0, 100))
def test_shown_match_is_rounded_in_order(one, other):
    low, high = (Fit(percent, 1, 5, 5, Decimal(1)) for percent in sorted((one, other)))
    assert low.rounded_percent <= high.rounded_percent <= 95
    assert high.rounded_percent % 5 == 0
    assert abs(high.rounded_percent - high.percent) <= (2 if high.percent < 98 else 5)


@given(needs, ratings)
def test_the_fit_is_a_share_of_at_least_five_skills(needs, levels):
    found = fit(levels, needs)
    if found is not None:
        assert 0 <= found.percent <= 100
        assert found.compared >= 5
        assert 0 <= found.met <= found.compared <= found.needed
        assert (found.met == found.compared) <= (found.percent == 100)


@given(needs, st.sets(st.sampled_from(SKILLS)), st.integers(0, 5))
def test_identical_answers_give_no_false_precision(needs, rated, level):
    assert fit(dict.fromkeys(rated, level), needs) is None


@given(needs, ratings, st.sampled_from(SKILLS), st.integers(0, 5))
def test_skills_that_are_not_needed_do_not_count(needs, levels, skill, level):
    assume(skill not in levels)
    unimportant = [need for need in needs if need.skill_id != skill]
    more = {**levels, skill: level}
    before, after = fit(levels, unimportant), fit(more, [*unimportant, need(skill, 5, 2.99), need(skill, 0.49, 5)])
    assert after == before or before is None  # where all answers were the same, one more may tell apart


def test_a_fit_by_hand():
    # (4x3 + 4x1 + 5x2 + 3x1 + 4x0) / (4x3 + 4x2 + 5x4 + 3x1 + 4x3) = 29 / 55
    found = fit({1: 5, 2: 1, 3: 2, 4: 1, 5: 0, 99: 5}, ASKED)
    assert (found.percent, found.rounded_percent, found.met, found.compared, found.needed, found.points) == (
        53,
        55,
        2,
        5,
        5,
        29,
    )


def test_differences_within_the_error_are_not_ranked():
    shown = [Fit(percent, 1, 5, 5, Decimal(1)).rounded_percent for percent in (100, 98, 97, 93, 92, 0)]
    assert shown == [95, 95, 95, 95, 90, 0]


def test_less_than_half_of_the_need_is_too_little():
    # 12 + 8 + 20 + 3 + 12 = 55 is rated.
    levels = {1: 5, 2: 1, 3: 2, 4: 1, 5: 0}
    assert fit(levels, [*ASKED, need(6, 5, 5), need(7, 5, 5), need(8, 1, 5)]).compared == 5  # 55 more is not
    assert fit(levels, [*ASKED, need(6, 5, 5), need(7, 5, 5), need(8, 1, 5), need(9, 1, 3)]) is None


def test_four_skills_in_common_are_too_few():
    assert fit({1: 5, 2: 1, 3: 2, 4: 1}, ASKED) is None


def test_a_gap_weighs_by_importance():
    assert (weighted_gap(need(1, 2.5, 4.5), 1), weighted_gap(need(1, 2.49, 4.5), 1)) == (Decimal("9.0"), Decimal("4.5"))
    assert weighted_gap(need(1, 2.5, 4.5), 5) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_ranking_in_the_database_is_the_same_as_in_python(seed):
    chance = random.Random(seed)
    skills = make_catalogue(each=8)
    occupations, rows = [], []
    for number in range(60):
        code = f"11-{number:04}.00"
        occupations.append(Occupation(code=code, title=f"Occupation {number}", is_rated=True, source="onet-29.3"))
    Occupation.objects.bulk_create(occupations)
    for occupation in occupations:
        for skill in chance.sample(skills, chance.randint(0, len(skills))):
            level, importance = chance.randint(0, 500), chance.randint(100, 500)
            rows.append(
                OccupationNeed(occupation=occupation, skill=skill, level=level / 100, importance=importance / 100)
            )
    OccupationNeed.objects.bulk_create(rows)
    levels = {skill.pk: chance.randint(0, 5) for skill in chance.sample(skills, 18)}
    expected, left_out = [], 0
    for occupation in Occupation.objects.prefetch_related("needs"):
        needs = [SkillNeed(n.skill_id, n.level, n.importance) for n in occupation.needs.all()]
        found = fit(levels, needs)
        left_out += not found and sum(need.is_needed for need in needs) >= 5
        if found:
            row = (occupation.pk, found.rounded_percent, found.met, found.compared, found.needed)
            expected.append((-found.rounded_percent, -found.points, occupation.title, row))
    matches = rank_occupations(levels, best=1000)
    assert len(matches) > 10
    assert [(m.occupation_id, m.rounded_percent, m.met, m.compared, m.needed) for m in matches] == [
        row for *_, row in sorted(expected)
    ]
    assert {(m.ranked, m.left_out) for m in matches} == {(len(matches), left_out)}
    shown = [m.rounded_percent for m in matches]
    assert shown == sorted(shown, reverse=True)


@pytest.mark.django_db
def test_the_target_is_ranked_too_and_others_only_while_they_are_on_offer():
    skills = make_catalogue(each=2)
    made = []
    for number, current in enumerate([True, True, False]):
        code, title = f"11-{number:04}.00", f"Occupation {number}"
        made.append(
            Occupation.objects.create(code=code, title=title, is_rated=True, source="onet-29.3", is_current=current)
        )
        for skill in skills:
            OccupationNeed.objects.create(occupation=made[-1], skill=skill, level=2 + number, importance=4)
    Occupation.objects.create(code="11-9999.00", title="Not rated")
    levels = {skill.pk: place for place, skill in enumerate(skills)}
    assert [m.title for m in rank_occupations(levels)] == ["Occupation 0", "Occupation 1"]
    with_target = rank_occupations(levels, target_id=made[2].pk, best=1)
    assert [(m.title, m.place, m.ranked) for m in with_target] == [("Occupation 0", 1, 3), ("Occupation 2", 3, 3)]
