"""What people like: the page, what counts as an answer, scores, a retake of its own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.interests import activities, interests
from careerplan.skills.interests import score_interests, suggest_trials
from careerplan.skills.models import Assessment, InterestAnswer
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.drafts import discard_draft, start_assessment
from careerplan.skills.services.finish import finish_assessment
from tests.factories.skills import NOW, answer_interests, make_answered_draft, make_draft, make_finished_assessment
from tests.skills.pages import at, errors_of, shown_on
from tests.skills.test_models import refused
from tests.skills.test_two_tabs import Tab

LIKES = "what-you-like"
QUICK, ALL = list(activities(quick=True)), list(activities())
SOON = NOW + timedelta(days=30)
LIKINGS = st.dictionaries(st.sampled_from(ALL), st.none() | st.integers(1, 5))


@pytest.fixture
def quick(db, user):
    return make_draft(user, mode=Assessment.Mode.QUICK)


def said(draft) -> dict[str, int | None]:
    return dict(draft.interest_answers.values_list("activity", "liking"))


def post(client, key=LIKES, go="next", **likings):
    fields = {f"like-{activity}": str(liking) for activity, liking in likings.items()}
    return client.post(at(key), {**shown_on(client, key), **fields, "go": go})


# Scores.


@given(LIKINGS)
def test_the_order_of_answers_and_activities_without_one_change_no_score(likings):
    answered = {key: liking for key, liking in likings.items() if liking is not None}
    assert score_interests(dict(reversed(answered.items()))) == score_interests(likings)
    with_answer = {activities()[key].interest for key in answered}
    assert set(score_interests(likings)) == with_answer


@given(LIKINGS, st.sampled_from(ALL))
def test_an_activity_without_an_answer_is_never_a_zero(likings, activity):
    others = {key: liking for key, liking in likings.items() if key != activity}
    assert score_interests(others | {activity: None}) == score_interests(others)


def test_an_activity_that_is_no_longer_asked_counts_for_nothing():
    assert score_interests({"juggle-knives": 5}) == {}


@given(LIKINGS)
def test_trials_are_of_liked_interests_and_never_disliked(likings):
    scores = score_interests(likings)
    for trial in suggest_trials(likings):
        assert scores[trial.interest] > 4
        assert (likings.get(trial.key) or 3) >= 3
    assert len(suggest_trials(likings)) == min(3, sum(score > 4 for score in scores.values()))


# The page.


def test_quick_mode_has_one_page_of_12_and_full_mode_three_of_10(user, quick):
    pages = [page for page in load_wizard(quick).pages if page.activities]
    assert [[one.key for one in page.activities] for page in pages] == [QUICK]
    discard_draft(user=user)
    pages = [page for page in load_wizard(make_draft(user)).pages if page.activities]
    assert [len(page.activities) for page in pages] == [10, 10, 10]
    assert [one.key for page in pages for one in page.activities] == ALL


def test_nothing_is_preselected(signed_in, quick):
    page = signed_in.get(at(LIKES)).content.decode()
    assert page.count('type="radio"') == 5 * len(QUICK)
    assert " checked" not in page


def test_some_may_stay_without_an_answer(signed_in, quick):
    response = post(signed_in, **{QUICK[0]: 5, QUICK[3]: 1})
    assert response.status_code == 302
    assert said(quick) == dict.fromkeys(QUICK) | {QUICK[0]: 5, QUICK[3]: 1}
    wizard = load_wizard(quick)
    assert wizard.is_answered(wizard.page(LIKES))


@pytest.mark.parametrize("go", ["back", "close", "stay"])
def test_only_continuing_passes_the_page(signed_in, quick, go):
    post(signed_in, go=go, **{QUICK[0]: 4})
    assert said(quick) == {QUICK[0]: 4}
    wizard = load_wizard(quick)
    assert not wizard.is_answered(wizard.page(LIKES))


@pytest.mark.parametrize("liking", ["0", "6", "-1", "like", "\0"])
def test_an_unknown_answer_is_an_error(signed_in, quick, liking):
    response = post(signed_in, **{QUICK[0]: liking, QUICK[1]: 2})
    assert (f"like-{QUICK[0]}", "invalid_choice") in errors_of(response)
    assert said(quick)[QUICK[1]] == 2
    assert said(quick).get(QUICK[0]) is None


def test_an_unknown_activity_is_an_error(signed_in, quick):
    assert ("", "question_not_on_page") in errors_of(post(signed_in, **{"juggle-knives": 5}))
    assert "juggle-knives" not in said(quick)


def test_two_tabs_merge_what_each_changed_and_ask_where_both_did(signed_in, quick):
    one, other = Tab(signed_in, LIKES), Tab(signed_in, LIKES)
    one.leave(**{f"like-{QUICK[0]}": "5"})
    other.leave("back", **{f"like-{QUICK[1]}": "2"})
    assert (said(quick)[QUICK[0]], said(quick)[QUICK[1]]) == (5, 2)
    one, other = Tab(signed_in, LIKES), Tab(signed_in, LIKES)
    one.leave(**{f"like-{QUICK[0]}": "1", f"like-{QUICK[1]}": "2"})
    response = other.leave(**{f"like-{QUICK[0]}": "3", f"like-{QUICK[1]}": "2"})
    assert (f"like-{QUICK[0]}", "conflict") in errors_of(response)
    assert said(quick)[QUICK[0]] == 1


# Rules of the database.


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("skills_interest_liking_range", {"liking": 6}),
        ("skills_interest_liking_range", {"liking": 0}),
        ("skills_interest_activity_form", {"activity": "Repair a bicycle"}),
        ("skills_interest_once", {"activity": QUICK[1]}),
    ],
)
def test_the_database_refuses(quick, constraint, changes):
    answer_interests(quick, 3)
    with refused(constraint):
        InterestAnswer.objects.filter(assessment=quick, activity=QUICK[0]).update(**changes)


@pytest.mark.django_db
def test_answers_of_a_finished_assessment_are_read_only(user):
    finished = make_finished_assessment(user)
    with refused("skills_interestanswer_readonly"):
        finished.interest_answers.update(liking=5)
    with refused("skills_interestanswer_readonly"):
        finished.interest_answers.filter(activity=ALL[0]).delete()


# Taken again.


@pytest.fixture
def finished(db, user):
    """Somebody who likes helping, and nothing else."""
    draft = make_answered_draft(user)
    answer_interests(draft, 2, social=5)
    return finish_assessment(assessment=draft, now=NOW, today=NOW.date())


def test_a_retake_starts_with_the_last_answers_to_be_confirmed(signed_in, user, finished):
    draft = make_draft(user, now=SOON)
    assert said(draft) == said(finished)
    wizard = load_wizard(draft)
    assert not wizard.is_answered(wizard.page(LIKES))
    assert signed_in.get(at(LIKES)).context["form"].last_on == NOW.date()


def test_a_retake_of_skills_keeps_the_answers_without_asking(user, finished):
    skill = finished.ratings.first().skill_id
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=SOON, limited_to=[skill])
    assert said(draft) == said(finished)
    assert load_wizard(draft).page(LIKES) is None


def test_the_activities_alone_are_one_page_and_the_check(client, user, time_machine):
    make_finished_assessment(user)
    time_machine.move_to(SOON, tick=False)
    client.force_login(user)
    response = client.post(reverse("skills:interests"))
    assert response.url == f"{at(LIKES)}?then=check"
    fields = {f"like-{key}": "4" for key in QUICK}
    response = client.post(at(LIKES), {**shown_on(client, LIKES), **fields, "then": "check", "go": "next"})
    assert response.url == at("check")
    finish = client.post(reverse("skills:finish"))
    newest = Assessment.objects.for_user(user).finished().first()
    assert (finish.url, newest.limited_to) == (newest.get_absolute_url(), [])
    assert newest.target_role == "Ward manager"
    assert newest.education.level == "bachelor"
    assert len(score_interests(said(newest))) == len(interests())


def test_with_a_draft_it_opens_its_page(signed_in, quick):
    assert signed_in.post(reverse("skills:interests")).url == at(LIKES)
    assert Assessment.objects.get().pk == quick.pk


def test_a_draft_without_the_page_opens_where_it_stopped(signed_in, user, finished):
    skill = finished.ratings.first().skill_id
    start_assessment(user=user, mode=Assessment.Mode.QUICK, now=SOON, limited_to=[skill])
    assert signed_in.post(reverse("skills:interests")).url.startswith(at("where-you-are"))


def test_likings_of_a_page_that_another_tab_left_out_are_saved(signed_in, user):
    """Another tab deleted the full assessment and started a quick one, which asks about fewer activities."""
    draft = make_draft(user, mode=Assessment.Mode.QUICK)
    key = next(key for key in activities() if key not in activities(quick=True))
    answer = signed_in.post(at("what-you-like-3"), {f"like-{key}": "4", "go": "next"})
    assert answer.status_code == 302
    assert list(draft.interest_answers.filter(liking__isnull=False).values_list("activity", "liking")) == [(key, 4)]
