"""What goes into a calendar, and what does not; what stays the same about it while the plan changes."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from careerplan.calendar_feed import queries
from careerplan.calendar_feed.ics import render_calendar
from careerplan.calendar_feed.models import CalendarPart
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import ClosingNotes, close_goal, confirm_stop_rule
from careerplan.goals.services.steps import complete_step, drop_step, start_step
from careerplan.opportunities.models import Opportunity
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.planning.services.pauses import start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Preferences
from careerplan.reviews import services as reviews
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import ReviewSchedule
from tests.factories.goals import NOW, NOW_ON, add_steps, make_goal
from tests.factories.opportunities import decline, make_opportunity
from tests.factories.reviews import start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REVIEW = "Review of my plan"


@pytest.fixture(autouse=True)
def _as_asked(settings):
    settings.BASE_URL = "https://plan.example"


def days(parts, without=REVIEW):
    """Summaries with the days they stand on."""
    return {
        part["SUMMARY"].text: part["DTSTART" if part.name == "VEVENT" else "DUE"].value
        for part in parts
        if part["SUMMARY"].text != without
    }


def uids(parts):
    return {part["UID"].value for part in parts}


def by(parts, summary):
    (found,) = (part for part in parts if part["SUMMARY"].text == summary)
    return found


def make_everything(user):
    """A goal with a stop rule and a step, and an opportunity."""
    goal = make_goal(user, title="Lead", due_on=date(2027, 6, 30))
    Goal.objects.filter(pk=goal.pk).update(stop_on=date(2027, 5, 1), stop_condition="six shifts, or more")
    make_opportunity(user, "Ward manager", closes_on=date(2027, 3, 9), organisation="St Mary's; London")
    goal.refresh_from_db()
    return goal


def test_calendar_has_every_date_of_the_plan(user, calendar):
    make_everything(user)
    found = calendar(user)
    assert days(found) == {
        "Goal: Lead": "20270630",
        "Ask for two late shifts": "20270501",
        "Keep going or stop: Lead": "20270501",
        "Closing date: Ward manager": "20270309",
    }
    rule = by(found, "Keep going or stop: Lead")["DESCRIPTION"].text
    assert rule.startswith("I will stop unless: six shifts, or more\nhttps://plan.example/goals/")
    assert by(found, "Closing date: Ward manager")["DESCRIPTION"].text.startswith("St Mary's; London\n")
    assert by(found, "Ask for two late shifts")["DESCRIPTION"].text.startswith("Step for your goal “Lead”\n")
    assert {part.name for part in found} == {"VEVENT"}


def test_calendar_has_the_reviews_of_a_year(user, calendar):
    goal = make_goal(user)
    reviews.set_schedule(plan=goal.plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 3, 31))
    found = [part["DTSTART"].value for part in calendar(user) if part["SUMMARY"].text == REVIEW]
    assert found == ["20270331", "20270630", "20270930", "20271231", "20280331"]


def test_review_keeps_its_uid_until_it_is_finished(user, calendar):
    goal = make_goal(user)
    reviews.set_schedule(plan=goal.plan, cadence=Cadence.MONTHLY, next_on=date(2027, 2, 1))
    before = [part for part in calendar(user) if part["SUMMARY"].text == REVIEW]
    on_the_day = datetime(2027, 2, 1, 12, tzinfo=NOW.tzinfo)
    assert reviews.make_due_reviews(now=on_the_day) == 1
    after = [part for part in calendar(user) if part["SUMMARY"].text == REVIEW]
    assert ReviewSchedule.objects.get(plan=goal.plan).next_on == date(2027, 3, 1)
    assert after[0]["UID"] == before[0]["UID"]
    assert uids(before) <= uids(after)
    review = start(user, on_the_day)
    reviews.finish_review(review=review, now=on_the_day + timedelta(minutes=5), today=on_the_day.date())
    finished = [part for part in calendar(user) if part["SUMMARY"].text == REVIEW]
    assert uids(after) - uids(finished) == {before[0]["UID"].value}


def test_no_reviews_without_an_open_goal(user, calendar):
    goal = make_goal(user)
    assert REVIEW in {part["SUMMARY"].text for part in calendar(user)}
    words = ClosingNotes(closing_note="", worth=None, learned="")
    close_goal(goal=goal, outcome=Goal.State.LET_GO, notes=words, today=NOW_ON, now=NOW)
    assert calendar(user) == []


def test_finished_entries_are_left_out_by_default(user, calendar, save_settings):
    goal = make_everything(user)
    late, dropped = add_steps(goal, "Done late", "Dropped")
    complete_step(step=late, now=datetime(2027, 1, 10, 23, 30, tzinfo=NOW.tzinfo))
    drop_step(step=dropped, now=NOW)
    confirm_stop_rule(goal=goal, now=NOW)
    reached, gone = make_goal(user, title="Reached"), make_goal(user, title="Gone")
    for one, outcome in ((reached, Goal.State.REACHED), (gone, Goal.State.LET_GO)):
        words = ClosingNotes(closing_note="", worth=None, learned="", final_value=12)
        close_goal(goal=one, outcome=outcome, notes=words, today=NOW_ON, now=NOW)
    decline(Opportunity.objects.get())
    usual = {"Goal: Lead": "20270630", "Ask for two late shifts": "20270501"}
    assert days(calendar(user)) == usual
    save_settings(user, with_done=True)
    asked = days(calendar(user))
    assert asked == usual | {"Done: Done late": "20270110", "Done: Goal: Reached": "20270104"}


def test_finished_entry_has_the_local_day_of_its_owner(other_user, calendar, save_settings):
    other_user.time_zone = "Pacific/Auckland"
    other_user.save()
    goal = make_goal(other_user, title="Lead")
    (step,) = add_steps(goal, "Late at night")
    complete_step(step=step, now=datetime(2027, 1, 10, 23, 30, tzinfo=NOW.tzinfo))
    save_settings(other_user, [CalendarPart.STEPS], with_done=True)
    assert days(calendar(other_user))["Done: Late at night"] == "20270111"


@pytest.mark.parametrize(
    ("part", "summary"),
    [
        (CalendarPart.GOALS, "Goal: Lead"),
        (CalendarPart.STEPS, "Ask for two late shifts"),
        (CalendarPart.STOP_RULES, "Keep going or stop: Lead"),
        (CalendarPart.REVIEWS, REVIEW),
        (CalendarPart.OPPORTUNITIES, "Closing date: Ward manager"),
    ],
)
def test_calendar_has_only_the_chosen_parts(user, calendar, save_settings, part, summary):
    make_everything(user)
    save_settings(user, [part])
    assert set(days(calendar(user), without=None)) == {summary}


@pytest.mark.parametrize("steps_as_todos", [True, False])
def test_step_without_a_day_has_an_entry_when_it_is_done(user, calendar, save_settings, steps_as_todos):
    goal = make_goal(user)
    add_steps(goal, "Look around", due_on=None)
    [done] = add_steps(goal, "Over", due_on=None)
    complete_step(step=done, now=NOW)
    save_settings(user, [CalendarPart.STEPS], steps_as_todos=steps_as_todos, with_done=True)
    summaries = {part["SUMMARY"].text.removeprefix("Done: ") for part in calendar(user)}
    assert summaries == {"Ask for two late shifts", "Over"}


def test_repeating_step_has_an_entry_each_time_that_stays_when_it_is_done(user, calendar, save_settings):
    goal = make_goal(user, due_on=date(2027, 1, 31))
    first, second, third, fourth = (date(2027, 1, 8) + n * 7 * DAY for n in range(4))
    [step] = add_steps(goal, "Practise", due_on=first, repeats="weekly:1:5")
    save_settings(user, [CalendarPart.STEPS], with_done=True)

    def times():
        parts = [part for part in calendar(user) if "Practise" in part["SUMMARY"].text]
        return {part["UID"].value: (part["SUMMARY"].text, part["DTSTART"].value) for part in parts}

    before = times()
    assert [day for _title, day in sorted(before.values(), key=lambda time: time[1])] == [
        f"{day:%Y%m%d}" for day in (first, second, third, fourth)
    ]
    complete_step(step=step, now=NOW)
    after = times()
    assert before.keys() == after.keys()
    assert ("Done: Practise", f"{NOW_ON:%Y%m%d}") in after.values()
    save_settings(user, [CalendarPart.STEPS], steps_as_todos=True)
    [task] = [part for part in calendar(user) if part["SUMMARY"].text == "Practise"]
    assert task["DUE"].value == f"{second:%Y%m%d}"


def test_steps_as_todos(user, calendar, save_settings):
    goal = make_goal(user, title="Lead")
    started, done = add_steps(goal, "Started", "Over")
    start_step(step=started)
    complete_step(step=done, now=NOW)
    save_settings(user, [CalendarPart.GOALS, CalendarPart.STEPS], steps_as_todos=True, with_done=True)
    found = calendar(user)
    assert {part["SUMMARY"].text: part["STATUS"].value for part in found if part.name == "VTODO"} == {
        "Ask for two late shifts": "NEEDS-ACTION",
        "Started": "IN-PROCESS",
        "Over": "COMPLETED",
    }
    assert by(found, "Over")["DUE"].value == "20270630"
    assert by(found, "Goal: Lead").name == "VEVENT"


def test_archived_plan_is_left_out(user, calendar):
    goal = make_everything(user)
    start_new_plan(plan=goal.plan, title="Next", closing_notes="", carried=set(), now=NOW)
    assert set(days(calendar(user), without=None)) == {"Closing date: Ward manager"}  # it came along


def test_calendar_without_a_plan_is_empty(user, calendar):
    assert calendar(user) == []


def test_calendars_of_two_users_are_separate(user, other_user, calendar):
    make_everything(user)
    make_everything(other_user)
    mine, theirs = calendar(user), calendar(other_user)
    assert days(mine) == days(theirs)
    assert uids(mine).isdisjoint(uids(theirs))


def test_change_keeps_the_uid_and_raises_the_sequence(user, calendar):
    goal = make_everything(user)
    before = {part["UID"].value: part for part in calendar(user)}
    Goal.objects.update(title="Renamed", due_on=date(2027, 8, 1), stop_on=date(2027, 7, 1))
    ActionStep.objects.update(title="Renamed, too", due_on=date(2027, 7, 20), state="in_progress")
    Opportunity.objects.update(title="Another", closes_on=date(2027, 4, 1))
    Plan.objects.update(title="My plan")
    after = {part["UID"].value: part for part in calendar(user)}
    assert set(after) == set(before)
    for uid, part in after.items():
        assert int(part["SEQUENCE"].value) > int(before[uid]["SEQUENCE"].value)
        assert part["LAST-MODIFIED"].value >= before[uid]["LAST-MODIFIED"].value
    step = by(list(after.values()), "Renamed, too")["SEQUENCE"].value
    Goal.objects.filter(pk=goal.pk).update(title="Once more")
    assert int(by(calendar(user), "Renamed, too")["SEQUENCE"].value) > int(step)


def test_same_data_renders_the_same_bytes(user):
    make_everything(user)
    feed = queries.feed_for(user)
    assert render_calendar(queries.calendar_contents(feed)) == render_calendar(
        queries.calendar_contents(queries.feed_for(user))
    )


def test_no_alert_by_default(user, calendar):
    make_everything(user)
    assert all(not part.parts for part in calendar(user))


def test_alert_is_at_the_reminder_hour_and_never_in_a_pause(user, calendar, save_settings):
    Preferences.objects.create(user=user, hour=6)
    goal = make_goal(user, title="Lead", due_on=date(2027, 6, 30), step_due_on=date(2027, 6, 1))
    done, last, after = add_steps(goal, "Done", "Last day", "Day after")
    complete_step(step=done, now=NOW)
    ActionStep.objects.filter(pk=last.pk).update(due_on=date(2027, 3, 11))
    ActionStep.objects.filter(pk=after.pk).update(due_on=date(2027, 3, 12))
    pause = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 10)}
    Pause.objects.create(plan=goal.plan, **pause, reason="leave", made_at=NOW, form_key=uuid4())
    save_settings(user, [CalendarPart.GOALS, CalendarPart.STEPS], alarm_days=1, with_done=True)
    found = calendar(user)
    rings = {part["SUMMARY"].text: [alarm["TRIGGER"].value for alarm in part.parts] for part in found}
    assert rings == {
        "Goal: Lead": ["-PT18H"],
        "Ask for two late shifts": ["-PT18H"],
        "Done: Done": [],
        "Last day": [],
        "Day after": ["-PT18H"],
    }


def test_entry_moved_by_a_pause(user, calendar, save_settings):
    goal = make_goal(user, title="Lead", due_on=date(2027, 6, 30))
    save_settings(user, [CalendarPart.GOALS])
    before = calendar(user)
    data = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 10), "reason": "leave", "note": ""}
    start_pause(plan=goal.plan, form_key=uuid4(), changes=data, now=NOW)
    after = calendar(user)
    assert days(after) == {"Goal: Lead": "20270710"}
    assert uids(before) == uids(after)


@pytest.mark.parametrize("many", [1, 30])
@pytest.mark.parametrize(("alarm_days", "count"), [(None, 7), (1, 9)])
def test_number_of_queries_is_constant(user, save_settings, django_assert_num_queries, many, alarm_days, count):
    for n in range(many):
        goal = make_goal(user, title=f"Goal {n}")
        add_steps(goal, "More", "And more")
        make_opportunity(user, f"Chance {n}", closes_on=date(2027, 3, 9))
    feed = save_settings(user, alarm_days=alarm_days, with_done=True)
    with django_assert_num_queries(count):
        found = queries.calendar_contents(feed)
    assert len(found.entries) >= 5 * many
