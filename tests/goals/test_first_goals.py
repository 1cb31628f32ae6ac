"""The first goals: what is suggested from the results, and how they are added, together or one by one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from careerplan.goals.forms.first_goals import OFFER, OWN_STEP
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.first_goals import load_first_goals
from careerplan.goals.services.first_goals import ChosenGoal, add_first_goals
from careerplan.plans.models import Plan
from tests.factories.goals import make_goal
from tests.factories.skills import make_catalogue, make_occupation, make_results

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


def test_untouched_goals_are_taken_as_shown(signed_in, user, results):
    form = signed_in.get(PAGE).context["form"]
    response = signed_in.post(PAGE, entered(signed_in))
    assert response.url == reverse("dashboard:today")
    goals = {goal.title: goal for goal in Goal.objects.for_user(user)}
    assert set(goals) == {offer.idea.title for offer in form.offers}
    for offer in form.offers:
        goal = goals[offer.idea.title]
        step = goal.steps.get()
        assert (goal.done_when, goal.due_on, goal.origin_skill) == (
            offer.idea.done_when,
            offer.due_day,
            offer.idea.skill,
        )
        assert (step.title, step.due_on, step.kind) == (
            offer.idea.steps[0].title,
            offer.step_due_on,
            ActionStep.Kind.PEOPLE,
        )
        assert step.resources.get().description == offer.idea.steps[0].needs
    assert len({step.due_on for step in ActionStep.objects.all()}) == 3


def test_changes_are_saved(signed_in, user, results, skills):
    key = f"skill-{skills[0].pk}"
    changes = {
        "title": "Present our results to the board",
        "measure_kind": "number",
        "unit": "reports",
        "target_value": "3",
        "due_on": "2027-03-20",
        "step": OWN_STEP,
        "own_step": "Ask Amina for her slides",
    }
    signed_in.post(PAGE, entered(signed_in, **{f"{key}-{name}": value for name, value in changes.items()}))
    goal = Goal.objects.get(title="Present our results to the board")
    step = goal.steps.get()
    assert (goal.unit, goal.target_value, goal.done_when) == ("reports", 3, "")
    assert goal.due_on == date(2027, 3, 20)
    assert (step.title, step.due_on) == ("Ask Amina for her slides", date(2027, 3, 20))  # not after its goal
    assert not step.resources.exists()


def test_any_suggested_step_can_be_chosen(signed_in, results, skills):
    idea = signed_in.get(PAGE).context["form"].offers[0].idea
    assert len({step.kind for step in idea.steps}) == 4
    signed_in.post(PAGE, entered(signed_in, **{f"{idea.key}-step": idea.steps[3].title}))
    step = Goal.objects.get(origin_skill=skills[0]).steps.get()
    assert (step.title, step.kind) == (idea.steps[3].title, ActionStep.Kind.MAKE)


def test_only_ticked_goals_are_added(signed_in, user, results, skills):
    signed_in.post(PAGE, entered(signed_in, **{f"skill-{skills[1].pk}-take": None}))
    assert Goal.objects.for_user(user).count() == 2
    assert not Goal.objects.filter(origin_skill=skills[1]).exists()


def test_none_ticked_is_an_error_and_nothing_is_lost(signed_in, results):
    data = entered(signed_in)
    key = data[OFFER][0]
    sent = {name: value for name, value in data.items() if not name.endswith("-take")} | {f"{key}-title": "My words"}
    page = signed_in.post(PAGE, sent)
    assert page.context["form"].non_field_errors()
    assert page.context["form"].offers[0].shown_title == "My words"
    assert "data-autofocus" in page.content.decode()
    assert Goal.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("due_on", "2027-03-09"),
        ("due_on", "soon"),
        ("step", OWN_STEP),
        ("step", "a step that we do not suggest"),
        ("done_when", ""),
    ],
)
def test_an_error_opens_its_goal_and_keeps_what_was_typed(signed_in, results, name, value):
    keys = entered(signed_in)[OFFER]
    changes = {f"{keys[0]}-{name}": value, f"{keys[1]}-title": "My words", f"{keys[2]}-take": None}
    page = signed_in.post(PAGE, entered(signed_in, **changes))
    first, second, third = page.context["form"].offers
    assert set(first.errors) == {"own_step" if value == OWN_STEP else name}
    assert (second.shown_title, second.errors, third.is_taken) == ("My words", {}, False)
    assert page.content.decode().count('<details class="cp-more" open') == 1
    assert Goal.objects.count() == 0


def test_a_goal_that_is_not_ticked_may_be_wrong(signed_in, results):
    keys = entered(signed_in)[OFFER]
    signed_in.post(PAGE, entered(signed_in, **{f"{keys[0]}-title": "", f"{keys[0]}-take": None}))
    assert Goal.objects.count() == 2


def test_goals_can_be_added_one_by_one(signed_in, results):
    keys = entered(signed_in)[OFFER]
    data = entered(signed_in, only=keys[1], **{f"{keys[0]}-title": "My words", f"{keys[2]}-title": ""})
    page = signed_in.post(PAGE, data)
    left = page.context["form"].offers
    assert [offer.idea.key for offer in left] == [keys[0], keys[2]]
    assert (left[0].shown_title, left[1].errors) == ("My words", {})
    assert Goal.objects.count() == 1


def test_sent_twice_adds_nothing_twice(signed_in, results):
    data = entered(signed_in)
    signed_in.post(PAGE, data)
    page = signed_in.post(PAGE, data, follow=True)
    assert Goal.objects.count() == 3
    assert [message.level_tag for message in page.context["messages"]][-1] == "info"


def test_a_gap_that_has_a_goal_is_refused_and_the_others_are_added(signed_in, user, results, skills):
    data = entered(signed_in)
    make_goal(user, origin_skill=skills[0])
    signed_in.post(PAGE, data)
    assert Goal.objects.filter(skills=skills[0]).count() == 1
    assert Goal.objects.count() == 3


def test_hours_a_week_are_those_of_the_plan_and_saved_in_it_if_changed(signed_in, user, results):
    Plan.objects.for_user(user).update(hours_a_week=8)
    assert signed_in.get(PAGE).context["form"]["hours_a_week"].value() == "8"
    signed_in.post(PAGE, entered(signed_in, hours_a_week="2,5"))
    assert Plan.objects.for_user(user).active().get().hours_a_week == Decimal("2.5")


def test_hours_that_were_not_changed_are_not_saved(signed_in, user, results):
    signed_in.post(PAGE, entered(signed_in))
    assert Plan.objects.for_user(user).active().get().hours_a_week is None


def test_recalculating_moves_the_dates_and_keeps_everything_else(signed_in, results):
    keys = entered(signed_in)[OFFER]
    changes = {f"{keys[0]}-due_on": "2027-05-05", f"{keys[1]}-title": "My words", f"{keys[2]}-title": ""}
    before = signed_in.get(PAGE).context["form"].offers
    page = signed_in.post(PAGE, entered(signed_in, go="recalculate", hours_a_week="40", **changes))
    first, second, third = page.context["form"].offers
    assert first.due_day == date(2027, 5, 5)  # chosen by the user
    assert (second.shown_title, second.due_day < before[1].due_day) == ("My words", True)
    assert (third.errors, third.due_day < before[2].due_day) == ({}, True)
    assert Goal.objects.count() == 0


@pytest.mark.parametrize("hours", ["", "0", "-3", "many", "1000", "NaN"])
def test_wrong_hours_are_an_error(signed_in, results, hours):
    for go in ("", "recalculate"):
        page = signed_in.post(PAGE, entered(signed_in, hours_a_week=hours, go=go))
        assert page.context["form"].errors
    assert Goal.objects.count() == 0


def test_without_results_there_is_nothing_to_choose(signed_in):
    assert signed_in.get(PAGE).url == reverse("skills:start")
    assert signed_in.post(PAGE, {OFFER: "skill-1"}).url == reverse("skills:start")


def test_unknown_gaps_are_ignored(signed_in, other_user, results, skills):
    theirs = skills[0].__class__.objects.create(name="A secret of theirs", owner=other_user)
    assert signed_in.post(PAGE, {OFFER: [f"skill-{theirs.pk}", "x"]}).url == PAGE
    assert Goal.objects.count() == 0


def chosen(user, **changes) -> list[ChosenGoal]:
    """The goals on offer, as the form gives them to the service."""
    fields = {
        "area": "professional",
        "starts_on": TODAY,
        "due_on": TODAY + timedelta(days=60),
        "measure_kind": "yes_no",
    }
    step = {"title": "Ask", "due_on": TODAY + timedelta(days=14)}
    return [
        ChosenGoal(
            idea=idea, changes={**fields, "title": idea.title, "done_when": "Done", **changes}, first_step=dict(step)
        )
        for idea in load_first_goals(user).offered
    ]


def test_all_goals_are_added_or_none(user, results):
    goals = chosen(user)
    goals[2].first_step["title"] = " "  # refused by the database
    with pytest.raises(IntegrityError, match="goals_actionstep_title_given"), transaction.atomic():
        add_first_goals(user=user, assessment=results, chosen=goals, hours_a_week=Decimal(9), now=NOW)
    assert Goal.objects.count() == ActionStep.objects.count() == 0
    assert Plan.objects.for_user(user).active().get().hours_a_week is None


def test_goals_go_into_the_plan_of_their_owner(user, other_user, results, skills):
    make_results(other_user, levels={skill.pk: 1 for skill in skills}, target_occupation=results.target_occupation)
    added = add_first_goals(user=user, assessment=results, chosen=chosen(user), now=NOW)
    assert {goal.plan.user for goal in added.added} == {user}
    assert len(load_first_goals(other_user).offered) == 3
