"""What the results say at each career stage, and their headlines: for people written down by judgement."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Skill
from careerplan.catalogue.shipped_data import read_skills
from careerplan.goals.models import Goal
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.queries.headlines import Headline, most_surprising, surprise
from careerplan.skills.queries.rarity import find_rarity
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.standing import Standing, StandingRow, standing
from careerplan.skills.queries.standing_headline import _ahead_and_needed, strengths_headline
from tests.factories.accounts import UserFactory
from tests.factories.career_people import (
    ELECTRICIAN,
    FACTORY_MANAGER,
    GRADUATE,
    NURSE,
    PARENT,
    PEOPLE,
    TEACHER,
    make_career_results,
)
from tests.skills.pages import text_of
from tests.skills.ranked import shipped

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SHIPPED = shipped()
NAMES = {pk: f"skill {pk}" for pk in SHIPPED.catalogue.columns}
GROUPS = {pk: str(pk % 9) for pk in NAMES}


def results_of(person, user=None):
    return build_results(make_career_results(user or UserFactory(), person, now=NOW), now=NOW)


def rows_of(person, user=None):
    return results_of(person, user).findings.stage.rows


def skill_of(row):
    return Skill.objects.get(pk=parse_qs(row.goal_query)["skill"][0]).key


def purposes_of(rows):
    return [parse_qs(row.goal_query).get("purpose", [""])[0] for row in rows if row.goal_query]


def purpose_of(row):
    """Purpose of the goal of a row; "learn" if it closes a gap, blank without a goal."""
    return parse_qs(row.goal_query).get("purpose", ["learn"])[0] if row.goal_query else ""


# Near retirement


@pytest.mark.django_db
def test_near_retirement_the_trade_is_passed_on_first(shipped_catalogue):
    results = results_of(ELECTRICIAN)
    rows = results.findings.stage.rows
    assert skill_of(rows[0]) == "finding-faults"
    assert purposes_of(rows)[:2] == [GoalPurpose.TEACH, GoalPurpose.TEACH]
    assert "2032" in results.findings.stage.lead


@pytest.mark.django_db
def test_near_retirement_the_headline_is_what_others_could_learn(shipped_catalogue):
    title = results_of(ELECTRICIAN).findings.standing_headline.title
    assert "electricians" in title
    assert "finding faults" in title


@pytest.mark.django_db
def test_what_is_missing_is_weighed_against_the_years_left(shipped_catalogue):
    (own,) = [row for row in rows_of(ELECTRICIAN) if row.is_own]
    assert re.search(r"\b5\b", own.text)
    (undated,) = [row for row in rows_of(replace(ELECTRICIAN, horizon_on=None)) if row.is_own]
    assert not re.search(r"\d", undated.text)


@pytest.mark.django_db
def test_what_is_passed_on_is_above_the_usual_level_and_what_is_reduced_is_not(shipped_catalogue):
    results = results_of(ELECTRICIAN)
    by_key = {row.skill_id: row for row in results.standing.rows}
    for row in results.findings.stage.rows:
        query = parse_qs(row.goal_query)
        if query.get("purpose") == [GoalPurpose.TEACH]:
            assert by_key[int(query["skill"][0])].is_ahead
        if query.get("purpose") == [GoalPurpose.HAND_OVER]:
            assert not by_key[int(query["skill"][0])].is_ahead
            assert by_key[int(query["skill"][0])].need is None  # the target does not need it


@pytest.mark.django_db
def test_those_to_be_taught_are_usually_below_the_level_of_the_teacher(shipped_catalogue):
    rows = rows_of(ELECTRICIAN)
    learners = {link.words for row in rows if not row.title for link in row.links}
    column = SHIPPED.catalogue.columns
    assert learners
    have = ELECTRICIAN.levels["finding-faults"]
    finding_faults = list_of_keys().index("finding-faults") + 1
    for title in learners:
        assert SHIPPED.needs[SHIPPED.ids[title]][finding_faults].level < have
    assert finding_faults in column


def list_of_keys():
    """Keys of the skills in the order of their ids in `shipped`."""
    return [skill.key for group in read_skills() for skill in group.skills if skill.code]


@pytest.mark.django_db
def test_what_someone_says_is_missing_is_what_to_finish(shipped_catalogue):
    (own,) = [row for row in rows_of(ELECTRICIAN) if row.is_own]
    assert own.title == ELECTRICIAN.missing
    assert own.goal_query.startswith("education=")


@pytest.mark.django_db
def test_the_stage_comes_before_any_chart(client, shipped_catalogue):
    user = UserFactory()
    make_career_results(user, ELECTRICIAN, now=NOW)
    client.force_login(user)
    page = text_of(client.get(reverse("skills:results")))
    assert page.index('data-testid="stage"') < page.index('class="cp-gaps"')


# At the other stages


@pytest.mark.django_db
@pytest.mark.parametrize("person", [NURSE, FACTORY_MANAGER])
def test_what_is_new_before_a_promotion_is_beyond_the_current_occupation(shipped_catalogue, person):
    results = results_of(person)
    ids = {skill.key: skill.pk for skill in Skill.objects.catalogue()}
    order, keys = list_of_keys(), {pk: key for key, pk in ids.items()}
    new = [row for row in results.findings.stage.rows if row.goal_query][:2]
    current = SHIPPED.needs[
        SHIPPED.ids[{NURSE.current_role: "Registered nurse"}.get(person.current_role, "Production manager")]
    ]
    target = SHIPPED.needs[SHIPPED.ids[person.target]]
    for row in new:
        number = order.index(keys[int(parse_qs(row.goal_query)["skill"][0])]) + 1
        assert target[number].level > current[number].level
        assert target[number].level > person.levels.get(order[number - 1], 0)


@pytest.mark.django_db
def test_what_carries_over_is_counted_over_what_the_target_needs(shipped_catalogue):
    results = results_of(TEACHER)
    numbers = [int(number) for number in re.findall(r"\d+", results.findings.stage.rows[0].title)]
    assert numbers == [len(results.comparison.met), results.comparison.compared]


@pytest.mark.django_db
def test_someone_starting_out_sees_close_occupations_for_which_they_are_prepared(shipped_catalogue):
    results = results_of(GRADUATE)
    (first,) = [row for row in results.findings.stage.rows if row.links]
    lists = results.occupations
    rows = {row.title: row for row in (*lists.like_yours, *lists.other_field)}
    named = [rows[link.words] for link in first.links]
    assert not any(row.training for row in named)
    assert min(row.dots for row in named) >= min(2, max(row.dots for row in rows.values()))
    assert first.links[0].words in {row.title for row in lists.like_yours}


@pytest.mark.django_db
def test_without_occupation_and_target_the_headline_names_the_closest_occupation(shipped_catalogue):
    results = results_of(GRADUATE)
    title = results.findings.standing_headline.title
    people = {one.title: one.people for one in SHIPPED.catalogue.facts}
    assert people[results.occupations.like_yours[0].title] in title
    assert str(len(SHIPPED.catalogue.facts)) in title


@pytest.mark.django_db
def test_a_small_lead_gives_way_to_what_the_target_needs_and_is_there(shipped_catalogue):
    """A nurse, one level above others in managing time: no surprise."""
    levels = {"managing-time": 4, "finding-out-needs": 3, "management": 2, "medicine": 4, "psychology": 3, "english": 3}
    results = results_of(
        replace(NURSE, current_role="Registered nurse", levels=levels, strengths={}, weaknesses=(), to_learn=())
    )
    headline = results.findings.standing_headline
    assert headline.surprise == 0
    assert "2" in headline.title
    assert {"Managing time", "Working out what people need"} <= set(re.split(r": |, |\. ", headline.lead))


@pytest.mark.django_db
def test_after_a_break_what_is_below_the_usual_level_is_refreshed(shipped_catalogue):
    results = results_of(PARENT)
    behind = {row.skill_id for row in results.standing.behind}
    rows = [row for row in results.findings.stage.rows if f"purpose={GoalPurpose.REFRESH}" in row.goal_query]
    assert rows
    assert {int(parse_qs(row.goal_query)["skill"][0]) for row in rows} <= behind


@pytest.mark.django_db
def test_after_a_break_gaps_to_the_target_come_before_anything_to_refresh(shipped_catalogue):
    results = results_of(replace(PARENT, target="Accountant or auditor"))
    rows = results.findings.stage.rows
    places = {purpose: place for place, purpose in enumerate(purpose_of(row) for row in rows)}
    suggested = [int(parse_qs(row.goal_query)["skill"][0]) for row in rows if purpose_of(row) == "learn"]
    assert suggested == [row.skill_id for row in results.comparison.gaps[:2]]
    assert places.get("learn", -1) < places.get(GoalPurpose.REFRESH, len(rows))


@pytest.mark.django_db
def test_no_two_of_the_people_read_the_same(shipped_catalogue):
    told = [results_of(person) for person in PEOPLE.values()]
    titles = [one.findings.standing_headline.title for one in told]
    texts = [row.text for one in told for row in one.findings.stage.rows]
    assert len(set(titles)) == len(PEOPLE)
    assert len(set(texts)) >= len(texts) - 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", PEOPLE)
def test_no_percentage_and_no_more_than_six_findings(client, shipped_catalogue, name):
    user = UserFactory()
    make_career_results(user, PEOPLE[name], now=NOW)
    client.force_login(user)
    page = unescape(re.sub(r"<[^>]+>", " ", text_of(client.get(reverse("skills:results"))).split("</nav>")[-1]))
    assert "%" not in page
    assert client.get(reverse("skills:results")).context["results"].findings.stage.rows[6:] == []


# Goals from it


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", GoalPurpose)
@pytest.mark.parametrize("key", ["finding-faults", "reading-people", "medicine"])
def test_each_purpose_fills_the_form_of_a_goal(client, shipped_catalogue, purpose, key):
    user = UserFactory()
    client.force_login(user)
    skill = Skill.objects.get(key=key, owner=None)
    address = f"{reverse('goals:new')}?skill={skill.pk}&purpose={purpose.value}"
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert filled["title"]
    assert filled["step_title"]
    assert filled["due_on"] > timezone.localdate()
    assert filled["measure_kind"] == (Goal.MeasureKind.NUMBER if purpose is GoalPurpose.TEACH else "yes_no")


@pytest.mark.django_db
def test_an_unknown_purpose_is_a_gap(client, shipped_catalogue):
    client.force_login(UserFactory())
    skill = Skill.objects.get(key="medicine", owner=None)
    address = f"{reverse('goals:new')}?skill={skill.pk}"
    forms = [client.get(one).context["form"] for one in (address, f"{address}&purpose=x")]
    assert len({form["title"].value() for form in forms}) == 1


# Headlines


def test_a_fact_chosen_from_more_is_less_surprising():
    assert surprise(0.01) > surprise(0.01, tried=25) >= surprise(1.0) == 0


def test_the_most_surprising_fact_is_chosen():
    facts = [None, Headline("a", surprise=1.0), Headline("b", surprise=2.0), Headline("c", surprise=2.0)]
    assert most_surprising(facts, otherwise=Headline("z")).title == "b"
    assert most_surprising([None], otherwise=Headline("z")).title == "z"


def standing_of(levels, title="Electrician"):
    return standing(SHIPPED.catalogue, levels, NAMES, SHIPPED.ids[title])


def test_someone_as_skilled_as_most_is_told_so_without_a_surprise():
    found = standing_of(SHIPPED.levels(SHIPPED.ids["Electrician"]))
    headline = strengths_headline(found, None)
    assert (headline.surprise, found.ahead, found.behind) == (0, [], [])
    assert str(len(NAMES)) in headline.title


@pytest.mark.parametrize("level", [0, 5])
def test_someone_above_or_below_everywhere_is_told_the_order_not_the_number(level):
    found = standing_of(dict.fromkeys(NAMES, level))
    headline = strengths_headline(found, None)
    assert not re.search(r"\d\b", headline.title.replace(found.rows[0].name, ""))
    assert str(len(found.ahead or found.behind)) in headline.lead


def test_furthest_above_is_the_largest_difference():
    leads = [("Welding", 4, 1.0), ("Drawing", 3, 2.0), ("Law", 2, 3.0)]
    ahead = [StandingRow(pk, name, have, 1, difference, need=3) for pk, (name, have, difference) in enumerate(leads)]
    headline = _ahead_and_needed(Standing("nurses", ahead, behind=[], level=[]), "teachers")
    assert re.findall(r"Welding|Drawing|Law", headline.lead) == ["Law", "Drawing", "Welding"]


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(0, 5)))
def test_a_headline_is_true_of_the_answers(levels):
    found = standing_of(levels)
    if found is None:
        assert not levels
        return
    ahead = {row.skill_id for row in found.ahead}
    rarity = find_rarity(SHIPPED.catalogue, levels, NAMES, GROUPS, ahead)
    headline = strengths_headline(found, rarity.mix)
    named = {int(number) for number in re.findall(r"skill (\d+)", headline.title)}
    assert named <= levels.keys()
    assert len(found.ahead) + len(found.behind) + len(found.level) == len(levels)
    if rarity.mix:
        assert 1 <= rarity.mix.count <= rarity.mix.total / 20
    for one in rarity.skills:
        usual = sum(needs[one.skill_id].level >= one.have for needs in SHIPPED.needs.values())
        assert (one.count, one.have) == (usual, levels[one.skill_id])


# Growth


@pytest.mark.django_db
def test_the_number_of_queries_is_the_same_at_every_stage(shipped_catalogue):
    counts = set()
    for person in (ELECTRICIAN, NURSE, TEACHER, FACTORY_MANAGER):
        assessment = make_career_results(UserFactory(), person, now=NOW)
        build_results(assessment, now=NOW)
        with CaptureQueriesContext(connection) as done:
            assert build_results(assessment, now=NOW).findings.stage
        counts.add(len(done))
    assert max(counts) <= min(counts) + 1  # some ask how much each activity is liked
