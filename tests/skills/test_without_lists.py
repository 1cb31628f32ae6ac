"""Someone whose answers do not tell occupations apart, or who has no target, still learns something from each view."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.training import MOST_ZONES_ABOVE
from careerplan.skills.texts import in_sentence
from tests.factories.skills import NOW, make_results
from tests.skills.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]
UNDECIDED = {"target_role": "", "target_undecided": True, "current_role": ""}


def everything(level=3):
    return dict.fromkeys(Skill.objects.catalogue().exclude(external_code="").values_list("pk", flat=True), level)


def levels_of(title):
    return dict(OccupationNeed.objects.filter(occupation__title=title).values_list("skill_id", "level"))


def view_of(client, assessment, view):
    return text_of(client.get(reverse("skills:result", args=[assessment.pk, view])))


def test_a_bookkeeper_whose_answers_say_too_little_sees_related_occupations(signed_in, user):
    target = Occupation.objects.get(title="Bookkeeper")
    assessment = make_results(user, levels=everything(), current_role="Bookkeeper", target_occupation=target)
    lists = build_results(assessment, now=NOW).occupations
    assert lists.is_empty
    assert 1 <= len(lists.related) <= 5
    assert all(row.closeness == "" and (row.gaps or row.education) for row in lists.related)
    bookkeeper = Occupation.objects.get(title="Bookkeeper")
    known = bookkeeper.relations.filter(is_primary=True).values_list("related__title", flat=True)
    assert {row.title for row in lists.related} <= set(known)
    zones = Occupation.objects.filter(pk__in=[row.pk for row in lists.related]).values_list("job_zone", flat=True)
    assert all(zone - bookkeeper.job_zone <= MOST_ZONES_ABOVE for zone in zones)
    assert 'data-testid="related"' in view_of(signed_in, assessment, "occupations")


def test_a_graduate_whose_answers_say_too_little_sees_what_they_would_like(signed_in, user):
    likes = {"investigative": 5, "social": 3}
    assessment = make_results(user, levels=everything(), likes=likes, **UNDECIDED)
    lists = build_results(assessment, now=NOW).occupations
    assert lists.is_empty
    assert 1 <= len(lists.liked) <= 3
    assert in_sentence(lists.liked[0].name) in lists.headline
    page = view_of(signed_in, assessment, "occupations")
    assert 'data-testid="liked"' in page
    assert "<dt>Can do</dt>" not in page
    assert reverse("skills:interests") not in page


def test_without_interests_they_are_asked_about(signed_in, user):
    page = view_of(signed_in, make_results(user, levels=everything(), **UNDECIDED), "occupations")
    assert f'action="{reverse("skills:interests")}"' in page


@pytest.mark.parametrize(("levels", "likes"), [("Carpenter", None), ("all alike", {"artistic": 5})])
def test_without_a_target_the_gaps_are_those_to_the_nearest_occupations(signed_in, user, levels, likes):
    rated = everything(1) if levels == "all alike" else levels_of(levels)
    assessment = make_results(user, levels=rated, likes=likes, **UNDECIDED)
    results = build_results(assessment, now=NOW)
    assert 1 <= len(results.nearest) <= 3
    assert results.nearest[0].people in results.headline
    page = view_of(signed_in, assessment, "gaps")
    assert 'data-testid="nearest"' in page
    assert all(f"?occupation={row.pk}" in page for row in results.nearest)


def test_near_retirement_the_gaps_are_those_to_the_usual_level(user):
    levels = levels_of("Electrician")
    low = max(levels, key=levels.get)
    retiring = UNDECIDED | {"career_stage": "retiring", "current_role": "Electrician"}
    results = build_results(make_results(user, levels=levels | {low: 0}, **retiring), now=NOW)
    assert [row.skill_id for row in results.standing.behind] == [low]
    assert results.standing.people in results.headline
    assert results.standing.behind[0].name in results.lead[0]


def test_with_lists_nothing_takes_their_place(user):
    results = build_results(make_results(user, levels=levels_of("Electrician"), current_role="Electrician"), now=NOW)
    lists = results.occupations
    assert (lists.is_empty, lists.related, lists.liked) == (False, [], [])
