"""Changing goals: with a reason, with the open steps along where wanted, and never over another tab's changes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Skill
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.goal_list import first_goal_rows
from careerplan.goals.queries.goal_page import goal_history, goal_page
from careerplan.goals.queries.steps import moved_day
from careerplan.goals.services.goals import (
    ChangeReason,
    ReasonMissing,
    SkillsTicked,
    close_goal,
    confirm_stop_rule,
    extend_stop_rule,
    move_goal,
    update_goal,
)
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.steps import add_step, complete_step
from tests.factories.goals import NOW, make_goal, only_step

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
WHY = ChangeReason(reason="longer", note="The room was taken.")
STAY = ChangeReason(reason="longer")
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))


def answers(goal, **changes):
    number = {"unit": goal.unit, "start_value": goal.start_value, "target_value": goal.target_value}
    measure = dict(
        measure_kind=Goal.MeasureKind.NUMBER, **{name: changes.pop(name, was) for name, was in number.items()}
    )
    names = ("area", "title", "why", "starts_on", "due_on", "stop_on", "stop_condition")
    return measure | {name: getattr(goal, name) for name in names} | changes


def update(goal, why=WHY, skills=None, **changes):
    data = answers(goal, **changes)
    return update_goal(goal=goal, changes=data, reason=why, skills=skills, today=TODAY, now=NOW)


def with_all_steps(goal):
    return replace(WHY, moved_steps=frozenset(goal.steps.values_list("pk", flat=True)))


def add(goal, due_on, title="More"):
    step = {"title": title, "due_on": due_on}
    return add_step(goal=goal, changes=step, form_key=uuid4(), now=NOW - timedelta(days=9))


@given(steps=st.lists(days, max_size=6), old=days, new=days, today=days)
def test_moved_steps_keep_their_order_and_end_before_the_goal(steps, old, new, today):
    within = sorted(min(step, old) for step in steps)
    moved = [moved_day(step, old=old, new=new, today=today) for step in within]
    assert moved == sorted(moved)
    assert all(step <= new for step in moved)
    if new >= old:
        assert [to - step for step, to in zip(within, moved, strict=True)] == [new - old] * len(within)
    elif today <= new:
        # Nothing falls into the past, and nothing moves by more days than the goal.
        assert all(to >= min(step, today) and step - to <= old - new for step, to in zip(within, moved, strict=True))


def test_moved_due_date_saves_its_reason_and_moves_the_ticked_open_steps(user):
    goal = make_goal(user, due_on=date(2027, 4, 30), step_due_on=date(2027, 4, 1), now=NOW - timedelta(days=9))
    done = complete_step(step=add(goal, date(2027, 3, 1)), now=NOW)
    stays = add(goal, date(2027, 4, 2), title="The course")
    ticked = {step.pk for step in goal.steps.all()} - {stays.pk}
    why = replace(WHY, moved_steps=frozenset(ticked))
    moved = move_goal(goal=goal, due_on=date(2027, 6, 11), reason=why, today=TODAY, now=NOW)
    assert (moved.due_on, moved.due_set_at) == (date(2027, 6, 11), NOW)
    change = Change.objects.get()
    assert (change.day_from, change.day_to, change.reason, change.note, change.steps_moved, change.made_at) == (
        date(2027, 4, 30),
        date(2027, 6, 11),
        "longer",
        "The room was taken.",
        1,
        NOW,
    )
    step = goal.steps.get(title="Ask for two late shifts")
    assert (step.due_on, step.due_set_at) == (date(2027, 5, 13), NOW)
    for row, due_on in ((done, date(2027, 3, 1)), (stays, date(2027, 4, 2))):
        row.refresh_from_db()
        assert row.due_on == due_on


def test_steps_are_not_moved_unless_asked(user):
    goal = make_goal(user, due_on=date(2027, 4, 30), step_due_on=date(2027, 4, 1))
    move_goal(goal=goal, due_on=date(2027, 6, 11), reason=STAY, today=TODAY, now=NOW)
    assert only_step(goal).due_on == date(2027, 4, 1)
    assert Change.objects.get().steps_moved == 0


@pytest.mark.parametrize("why", [None, ChangeReason(reason="")])
@pytest.mark.parametrize("change", [{"due_on": date(2027, 8, 1)}, {"target_value": 20}])
def test_change_without_a_reason_is_refused(user, why, change):
    goal = make_goal(user)
    with pytest.raises(ReasonMissing):
        update(goal, why, title="Other", **change)
    goal.refresh_from_db()
    assert (goal.title, Change.objects.count()) == ("Lead 12 shifts as nurse in charge", 0)


def test_text_change_needs_no_reason(user):
    assert update(make_goal(user), None, title="Other").title == "Other"
    assert Change.objects.count() == 0


def test_changed_target_and_date_are_two_changes(user):
    goal = make_goal(user)
    update(goal, with_all_steps(goal), target_value=20, due_on=date(2027, 8, 1))
    assert sorted(Change.objects.values_list("what", "value_to", "steps_moved")) == [
        ("due_date", None, 1),
        ("target", 20, 0),
    ]


def test_moving_to_the_same_day_changes_nothing(user):
    goal = make_goal(user)
    moved = move_goal(goal=goal, due_on=date(2027, 8, 1), reason=WHY, today=TODAY, now=NOW)
    move_goal(goal=moved, due_on=date(2027, 8, 1), reason=WHY, today=TODAY, now=NOW)
    assert Change.objects.count() == 1


def test_stale_goal_is_not_overwritten(user):
    goal = make_goal(user)
    update(Goal.objects.get(pk=goal.pk), None, title="Theirs")
    with pytest.raises(StaleObjectError):
        update(goal, None, title="Mine")
    assert Goal.objects.get().title == "Theirs"


@pytest.mark.parametrize("write", [update, lambda goal: confirm_stop_rule(goal=goal, now=NOW)])
def test_closed_goal_is_read_only(user, write):
    goal = make_goal(user)
    closed = close_goal(goal=goal, outcome=Goal.State.REACHED, today=TODAY, now=NOW)
    with pytest.raises(GoalIsClosed):
        write(closed)


def test_history_texts_start_with_the_skill_gap(user):
    skill = Skill.objects.create(name="Welding", owner=user)
    goal = make_goal(user, origin_skill=skill, now=NOW - timedelta(days=9))
    add(goal, date(2027, 4, 1))
    goal = update(goal, ChangeReason(reason="learned", note="Sixty was safe."), target_value=1000)
    why = with_all_steps(goal)
    move_goal(goal=goal, due_on=date(2027, 7, 30), reason=why, today=TODAY, now=NOW + timedelta(days=1))
    page = goal_page(goal, user, TODAY)
    assert [(line.text, line.reason, line.note, line.grew_from) for line in page.history] == [
        (
            "Due date moved from 30 Jun 2027 to 30 Jul 2027, with 2 open steps.",
            "It is taking longer than I thought",
            "The room was taken.",
            "",
        ),
        ("Target changed from 12 to 1,000.", "I know more now", "Sixty was safe.", ""),
        ("Goal added.", "", "", "Welding"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "target"},
        {"what": "due_date", "day_to": None},
        {"what": "stop_date", "value_from": 1},
        {"what": "other"},
    ],
)
def test_change_needs_old_and_new_value(user, wrong):
    change = {"what": "due_date", "day_from": TODAY, "day_to": TODAY, "reason": "life", "made_at": NOW} | wrong
    with pytest.raises(IntegrityError, match="goals_change_from_and_to"), transaction.atomic():
        Change.objects.create(goal=make_goal(user), **change)


def test_change_of_a_closed_goal_is_refused(user):
    goal = make_goal(user)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=TODAY, now=NOW)
    change = {"what": "due_date", "day_from": TODAY, "day_to": TODAY, "reason": "life", "made_at": NOW}
    with pytest.raises(IntegrityError, match="goals_change_readonly"), transaction.atomic():
        Change.objects.create(goal=goal, **change)


def test_skills_of_two_edits_are_merged(user):
    one, two, three = (Skill.objects.create(name=name, owner=user) for name in ("Welding", "Sewing", "Baking"))
    goal = make_goal(user, origin_skill=one)
    shown = frozenset({one.pk})
    update(goal, None, SkillsTicked(shown=shown, ticked=frozenset({one.pk, two.pk})))
    update(goal, None, SkillsTicked(shown=shown, ticked=frozenset({three.pk})))
    assert {skill.name for skill in goal.skills.all()} == {"Sewing", "Baking"}


RULED = {"stop_on": date(2027, 3, 1), "stop_condition": "one manager has said yes"}


def ruled_goal(user, **changes):
    return update(make_goal(user), None, **RULED | changes)


def asking(user, day):
    return [goal.id for goal in first_goal_rows(user, day, most=1, marks=0).asking]


def test_stop_rule_asks_from_its_date_until_answered(user, other_user):
    goal = ruled_goal(user)
    ruled_goal(other_user)
    asked = [asking(user, day) for day in (date(2027, 2, 28), date(2027, 3, 1), date(2027, 9, 1))]
    assert asked == [[], [goal.pk], [goal.pk]]
    for later in (0, 5):
        answered = confirm_stop_rule(goal=goal, now=NOW + timedelta(days=later))
    assert (answered.stop_answered_at, asking(user, date(2027, 9, 1))) == (NOW, [])


def test_stop_rule_of_a_closed_goal_does_not_ask(user):
    goal = ruled_goal(user)
    close_goal(goal=goal, outcome=Goal.State.LET_GO, today=TODAY, now=NOW)
    assert asking(user, date(2027, 9, 1)) == []


def test_postponed_stop_rule_saves_its_reason_and_asks_again(user):
    goal = confirm_stop_rule(goal=ruled_goal(user), now=NOW)
    for _ in range(2):
        given_time = extend_stop_rule(goal=goal, stop_on=date(2027, 4, 1), reason=STAY, now=NOW)
    assert (given_time.stop_on, given_time.stop_answered_at) == (date(2027, 4, 1), None)
    (change,) = Change.objects.all()
    assert goal_history(goal)[0].text == "The date of the stop rule moved from 1 Mar 2027 to 1 Apr 2027."
    assert (change.what, change.reason) == ("stop_date", "longer")


def test_postponing_a_stop_rule_needs_a_reason(user):
    with pytest.raises(ReasonMissing):
        extend_stop_rule(goal=ruled_goal(user), stop_on=date(2027, 4, 1), reason=ChangeReason(reason=""), now=NOW)


def test_changed_stop_rule_asks_again_and_a_goal_without_one_takes_no_answer(user):
    goal = ruled_goal(user)
    confirm_stop_rule(goal=goal, now=NOW)
    goal.refresh_from_db()
    goal = update(goal, stop_on=date(2027, 5, 1))
    assert goal.stop_answered_at is None
    confirm_stop_rule(goal=goal, now=NOW)
    goal.refresh_from_db()
    assert update(goal, None, stop_on=None, stop_condition="").stop_answered_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"stop_on": None}, {"stop_condition": " "}, {"stop_on": None, "stop_condition": "", "stop_answered_at": NOW}],
)
def test_incomplete_stop_rule_is_refused(user, wrong):
    goal = ruled_goal(user)
    with pytest.raises(IntegrityError, match="goals_goal_stop_rule_complete"), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(**wrong)


def test_steps_that_do_not_move_keep_their_reminders(user):
    goal = make_goal(user, now=NOW - timedelta(days=9))
    update(goal, title="Other")
    assert ActionStep.objects.get().due_set_at == NOW - timedelta(days=9)
