"""Closing: what is said is kept, once; the final figure is an entry; opening again keeps the words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from careerplan.goals.models import Goal, ProgressEntry
from careerplan.goals.services.goals import ClosingNotes, close_goal, reopen_goal
from tests.factories.goals import NOW, make_goal

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
WORDS = ClosingNotes(closing_note="Well.", learned="Ask earlier.", worth=4, final_value=Decimal(11))
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A contract"}


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel("2027-01-04T12:00:00Z", tick=False):
        yield


def close(goal, words=WORDS, outcome=Goal.State.PARTLY, now=NOW):
    return close_goal(goal=goal, outcome=outcome, notes=words, today=now.date(), now=now)


def read(goal, value, day=date(2027, 1, 2)):
    return ProgressEntry.objects.create(goal=goal, measured_on=day, value=value, recorded_at=NOW)


def test_closing_twice_saves_the_notes_once(user):
    goal = make_goal(user)
    close(goal)
    closed = close(goal, ClosingNotes(closing_note="Other"), Goal.State.LET_GO, NOW + timedelta(days=1))
    assert (closed.state, closed.closing_note, closed.learned, closed.worth, closed.closed_at) == (
        "partly",
        "Well.",
        "Ask earlier.",
        4,
        NOW,
    )
    assert list(ProgressEntry.objects.values_list("value", "measured_on")) == [(11, TODAY)]


@pytest.mark.parametrize("before", [[11], [5, 11]])
def test_final_value_equal_to_the_newest_entry_is_not_recorded(user, before):
    goal = make_goal(user)
    for value in before:
        read(goal, value)
    close(goal)
    assert list(goal.progress_entries.values_list("value", flat=True)) == before


def test_yes_no_goal_has_no_final_value(user):
    close(make_goal(user, measure=YES_NO))
    assert ProgressEntry.objects.count() == 0


def test_reopened_goal_keeps_its_closing_notes(user, signed_in):
    goal = close(make_goal(user))
    reopened = reopen_goal(goal=goal)
    assert (reopened.is_active, reopened.closing_note, reopened.learned, reopened.worth) == (
        True,
        "Well.",
        "Ask earlier.",
        4,
    )
    page = signed_in.get(reverse("goals:reached", args=[goal.pk])).content.decode()
    assert "Ask earlier.</textarea>" in page
    assert 'value="4" id="id_worth_3" checked' in page or 'value="4" checked' in page


@pytest.mark.parametrize("worth", [0, 6])
def test_closing_rating_is_from_one_to_five(user, worth):
    make_goal(user)
    with pytest.raises(IntegrityError, match="goals_goal_worth_1_to_5"), transaction.atomic():
        Goal.objects.update(worth=worth)


def test_closing_notes_of_a_closed_goal_are_read_only(user):
    close(make_goal(user))
    with pytest.raises(IntegrityError, match="goals_goal_readonly"), transaction.atomic():
        Goal.objects.update(learned="Something else")


@pytest.mark.parametrize(
    ("route", "entries", "shown"),
    [
        ("reached", [], "12"),
        ("reached", [9], "12"),
        ("reached", [14], "14"),
        ("partly-reached", [9], "9"),
        ("let-go", [], ""),
    ],
)
def test_final_value_is_filled_in_from_the_newest_entry(signed_in, user, route, entries, shown):
    goal = make_goal(user)
    for value in entries:
        read(goal, value)
    form = signed_in.get(reverse(f"goals:{route}", args=[goal.pk])).context["form"]
    assert (form["final_value"].value() or "") == shown
    assert Goal.objects.get().is_active


def test_close_page_is_safe_and_missing_for_closed_goals(signed_in, user):
    goal = make_goal(user)
    address = reverse("goals:reached", args=[goal.pk])
    assert "Reached: how did it go?" in signed_in.get(address).content.decode()
    close(goal)
    said = signed_in.get(address, follow=True).content.decode()
    assert "This goal is closed. You can read it but not change it." in said


def test_closed_goal_shows_its_outcome_and_open_steps(signed_in, user):
    goal = make_goal(user)
    said = {
        "final_value": "11,5",
        "closing_note": "Well.\r\nReally.",
        "learned": "Ask earlier.",
        "worth": "5",
    }
    signed_in.post(reverse("goals:partly-reached", args=[goal.pk]), said)
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    for words in ("Partly reached", "Well.<br>Really.", "Ask earlier.", "5 of 5", "Ask for two late shifts"):
        assert words in page
    assert "cp-due" not in page, "nothing of a closed goal is late or soon"
    assert goal.progress_entries.get().value == Decimal("11.50")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"final_value": "many"}, "final_value"), ({"worth": "7"}, "worth"), ({"learned": "x" * 4001}, "learned")],
)
def test_invalid_closing_form_has_errors_and_leaves_the_goal_open(signed_in, user, said, field):
    goal = make_goal(user, unit="<i>shifts</i>")
    response = signed_in.post(reverse("goals:reached", args=[goal.pk]), {"closing_note": "Well.", **said})
    assert list(response.context["form"].errors) == [field]
    assert "Well.</textarea>" in response.content.decode()
    assert "<i>" not in response.content.decode(), "the hint of the number is no HTML"
    assert (Goal.objects.get().is_active, ProgressEntry.objects.count()) == (True, 0)
