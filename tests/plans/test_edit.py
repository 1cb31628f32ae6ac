"""The page on which the plan as a whole is said."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from careerplan.plans.models import Plan
from careerplan.plans.services import ensure_active_plan
from tests.conflicts import choose, conflicts_in, shown_in, shown_on
from tests.factories.skills import make_occupation

pytestmark = pytest.mark.django_db

VALID = {
    "title": "Ward manager within the year",
    "career_stage": "promotion",
    "current_role": "Senior staff nurse",
    "target_role": "Ward manager",
    "vision": "A ward where nurses want to stay.",
    "horizon": "date",
    "horizon_on": "2031-09-30",
    "priority_1": "Stay close to patients",
    "priority_3": "Home by seven",
    "hours_a_week": "7,5",
    "currency": "GBP",
    "go": "save",
}


@pytest.fixture
def plan(user):
    return ensure_active_plan(user=user, today=date(2027, 1, 4))


def send(client, **changes):
    return client.post(reverse("plans:edit"), {**VALID, **shown_on(client, "plans:edit"), **changes})


def test_everything_is_saved_and_empty_lines_close_up(signed_in, plan):
    assert send(signed_in).url == reverse("plans:plan")
    plan.refresh_from_db()
    assert plan.priorities == ["Stay close to patients", "Home by seven"]
    assert (plan.hours_a_week, plan.currency, plan.horizon_on) == (Decimal("7.5"), "GBP", date(2031, 9, 30))
    page = signed_in.get(reverse("plans:plan")).content.decode()
    for text in ("Ward manager within the year", "A ward where nurses want to stay.", "7.5 hours a week"):
        assert text in page


def test_who_has_no_plan_begins_one_by_saving(signed_in, user):
    assert "You have no plan yet" in signed_in.get(reverse("plans:plan")).content.decode()
    send(signed_in)
    assert Plan.objects.get(user=user).title == VALID["title"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"hours_a_week": "0"}, "hours_a_week"),
        ({"hours_a_week": "169"}, "hours_a_week"),
        ({"hours_a_week": "some"}, "hours_a_week"),
        ({"currency": "XXX"}, "currency"),
        ({"horizon_on": ""}, "horizon_on"),
        ({"priority_2": "x" * 121}, "priority_2"),
        ({"target_occupation": "999999"}, "target_occupation"),
        ({"career_stage": "bored"}, "career_stage"),
    ],
)
def test_a_wrong_answer_is_explained_and_nothing_is_saved(signed_in, plan, changes, field):
    response = send(signed_in, **changes)
    assert list(response.context["form"].errors) == [field]
    assert "<title>Error: Edit plan" in response.content.decode()
    assert 'value="Home by seven"' in response.content.decode()
    assert Plan.objects.get().priorities == []


def test_a_date_that_is_not_asked_for_does_not_matter(signed_in, plan):
    send(signed_in, horizon="retirement", horizon_on="soon")
    plan.refresh_from_db()
    assert (plan.horizon, plan.horizon_on) == ("retirement", None)


@pytest.mark.parametrize(
    ("go", "order"),
    [
        ("up-3", ["Stay close to patients", "Home by seven", "", "", ""]),
        ("down-1", ["", "Stay close to patients", "Home by seven", "", ""]),
        ("up-1", ["Stay close to patients", "", "Home by seven", "", ""]),
        ("down-5", ["Stay close to patients", "", "Home by seven", "", ""]),
        ("up-²", ["Stay close to patients", "", "Home by seven", "", ""]),
    ],
)
def test_a_priority_moves_without_javascript_and_nothing_is_saved_yet(signed_in, plan, go, order):
    response = send(signed_in, go=go, title="Typed, not saved")
    assert [line.value() or "" for line in response.context["form"].priorities] == order
    assert 'value="Typed, not saved"' in response.content.decode()
    assert (Plan.objects.get().title, Plan.objects.get().priorities) == ("My career plan", [])


def test_occupations_are_looked_up_without_javascript(signed_in, plan):
    occupation = make_occupation(title="Ward manager")
    page = send(signed_in, go="find", target_role="ward manag").content.decode()
    assert f'id="occupation-{occupation.pk}"' in page
    send(signed_in, found="1", target_occupation=str(occupation.pk))
    plan.refresh_from_db()
    assert plan.target_occupation == occupation


def test_a_near_title_is_asked_about_once(signed_in, plan):
    occupation = make_occupation(code="11-9111.00", title="Nursing manager")
    form = send(signed_in, target_role="Nursing managr").context["form"]
    assert form.is_asking
    assert [title for _pk, title, _chosen in form.occupations] == [occupation.title]
    send(signed_in, target_role="Nursing managr", asked="Nursing managr", found="1", target_occupation="")
    plan.refresh_from_db()
    assert (plan.target_role, plan.target_occupation) == ("Nursing managr", None)
    assert send(signed_in, target_role="Nursing managr").status_code == 302


def test_a_currency_that_is_not_among_the_common_ones_is_kept(signed_in, plan):
    Plan.objects.update(currency="ISK")
    send(signed_in, currency="ISK")
    assert Plan.objects.get().currency == "ISK"


def test_a_second_tab_is_told_what_changed_and_nothing_is_overwritten_silently(signed_in, plan):
    shown = shown_on(signed_in, "plans:edit")
    send(signed_in)
    stale = {**shown, "title": "My other title", "vision": ""}
    unseen = {**{name: "" for name in VALID if name not in ("go", "title")}, **stale}
    answer = signed_in.post(reverse("plans:edit"), unseen)
    assert list(conflicts_in(answer)) == ["title"]
    plan.refresh_from_db()
    assert plan.title == VALID["title"]
    answers = choose(answer.context["form"], "mine")
    signed_in.post(reverse("plans:edit"), {**VALID, **shown_in(answer), "title": "My other title", **answers})
    plan.refresh_from_db()
    assert (plan.title, plan.vision) == ("My other title", VALID["vision"])
