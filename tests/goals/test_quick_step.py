"""A step in one line: what is understood, and adding it with and without a page in between."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep
from careerplan.goals.quick_step import QuickStep, parse_step
from tests.factories.goals import make_goal

TODAY = date(2026, 11, 28)  # a Saturday
ADD = "goals:step-quick"


@pytest.mark.parametrize(
    ("line", "title", "day", "hours"),
    [
        ("Call the college next Friday 2h", "Call the college", (12, 4), "2"),
        ("Call the college 2h next Friday", "Call the college", (12, 4), "2"),
        ("Call the college, Friday, 2 hours", "Call the college", (12, 4), "2"),
        ("Call the college on Sat", "Call the college", (12, 5), None),
        ("Call the college by thurs 30 min", "Call the college", (12, 3), "0.5"),
        ("Call the college Thursday 30m", "Call the college", (12, 3), "0.5"),
        ("Swim 400m Thursday", "Swim 400m", (12, 3), None),
        ("Read the report today", "Read the report", (11, 28), None),
        ("Read the report tomorrow 1.5h", "Read the report", (11, 29), "1.5"),
        ("Read the report 1h30", "Read the report", None, "1.5"),
        ("Read the report next week", "Read the report", (11, 30), None),
        ("Read the report in 3 days", "Read the report", (12, 1), None),
        ("Read the report in two weeks", "Read the report", (12, 12), None),
        ("Read the report 4 Dec", "Read the report", (12, 4), None),
        ("Read the report on the 4th December", "Read the report", (12, 4), None),
        ("Read the report Dec 4, 2026", "Read the report", (12, 4), None),
        ("Read the report 2026-12-04", "Read the report", (12, 4), None),
        ("Prepare the Friday meeting", "Prepare the Friday meeting", None, None),
        ("Prepare the Friday meeting today", "Prepare the Friday meeting", (11, 28), None),
        ("Friday", "Friday", None, None),
        ("Practise for 2 hours", "Practise", None, "2"),
        ("Practise about 1h30 today", "Practise", (11, 28), "1.5"),
        ("Call HR Friday next week", "Call HR", (12, 4), None),
        ("Call HR next week Friday", "Call HR", (12, 4), None),
        ("Call HR next week on Fri 2h", "Call HR", (12, 4), "2"),
        ("Call HR Fri 4 Dec", "Call HR", (12, 4), None),
        ("Call HR on Friday the 4th December 2026", "Call HR", (12, 4), None),
        ("Call HR Friday, Dec 4", "Call HR", (12, 4), None),
        ("Watch the sun 4 Dec", "Watch the sun", (12, 4), None),
        ("Watch the sun next week", "Watch the sun", (11, 30), None),
        ("Take the SAT", "Take the SAT", None, None),
        ("Take the SAT 4 Dec", "Take the SAT", (12, 4), None),
        ("Watch the sun", "Watch the sun", None, None),
        ("Read 1984", "Read 1984", None, None),
        ("Read it on 31 Nov", "Read it on 31 Nov", None, None),
        ("Read it 0h", "Read it 0h", None, None),
        ("  Ask   HR  ", "Ask HR", None, None),
        ("", "", None, None),
    ],
)
def test_day_and_hours_are_read_from_the_end_of_the_line(line, title, day, hours):
    due_on = date(2026, *day) if day else None
    assert parse_step(line, TODAY) == QuickStep(title, due_on, Decimal(hours) if hours else None)


@pytest.mark.parametrize(
    ("today", "words", "expected"),
    [
        (date(2026, 12, 1), "Friday", date(2026, 12, 4)),
        (date(2026, 12, 1), "this Friday", date(2026, 12, 4)),
        (date(2026, 12, 1), "next Friday", date(2026, 12, 11)),
        (date(2026, 12, 4), "Friday", date(2026, 12, 11)),
        (date(2026, 12, 4), "this Friday", date(2026, 12, 4)),
        (date(2026, 11, 28), "3 Feb", date(2027, 2, 3)),
        (date(2027, 1, 31), "in a month", date(2027, 2, 28)),
    ],
)
def test_day_without_a_year_is_the_next_one(today, words, expected):
    assert parse_step(f"Call {words}", today).due_on == expected


@pytest.mark.parametrize(
    ("words", "rule", "expected"),
    [
        ("every Friday", "weekly:1:5", date(2026, 12, 4)),
        ("each friday 2h", "weekly:1:5", date(2026, 12, 4)),
        ("every other Friday", "weekly:2:5", date(2026, 12, 4)),
        ("Every OTHER Week", "weekly:2:2", date(2026, 12, 1)),
        ("every 2 weeks on Tuesday", "weekly:2:2", date(2026, 12, 8)),
        ("each month on the last day", "monthly:1:31", date(2026, 12, 31)),
        ("every last day of the month", "monthly:1:31", date(2026, 12, 31)),
        ("every month on the 1st", "monthly:1:1", date(2026, 12, 1)),
        ("every quarter on day 15", "monthly:3:15", date(2026, 12, 15)),
        ("every 10 days", "after:10", date(2026, 12, 1)),
        ("every 10 days Friday", "after:10", date(2026, 12, 4)),
        ("every Friday 10 Dec", "weekly:1:5", date(2026, 12, 11)),
        ("every day", "daily:1", date(2026, 12, 1)),
        ("daily 30 min", "daily:1", date(2026, 12, 1)),
        ("every day from Monday", "daily:1", date(2026, 12, 7)),
        ("every week", "weekly:1:2", date(2026, 12, 1)),
        ("every week on Friday", "weekly:1:5", date(2026, 12, 4)),
        ("weekly from 10 Dec", "weekly:1:4", date(2026, 12, 10)),
        ("every other week", "weekly:2:2", date(2026, 12, 1)),
        ("on Fridays", "weekly:1:5", date(2026, 12, 4)),
        ("every month", "monthly:1:1", date(2026, 12, 1)),
        ("monthly 31 Dec", "monthly:1:31", date(2026, 12, 31)),
        ("every 3 months", "monthly:3:1", date(2026, 12, 1)),
        ("every 5 months on day 5", None, None),
        ("every 5 weeks", None, None),
        ("the every Friday meeting", None, None),
        ("every Monday and Thursday", None, None),
        ("the weekly", None, None),
    ],
)
def test_rule_is_read_with_its_first_day(words, rule, expected):
    found = parse_step(f"Call {words}", date(2026, 12, 1))
    assert (found.repeats and str(found.repeats), found.due_on) == (rule, expected)
    assert (found.title == "Call") == bool(rule)


WORDS = (
    "Practise every each other 2 3 0 99 week weeks month months quarter day days daily weekly monthly on the last of "
    "next this in a four Friday fridays sun sept 4 31st Dec 2026-02-30 9999 today 2h 1h30 9999,99 min for by and"
)
WORD = st.sampled_from(WORDS.split()).flatmap(lambda word: st.sampled_from([word, word.upper(), word.title()]))
READ_LINES = st.lists(WORD).map(" ".join)


@given(st.text(max_size=60) | READ_LINES, st.dates(date(1, 1, 1), date(9999, 12, 31)))
@example("Practise Every OTHER Week", TODAY)
def test_every_line_is_understood_without_losing_its_beginning(line, today):
    found = parse_step(line, today)
    assert " ".join(line.split()).startswith(found.title)
    assert bool(found.title) == bool(line.split())


@given(
    st.sampled_from(["Ask HR", "Book room 12", "Read more"]),
    st.dates(TODAY, TODAY + timedelta(days=3000)),
    st.integers(1, 99),
)
def test_written_dates_are_read_in_every_spelling(title, day, hours):
    months = day.strftime("%b"), day.strftime("%B")
    spellings = [day.isoformat(), *(f"{day.day} {month} {day.year}" for month in months)]
    for spelling in spellings:
        assert parse_step(f"{title} {spelling} {hours}h", TODAY) == QuickStep(title, day, Decimal(hours))


@pytest.fixture
def client(client, user):
    with time_machine.travel(datetime(2026, 11, 28, 12, tzinfo=UTC), tick=False):
        client.force_login(user)
        yield client


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["today", "steps", ""])
def test_line_is_added_with_one_post_to_the_goal_of_the_last_step(client, user, place):
    make_goal(user, title="Earlier", now=datetime(2026, 1, 1, tzinfo=UTC))
    goal = make_goal(user, title="Last")
    panel = client.get(reverse(ADD), {"line": "Call the college next Friday 2h", "part": "1"})
    form = panel.context["form"]
    assert form.initial["goal"] == goal.pk
    answers = {"line": "Call the college next Friday 2h", "goal": goal.pk, "form_key": form["form_key"].value()}
    for _ in range(2):  # a double click adds one
        client.post(reverse(ADD), {**answers, "from": place})
    added = ActionStep.objects.get(title="Call the college")
    assert (added.goal, added.due_on, added.effort_hours) == (goal, date(2026, 12, 4), 2)


@pytest.mark.django_db
def test_line_is_confirmed_on_a_page_without_script(client, user):
    goal = make_goal(user)
    form = client.get(reverse(ADD), {"line": "Call the college Friday", "goal": goal.pk}).context["form"]
    assert (form["step_title"].value(), form["step_due_on"].value()) == ("Call the college", "2026-12-04")
    answers = {name: form[name].value() for name in ("step_title", "step_due_on", "form_key", "goal")}
    assert client.post(reverse(ADD), {**answers, "effort_hours": "3"}).url == goal.get_absolute_url()
    assert ActionStep.objects.get(title="Call the college").effort_hours == 3


@pytest.mark.django_db
def test_line_that_repeats_is_added_with_its_rule(client, user):
    goal = make_goal(user)
    client.post(reverse(ADD), {"line": "Practise every Friday 2h", "goal": goal.pk})
    added = ActionStep.objects.get(title="Practise")
    assert (added.repeats, added.due_on, added.repeats_from) == ("weekly:1:5", date(2026, 12, 4), date(2026, 12, 4))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "today", "changes", "rule", "due_on"),
    [
        ("every month on the 30th", date(2027, 2, 10), {}, "monthly:1:30", date(2027, 2, 28)),
        ("every month on the 30th", date(2027, 2, 10), {"step_due_on": "2027-03-05"}, "monthly:1:5", date(2027, 3, 5)),
        ("every month on the 30th", date(2027, 2, 10), {"repeats": "quarter"}, "monthly:3:28", date(2027, 2, 28)),
        ("every quarter on the last day", date(2026, 11, 5), {}, "monthly:3:31", date(2026, 11, 30)),
        ("every month on the 30th", date(2027, 2, 10), None, "monthly:1:30", date(2027, 2, 28)),  # the line alone
    ],
)
def test_rule_that_is_shown_is_saved(client, user, words, today, changes, rule, due_on):
    goal = make_goal(user)
    with time_machine.travel(datetime(*today.timetuple()[:3], 12, tzinfo=UTC), tick=False):
        client.force_login(user)
        page = client.get(reverse(ADD), {"line": f"Pay rent {words}", "goal": goal.pk})
        form = page.context["form"]
        shown = {name: form[name].value() or "" for name in form.fields if name[:8] != "confirm_"}
        assert f'name="line" value="Pay rent {words}"' in page.content.decode()
        entered = {"goal": goal.pk} if changes is None else {**shown, **changes}
        client.post(reverse(ADD), {"line": f"Pay rent {words}", **entered})
    added = ActionStep.objects.get(title="Pay rent")
    assert (added.repeats, added.due_on, added.repeats_from) == (rule, due_on, due_on)


@pytest.mark.django_db
def test_line_without_a_day_is_added_without_one(client, user):
    goal = make_goal(user)
    client.post(reverse(ADD), {"line": "Call the college 2h", "goal": goal.pk})
    added = ActionStep.objects.get(title="Call the college")
    assert (added.due_on, added.effort_hours) == (None, 2)


@pytest.mark.django_db
def test_day_after_the_goal_is_asked_about(client, user):
    goal = make_goal(user)
    response = client.post(reverse(ADD), {"line": "Call 1 Jan 2099", "goal": goal.pk})
    assert response.context["form"].errors["step_due_on"]
    assert response.context["form"]["step_title"].value().startswith("Call")
    assert goal.steps.count() == 1


@pytest.mark.django_db
def test_goals_of_others_and_closed_goals_are_refused(client, user, other_user):
    make_goal(user)
    answers = {"step_title": "Call", "step_due_on": "2026-12-04", "form_key": str(uuid4())}
    for pk in (make_goal(other_user).pk, "x", ""):
        assert client.post(reverse(ADD), {**answers, "goal": pk}).context["form"].errors["goal"]
    assert not ActionStep.objects.filter(title="Call").exists()


@pytest.mark.django_db
def test_without_a_goal_the_page_says_to_add_one(client):
    page = client.get(reverse(ADD), {"line": "Call the college"}).content.decode()
    assert f'href="{reverse("goals:new")}"' in page
    assert "Call the college" in page
