"""When reviews are due: the page of their schedule, and what their list says."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from careerplan.reviews import services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import ReviewSchedule
from careerplan.reviews.texts import reached_on_text
from tests.factories.goals import make_goal
from tests.factories.reviews import make_finished_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped_clock():
    with time_machine.travel("2027-04-04T12:00:00Z", tick=False):
        yield


def test_change_the_schedule(signed_in, goal):
    address = reverse("reviews:schedule")
    for cadence, next_on, field in (
        ("monthly", "2027-04-03", "next_on"),
        ("monthly", "2031-01-01", "next_on"),
        ("monthly", "", "next_on"),
        ("daily", "2027-05-01", "cadence"),
    ):
        page = signed_in.post(address, {"cadence": cadence, "next_on": next_on})
        assert list(page.context["form"].errors) == [field]
    assert ReviewSchedule.objects.get().cadence == "quarterly"
    assert signed_in.post(address, {"cadence": "monthly", "next_on": "2027-04-30"}).url == reverse("reviews:list")
    saved = ReviewSchedule.objects.get()
    assert (saved.cadence, saved.next_on) == ("monthly", date(2027, 4, 30))
    signed_in.post(address, {"cadence": "none", "next_on": "2027-04-30"})
    assert signed_in.get(reverse("reviews:list")).context["next"] is None


@pytest.mark.parametrize(
    ("cadence", "next_on", "new", "expected"),
    [
        ("quarterly", date(2027, 7, 4), "weekly", date(2027, 4, 11)),
        ("quarterly", date(2027, 4, 6), "weekly", date(2027, 4, 6)),  # nearer than a week
        ("weekly", date(2027, 4, 8), "yearly", date(2027, 4, 8)),
        ("none", None, "monthly", date(2027, 5, 4)),
    ],
)
def test_new_cadence_moves_an_untouched_date_nearer(signed_in, goal, cadence, next_on, new, expected):
    services.set_schedule(plan=goal.plan, cadence=Cadence(cadence), next_on=next_on)
    answers = {"cadence": new, "next_on": next_on or ""}
    page = signed_in.post(reverse("reviews:schedule"), answers, follow=True).content.decode()
    assert ReviewSchedule.objects.get().next_on == expected
    assert date_format(expected, "j M Y") in page


def test_date_chosen_with_a_new_cadence_is_saved(signed_in, goal):
    services.set_schedule(plan=goal.plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 7, 4))
    signed_in.post(reverse("reviews:schedule"), {"cadence": "weekly", "next_on": "2027-06-01"})
    assert ReviewSchedule.objects.get().next_on == date(2027, 6, 1)


def test_monthly_reviews_return_to_the_month_end(client, user):
    goal = make_goal(user)
    services.set_schedule(plan=goal.plan, cadence=Cadence.YEARLY, next_on=date(2028, 1, 4))
    with time_machine.travel("2027-01-31T12:00:00Z", tick=False):
        client.force_login(user)
        client.post(reverse("reviews:schedule"), {"cadence": "monthly", "next_on": "2028-01-04"})
    schedule = ReviewSchedule.objects.get()
    assert (schedule.next_on, schedule.rule.first_after(schedule.next_on)) == (date(2027, 2, 28), date(2027, 3, 31))


@pytest.mark.parametrize("is_made", [False, True])
def test_list_shows_the_due_review_and_the_next(client, user, is_made):
    """Whether or not the scheduled task has made the review."""
    with time_machine.travel("2027-04-05T12:00:00Z", tick=False):
        plan = make_goal(user).plan
        services.set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 9))
        client.force_login(user)
        assert client.get(reverse("reviews:list")).context["next"].due_on == date(2027, 4, 9)
    with time_machine.travel("2027-04-12T12:00:00Z", tick=False):
        if is_made:
            services.make_due_reviews(now=timezone.now())
        client.force_login(user)
        due = client.get(reverse("reviews:list")).context["next"]
    assert (due.due_on, due.is_due, due.then_on) == (date(2027, 4, 9), True, date(2027, 7, 9))


def test_list_names_the_day_of_the_newest_review(signed_in, user):
    make_goal(user)
    review = make_finished_review(user)
    text = reached_on_text(review, timezone.localdate(review.finished_at))
    assert text in signed_in.get(reverse("reviews:list")).content.decode()
