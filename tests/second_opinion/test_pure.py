"""What to ask about and what differences change: pure functions."""

from decimal import Decimal

from careerplan.second_opinion.differences import (
    OpinionDifference,
    effect_text,
    levels_with,
    measure_difference,
    sort_differences,
)
from careerplan.second_opinion.proposals import PROPOSED, AskableSkill, propose_skills
from careerplan.skills.fit import SkillNeed


def askable(pk, **values):
    return AskableSkill(pk, f"Skill {pk}", **values)


def test_proposals_are_gaps_first_then_strengths_and_each_says_why():
    skills = [
        *(askable(pk, gap=1 + pk % 2, weighted=float(pk), is_needed=True) for pk in range(1, 6)),
        askable(6, is_strength=True),
        askable(7, is_strength=True, is_needed=True),
        askable(8, is_needed=True, is_stale=True),
        askable(9),
    ]
    found = propose_skills(skills)
    assert [one.skill_id for one in found.proposed] == [5, 4, 3, 2, 7, 6]
    assert [one.reason for one in found.proposed] == [
        "Your largest gap",
        "A gap of 1 level",
        "A gap of 2 levels",
        "A gap of 1 level",
        "You count it as a strength",
        "You count it as a strength",
    ]
    assert [one.skill_id for one in found.needed] == [1, 8]  # at most two in sight
    assert [one.skill_id for one in found.rest] == [9]
    assert len(found.all) == len(skills)


def test_without_a_target_strengths_come_first_and_nothing_is_proposed_without_a_reason():
    found = propose_skills(
        [askable(1), askable(2, is_weakness=True), *(askable(n, is_strength=True) for n in (3, 4, 5))]
    )
    assert [(one.skill_id, bool(one.reason)) for one in found.proposed] == [(3, True), (4, True), (5, True), (2, True)]
    assert propose_skills([askable(n) for n in range(9)]).proposed == ()
    assert len(propose_skills([askable(n, is_strength=True) for n in range(9)]).proposed) == PROPOSED


def measured(own, theirs, need=4, importance=4, **values):
    base = OpinionDifference(1, 1, "Leading a team", own, theirs)
    needed = SkillNeed(1, need, Decimal(importance)) if need else None
    return measure_difference(base, needed, largest_gap=values.get("largest"))


def test_sentences_say_what_the_other_rating_would_change():
    said = {
        measured(1, 4, largest=1): "Taking Kwame’s rating would close your largest gap.",
        measured(3, 4): "Taking Kwame’s rating would close a gap of 1 level.",
        measured(4, 2): "Taking Kwame’s rating would open a gap of 2 levels.",
        measured(1, 2): "Taking Kwame’s rating would change your gap from 3 to 2.",
        measured(4, 5): "You have the level needed with either rating.",
        measured(1, 2, need=0): "Your target role does not need this skill.",
        measured(1, 3, need=4, importance=2): "Your target role does not need this skill.",
    }
    assert {effect_text(one, "Kwame", has_target=True): "" for one in said} == dict.fromkeys(said.values(), "")
    assert (
        effect_text(measured(1, 3, need=0), "Kwame", has_target=False) == "Kwame puts you 2 levels higher than you do."
    )


def test_the_largest_effect_comes_first_and_ties_by_how_far_both_are_apart():
    small, large = measured(3, 4), measured(1, 4)
    none, none_far = measured(4, 5), measured(1, 5, need=0)
    assert sort_differences([none, small, none_far, large]) == [large, small, none_far, none]


def test_the_middle_is_offered_only_where_a_whole_level_lies_between():
    assert [measured(*levels).middle for levels in ((1, 2), (1, 3), (4, 1), (0, 5))] == [None, 2, 2, 2]
    settled = [OpinionDifference(1, 7, "A", 1, 3, level=2), OpinionDifference(2, 8, "B", 1, 3)]
    assert levels_with({7: 1, 8: 1, 9: 4}, settled) == {7: 2, 8: 1, 9: 4}
