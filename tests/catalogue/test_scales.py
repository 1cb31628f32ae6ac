"""The scales of the sources, and ours."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import EducationLevel
from careerplan.catalogue.scales import (
    EDUCATION_OF_ONET_CATEGORY,
    ImportanceLine,
    Linking,
    education_from_onet,
    figure_from_onet,
    importance_from_onet,
)

LEVELS = st.decimals(min_value=0, max_value=7, places=2)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("0", "0.00"), ("7", "7.00"), ("3.5", "3.50"), ("4.625", "4.63"), ("0.014", "0.01")],
)
def test_a_level_of_onet_is_kept_with_two_decimals(theirs, ours):
    assert figure_from_onet(Decimal(theirs)) == Decimal(ours)


def test_not_relevant_means_level_0():
    assert figure_from_onet(Decimal("3.5"), not_relevant=True) == 0


@pytest.mark.parametrize("value", ["-0.01", "7.01"])
def test_a_level_outside_the_scale_is_refused(value):
    with pytest.raises(ValueError, match="an O\\*NET level is 0 to 7"):
        figure_from_onet(Decimal(value))


@pytest.mark.parametrize("value", ["0.99", "5.01"])
def test_an_importance_outside_the_scale_is_refused(value):
    with pytest.raises(ValueError, match="an O\\*NET importance is 1 to 5"):
        importance_from_onet(Decimal(value))


@given(LEVELS, LEVELS)
def test_the_order_of_levels_is_kept(one, other):
    if one <= other:
        assert figure_from_onet(one) <= figure_from_onet(other)


def shares(**of):
    return {int(category[1:]): Decimal(share) for category, share in of.items()}


@pytest.mark.parametrize(
    ("answers", "job_zone", "education"),
    [
        (shares(c2="30", c6="50", c8="20"), 1, EducationLevel.BACHELOR),
        (shares(c2="50", c6="50"), None, EducationLevel.SECONDARY),
        (shares(c1="100"), 5, EducationLevel.NONE),
        (shares(c10="49.9", c11="50.1"), None, EducationLevel.DOCTORATE),
        (shares(c2="0", c6="0"), 3, EducationLevel.VOCATIONAL),
        ({}, 2, EducationLevel.SECONDARY),
        ({}, None, ""),
    ],
)
def test_the_typical_education_is_the_median_answer_or_the_job_zones(answers, job_zone, education):
    assert education_from_onet(answers, job_zone) == education


def test_every_category_of_education_has_a_level_and_they_rise():
    assert list(EDUCATION_OF_ONET_CATEGORY) == list(range(1, 13))
    ranks = [level.rank for level in EDUCATION_OF_ONET_CATEGORY.values()]
    assert ranks == sorted(ranks)


def test_linking_keeps_the_rank_among_occupations():
    linking = Linking.between([0, 2, 4], [1, 2, 3])
    assert [linking.figure(value) for value in (0, 2, 4, 5)] == [
        Decimal("1.00"),
        Decimal("2.00"),
        Decimal("3.00"),
        Decimal("3.50"),
    ]


def test_linking_stays_on_the_scale():
    linking = Linking.between([2, 3], [0, 7])
    assert (linking.figure(0), linking.figure(5)) == (Decimal("0.00"), Decimal("7.00"))


def test_importance_is_interpolated_within_its_scale():
    line = ImportanceLine.through([0, 5], [0, 6])
    assert [line.importance(Decimal(level)) for level in ("0", "2.5", "5")] == [1, 3, 5]
