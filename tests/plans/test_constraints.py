"""Each named rule of plans and pauses refuses the write that breaks it, whoever tries."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from careerplan.plans.models import Pause, Plan
from tests.factories.goals import NOW
from tests.factories.skills import make_occupation

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(user):
    return Plan.objects.create(user=user, title="Ward manager", started_on=date(2027, 1, 4))


def make_pause(plan, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 14), **changes):
    known = {"reason": "illness", "made_at": NOW, "form_key": uuid4(), **changes}
    return Pause.objects.create(plan=plan, starts_on=starts_on, ends_on=ends_on, **known)


def archive(plan):
    Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=NOW)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("plans_plan_title_given", {"title": " \t"}),
        ("plans_plan_five_priorities_at_most", {"priorities": list("123456")}),
        ("plans_plan_hours_in_a_week", {"hours_a_week": Decimal(0)}),
        ("plans_plan_hours_in_a_week", {"hours_a_week": Decimal("168.1")}),
        ("plans_plan_currency_code", {"currency": "eur"}),
        ("plans_plan_currency_code", {"currency": "EU"}),
        ("plans_plan_archived_at", {"state": "archived"}),
        ("plans_plan_archived_at", {"archived_at": NOW}),
        ("plans_plan_horizon_date", {"horizon": "date"}),
        ("plans_plan_horizon_date", {"horizon_on": date(2031, 1, 1)}),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(plan, constraint, changes):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**changes)


def test_a_second_active_plan_is_refused(plan):
    with pytest.raises(IntegrityError, match="plans_plan_one_active_per_user"), transaction.atomic():
        Plan.objects.create(user=plan.user, title="Another", started_on=plan.started_on)


@pytest.mark.parametrize("changes", [{"title": "New"}, {"state": "active", "archived_at": None}, {"priorities": ["x"]}])
def test_an_archived_plan_does_not_change(plan, changes):
    archive(plan)
    with pytest.raises(IntegrityError, match="plans_plan_readonly"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**changes)


def test_the_occupation_of_an_archived_plan_may_vanish_from_the_catalogue(plan):
    occupation = make_occupation()
    Plan.objects.filter(pk=plan.pk).update(target_occupation=occupation)
    archive(plan)
    occupation.delete()
    assert Plan.objects.get().target_occupation is None


def test_an_archived_plan_gets_no_pause_and_keeps_those_it_had(plan):
    pause = make_pause(plan)
    archive(plan)
    with pytest.raises(IntegrityError, match="plans_pause_readonly"), transaction.atomic():
        make_pause(plan, date(2027, 5, 1), date(2027, 5, 2))
    with pytest.raises(IntegrityError, match="plans_pause_readonly"), transaction.atomic():
        Pause.objects.filter(pk=pause.pk).update(note="later")


def test_pauses_of_one_plan_do_not_share_a_day(plan):
    make_pause(plan)
    with pytest.raises(IntegrityError, match="plans_pause_no_overlap"), transaction.atomic():
        make_pause(plan, date(2027, 3, 14), date(2027, 3, 20))
    assert make_pause(plan, date(2027, 3, 15), date(2027, 3, 20)).days == 6


def test_a_pause_ends_after_it_starts(plan):
    with pytest.raises(IntegrityError, match="plans_pause_ends_after_start"), transaction.atomic():
        Pause.objects.bulk_create(
            [Pause(plan=plan, starts_on=date(2027, 3, 2), ends_on=date(2027, 3, 1), made_at=NOW, form_key=uuid4())]
        )


def test_one_form_makes_one_pause(plan):
    key = make_pause(plan).form_key
    with pytest.raises(IntegrityError, match="plans_pause_form_key_once"), transaction.atomic():
        make_pause(plan, date(2027, 5, 1), date(2027, 5, 2), form_key=key)


def test_the_version_counts_changes(plan):
    for title in ("One", "One", "Two"):
        Plan.objects.filter(pk=plan.pk).update(title=title)
    assert Plan.objects.get().version == 3
