"""Pause and shift: dates move by the length of the pause, in order, and come back by what was not used."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.goal_page import goal_history
from careerplan.goals.queries.steps import count_due_date_moves
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.steps import add_step, complete_step, update_step
from careerplan.planning.models import PauseMove
from careerplan.planning.queries.pauses import one_week_later, preview_pause
from careerplan.planning.services.pauses import PauseOverlaps, end_pause, start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Reminder
from careerplan.reminders.services import create_due_reminders
from careerplan.reviews.texts import changes_text
from tests.factories.goals import NOW, make_goal, only_step
from tests.reminders.rounds import send

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START, END = date(2027, 3, 8), date(2027, 3, 21)  # 14 days
MADE = datetime(2027, 3, 8, 9, tzinfo=UTC)


@pytest.fixture
def goal(user):
    """Due on 30 June with a step on 12 March."""
    return make_goal(user, step_due_on=date(2027, 3, 12))


def pause(user, starts_on=START, ends_on=END, *, key=None, now=MADE, note=""):
    data = {"starts_on": starts_on, "ends_on": ends_on, "reason": Pause.Reason.ILLNESS, "note": note}
    return start_pause(plan=Plan.objects.get(user=user), form_key=key or uuid4(), changes=data, now=now)


def dates():
    return (Goal.objects.get().due_on, ActionStep.objects.get().due_on)


def test_pause_moves_open_dates_by_its_length_with_a_reason(user, goal):
    Goal.objects.update(stop_on=date(2027, 5, 1), stop_condition="six shifts")
    made = pause(user, note="flu")
    assert dates() == (date(2027, 7, 14), date(2027, 3, 26))
    assert Goal.objects.get().stop_on == date(2027, 5, 15)
    assert made.days_moved == 14
    changes = Change.objects.order_by("what").values_list("what", "day_from", "day_to", "reason", "note", "steps_moved")
    assert list(changes) == [
        ("due_date", date(2027, 6, 30), date(2027, 7, 14), "pause", "flu", 1),
        ("stop_date", date(2027, 5, 1), date(2027, 5, 15), "pause", "flu", 0),
    ]


def test_pause_and_its_end_are_not_counted_as_date_changes(user, goal):
    end_pause(pause=pause(user), today=START, now=MADE + DAY)
    redirect_back, away = goal_history(Goal.objects.get())[:2]
    assert (away.reason, redirect_back.reason) == ("I paused", "I came back from a pause")
    assert changes_text(list(Change.objects.all())) == ""
    assert count_due_date_moves(goal) == 0


def test_day_until_which_a_step_repeats_moves_with_it(user, goal):
    first, until = START + 4 * DAY, START + 11 * DAY  # two Fridays
    repeats = {"title": "Practise", "due_on": first, "repeats": "weekly:1:5", "repeats_until": until}
    step = add_step(goal=goal, changes=repeats, form_key=uuid4(), now=NOW)
    kept = add_step(goal=goal, changes={**repeats, "title": "Write"}, form_key=uuid4(), now=NOW)

    def days(one):
        one.refresh_from_db()
        return one.due_on, one.repeats_until

    rows = [(move.kind, move.day_from) for move in preview_pause(goal.plan, START, END).rows]
    assert rows.count(("until", until)) == 2
    made = pause(user)
    assert days(step) == days(kept) == (first + 14 * DAY, until + 14 * DAY)
    longer = {"repeats_until": until + 28 * DAY}
    update_step(step=kept, changes=longer, now=MADE)
    other = pause(user, END + DAY, END + 7 * DAY)
    assert days(step) == (first + 21 * DAY, until + 21 * DAY)
    end_pause(pause=made, today=START, now=MADE)
    end_pause(pause=other, today=START, now=MADE)
    assert days(step) == (first, until)
    assert days(kept) == (first, until + 28 * DAY)  # it was changed since the first pause, and goes back by the second


def test_pause_does_not_move_late_closed_or_done(user, goal):
    complete_step(step=only_step(goal), now=NOW)
    late = add_step(goal=goal, changes={"title": "Late", "due_on": START - DAY}, form_key=uuid4(), now=NOW)
    closed = make_goal(user, due_on=date(2027, 6, 30))
    close_goal(goal=closed, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    pause(user)
    late.refresh_from_db()
    closed.refresh_from_db()
    assert (late.due_on, closed.due_on, closed.steps.get().due_on) == (START - DAY, date(2027, 6, 30), date(2027, 5, 1))
    assert goal.steps.get(state="done").due_on == date(2027, 3, 12)


def test_pause_does_not_move_archived_plans_or_plans_of_others(user, other_user, goal):
    theirs = make_goal(other_user)
    pause(user)
    theirs.refresh_from_db()
    assert theirs.due_on == date(2027, 6, 30)


def test_pause_form_sent_twice_pauses_once(user, goal):
    key = uuid4()
    assert pause(user, key=key) == pause(user, key=key)
    assert dates()[0] == date(2027, 7, 14)


def test_overlapping_pause_is_refused_and_moves_nothing(user, goal):
    first = pause(user)
    with pytest.raises(PauseOverlaps) as refused:
        pause(user, END, END + DAY)
    assert refused.value.pause == first
    assert dates()[0] == date(2027, 7, 14)


@pytest.mark.parametrize(
    ("today", "kept", "due_on", "step_due_on"),
    [
        (date(2027, 3, 8), False, date(2027, 6, 30), date(2027, 3, 12)),  # on the first day: not begun
        (date(2027, 3, 1), False, date(2027, 6, 30), date(2027, 3, 12)),
        (date(2027, 3, 11), True, date(2027, 7, 3), date(2027, 3, 15)),  # three days used
        (date(2027, 3, 21), True, date(2027, 7, 13), date(2027, 3, 25)),
        (date(2027, 3, 22), True, date(2027, 7, 14), date(2027, 3, 26)),  # over already
    ],
)
def test_ending_a_pause_early_restores_unused_days_once(user, goal, today, kept, due_on, step_due_on):
    made = pause(user)
    for _ in range(2):
        ended = end_pause(pause=made, today=today, now=MADE + DAY).pause
    assert dates() == (due_on, step_due_on)
    assert (ended is not None) == kept == Pause.objects.exists()
    if kept:
        assert ended.ends_on == min(END, today - DAY)
        assert ended.days_moved == ended.days


def test_date_changed_during_a_pause_is_not_restored(user, goal):
    made = pause(user)
    new = {"title": "New", "due_on": date(2027, 7, 10)}
    step = add_step(goal=goal, changes=new, form_key=uuid4(), now=MADE + DAY)
    end_pause(pause=made, today=START + DAY, now=MADE + DAY)
    step.refresh_from_db()
    assert step.due_on == Goal.objects.get().due_on == date(2027, 7, 10)


@given(
    days=st.lists(st.integers(0, 400), min_size=1, max_size=6),
    starts=st.integers(-10, 200),
    length=st.integers(1, 60),
    redirect_back=st.integers(0, 70),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ending_a_pause_keeps_the_order_of_steps(user, days, starts, length, redirect_back):
    Plan.objects.filter(user=user).delete()
    goal = make_goal(user, due_on=date(2028, 6, 30), step_due_on=START + DAY * days[0])
    for day in days[1:]:
        data = {"title": "More", "due_on": START + DAY * day}
        add_step(goal=goal, changes=data, form_key=uuid4(), now=NOW)
    before = dict(goal.steps.values_list("pk", "due_on"))
    first = START + DAY * starts
    made = pause(user, first, first + DAY * (length - 1))
    end_pause(pause=made, today=first + DAY * redirect_back, now=MADE + DAY)
    used = min(length, redirect_back)
    after = dict(goal.steps.values_list("pk", "due_on"))
    assert after == {pk: day + DAY * used if day >= first else day for pk, day in before.items()}
    assert sorted(before, key=lambda pk: (before[pk], pk)) == sorted(after, key=lambda pk: (after[pk], pk))


def test_no_email_during_a_pause_and_reminders_follow_after_it(user, goal):
    add_step(goal=goal, changes={"title": "Late", "due_on": START - DAY}, form_key=uuid4(), now=NOW)
    pause(user, now=datetime(2027, 2, 20, tzinfo=UTC))
    for day in (START, END):
        assert create_due_reminders(as_of=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), now=NOW) == 0
    assert create_due_reminders(as_of=datetime(2027, 3, 22, 12, tzinfo=UTC), now=NOW) == 2


def test_pause_days_are_local_days(user, goal):
    user.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead
    user.save()
    pause(user, date(2027, 3, 21), date(2027, 3, 21), now=datetime(2027, 2, 1, tzinfo=UTC))
    ActionStep.objects.update(due_on=date(2027, 3, 22), due_set_at=NOW)
    assert create_due_reminders(as_of=datetime(2027, 3, 20, 20, tzinfo=UTC), now=NOW) == 0
    assert create_due_reminders(as_of=datetime(2027, 3, 21, 20, tzinfo=UTC), now=NOW) == 1


def test_pending_email_is_not_sent_once_a_pause_starts(user, goal, mail_box):
    moment = datetime(2027, 3, 5, 8, tzinfo=UTC)
    create_due_reminders(as_of=moment, now=timezone.now())
    Pause.objects.create(
        plan=goal.plan, starts_on=date(2027, 3, 5), ends_on=END, reason="leave", made_at=NOW, form_key=uuid4()
    )
    assert send(moment) == []
    assert not Reminder.objects.filter(channel="mail").exists()  # forgotten, so that it is told after the pause


def test_unsent_email_waits_for_the_end_of_a_pause(user, goal):
    create_due_reminders(as_of=datetime(2027, 3, 5, 8, tzinfo=UTC), now=timezone.now())
    Pause.objects.create(
        plan=goal.plan, starts_on=date(2027, 3, 6), ends_on=END, reason="leave", made_at=NOW, form_key=uuid4()
    )
    send(datetime(2027, 3, 8, 8, tzinfo=UTC))
    assert Reminder.objects.get(channel="mail").digest.local_date == date(2027, 3, 5)


@time_machine.travel("2027-03-08T09:00:00Z", tick=False)
def test_pause_page_previews_moved_dates(client, user, goal):
    client.force_login(user)
    form = {"starts_on": "2027-03-08", "ends_on": "2027-03-21", "reason": "illness", "form_key": uuid4()}
    shown = client.post(reverse("plans:pause"), form).content.decode()
    assert "This pause moves 2 dates" in shown
    assert '<time class="cp-date" datetime="2027-03-26">' in shown
    assert not Pause.objects.exists()
    other_days = client.post(reverse("plans:pause"), {**form, "shown": "2027-03-08/2027-03-20"})
    assert other_days.context["moves"] is not None
    assert client.post(reverse("plans:pause"), {**form, "shown": "2027-03-08/2027-03-21"}).status_code == 302
    for name in ("plans:plan", "plans:pause"):
        page = " ".join(re.sub("<[^>]+>", " ", client.get(reverse(name)).content.decode()).split())
        assert "from 8 Mar 2027 to 21 Mar 2027 . Illness." in page
    again = client.post(reverse("plans:pause"), {**form, "form_key": uuid4()})
    assert again.context["form"].errors
    for _ in range(2):
        client.post(reverse("plans:pause-end"), {"pause": Pause.objects.values_list("pk", flat=True).first() or 1})
    assert dates()[0] == date(2027, 6, 30)


@time_machine.travel("2027-03-08T09:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2027-03-07"}, "ends_on"),
        ({"ends_on": "2029-03-08"}, "ends_on"),
        ({"starts_on": "2026-03-01"}, "starts_on"),
        ({"reason": "boredom"}, "reason"),
        ({"ends_on": ""}, "ends_on"),
    ],
)
def test_invalid_pause_has_an_error(client, user, goal, changes, field):
    client.force_login(user)
    form = {"starts_on": "2027-03-08", "ends_on": "2027-03-21", "reason": "illness", "form_key": uuid4(), **changes}
    assert list(client.post(reverse("plans:pause"), form).context["form"].errors) == [field]


def test_a_second_click_says_nothing_more(client, user, goal):
    made = pause(user)
    with time_machine.travel(MADE + 2 * DAY, tick=False):
        client.force_login(user)
        ends = [client.post(reverse("plans:pause-end"), {"pause": made.pk}) for _ in range(2)]
    said = [len(get_messages(end.wsgi_request)) for end in ends]
    assert said == [1, 1]  # the message of the first click is still there for the page after it
    assert Pause.objects.get().ends_on == (MADE + DAY).date()


def test_pause_of_another_user_is_404(signed_in, user, other_user, goal):
    make_goal(other_user)
    theirs = pause(other_user)
    signed_in.post(reverse("plans:pause-end"), {"pause": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.ends_on == END


def test_one_week_later_is_not_past_the_goal(user):
    goal = make_goal(user, due_on=date(2027, 3, 25), step_due_on=date(2027, 3, 23))
    step = only_step(goal)
    assert one_week_later(step, date(2027, 3, 22)) == date(2027, 3, 25)
    step.due_on = date(2027, 3, 25)
    assert one_week_later(step, date(2027, 3, 22)) is None


def test_today_links_to_the_end_of_a_pause(client, user, goal):
    pause(user)
    with time_machine.travel(MADE + 2 * DAY, tick=False):
        client.force_login(user)
        way = f"{reverse('plans:plan')}#pause"
        assert f'href="{way}"' in client.get(reverse("dashboard:today")).content.decode()
        page = client.get(way).content.decode()
    assert page.count('id="pause"') == 1
    assert reverse("plans:pause-end") in page


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("planning_pausemove_of_one", {"goal": None}),
        ("planning_pausemove_days_positive", {"days": 0}),
    ],
)
def test_pause_move_is_of_one_date_by_positive_days(user, goal, constraint, changes):
    pause(user)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PauseMove.objects.filter(goal=goal).update(**changes)


@pytest.mark.parametrize("about", ["goal", "step"])
def test_pause_move_is_unique(user, goal, about):
    pause(user)
    move = PauseMove.objects.filter(**{f"{about}__isnull": False}).first()
    move.pk = None
    with pytest.raises(IntegrityError, match=f"planning_pausemove_{about}_once"), transaction.atomic():
        move.save(force_insert=True)
