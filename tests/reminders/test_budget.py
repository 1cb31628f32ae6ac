"""The weekly maximum, fewer mails for people who do not answer, none in a pause; and notifications."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from careerplan.goals.models import ActionStep
from careerplan.goals.services.steps import complete_step
from careerplan.reminders.activity import record_activity
from careerplan.reminders.forecast import upcoming
from careerplan.reminders.models import Digest, Reminder, UserActivity
from careerplan.reminders.queries import digests
from careerplan.reminders.queries.digests import attention_for, list_notifications
from careerplan.reminders.queries.preferences import goal_reminder_settings
from careerplan.reminders.services import (
    create_due_reminders,
    mark_notifications_seen,
    save_goal_reminders,
    save_preferences,
)
from tests.factories.goals import NOW, make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.reminders.days import FIRST, MADE, be_there, daily, due_daily, pause, reminders_sent, run_day
from tests.reminders.rounds import send_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(user):
    """A person who was active at the start."""
    UserActivity.objects.create(user=user, seen_at=MADE)


def test_reminders_over_the_weekly_maximum_are_in_the_next_mail(user):
    daily(user)
    save_preferences(user=user, weekly_maximum=2)
    counts = []
    for day in range(14):
        counts.append(sum(run_day(day)))
        be_there(user, day)
    assert counts == [1, 1, 0, 0, 0, 0, 0, 6, 1, 0, 0, 0, 0, 0]


def test_one_mail_a_week_after_three_unanswered_ones(user):
    daily(user)
    assert [sum(run_day(day)) for day in range(14)] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0]


def test_what_is_due_today_or_tomorrow_is_never_held_back(user):
    """Neither by the weekly maximum nor because mails stay unanswered."""
    due_daily(user)
    save_preferences(user=user, weekly_maximum=1)
    assert [sum(run_day(day)) for day in range(14)] == [1] * 14


def test_mail_that_is_not_held_back_brings_what_was(user):
    daily(user, days=7)
    save_preferences(user=user, weekly_maximum=1, step_leads=[30, 1], opportunity_leads=[7, 2])
    make_goal(user, step_due_on=FIRST.date() + timedelta(days=4))
    make_opportunity(user, closes_on=FIRST.date() + timedelta(days=6))
    counts = []
    for day in range(7):
        counts.append(sum(run_day(day)))
        be_there(user, day)
    # the step for tomorrow on the third day; the opportunity is reminded of two days before, held, and then closes
    assert counts == [3, 0, 0, 4, 0, 3, 0]


def held_back_in(mail) -> set[str]:
    """Titles of steps that a mail says will not be mailed, in text and HTML alike."""
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    titles = set(re.findall(r"^- (Step \d+)\.", text, re.MULTILINE))
    assert titles == set(re.findall(r'<span dir="auto">(Step \d+)</span>', html))
    return titles


def mails_of(user, mail_box, days):
    """Send on some days, and return what each mail says will not be mailed, by day."""
    found = {}
    for day in range(days):
        at = FIRST + timedelta(days=day)
        if send_at(at, lambda at=at: at):
            found[day] = held_back_in(mail_box.to(user.email)[-1])
    return found


@pytest.fixture
def numbered(user):
    """A reminder on each day, about "Step n" on day n, which is due 30 days later."""
    daily(user, days=10)
    for n, step in enumerate(ActionStep.objects.order_by("due_on")):
        ActionStep.objects.filter(pk=step.pk).update(title=f"Step {n}")
    return user


def test_last_mail_before_silence_says_what_will_not_be_mailed(numbered, mail_box):
    mails = mails_of(numbered, mail_box, 3)
    assert mails == {0: set(), 1: set(), 2: {f"Step {n}" for n in range(3, 8)}}  # five, and the number of the rest


def test_last_mail_of_the_weekly_maximum_says_what_will_not_be_mailed(numbered, mail_box):
    save_preferences(user=numbered, weekly_maximum=2)
    mails = mails_of(numbered, mail_box, 2)
    assert mails == {0: set(), 1: {f"Step {n}" for n in range(2, 7)}}


def test_last_mail_before_a_pause_says_what_will_not_be_mailed(numbered, mail_box):
    pause(numbered, date(2027, 3, 2), date(2027, 3, 4))
    assert mails_of(numbered, mail_box, 1) == {0: {"Step 1", "Step 2", "Step 3"}}


def test_only_the_first_mail_after_three_unanswered_ones_asks_for_feedback(user, mail_box):
    daily(user, days=30)
    for day in range(30):
        at = FIRST + timedelta(days=day)
        assert len(send_at(at, lambda at=at: at)) == (day in {0, 1, 2, 9, 16, 23})
    asking = []
    for mail in mail_box.to(user.email):
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        links = [body.count(reverse("reminders:settings")) for body in (text, html)]
        assert links[0] == links[1]
        asks = links[0] == 2  # at the question, and at the end as in every mail
        asking.append(asks)
    assert asking == [False, False, False, True, False, False]


def test_no_question_to_someone_active_since_the_digest_was_created(user, mail_box):
    daily(user)
    for day in range(3):
        run_day(day)
    at = FIRST + timedelta(days=9)
    create_due_reminders(as_of=at, now=at)
    assert Digest.objects.get(state="pending").asks_for_feedback
    later = at + timedelta(minutes=5)
    record_activity(user=user, now=later)
    assert len(send_at(later, lambda: later)) == 1
    text = mail_box.to(user.email)[0].get_body(("plain",)).get_content()
    assert text.count(reverse("reminders:settings")) == 1


def test_activity_restores_the_mails_and_asks_for_feedback(user, signed_in):
    daily(user)
    assert [sum(run_day(day)) for day in range(5)] == [1, 1, 1, 0, 0]
    assert not attention_for(user).asks_for_feedback
    be_there(user, 4)
    assert attention_for(user).asks_for_feedback
    assert run_day(5) == [3]
    assert 'data-testid="feedback-question"' in signed_in.get(reverse("reminders:notifications")).content.decode()
    path = reverse("reminders:notifications")
    assert signed_in.post(reverse("reminders:keep"), headers={"referer": f"http://testserver{path}"}).url == path
    assert not attention_for(user).asks_for_feedback


def test_saving_settings_answers_the_feedback_question(user):
    UserActivity.objects.update(feedback_asked_at=NOW)
    save_preferences(user=user, hour=9)
    assert not attention_for(user).asks_for_feedback


def test_activity_is_recorded_at_sign_in_and_once_an_hour(user, client, time_machine):
    time_machine.move_to(FIRST, tick=False)
    client.force_login(user)
    assert UserActivity.objects.get().seen_at == FIRST
    for minutes, seen in ((59, FIRST), (60, FIRST + timedelta(hours=1))):
        time_machine.move_to(FIRST + timedelta(minutes=minutes), tick=False)
        client.get(reverse("reminders:sent"))
        assert UserActivity.objects.get().seen_at == seen


def test_pause_silences_both_channels_and_loses_nothing(user):
    daily(user, 3)
    pause(user, date(2027, 3, 1), date(2027, 3, 2))
    assert [sum(run_day(day)) for day in range(3)] == [0, 0, 3]


def test_muted_goal_and_muted_kind_appear_in_the_app_only(user):
    muted, open_ = (make_goal(user, step_due_on=FIRST.date()) for _ in range(2))
    save_goal_reminders(goal=muted, leads=[30, 7, 1, 0], is_muted=True)
    create_due_reminders(as_of=FIRST, now=FIRST)
    assert list(Reminder.objects.filter(channel="mail").values_list("goal", flat=True)) == [open_.pk]
    assert {row.goal_id for row in list_notifications(user).new} == {muted.pk, open_.pk}


def test_notifications_are_marked_as_read_and_disappear_when_done(user, signed_in):
    first, second = (make_goal(user, step_due_on=FIRST.date() + timedelta(days=n)) for n in (0, 8))
    create_due_reminders(as_of=FIRST, now=FIRST)
    assert attention_for(user).new == 1
    shown = list_notifications(user).last_id
    create_due_reminders(as_of=FIRST + timedelta(days=1), now=FIRST)
    signed_in.post(reverse("reminders:notifications-seen"), {"up_to": shown})
    notifications = list_notifications(user)
    assert second.pk in {row.goal_id for row in notifications.new}
    complete_step(step=only_step(first), now=NOW)
    complete_step(step=only_step(second), now=NOW)
    assert (list_notifications(user).new, list_notifications(user).seen) == ([], [])
    assert attention_for(user).new == 0


def test_as_many_new_notifications_are_listed_as_counted_newest_day_first(user, monkeypatch):
    monkeypatch.setattr(digests, "NOTIFICATIONS_SHOWN", 3)
    often, early, far = (make_goal(user, step_due_on=FIRST.date() + timedelta(days=n)) for n in (1, 7, 10))
    for day in range(4):
        create_due_reminders(as_of=FIRST + timedelta(days=day), now=FIRST)
    assert Reminder.objects.filter(channel="app", goal=often).count() >= 2
    assert [row.goal_id for row in list_notifications(user).new] == [far.pk, often.pk, early.pk]
    assert attention_for(user).new == 3


def test_notifications_of_other_people_do_not_change(user, other_user):
    make_goal(user, step_due_on=FIRST.date())
    create_due_reminders(as_of=FIRST, now=FIRST)
    assert mark_notifications_seen(user=other_user, up_to=10**9, now=FIRST) == 0
    assert attention_for(user).new == 1


def test_lead_times_of_a_goal_override_the_preferences(user):
    goal = make_goal(user, due_on=date(2027, 3, 20), step_due_on=date(2027, 3, 20))
    save_preferences(user=user, step_leads=[])
    save_goal_reminders(goal=goal, leads=[14], is_muted=False)
    for day in range(17):
        run_day(day)
        be_there(user, day)
    assert reminders_sent("goal_due") == [(date(2027, 3, 20), 14)]


def test_lead_times_equal_to_the_preferences_follow_them(user):
    goal = make_goal(user)
    assert save_goal_reminders(goal=goal, leads=[0, 1, 7, 30], is_muted=False).leads is None
    assert save_goal_reminders(goal=goal, leads=[], is_muted=False).leads == []


def test_goal_page_shows_the_next_reminder(user, signed_in, time_machine):
    time_machine.move_to(FIRST, tick=False)
    signed_in.force_login(user)
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    reminders = page[page.index('id="reminders"') :]
    for words in (
        "Fri 5 Mar 2027",
        "7 days before",
        "Ask for two late shifts",
        f'href="{reverse("reminders:upcoming")}"',
    ):
        assert words in reminders
    signed_in.post(reverse("reminders:goal", args=[goal.pk]), {"leads": ["7"], "is_muted": "on"})
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert f'href="{reverse("reminders:upcoming")}"' not in page[page.index('id="reminders"') :]
    assert goal_reminder_settings(goal, [], FIRST).next is None


def test_goal_page_promises_no_mail(user, signed_in, time_machine):
    """The one mail of this week is out, so the reminder comes after its day: only the forecast can know."""
    daily(user, days=1)
    save_preferences(user=user, weekly_maximum=1)
    run_day(0)
    goal = make_goal(user, due_on=date(2027, 6, 1), step_due_on=date(2027, 4, 2))  # reminded of on 3 March
    time_machine.move_to(FIRST + timedelta(hours=2), tick=False)
    signed_in.force_login(user)
    assert [mail.day for mail in upcoming(user, FIRST + timedelta(hours=2))] == [date(2027, 3, 8)]
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    reminders = page[page.index('id="reminders"') :]
    for words in ("Wed 3 Mar 2027", "Ask for two late shifts", "1 email in 7 days"):
        assert words in reminders
    assert "8:00" not in reminders


def test_no_second_reminder_after_a_change_of_hour(user):
    goal = make_goal(user, due_on=date(2027, 6, 30), step_due_on=date(2027, 3, 8))
    steps = [only_step(goal)]
    assert goal_reminder_settings(goal, steps, FIRST - timedelta(hours=1)).next.day == date(2027, 3, 1)
    run_day(0)
    save_preferences(user=user, hour=20)
    coming = goal_reminder_settings(goal, steps, FIRST + timedelta(hours=2)).next
    assert (coming.day, coming.days) == (date(2027, 3, 7), 1)


def test_settings_show_why_no_mail_is_sent(user, signed_in, time_machine):
    """The forecast shows the rule for unanswered mails, the settings show a pause and how to change it."""
    time_machine.move_to(FIRST, tick=False)
    signed_in.force_login(user)
    settings, plan_it = reverse("reminders:settings"), f'<a href="{reverse("plans:pause")}">'
    page = signed_in.get(settings).content.decode()
    assert plan_it not in page  # there is no plan yet
    make_goal(user)
    for route in ("settings", "upcoming"):
        page = signed_in.get(reverse(f"reminders:{route}")).content.decode()
        assert page.count('data-testid="unanswered-rule"') == page.count("is always emailed") == 1
    page = signed_in.get(settings).content.decode()
    assert f"{plan_it}Plan a pause</a>" in page
    pause(user, date(2027, 3, 1), date(2027, 3, 6))
    page = signed_in.get(settings).content.decode()
    for day in ("1 Mar 2027", "6 Mar 2027"):
        assert day in page
    assert f"{plan_it}Change" in page
    assert "Plan a pause" not in page
    time_machine.move_to(FIRST + timedelta(days=6), tick=False)
    signed_in.force_login(user)
    assert "Plan a pause" in signed_in.get(settings).content.decode()


def test_reminder_after_a_pause_has_fewer_days_left(user):
    goal = make_goal(user, due_on=date(2027, 6, 30), step_due_on=date(2027, 3, 12))
    pause(user, date(2027, 3, 4), date(2027, 3, 9))
    coming = goal_reminder_settings(goal, [only_step(goal)], FIRST).next
    assert (coming.day, coming.days) == (date(2027, 3, 10), 2)


def test_change_of_hour_or_zone_moves_unsent_mail(user):
    make_goal(user, step_due_on=date(2027, 3, 8))
    save_preferences(user=user, hour=20)
    assert [run_day(0, hours) for hours in (0, 11, 12)] == [[], [], [1]]
    user.time_zone = "Asia/Tokyo"  # 20:00 there is 11:00 UTC
    user.save()
    assert [run_day(6, hours) for hours in (2, 3)] == [[], [1]]


@pytest.mark.parametrize("count", [1, 30])
def test_number_of_queries_of_lists_is_constant(user, signed_in, django_assert_num_queries, count, time_machine):
    time_machine.move_to(FIRST, tick=False)
    signed_in.force_login(user)
    for _ in range(count):
        make_goal(user, step_due_on=date(2027, 3, 8))
    run_day(0)
    for page, queries in (("notifications", 5), ("sent", 3)):
        with django_assert_num_queries(queries):
            signed_in.get(reverse(f"reminders:{page}"))
