"""Two pauses that are ended or taken back, in any order."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.steps import add_step
from careerplan.planning.models import PauseMove
from careerplan.planning.services.pauses import end_pause, start_pause
from careerplan.plans.models import Pause, Plan
from tests.database import undone
from tests.factories.goals import NOW, make_goal, only_step

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START, END = date(2027, 3, 8), date(2027, 3, 21)  # 14 days
OTHER_START, OTHER_END = date(2027, 4, 5), date(2027, 4, 11)
MADE = datetime(2027, 3, 8, 9, tzinfo=UTC)
BEFORE = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def goal(user):
    """Due on 30 June with a step on 12 March."""
    return make_goal(user, step_due_on=date(2027, 3, 12))


def pause(user, starts_on=START, ends_on=END, *, key=None, now=MADE, note=""):
    data = {"starts_on": starts_on, "ends_on": ends_on, "reason": Pause.Reason.ILLNESS, "note": note}
    return start_pause(plan=Plan.objects.get(user=user), form_key=key or uuid4(), changes=data, now=now)


def dates():
    return (Goal.objects.get().due_on, ActionStep.objects.get().due_on)


def take_back(made, now=BEFORE + 2 * DAY):
    return end_pause(pause=made, today=BEFORE.date(), now=now)


@pytest.mark.parametrize("first", [0, 1])
def test_two_pauses_end_in_either_order_and_restore_every_date(user, goal, first):
    Goal.objects.update(stop_on=date(2027, 5, 1), stop_condition="six shifts")
    before = (*dates(), Goal.objects.get().stop_on)
    both = [pause(user, now=BEFORE), pause(user, OTHER_START, OTHER_END, now=BEFORE + DAY)]
    assert dates()[0] == date(2027, 7, 21)
    for made in (both[first], both[1 - first]):
        assert take_back(made).stay == []
    assert (*dates(), Goal.objects.get().stop_on) == before
    assert not PauseMove.objects.exists()


def test_date_changed_between_two_pauses_is_not_restored_and_is_listed(user, goal):
    one = pause(user, now=BEFORE)
    ActionStep.objects.update(due_on=date(2027, 4, 30))
    two = pause(user, OTHER_START, OTHER_END, now=BEFORE + DAY)
    assert take_back(one).stay == [only_step(goal).title]
    assert take_back(two).stay == []
    assert dates() == (date(2027, 6, 30), date(2027, 4, 30))


@time_machine.travel("2027-02-01T09:00:00Z", tick=False)
def test_page_lists_dates_that_are_not_restored(client, user, goal):
    client.force_login(user)
    made = pause(user, now=BEFORE)
    ActionStep.objects.update(due_on=date(2027, 4, 30))
    page = client.post(reverse("plans:pause-end"), {"pause": made.pk}, follow=True).content.decode()
    assert "You changed these dates during the pause, so we did not move them: “Ask for two late shifts”." in page


@given(
    days=st.lists(st.integers(0, 300), min_size=1, max_size=4),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cancelled_pauses_restore_every_date_in_any_order(user, days, lengths, order):
    with undone():
        goal = make_goal(user, due_on=date(2028, 6, 30), step_due_on=START + DAY * days[0])
        for day in days[1:]:
            data = {"title": "More", "due_on": START + DAY * day}
            add_step(goal=goal, changes=data, form_key=uuid4(), now=NOW)

        def everything():
            return [Goal.objects.get(pk=goal.pk).due_on, *goal.steps.order_by("pk").values_list("due_on", flat=True)]

        before, made = everything(), []
        for place, length in enumerate(order.sample(lengths, len(lengths))):
            first = START + DAY * 50 * place
            made.append(pause(user, first, first + DAY * (length - 1), now=BEFORE + place * DAY))
        order.shuffle(made)
        for one in made:
            assert take_back(one, now=BEFORE + 30 * DAY).stay == []
        assert everything() == before


@pytest.mark.parametrize("count", [1, 30])
def test_pause_query_count_is_constant(user, django_assert_num_queries, count):
    goal = make_goal(user)
    for _ in range(count):
        add_step(goal=goal, changes={"title": "More", "due_on": goal.due_on}, form_key=uuid4(), now=NOW)
    with django_assert_num_queries(14):
        made = pause(user, now=BEFORE)
    with django_assert_num_queries(14):
        take_back(made)
