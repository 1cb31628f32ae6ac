"""Reminders of closing dates and decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from careerplan.opportunities import services as opportunities
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Plan
from careerplan.reminders import services
from careerplan.reminders.forecast import upcoming
from careerplan.reminders.models import Reminder
from careerplan.reminders.queries.digests import filter_valid, list_notifications
from careerplan.reminders.texts import reminder_text
from tests.factories.goals import NOW
from tests.factories.opportunities import decline, make_opportunity, pursue

pytestmark = pytest.mark.django_db

CLOSES = date(2027, 3, 15)
DAY = timedelta(days=1)


@pytest.fixture
def opportunity(user):
    """It closes on 15 March, London time; there are no goals."""
    return make_opportunity(user, closes_on=CLOSES, organisation="Northgate")


def run_day(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return services.create_due_reminders(as_of=moment, now=moment)


def reminders_sent(channel="mail"):
    rows = Reminder.objects.filter(channel=channel).order_by("id")
    return list(rows.values_list("kind", "due_on", "lead_days"))


def test_closing_date_reminders_7_2_and_0_days_before(opportunity):
    days = [CLOSES - n * DAY for n in range(9, -3, -1)]
    assert [run_day(day) for day in days] == [0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0]
    assert reminders_sent() == reminders_sent("app") == [("opportunity_closing", CLOSES, lead) for lead in (7, 2, 0)]


def test_no_reminder_after_the_closing_date(opportunity):
    assert run_day(CLOSES + DAY) == 0
    assert reminders_sent("app") == []


def test_opportunity_added_late_has_a_reminder_at_the_next_lead_time(user):
    make_opportunity(user, closes_on=NOW.date() + 5 * DAY, now=NOW)
    assert [run_day(NOW.date() + n * DAY) for n in range(1, 6)] == [0, 0, 1, 0, 1]


def test_lead_times_and_muted_kinds_follow_the_preferences(user, opportunity):
    services.save_preferences(user=user, opportunity_leads=[14, 1], muted_kinds=[])
    assert [run_day(CLOSES - n * DAY) for n in (14, 7, 2, 1, 0)] == [1, 0, 0, 1, 0]
    services.stop_kinds(user=user, kinds=["opportunity_closing"])
    Opportunity.objects.update(closes_on=CLOSES + 20 * DAY)
    assert run_day(CLOSES + 6 * DAY) == 0
    assert len(reminders_sent("app")) == 3  # the app still says so


@pytest.mark.parametrize(
    "change",
    [
        decline,
        lambda one: opportunities.mark_won(opportunity=pursue(one), now=NOW),
        lambda one: Plan.objects.update(state="archived", archived_at=NOW),
        lambda one: Opportunity.objects.update(closes_on=CLOSES + 20 * DAY),
        lambda one: opportunities.delete_opportunity(opportunity=one),
    ],
)
def test_no_valid_reminder_about_a_decided_archived_moved_or_deleted_opportunity(opportunity, change):
    run_day(CLOSES - 7 * DAY)
    change(Opportunity.objects.get())
    assert filter_valid(Reminder.objects.all()) == []
    assert run_day(CLOSES - 2 * DAY) == 0


def test_pursued_opportunity_still_closes(opportunity):
    pursue(opportunity)
    assert run_day(CLOSES - 2 * DAY) == 1
    assert len(filter_valid(Reminder.objects.all())) == 2


def test_one_reminder_ninety_days_after_a_decision(user, opportunity):
    decline(opportunity)  # on 4 January
    on = NOW.date()
    assert [run_day(on + n * DAY) for n in (89, 90, 91, 97, 120)] == [0, 1, 0, 0, 0]
    assert reminders_sent() == [("opportunity_outcome_review", on, -90)]
    opportunities.review_outcome(
        opportunity=opportunity, outcome_review="yes", note="", now=NOW + 91 * DAY, today=on + 91 * DAY
    )
    assert filter_valid(Reminder.objects.all()) == []


def test_new_decision_has_a_new_reminder(opportunity):
    decline(opportunity)
    assert run_day(NOW.date() + 90 * DAY) == 1
    opportunities.reopen_opportunity(opportunity=opportunity)
    decline(opportunity, now=NOW + 91 * DAY)
    assert filter_valid(Reminder.objects.all()) == []
    assert run_day(NOW.date() + 180 * DAY) == 0
    assert run_day(NOW.date() + 181 * DAY) == 1


def test_texts_of_opportunity_reminders(user, opportunity):
    run_day(CLOSES - 7 * DAY)
    [row] = filter_valid(Reminder.objects.in_app())
    words = reminder_text(row, CLOSES - 7 * DAY)
    assert (words.mark, words.mark_kind, words.when) == ("In 7 days", "soon", "Closing date: Mon 15 Mar 2027")
    assert (words.title, words.detail) == ("Ward manager, ward 12", "Opportunity: Northgate")
    assert (words.status, words.action, words.path) == (
        "Closing date in 7 days",
        "Open the opportunity",
        opportunity.get_absolute_url(),
    )
    assert reminder_text(row, CLOSES + DAY).status == "Closed on Mon 15 Mar 2027"
    Reminder.objects.all().delete()
    decline(opportunity)
    run_day(NOW.date() + 90 * DAY)
    [row] = list_notifications(user).new
    words = reminder_text(row, NOW.date() + 90 * DAY)
    assert words.mark == words.status
    assert "Mon 4 Jan 2027" in words.when
    assert words.path == reverse("opportunities:look-back", args=[opportunity.pk])


def test_opportunities_are_in_the_forecast(user, opportunity):
    mails = upcoming(user, datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert [(mail.day, [row.lead_days for row in mail.reminders]) for mail in mails] == [
        (CLOSES - lead * DAY, [lead]) for lead in (7, 2, 0)
    ]
    assert not Reminder.objects.exists()


def test_settings_have_both_kinds_and_the_lead_times(signed_in, user):
    form = signed_in.get(reverse("reminders:settings")).context["form"]
    kinds = {value for value, _label in form.fields["kinds"].choices}
    assert {"opportunity_closing", "opportunity_outcome_review"} <= kinds
    assert 2 in dict(form.fields["opportunity_leads"].choices)
    signed_in.post(reverse("reminders:settings"), {"hour": "8", "weekly_maximum": "7", "opportunity_leads": ["30"]})
    user.refresh_from_db()
    assert user.reminder_preferences.opportunity_leads == [30]


def test_day_is_local(user):
    user.time_zone = "Asia/Tokyo"
    user.save()
    make_opportunity(user, closes_on=CLOSES)
    moment = datetime(2027, 3, 14, 23, 0, tzinfo=UTC)  # 8:00 on the 15th in Tokyo
    assert services.create_due_reminders(as_of=moment - timedelta(minutes=1), now=moment) == 0
    assert services.create_due_reminders(as_of=moment, now=moment) == 1
    assert reminders_sent()[-1] == ("opportunity_closing", CLOSES, 0)
