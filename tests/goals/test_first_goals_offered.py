"""Which first goals are offered, and where other pages offer them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from careerplan.catalogue.models import SkillKind
from careerplan.goals.forms.first_goals import OFFER
from careerplan.goals.models import Goal
from careerplan.goals.queries.first_goals import choose_varied, load_first_goals, load_first_goals_offer
from careerplan.goals.services.goals import ClosingNotes, close_goal
from careerplan.goals.suggestions import GapKind, GoalIdea
from careerplan.skills.services.answers import TaskChange, save_task_answers
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.finish import finish_assessment
from tests.factories.goals import make_goal
from tests.factories.skills import make_answered_draft, make_catalogue, make_occupation, make_results

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 9, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
PAGE = "/goals/first/"


@pytest.fixture(autouse=True)
def _on_9_march_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def skills():
    """Six skills of the catalogue: four of work, two with people."""
    return make_catalogue()


@pytest.fixture
def results(user, skills):
    """A target that needs level 4 of all six skills, the first the most; the user has level 1."""
    needs = {skill.pk: (4, Decimal(5) - place / Decimal(4)) for place, skill in enumerate(skills)}
    target = make_occupation(needs=needs)
    return make_results(user, levels={skill.pk: 1 for skill in skills}, target_occupation=target)


def entered(client, **changes) -> dict:
    """What a browser would send from the page, with changes by the name of a field."""
    form = client.get(PAGE).context["form"]
    data = {OFFER: [offer.idea.key for offer in form.offers], "hours_a_week": form["hours_a_week"].value()}
    for offer in form.offers:
        data |= {bound.html_name: bound.value() for bound in offer if bound.value() not in (None, False)}
    return {name: value for name, value in (data | changes).items() if value is not None}


def offered(client) -> list[str]:
    return [offer.idea.key for offer in client.get(PAGE).context["form"].offers]


def test_three_goals_of_different_kinds_are_offered(signed_in, results, skills):
    people = next(skill for skill in skills if skill.kind == SkillKind.PEOPLE)
    assert offered(signed_in) == [f"skill-{pk}" for pk in (skills[0].pk, skills[1].pk, people.pk)]


def test_gaps_with_a_goal_are_not_offered(signed_in, user, results, skills):
    goal = make_goal(user, origin_skill=skills[0])
    assert f"skill-{skills[0].pk}" not in offered(signed_in)
    close_goal(goal=goal, outcome=Goal.State.LET_GO, notes=ClosingNotes(), today=TODAY, now=NOW)
    assert f"skill-{skills[0].pk}" not in offered(signed_in)  # let go after the results


def test_missing_education_comes_second_and_is_added_once(signed_in, user, skills):
    needs = {skill.pk: (4, 4) for skill in skills}
    target = make_occupation(needs=needs, typical_education="master", needs_licence=True)
    draft = make_answered_draft(user, level=1)
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    save_education(assessment=draft, changes={"level": "bachelor", "enough": "no"}, now=NOW)
    finish_assessment(assessment=draft, now=NOW, today=TODAY)
    data = entered(signed_in)
    assert data[OFFER][1] == "education"
    signed_in.post(PAGE, data)
    signed_in.post(PAGE, data)
    assert Goal.objects.for_user(user).count() == 3
    assert "education" not in offered(signed_in)


def test_tasks_of_the_target_come_first(signed_in, user, skills):
    target = make_occupation(needs={skill.pk: (4, 4) for skill in skills})
    tasks = {"Plans the budget": "help", "Hires staff": "never", "Leads a shift": "alone"}
    made = [target.tasks.create(text=text, position=position) for position, text in enumerate(tasks)]
    draft = make_answered_draft(user, level=1)
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    answers = {task: TaskChange(tasks[task.text], "") for task in made}
    save_task_answers(assessment=draft, changes=answers, now=NOW)
    finish_assessment(assessment=draft, now=NOW, today=TODAY)
    ideas = [offer.idea for offer in signed_in.get(PAGE).context["form"].offers]
    assert [one.kind for one in ideas] == [GapKind.TASK, GapKind.WORK, GapKind.PEOPLE]
    assert ideas[0].title == "Hire staff"
    signed_in.post(PAGE, entered(signed_in))
    assert Goal.objects.get(title="Hire staff").origin_task == "Hires staff"
    titles = [offer.idea.title for offer in signed_in.get(PAGE).context["form"].offers]
    assert titles[0] == "Plan the budget"


def test_a_licence_is_offered_where_the_target_needs_one(signed_in, user, skills):
    needs = {skill.pk: (4, 4) for skill in skills}
    make_results(
        user,
        levels={skill.pk: 1 for skill in skills},
        target_occupation=make_occupation(needs=needs, needs_licence=True),
    )
    assert offered(signed_in)[1] == "licence"


def test_without_a_target_weaknesses_are_offered_then_strengths(user, skills):
    levels = {skill.pk: 0 if place < 2 else 5 for place, skill in enumerate(skills)}
    make_results(user, levels=levels)
    kinds = [idea.kind for idea in load_first_goals(user).offered]
    assert kinds == [GapKind.WORK, GapKind.WORK, GapKind.STRENGTH]


def test_near_retirement_strengths_come_first(user, skills):
    needs = {skill.pk: (4, 4) for skill in skills}
    levels = {skill.pk: 5 if place < 3 else 1 for place, skill in enumerate(skills)}
    target = make_occupation(needs=needs)
    make_results(user, levels=levels, target_occupation=target, career_stage="retiring")
    first, second, third = (idea.kind for idea in load_first_goals(user).offered)
    assert (first, second) == (GapKind.STRENGTH, GapKind.STRENGTH)
    assert third != GapKind.STRENGTH


def test_other_pages_offer_first_goals_until_one_is_added(signed_in, user, results):
    pages = [reverse("dashboard:today"), reverse("goals:list")]
    assert all('data-testid="first-goals-offer"' in signed_in.get(page).content.decode() for page in pages)
    make_goal(user, title="Run ten kilometres", due_on=TODAY + timedelta(days=90))
    assert all('data-testid="first-goals-offer"' in signed_in.get(page).content.decode() for page in pages)
    signed_in.post(PAGE, entered(signed_in))
    assert not any('data-testid="first-goals-offer"' in signed_in.get(page).content.decode() for page in pages)
    assert load_first_goals_offer(user).count == 0


def test_not_now_is_remembered_for_these_results(signed_in, user, results):
    signed_in.post(PAGE + "not-now/", entered(signed_in))
    signed_in.post(PAGE + "not-now/")
    assert results.declined_first_goals.declined_at == NOW
    for page in (reverse("dashboard:today"), reverse("goals:list")):
        assert 'data-testid="first-goals-offer"' not in signed_in.get(page).content.decode()
    assert f'href="{PAGE}"' in signed_in.get(reverse("goals:list")).content.decode()
    assert signed_in.get(PAGE).context["form"].offers
    make_results(user, levels=dict.fromkeys(results.ratings.values_list("skill_id", flat=True), 1), now=NOW)
    assert not load_first_goals_offer(user).is_declined


def test_not_now_after_one_of_three_keeps_the_way_back(signed_in, results):
    signed_in.post(PAGE, entered(signed_in, **{OFFER: offered(signed_in)[:1]}))
    signed_in.post(PAGE + "not-now/")
    assert f'href="{PAGE}"' in signed_in.get(reverse("goals:list")).content.decode()


@pytest.mark.parametrize("view", ["", "gaps/", "occupations/"])
def test_each_view_of_the_results_leads_to_the_first_goals(signed_in, results, view):
    assert f'href="{PAGE}"' in signed_in.get(f"/skills/results/{view}").content.decode()


@pytest.mark.parametrize(("each", "goals"), [(2, 0), (12, 30)])
def test_the_number_of_queries_does_not_grow(signed_in, user, each, goals, django_assert_num_queries):
    skills = make_catalogue(each=each)
    target = make_occupation(needs={skill.pk: (4, 4) for skill in skills})
    make_results(user, levels={skill.pk: 1 for skill in skills}, target_occupation=target)
    for _ in range(goals):
        make_goal(user)
    # user, assessment, plan, goals, target, ratings, needs, education, tasks
    with django_assert_num_queries(9):
        assert len(signed_in.get(PAGE).context["form"].offers) == 3


def idea(key: str, kind: GapKind) -> GoalIdea:
    return GoalIdea(key=key, kind=kind, title=key, hours=10, steps=())


def test_different_kinds_come_before_a_second_of_a_kind_in_the_order_of_the_gaps():
    work = [idea(f"w{n}", GapKind.WORK) for n in range(8)]
    people, late = idea("p", GapKind.PEOPLE), idea("k", GapKind.KNOWLEDGE)
    assert [one.key for one in choose_varied([*work[:4], people], 3)] == ["w0", "w1", "p"]
    assert [one.key for one in choose_varied([*work[:4], people], 2)] == ["w0", "p"]
    assert [one.key for one in choose_varied([*work, late], 2)] == ["w0", "w1"]  # too small a gap
    assert [one.key for one in choose_varied(work, 3, {"w1"})] == ["w0", "w2", "w3"]
