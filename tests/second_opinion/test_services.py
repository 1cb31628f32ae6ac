"""Asking, answering, opening and deciding: what is recorded, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from careerplan.account_data.sections import SECTIONS
from careerplan.core.readonly import allow_closed_changes
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver
from careerplan.second_opinion.mentor.queries import find_asked, shown_differences
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, OpinionSkill, SecondOpinion
from careerplan.second_opinion.owner.queries import load_opinion_results, load_own_results, load_proposals
from careerplan.second_opinion.owner.words import difference_lead, difference_title
from careerplan.second_opinion.services.answering import OpinionIsOpened, SkillsAreOpen, save_rating, send_opinion
from careerplan.second_opinion.services.asking import (
    AlreadySent,
    AskedTooOften,
    NotWithThem,
    OpinionWaits,
    ask_opinion,
    withdraw_opinion,
)
from careerplan.second_opinion.services.deciding import decide_differences, open_opinion
from careerplan.skills.models import Rating
from tests.factories.goals import NOW
from tests.factories.second_opinions import answer_opinion, make_live_mentorship, make_opened_opinion, make_opinion
from tests.factories.skills import make_catalogue, make_finished_assessment, make_occupation

pytestmark = pytest.mark.django_db


@pytest.fixture
def skills(user):
    """Six skills, which the owner rates 0, 1, 2, 3, 4, 5."""
    made = make_catalogue()
    make_finished_assessment(user)
    return made


@pytest.fixture
def mentorship(user):
    return make_live_mentorship(user)


def refused(rule):
    return pytest.raises(IntegrityError, match=rule)


def test_a_question_is_asked_once_and_its_email_is_owed_once(mentorship, skills):
    opinion = make_opinion(mentorship, skills)
    assert [one.number for one in find_asked(mentorship).skills] == [1, 2, 3, 4, 5, 6]
    owed = MentoringEmail.objects.get(mentorship=mentorship)
    assert (owed.recipient, owed.kind, owed.occasion) == ("mentor", "opinion_asked", str(opinion.pk))
    with pytest.raises(OpinionWaits):
        make_opinion(mentorship, skills[:1])
    with refused("second_opinion_one_unanswered"), transaction.atomic():
        SecondOpinion.objects.create(mentorship=mentorship, asked_at=NOW)
    withdraw_opinion(opinion=opinion)
    assert find_asked(mentorship) is None


def test_questions_that_were_cancelled_count_and_send_nothing_at_once(mentorship, skills):
    for _ in range(3):
        withdraw_opinion(opinion=make_opinion(mentorship, skills[:1]))
    assert MentoringEmail.objects.filter(not_before__gt=NOW).count() == 3
    with pytest.raises(AskedTooOften):
        make_opinion(mentorship, skills[:1])
    assert make_opinion(mentorship, skills[:1], now=NOW + timedelta(days=1))


def test_only_an_active_mentor_is_asked(user, skills):
    invited = make_live_mentorship(user, state=Mentorship.State.INVITED, accepted_at=None)
    with pytest.raises(NotWithThem):
        make_opinion(invited, skills)


@pytest.mark.parametrize("count", [0, 9])
def test_one_to_eight_skills_are_asked_about(mentorship, skills, count):
    with pytest.raises(ValueError, match="1 to 8 skills"):
        ask_opinion(mentorship=mentorship, skill_ids=range(count), now=NOW)


def test_the_database_keeps_to_one_to_eight_skills(mentorship, skills):
    with refused("second_opinion_has_a_skill"), transaction.atomic():
        SecondOpinion.objects.create(mentorship=mentorship, asked_at=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    opinion = make_opinion(mentorship, skills[:1])
    for values, rule in (
        ({"skill": skills[1], "position": 9}, "second_opinion_at_most_8"),
        ({"skill": skills[1], "position": 1}, "second_opinion_skill_position_once"),
        ({"skill": skills[0], "position": 2}, "second_opinion_skill_once"),
    ):
        with refused(rule), transaction.atomic():
            OpinionSkill.objects.create(opinion=opinion, **values)


def test_nothing_is_sent_or_visible_before_each_skill_has_an_answer(mentorship, skills):
    opinion = make_opinion(mentorship, skills[:2])
    asked = opinion.skills.first()
    save_rating(mentorship=mentorship, asked_id=asked.pk, level=3, evidence="Saw it.", now=NOW)
    assert not OpinionRating.objects.visible().exists()
    assert not open_opinion(opinion=opinion, now=NOW).is_opened
    with pytest.raises(SkillsAreOpen):
        send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=NOW)
    with refused("second_opinion_complete"), transaction.atomic():
        SecondOpinion.objects.filter(pk=opinion.pk).update(sent_at=NOW)
    with refused("second_opinion_decide_opened"), transaction.atomic():
        OpinionDecision.objects.create(rating=asked.rating, own_level=0)
    with refused("second_opinion_opened_after_sent"), transaction.atomic():
        SecondOpinion.objects.filter(pk=opinion.pk).update(opened_at=NOW)


def test_the_mentor_rates_once_a_skill_and_changes_answers_until_they_are_opened(mentorship, skills):
    opinion = make_opinion(mentorship, skills[:1])
    asked = opinion.skills.get()
    for level in (3, None, 2):
        answer_opinion(opinion, [level], "The night the lift failed.")
        assert OpinionRating.objects.get(asked=asked).level == level
    send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=NOW)
    answer_opinion(opinion, [4])
    section = next(one for one in SECTIONS if one.model is OpinionRating)
    assert [OpinionRating.objects.visible().count(), section.rows_of(mentorship.owner).count()] == [0, 0]
    assert send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=NOW + timedelta(days=1)).sent_at == NOW
    assert MentoringEmail.objects.filter(kind="opinion_sent", recipient="owner").count() == 1
    with refused("opinionrating"), transaction.atomic():
        OpinionRating.objects.create(asked=asked, level=1, rated_at=NOW)
    open_opinion(opinion=opinion, now=NOW)
    assert [OpinionRating.objects.visible().count(), section.rows_of(mentorship.owner).count()] == [1, 1]
    with pytest.raises(OpinionIsOpened):
        answer_opinion(opinion, [5])
    with refused("second_opinion_rate_until_opened"), transaction.atomic():
        OpinionRating.objects.update(level=5)
    with pytest.raises(AlreadySent):
        withdraw_opinion(opinion=opinion)


def test_a_mentor_writes_only_in_a_live_mentorship_of_their_own(user, other_user, mentorship, skills):
    opinion = make_opinion(mentorship, skills[:1])
    asked = opinion.skills.get()
    stranger = make_live_mentorship(other_user)
    with pytest.raises(OpinionIsOpened):
        save_rating(mentorship=stranger, asked_id=asked.pk, level=1, evidence="", now=NOW)
    with pytest.raises(OpinionIsOpened):
        send_opinion(mentorship=stranger, opinion_id=opinion.pk, now=NOW)
    late = NOW + timedelta(days=91)
    with pytest.raises(MentorshipIsOver):
        save_rating(mentorship=mentorship, asked_id=asked.pk, level=1, evidence="", now=late)
    assert not OpinionRating.objects.exists()


def test_only_differences_are_decided_and_each_choice_is_recorded(mentorship, skills):
    # The owner says 0, 1, 2, 3, 4, 5.
    opinion = make_opened_opinion(mentorship, skills, [2, 1, None, 4, 1, 5], "Saw it.")
    rows = {one.rating.asked.skill: one for one in OpinionDecision.objects.order_by("rating__asked__position")}
    assert {skill: (row.own_level, row.rating.level) for skill, row in rows.items()} == {
        skills[0]: (0, 2),
        skills[3]: (3, 4),
        skills[4]: (4, 1),
    }
    first, second, third = rows.values()
    assert shown_differences(mentorship) == ()
    choices = {first.pk: "middle", second.pk: "theirs", third.pk: ""}
    assert decide_differences(opinion=opinion, choices=choices, shown={third.pk}, now=NOW) == 2
    assert list(OpinionDecision.objects.order_by("pk").values_list("choice", "level", "decided_at", "shown_at")) == [
        ("middle", 1, NOW, None),
        ("theirs", 4, NOW, None),
        ("", None, None, NOW),
    ]
    assert [(one.own, one.theirs) for one in shown_differences(mentorship)] == [(4, 1)]
    with pytest.raises(ValueError, match="no level between"):
        decide_differences(opinion=opinion, choices={second.pk: "middle"}, shown=set(), now=NOW)
    for values in ({"choice": "theirs", "level": 5}, {"choice": "mine", "level": 5}, {"choice": "middle", "level": 4}):
        with refused("second_opinion_"), transaction.atomic():
            OpinionDecision.objects.filter(pk=first.pk).update(decided_at=NOW, **values)


def test_results_are_read_with_and_without_the_opinion(user, mentorship, skills, django_assert_max_num_queries):
    ward = make_occupation(needs={one.pk: (4, 4) for one in skills})
    user.plans.update(target_role="", target_occupation=ward)
    own = load_own_results(user, NOW)
    proposed = load_proposals(user, own).proposed
    assert proposed[0].reason == "Your largest gap"
    opinion = make_opened_opinion(mentorship, skills, [4, 1, None, 4, 1, 5])
    rows = {one.rating.asked.skill_id: one.pk for one in OpinionDecision.objects.select_related("rating__asked")}
    choices = {rows[skills[0].pk]: "theirs", rows[skills[3].pk]: "theirs"}
    decide_differences(opinion=opinion, choices=choices, shown=set(), now=NOW)
    with django_assert_max_num_queries(10):
        found = load_opinion_results(opinion, NOW)
    assert [one.name for one in found.differences] == [skills[0].name, skills[4].name, skills[3].name]
    assert (len(found.alone.met), len(found.combined.met)) == (2, 4)
    assert found.agreed == (skills[1].name, skills[5].name)
    assert found.not_judged == (skills[2].name,)


def test_a_skill_without_an_own_level_is_not_agreed_on(user, mentorship, skills):
    with allow_closed_changes():
        Rating.objects.filter(skill=skills[1]).update(level=None, category="")
    found = load_opinion_results(make_opened_opinion(mentorship, skills[:2], [0, 1]), NOW)
    assert (found.agreed, found.not_rated, found.differences) == ((skills[0].name,), (skills[1].name,), ())
    assert difference_title(found) == "You have not rated all of these skills"
    assert skills[1].name.lower() in difference_lead(found).lower()
