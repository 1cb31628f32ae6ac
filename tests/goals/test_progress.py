"""Entries: recorded once, never lost, shown where the goal stands."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from careerplan.goals.forms.closing import EndingForm
from careerplan.goals.forms.progress import ProgressEntryForm
from careerplan.goals.models import Goal, ProgressEntry
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.progress import (
    NotMeasuredByNumber,
    ProgressInFuture,
    record_progress,
    remove_entry,
    restore_entry,
)
from tests.factories.goals import NOW, NOW_ON, make_entry, make_goal

pytestmark = pytest.mark.django_db

YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def goal(user):
    return make_goal(user, starts_on=date(2026, 12, 1))


def record(goal, value=3, *, key=None, measured_on=NOW_ON, note=""):
    data = {"value": Decimal(value), "measured_on": measured_on, "note": note}
    return record_progress(goal=goal, changes=data, form_key=key or uuid4(), now=NOW, today=NOW_ON)


def send(client, goal, **answers):
    data = {"value": "3", "form_key": str(uuid4()), **answers}
    return client.post(reverse("goals:record", args=[goal.pk]), data)


def test_labels_have_no_bare_percent_sign():
    goal = Goal(measure_kind="number", unit="%")
    closing = EndingForm(None)
    closing.ask_for_figure(goal)
    assert ProgressEntryForm(None, goal=goal, today=NOW_ON).fields["value"].label == "Percentage now"
    assert closing.fields["final_value"].help_text == "A percentage. We save it as today's progress."


def test_progress_form_sent_twice_records_once_unless_changed(goal):
    key = uuid4()
    assert record(goal, 3, key=key) == record(goal, 3, key=key)
    record(goal, 4, key=key)
    assert list(goal.progress_entries.values_list("value", flat=True)) == [3, 4]


def test_progress_entry_in_the_future_is_refused(goal):
    with pytest.raises(ProgressInFuture):
        record(goal, measured_on=NOW_ON + timedelta(days=1))
    assert goal.progress_entries.count() == 0


def test_yes_no_goal_takes_no_entry(user):
    with pytest.raises(NotMeasuredByNumber):
        record(make_goal(user, measure=YES_NO))


def test_closed_goal_takes_no_entry_and_removes_none(goal):
    entry = record(goal)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    with pytest.raises(GoalIsClosed):
        record(goal)
    with pytest.raises(GoalIsClosed):
        remove_entry(entry=entry, now=NOW)
    assert list(goal.progress_entries.values_list("removed_at", flat=True)) == [None]


def test_entry_is_removed_and_restored(goal):
    entry = record(goal)
    remove_entry(entry=entry, now=NOW)
    remove_entry(entry=entry, now=NOW + timedelta(days=1))
    assert ProgressEntry.objects.get().removed_at == NOW
    for _ in range(2):
        restore_entry(entry=entry)
    assert ProgressEntry.objects.get().removed_at is None


# What the database refuses, whoever tries.


def refuses(rule, write):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        _in_full(write)


def _in_full(write):
    """Write, and have looked at what is otherwise looked at when the transaction ends."""
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_entry_is_immutable(goal):
    found = ProgressEntry.objects.filter(pk=record(goal).pk)
    for change in (
        {"value": 4},
        {"measured_on": NOW_ON - timedelta(days=1)},
        {"note": "No"},
        {"recorded_at": NOW - timedelta(days=1)},
    ):
        refuses("goals_progressentry_kept", lambda change=change: found.update(**change))


def test_entry_of_a_yes_no_goal_is_refused(user):
    goal = make_goal(user, measure=YES_NO)
    entry = ProgressEntry(goal=goal, measured_on=NOW_ON, value=1, recorded_at=NOW)
    refuses("goals_progressentry_of_number", entry.save)


def test_entries_of_a_closed_goal_are_read_only(goal):
    entry = record(goal)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    refuses("goals_progressentry_readonly", ProgressEntry(goal=goal, measured_on=NOW_ON, value=1, recorded_at=NOW).save)
    refuses("goals_progressentry_readonly", lambda: ProgressEntry.objects.update(removed_at=NOW))
    refuses("goals_progressentry_readonly", entry.delete)


def test_entry_form_key_is_unique(goal):
    copy = ProgressEntry.objects.get(pk=record(goal).pk)
    copy.pk = None
    refuses("goals_progressentry_form_key_once", copy.save)


def test_goal_with_entries_stays_measured_with_a_number(goal):
    entry = record(goal)
    yes_no = {"measure_kind": "yes_no", "unit": "", "start_value": None, "target_value": None, "done_when": "It is"}
    refuses("goals_goal_measured", lambda: Goal.objects.update(**yes_no))
    remove_entry(entry=entry, now=NOW)
    assert Goal.objects.update(**yes_no) == 1


# The pages.


def test_progress_is_recorded_for_today(signed_in, goal):
    response = send(signed_in, goal, value="3,5", note="Two nights")
    assert response.url == goal.get_absolute_url()
    entry = ProgressEntry.objects.get()
    assert (entry.value, entry.measured_on, entry.note) == (Decimal("3.5"), NOW_ON, "Two nights")
    page = signed_in.get(response.url).content.decode()
    assert "Recorded. Lead 12 shifts as nurse in charge: 3.5 of 12 shifts." in page
    assert "29% done. 16% of the time used." in page
    assert "On track" in page


@pytest.mark.parametrize(("place", "route"), [("goals", "goals:list"), ("today", "dashboard:today")])
def test_recording_redirects_to_the_previous_page(signed_in, goal, place, route):
    shown = signed_in.get(reverse(route)).content.decode()
    address = reverse("goals:record", args=[goal.pk])
    assert f'href="{address}?from={place}"' in shown
    form = signed_in.get(address, {"from": place}).content.decode()
    assert f'name="from" value="{place}"' in form
    assert send(signed_in, goal, **{"from": place}).url == reverse(route)


def test_recording_never_redirects_to_another_site(signed_in, goal):
    assert send(signed_in, goal, **{"from": "https://example.org"}).url == goal.get_absolute_url()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"value": ""}, "Enter the current number, such as 35."),
        ({"value": "many"}, "Enter a number, such as 35 or 3.5."),
        ({"value": "1e30"}, "at most"),
        ({"measured_on": "2027-01-05"}, "5 Jan 2027 is in the future. Choose today, 4 Jan 2027, or an earlier day."),
        ({"note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_invalid_form_shows_errors_and_keeps_input(signed_in, goal, answers, message):
    response = send(signed_in, goal, **{"note": "Two nights", "from": "goals", **answers})
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert answers.get("note", "Two nights") in page
    assert 'name="from" value="goals"' in page
    assert ProgressEntry.objects.count() == 0


def test_earlier_day_can_be_recorded_and_the_newest_counts(signed_in, goal):
    send(signed_in, goal, value="6")
    send(signed_in, goal, value="2", measured_on="2026-12-20")
    assert "6 <small>of 12 shifts</small>" in signed_in.get(goal.get_absolute_url()).content.decode()


def test_progress_of_a_yes_no_goal_redirects_to_its_steps(signed_in, user):
    goal = make_goal(user, measure=YES_NO)
    response = signed_in.get(reverse("goals:record", args=[goal.pk]), follow=True)
    assert response.redirect_chain[-1][0] == goal.get_absolute_url()
    assert len(response.context["messages"]) == 1
    shown = signed_in.get(reverse("goals:list")).content.decode()
    assert reverse("goals:record", args=[goal.pk]) not in shown
    assert f"{goal.get_absolute_url()}#step-{goal.steps.get().pk}" in shown


def test_removed_entry_is_listed_and_not_counted(signed_in, goal):
    make_entry(goal, 2, measured_on=date(2026, 12, 20))
    wrong = make_entry(goal, 60)
    signed_in.post(reverse("goals:entry-remove", args=[wrong.pk]))
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert "2 <small>of 12 shifts</small>" in page
    assert re.search(r"<s\s*>60</s>", page)
    assert "Restore" in page
    signed_in.post(reverse("goals:entry-restore", args=[wrong.pk]))
    assert "60 <small>of 12 shifts</small>" in signed_in.get(goal.get_absolute_url()).content.decode()


def test_number_at_its_target_asks_whether_the_goal_is_reached(signed_in, goal):
    question = "You have reached your target of 12 shifts. Is the goal reached?"
    send(signed_in, goal, value="11.99")
    assert question not in signed_in.get(goal.get_absolute_url()).content.decode()
    send(signed_in, goal, value="12")
    assert question in signed_in.get(goal.get_absolute_url()).content.decode()


def test_closed_goal_shows_progress_without_a_form(signed_in, goal):
    make_entry(goal, 12)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert "12 <small>of 12 shifts</small>" in page
    assert 'id="id_value"' not in page
    assert "entry-remove" not in page
    assert "This goal was closed in another tab" in send(signed_in, goal).content.decode()
    assert ProgressEntry.objects.count() == 1


@pytest.mark.parametrize("count", [1, 300])
def test_goal_page_query_count_is_constant_for_entries(signed_in, goal, django_assert_num_queries, count):
    ProgressEntry.objects.bulk_create(
        ProgressEntry(
            goal=goal, measured_on=NOW_ON - timedelta(days=n), value=n % 12, recorded_at=NOW, note="Note " * 20
        )
        for n in range(count)
    )
    # user, goal, steps, resources, entries, skills; people who see it; reminders
    with django_assert_num_queries(8):
        page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert len(page.encode()) < 60_000
    assert page.count('class="c-dot"') == min(count, 40)
    every = signed_in.get(reverse("goals:progress", args=[goal.pk])).content.decode()
    assert every.count("<tr>") == 1 + min(count, 100)


def test_removed_entry_is_not_restored_to_a_yes_no_goal(signed_in, user):
    goal = make_goal(user)
    entry = remove_entry(entry=make_entry(goal), now=NOW)
    Goal.objects.filter(pk=goal.pk).update(
        measure_kind="yes_no", unit="", start_value=None, target_value=None, done_when="A signed contract"
    )
    with pytest.raises(NotMeasuredByNumber):
        restore_entry(entry=entry)
    signed_in.post(reverse("goals:entry-restore", args=[entry.pk]))
    assert not goal.progress_entries.counted().exists()
