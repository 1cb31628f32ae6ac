"""Which occupations the answers are close to: pure over the shipped occupations, and on the page of the results."""

import re
from datetime import timedelta
from html import unescape
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.skills.queries.match_words import Closeness
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.training import MORE_RESPONSIBILITY
from tests.factories.skills import NOW, make_occupation, make_results
from tests.skills.pages import numbers_in, text_of
from tests.skills.ranked import shipped

SHIPPED = shipped()
CATALOGUE = SHIPPED.catalogue
IDS = SHIPPED.ids
SOME = [IDS[title] for title in ("Registered nurse", "Electrician", "Chief executive")]


def match(levels, **known):
    return match_occupations(CATALOGUE, levels, **known)


def titles(matches):
    return [one.facts.title for one in matches]


def test_the_figures_of_a_nurse_in_words_are_closest_to_a_nurse():
    found = match(SHIPPED.levels(IDS["Registered nurse"]))
    assert found.is_enough
    assert titles(found.like_yours)[0] == "Registered nurse"
    assert found.like_yours[0].closeness is Closeness.VERY_CLOSE


def test_own_figures_in_words_find_nearly_every_occupation_among_the_first_five():
    found = {pk: match(SHIPPED.levels(pk)) for pk in IDS.values()}
    told = [pk for pk, one in found.items() if one.is_enough]
    first = [pk for pk in told if pk in [one.facts.pk for one in found[pk].like_yours]]
    assert len(first) >= 0.97 * len(told)


@given(st.randoms())
def test_the_order_of_answers_changes_nothing(chance):
    levels = SHIPPED.levels(IDS["Electrician"])
    items = list(levels.items())
    chance.shuffle(items)
    assert match(dict(items)) == match(levels)


def test_answers_to_what_no_occupation_needs_change_nothing():
    levels = SHIPPED.levels(IDS["Electrician"])
    assert match(levels | {9001: 5, 9002: 0}) == match(levels)


@pytest.mark.parametrize("pk", SOME)
def test_the_current_occupation_is_in_no_list_and_is_told_apart(pk):
    found = match(SHIPPED.levels(pk), current_id=pk)
    assert found.is_enough
    assert pk not in [one.facts.pk for one in found.shown]
    assert found.current.facts.pk == pk
    assert found.current.closeness is Closeness.VERY_CLOSE


@pytest.mark.parametrize("pk", [*IDS.values()][::9])
def test_nothing_two_zones_above_is_suggested_and_no_occupation_twice(pk):
    zone = CATALOGUE.facts[CATALOGUE.rows[pk]].job_zone
    found = match(SHIPPED.levels(pk), current_id=pk)
    assert all(one.facts.job_zone - zone <= 1 for one in [*found.like_yours, *found.other_field])
    assert all(one.facts.job_zone - zone <= 1 for one in found.step_up)
    assert all(one.facts.job_zone - zone >= 2 for one in found.longer_training)
    shown = [one.facts.pk for one in found.shown]
    assert len(shown) == len(set(shown))
    assert all(len(some) <= 5 for some in (found.like_yours, found.step_up, found.other_field, found.longer_training))
    field = CATALOGUE.facts[CATALOGUE.rows[pk]].field
    assert all(one.facts.field != field for one in found.other_field)


@pytest.mark.parametrize("pk", [*IDS.values()][::9])
def test_a_step_up_takes_more_training_or_more_responsibility(pk):
    home = CATALOGUE.rows[pk]
    figures, columns = CATALOGUE.table.figures, list(CATALOGUE.leadership)
    for one in match(SHIPPED.levels(pk), current_id=pk).step_up:
        row = CATALOGUE.rows[one.facts.pk]
        is_trained = row in CATALOGUE.related[home] and one.facts.job_zone == CATALOGUE.facts[home].job_zone + 1
        assert is_trained or (figures[row, columns] - figures[home, columns]).mean() >= MORE_RESPONSIBILITY


@pytest.mark.parametrize(
    ("title", "education", "above"),
    [
        ("Electrician", "vocational", "Site supervisor"),
        ("Registered nurse", "bachelor", "Nurse practitioner"),
    ],
)
def test_a_known_step_up_is_found(title, education, above):
    found = match(SHIPPED.levels(IDS[title]), current_id=IDS[title], education=education)
    assert above in [one.facts.title for one in found.step_up]


def test_without_a_current_occupation_education_says_what_is_in_reach():
    levels = SHIPPED.levels(IDS["Lawyer"])
    found = match(levels, education="secondary")
    assert found.longer_training
    assert all(one.facts.job_zone <= 3 for one in [*found.like_yours, *found.other_field])
    assert not match(levels, education="doctorate").longer_training


def test_too_few_answers_give_questions_and_no_list():
    nurse = SHIPPED.levels(IDS["Registered nurse"])
    levels = dict(list(nurse.items())[:19])
    found = match(levels)
    assert (found.is_enough, found.shown, found.current) == (False, [], None)
    assert len(found.questions) == 5
    assert not set(found.questions) & set(levels)


def test_a_known_occupation_asks_for_fewer_answers():
    pk = IDS["Registered nurse"]
    levels = dict(list(SHIPPED.levels(pk).items())[::3][:15])
    assert not match(dict(list(levels.items())[:11]), current_id=pk).is_enough
    assert not match(levels).is_enough


@pytest.mark.parametrize("level", range(6))
@pytest.mark.parametrize("count", [25, 40, 68])
def test_equal_answers_give_no_list(level, count):
    found = match(dict.fromkeys(range(1, count + 1), level))
    assert (found.is_enough, found.shown) == (False, [])
    assert len(found.questions) == min(5, 68 - count)


def test_without_a_ranked_catalogue_there_is_neither_a_list_nor_a_question():
    found = match_occupations(None, {1: 3})
    assert (found.is_enough, found.shown, found.questions) == (False, [], [])


def test_reasons_are_answered_skills():
    levels = SHIPPED.levels(IDS["Software developer"])
    found = match(levels).shown
    for one in found:
        assert len(one.reasons) <= 2
        assert set(one.reasons) <= levels.keys()
        needs = SHIPPED.needs[one.facts.pk]
        assert all(needs[pk].level >= 2 for pk in one.reasons), f"{one.facts.title} does not ask for it"
    assert any(one.reasons for one in found)


# On the page.


def levels_of(title):
    return dict(OccupationNeed.objects.filter(occupation__title=title).values_list("skill_id", "level"))


@pytest.fixture
def nurse(shipped_catalogue, user):
    """Results of somebody who answers as nurses would, and does not say that he or she is one."""
    return make_results(user, levels=levels_of("Registered nurse"), current_role="", target_role="Something else")


def page_of(client, assessment):
    return text_of(client.get(reverse("skills:result", args=[assessment.pk, "occupations"])))


def section_of(page):
    return page.split('id="occupations"')[1].split("</section></main>")[0]


def test_the_page_shows_the_lists_with_reasons_in_words(signed_in, nurse):
    lists = build_results(nurse, now=NOW).occupations
    assert not lists.is_empty
    assert "Registered nurse" in [row.title for row in lists.like_yours]
    row = next(row for row in lists.like_yours if row.title == "Registered nurse")
    assert (row.closeness, row.dots, row.gaps) == ("very close", 3, "")
    assert row.reason
    section = section_of(page_of(signed_in, nurse))
    assert f"?occupation={row.pk}" in section
    assert row.reason in unescape(section)


def test_the_form_in_a_view_that_is_kept_can_be_sent(user, nurse):
    for _visit in range(2):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        form = section_of(page_of(client, nurse)).split(f'action="{reverse("skills:interests")}"')[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        response = client.post(reverse("skills:interests"), {"csrfmiddlewaretoken": token})
        assert response.status_code == 302


def test_an_occupation_of_a_list_is_compared_with(signed_in, nurse):
    row = build_results(nurse, now=NOW).occupations.other_field[0]
    response = signed_in.get(reverse("skills:result", args=[nurse.pk, "gaps"]), {"occupation": row.pk})
    assert response.context["results"].occupation.pk == row.pk


def test_no_percentage_is_shown(signed_in, nurse):
    page = page_of(signed_in, nurse)
    section = page.split('id="occupations"')[1].split('class="cp-section"')[0]
    words = re.sub(r"<[^>]+>", " ", section)
    assert "Registered nurse" in words
    assert "%" not in words


def test_somebody_who_names_the_occupation_sees_how_close_it_is_and_not_in_a_list(user, shipped_catalogue):
    assessment = make_results(
        user, levels=levels_of("Registered nurse"), current_role="staff NURSE", target_role="Something else"
    )
    lists = build_results(assessment, now=NOW).occupations
    assert "registered nurses" in lists.lead
    shown = [*lists.like_yours, *lists.step_up, *lists.other_field, *lists.longer_training]
    assert "Registered nurse" not in [row.title for row in shown]


def test_the_target_is_marked(user, shipped_catalogue):
    target = Occupation.objects.get(title="Registered nurse")
    assessment = make_results(
        user, levels=levels_of("Registered nurse"), current_role="", target_role="", target_occupation=target
    )
    rows = build_results(assessment, now=NOW).occupations.like_yours
    assert [row.title for row in rows if row.is_target] == ["Registered nurse"]
    assert [row.query for row in rows if row.is_target] == [""]


def place_of(user, title, **direction):
    """What the view says of a target of somebody who answers as a nurse."""
    target = Occupation.objects.get(title=title)
    known = {"current_role": "", "target_role": "", "target_occupation": target, **direction}
    return build_results(make_results(user, levels=levels_of("Registered nurse"), **known), now=NOW).occupations


def test_the_target_is_always_shown_with_its_place(signed_in, user, shipped_catalogue):
    near = place_of(user, "Registered nurse")
    assert (near.target.row.closeness, near.target.row.title) == ("very close", "Registered nurse")
    page = text_of(signed_in.get(reverse("skills:results", args=["occupations"])))
    assert near.target.place in unescape(page.split('data-testid="target-place"')[1])


def test_a_target_in_none_of_the_lists_says_why(user, shipped_catalogue):
    far, own = place_of(user, "Welder"), place_of(user, "Registered nurse", current_role="Registered nurse")
    unrated = make_occupation(code="99-0001.00", title="Lighthouse keeper")
    unknown = place_of(user, unrated.title)
    assert len({far.target.place, own.target.place, unknown.target.place}) == 3
    assert (far.target.row.dots, unknown.target.row) == (1, None)


def test_the_target_comes_first_among_the_steps_up():
    pk = IDS["Registered nurse"]
    levels = SHIPPED.levels(pk)
    last = match(levels, current_id=pk).step_up[-1]
    found = match(levels, current_id=pk, target_id=last.facts.pk)
    assert (found.step_up[0].facts, found.target.match.facts) == (last.facts, last.facts)


def test_a_target_with_more_responsibility_is_a_step_up_even_if_the_answers_are_not_close_to_it():
    nurse, manager = IDS["Registered nurse"], IDS["Health services manager"]
    levels = SHIPPED.levels(nurse)
    assert manager not in [one.facts.pk for one in match(levels, current_id=nurse).step_up]
    assert match(levels, current_id=nurse, target_id=manager).step_up[0].facts.pk == manager


def hollow_levels(kind):
    skills = list(levels_of("Registered nurse"))
    if kind == "random":
        chance = Random(1)
        return {pk: chance.randrange(6) for pk in skills[:60]}
    return dict.fromkeys(skills[: 5 if kind == "five" else 60], 3) | ({skills[0]: 5} if kind == "one differs" else {})


@pytest.mark.parametrize("kind", ["five", "alike", "one differs", "random"])
def test_what_says_too_little_gets_a_note_and_a_way_to_say_more(signed_in, user, shipped_catalogue, kind):
    levels = hollow_levels(kind)
    assessment = make_results(user, levels=levels, current_role="")
    lists = build_results(assessment, now=NOW).occupations
    assert lists.is_empty
    assert [*lists.like_yours, *lists.step_up, *lists.other_field, *lists.longer_training] == []
    assert len(lists.questions) == 5
    page = page_of(signed_in, assessment)
    assert lists.note in unescape(page)
    assert all(one.name in unescape(page) and one.contrast in unescape(page) for one in lists.questions)
    link = f"{reverse('skills:questions')}?{lists.questions_query}"
    assert f'action="{link}"' in unescape(page)


@pytest.mark.parametrize(("current", "least"), [(None, 20), ("Electrician", 12)])
def test_what_is_missing_is_what_the_rule_asks_for(current, least):
    levels = list(SHIPPED.levels(IDS["Electrician"]).items())
    known = {"current_id": IDS[current]} if current else {}
    for count in (1, 11, 12, 15, 19, 20):
        rated = dict(levels[:count])
        assert match(rated | {9001: 5}, **known).missing == max(0, least - count)
        assert not (match(rated, **known).is_enough and count < least)


def test_the_note_counts_what_is_missing(user, shipped_catalogue):
    levels = dict(list(levels_of("Electrician").items())[:16])
    own = Skill.objects.create(owner=user, name="Welding", kind="work")
    assessment = make_results(user, levels=levels | {own.pk: 4}, current_role="")
    note = build_results(assessment, now=NOW).occupations.note
    assert numbers_in(note) == [4]


def test_the_two_notes_differ(user, other_user, shipped_catalogue):
    skills = list(levels_of("Registered nurse"))
    few = make_results(user, levels=dict.fromkeys(skills[:5], 3), current_role="")
    alike = make_results(other_user, levels=dict.fromkeys(skills, 3), current_role="")
    notes = {build_results(one, now=NOW).occupations.note for one in (few, alike)}
    assert len(notes) == 2


@pytest.mark.parametrize("count", [5, 20])
def test_only_the_newest_results_ask_for_more_answers(signed_in, user, shipped_catalogue, count):
    levels = dict(list(levels_of("Electrician").items())[:count])
    old = make_results(user, levels=levels, current_role="")
    action = f'action="{reverse("skills:questions")}'
    assert action in page_of(signed_in, old)
    new = make_results(user, levels=levels, current_role="", now=NOW + timedelta(days=1))
    assert action not in page_of(signed_in, old)
    assert action in page_of(signed_in, new)


def test_the_number_of_queries_is_the_same_for_every_list(user, shipped_catalogue):
    counts = set()
    for title in ("Registered nurse", "Electrician", "Chief executive"):
        assessment = make_results(user, levels=levels_of(title), current_role="", target_role="Something else")
        assert build_results(assessment, now=NOW).occupations.like_yours
        with CaptureQueriesContext(connection) as done:
            assert build_results(assessment, now=NOW).occupations
        counts.add(len(done))
        assessment.delete()
    assert len(counts) == 1
