"""What a step takes: written with the step, got hold of one by one, added up over the plan."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal, Resource
from careerplan.goals.queries.missing import NEEDED_A_PAGE, load_first_missing, load_missing_page
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.steps import complete_step, drop_step, set_resource_state, update_step
from careerplan.plans.models import Plan
from tests.conflicts import choose, conflicts_in
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db


def row(number, **values):
    return {f"resources-{number}-{name}": value for name, value in values.items()}


def form(*rows, **changes):
    data = {"step_title": "Give the talk", "step_due_on": "2099-01-31", "form_key": str(uuid4())}
    data |= {"resources-TOTAL_FORMS": str(len(rows)), "resources-INITIAL_FORMS": "0"}
    for number, values in enumerate(rows):
        data |= row(number, **values)
    return data | changes


FEE = {"kind": "money", "description": "Conference fee", "cost": "85,50", "state": "needed"}
DAY = {"kind": "time_off", "description": "One study day", "cost": "", "state": "asked_for"}
EMPTY = {"kind": "", "description": "", "cost": "", "state": "needed"}


@pytest.fixture
def goal(user):
    return make_goal(user, due_on=date(2099, 6, 30))


def add(client, goal, *rows, **changes):
    return client.post(reverse("goals:step-new", args=[goal.pk]), form(*rows, **changes))


def kept(step):
    return list(step.resources.values_list("kind", "description", "cost", "state"))


def test_step_is_saved_with_kind_and_resources(signed_in, goal):
    add(signed_in, goal, FEE, EMPTY, DAY, details="In the\r\nboard room.", kind="practise")
    step = goal.steps.get(title="Give the talk")
    assert (step.details, step.kind) == ("In the\nboard room.", "practise")
    assert kept(step) == [
        ("money", "Conference fee", Decimal("85.50"), "needed"),
        ("time_off", "One study day", None, "asked_for"),
    ]


def test_double_click_makes_one_step_with_one_set_of_resources(signed_in, goal):
    data = form(FEE)
    for _ in range(2):
        signed_in.post(reverse("goals:step-new", args=[goal.pk]), data)
    assert goal.steps.filter(title="Give the talk").count() == 1
    assert Resource.objects.count() == 1


def test_step_form_with_other_resources_makes_another_step(signed_in, goal):
    data = form(FEE)
    signed_in.post(reverse("goals:step-new", args=[goal.pk]), data)
    signed_in.post(reverse("goals:step-new", args=[goal.pk]), data | row(0, cost="90"))
    assert goal.steps.filter(title="Give the talk").count() == 2


def test_added_resource_row_keeps_input_without_validating(signed_in, goal):
    response = add(signed_in, goal, FEE, {**EMPTY, "cost": "x"}, step_title="", another_row="1")
    page = response.content.decode()
    assert goal.steps.count() == 1
    assert 'name="resources-2-description"' in page
    assert 'value="Conference fee"' in page
    assert 'value="x"' in page
    assert "is-invalid" not in page
    assert 'role="alert"' not in page


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({**FEE, "description": ""}, "description", "Describe what you need, or remove the row."),
        ({**FEE, "kind": ""}, "kind", "Choose a kind."),
        ({**FEE, "cost": "-1"}, "cost", "Enter 0 or more"),
        ({**FEE, "cost": "dear"}, "cost", "Enter a number, such as"),
        ({**FEE, "cost": "999999999"}, "cost", "at most"),
        ({**FEE, "description": "x" * 201}, "description", "at most 200 characters"),
        ({**FEE, "kind": "spell"}, "kind", "Choose one of the answers"),
        ({**EMPTY, "cost": "5"}, "description", "Describe what you need, or remove the row."),
    ],
)
def test_invalid_resource_row_has_an_error(signed_in, goal, values, field, words):
    page = add(signed_in, goal, DAY, values).content.decode()
    assert words in page
    assert f'<a href="#id_resources-1-{field}">' in page
    assert 'value="One study day"' in page
    assert goal.steps.count() == 1


@pytest.mark.parametrize("count", ["31", "999999999", "x"])
def test_forged_number_of_rows_is_refused(signed_in, goal, count):
    response = add(signed_in, goal, FEE, **{"resources-TOTAL_FORMS": count})
    assert response.status_code == 200
    assert goal.steps.count() == 1


@pytest.fixture
def step(goal):
    (step,) = add_steps(
        goal,
        "Give the talk",
        details="Aloud.",
        kind="practise",
        resources=(
            {"kind": "money", "description": "Conference fee", "cost": Decimal(85)},
            {"kind": "time_off", "description": "One study day"},
        ),
    )
    return step


def shown(client, step):
    """What a browser would send back of the page as it is shown."""
    return sent_of(client.get(reverse("goals:step-edit", args=[step.pk])).context["form"])


def sent_of(page):
    """What a browser would send of a form."""
    data = {field.html_name: field.value() for field in [*page, *(f for row in page.resources for f in row)]}
    data |= {"resources-TOTAL_FORMS": str(len(page.resources.forms)), "resources-INITIAL_FORMS": "2"}
    return {name: value for name, value in data.items() if value not in (None, False)}


def save(client, step, data, **changes):
    return client.post(reverse("goals:step-edit", args=[step.pk]), data | changes)


def test_saving_unchanged_resources_changes_nothing(signed_in, step):
    def rows():
        return [list(model.objects.order_by("pk").values()) for model in (ActionStep, Resource)]

    before = rows()
    assert save(signed_in, step, shown(signed_in, step)).status_code == 302
    assert rows() == before


def test_resource_rows_are_changed_removed_and_added(signed_in, step):
    data = shown(signed_in, step) | row(0, state="arranged") | row(1, remove="on", cost="wrong") | row(2, **DAY)
    fee = step.resources.first().pk
    save(signed_in, step, data)
    assert kept(step) == [
        ("money", "Conference fee", Decimal(85), "arranged"),
        ("time_off", "One study day", None, "asked_for"),
    ]
    assert step.resources.first().pk == fee


def test_form_without_resources_leaves_them(step):
    data = {"title": "Speak", "due_on": step.due_on}
    update_step(step=step, changes=data, now=NOW)
    assert step.resources.count() == 2


def test_resource_of_another_user_is_not_changed(signed_in, step, other_user):
    theirs = only_step(make_goal(other_user)).resources.create(kind="person", description="Their mentor")
    mine = only_step(make_goal(step.goal.plan.user))
    foreign = mine.resources.create(kind="person", description="Of another step")
    data = shown(signed_in, step) | row(0, id=str(theirs.pk), description="Taken") | row(1, id=str(foreign.pk))
    save(signed_in, step, data)
    theirs.refresh_from_db()
    foreign.refresh_from_db()
    assert (theirs.description, foreign.description) == ("Their mentor", "Of another step")
    save(signed_in, step, shown(signed_in, step) | row(0, id=str(theirs.pk), remove="on"))
    assert Resource.objects.filter(pk=theirs.pk).exists()


# Two tabs


def test_changes_of_two_tabs_to_different_resources_are_merged(signed_in, step):
    first, second = shown(signed_in, step), shown(signed_in, step)
    save(signed_in, step, first, step_title="Speak", **row(0, state="asked_for"))
    response = save(signed_in, step, second, details="Softly.", **row(0, cost="90"))
    assert response.status_code == 302
    step.refresh_from_db()
    assert (step.title, step.details) == ("Speak", "Softly.")
    assert kept(step)[0] == ("money", "Conference fee", Decimal(90), "asked_for")


@pytest.mark.parametrize(("choice", "title", "cost"), [("mine", "Sing", Decimal(95)), ("other", "Speak", Decimal(90))])
def test_resource_changed_in_both_tabs_is_a_conflict(signed_in, step, choice, title, cost):
    first, second = shown(signed_in, step), shown(signed_in, step)
    save(signed_in, step, first, step_title="Speak", **row(0, cost="90"))
    asked = save(signed_in, step, second, step_title="Sing", kind="course", **row(0, cost="95"))
    step.refresh_from_db()
    assert step.title == "Speak"
    form = asked.context["form"]
    assert [conflict.name for conflict in form.conflicts] == ["step_title", "resources-0-cost"]
    assert form.conflicts[1].label.startswith("Conference fee")
    again = sent_of(form) | choose(form, choice)
    assert save(signed_in, step, again).status_code == 302
    step.refresh_from_db()
    assert (step.title, step.kind, kept(step)[0][2]) == (title, "course", cost)


def test_resource_removed_elsewhere_is_removed_unless_changed_here(signed_in, step):
    data = shown(signed_in, step)
    step.resources.all().delete()
    save(signed_in, step, data, **row(1, description="Two study days"))
    assert kept(step) == [("time_off", "Two study days", None, "needed")]


def test_forged_original_row_is_a_conflict(signed_in, step):
    for forged in ("", "[]", "{", "cost=7"):
        response = save(signed_in, step, shown(signed_in, step), **row(0, shown=forged, cost="99"))
        assert "resources-0-cost" in conflicts_in(response)
    assert kept(step)[0][2] == Decimal(85)


# One click


@pytest.mark.parametrize("state", Resource.State.values)
def test_resource_state_changes_with_one_click(signed_in, step, state):
    resource = step.resources.first()
    response = signed_in.post(reverse("goals:resource-state", args=[resource.pk]), {"state": state})
    resource.refresh_from_db()
    assert resource.state == state
    assert response.url == f"{step.goal.get_absolute_url()}#step-{step.pk}"


def test_resource_state_redirects_to_the_list_and_ignores_invalid_values(signed_in, step):
    resource = step.resources.first()
    data = {"state": "stolen", "from": "needed"}
    response = signed_in.post(reverse("goals:resource-state", args=[resource.pk]), data, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert response.redirect_chain[-1][0] == reverse("goals:needed")
    resource.refresh_from_db()
    assert resource.state == "needed"


def test_resource_state_cycles(step):
    seen, resource = [], step.resources.first()
    for _ in range(3):
        resource = set_resource_state(resource=resource, state=resource.next_state)
        seen.append(resource.state)
    assert seen == ["asked_for", "arranged", "needed"]


@pytest.mark.parametrize("closing", ["goal", "plan"])
def test_resources_of_closed_goals_and_archived_plans_do_not_change(signed_in, step, closing):
    resource = step.resources.first()
    if closing == "goal":
        Goal.objects.update(state=Goal.State.LET_GO, closed_at=NOW)
    else:
        Plan.objects.update(state="archived", archived_at=NOW)
    address = reverse("goals:resource-state", args=[resource.pk])
    response = signed_in.post(address, {"state": "arranged"}, follow=True)
    told = {"goal": "You can read it but not change it", "plan": "Not saved: this plan was archived in another tab."}
    assert told[closing] in response.content.decode()
    with pytest.raises(IntegrityError, match="goals_resource_readonly"), transaction.atomic():
        Resource.objects.update(state="arranged")
    with pytest.raises(IntegrityError, match="goals_resource_readonly"), transaction.atomic():
        step.resources.create(kind="person", description="Karen")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("goals_resource_description_given", {"description": " "}),
        ("goals_resource_cost_not_negative", {"cost": Decimal("-0.01")}),
        ("goals_resource_kind_known", {"kind": "spell"}),
        ("goals_resource_state_known", {"state": "stolen"}),
    ],
)
def test_the_database_refuses(step, constraint, changes):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Resource.objects.update(**changes)


# Everything still needed


def test_missing_resources_are_of_open_steps_of_active_goals(signed_in, user, other_user, step):
    Plan.objects.update(currency="GBP")
    goal = step.goal
    arranged = {"kind": "person", "description": "Karen", "cost": Decimal(7), "state": "arranged"}
    lost = {"kind": "person", "description": "Lost", "cost": Decimal(7)}
    add_steps(goal, "Has all", resources=(arranged,))
    (done,) = add_steps(goal, "Done", resources=(lost,))
    complete_step(step=done, now=NOW)
    (dropped,) = add_steps(goal, "Dropped", resources=(lost,))
    drop_step(step=dropped, now=NOW)
    closed = make_goal(user)
    add_steps(closed, "Of a closed goal", resources=(lost,))
    close_goal(goal=closed, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    add_steps(make_goal(other_user), "Of another user", resources=(lost,))
    found = load_missing_page(user, None)
    assert [(group.kind, group.cost, len(group.resources)) for group in found.groups] == [
        ("time_off", Decimal(0), 1),
        ("money", Decimal(85), 1),
    ]
    assert (found.count, found.cost, found.without_cost, found.currency) == (2, Decimal(85), 1, "GBP")
    first = load_first_missing(user, 1)
    assert (len(first.resources), first.count, first.currency) == (1, 2, "GBP")
    page = signed_in.get(reverse("goals:needed")).content.decode()
    assert "£85" in page
    assert "Lost" not in page
    assert reverse("goals:needed") in signed_in.get(reverse("goals:list")).content.decode()


@pytest.mark.parametrize("count", [1, NEEDED_A_PAGE + 1])
def test_resource_list_query_count_is_constant(signed_in, goal, django_assert_num_queries, count):
    """A page shows so many, and its totals are of all."""
    one = {"kind": "person", "description": "Karen", "cost": Decimal(7)}
    add_steps(goal, *("More" for _ in range(count)), resources=(one,))
    seen = []
    for page in (1, 2):
        with django_assert_num_queries(3):  # user, totals, resources
            response = signed_in.get(reverse("goals:needed"), {"page": page})
        found = response.context["page"]
        assert (found.count, found.cost, found.without_cost) == (count, 7 * count, 0)
        seen += [row.pk for group in found.groups for row in group.resources]
    assert len(seen) == (2 if count == 1 else count)  # past the end the last page is shown
    assert set(seen) == {row.pk for row in Resource.objects.filter(description="Karen")}
    kept = signed_in.post(reverse("goals:resource-state", args=[seen[0]]), {"from": "needed", "page": 2, "state": "x"})
    assert kept.url == f"{reverse('goals:needed')}?page=2"
