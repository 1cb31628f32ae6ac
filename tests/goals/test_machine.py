"""Whatever people do with goals and steps, in whatever order: what must hold holds after every single thing.

The machine keeps a small model of its own beside the database and does not look at how the services work.
"""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.goals.queries.agenda import due_steps
from careerplan.goals.queries.goal_list import goal_rows
from careerplan.goals.services.goals import close_goal, create_goal, reopen_goal, update_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.progress import NotMeasuredByNumber, record_progress, remove_entry, restore_entry
from careerplan.goals.services.steps import add_step, complete_step, drop_step, reopen_step, update_step
from tests.factories.accounts import UserFactory
from tests.goals.known import (
    AS_IT_STANDS,
    EMPTY_MEASURE,
    FIRST_DAY,
    LAST_DAY,
    LAST_EVENT_IS_THE_ROW,
    NUMBER,
    WHY,
    YES_NO,
    KnownGoal,
    KnownStep,
    ask,
    days,
    outcomes,
    some,
    steps,
)


class GoalsAndSteps(RuleBasedStateMachine):
    """Everything that can be done with goals and steps."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = datetime(2027, 1, 4, 12, tzinfo=UTC)
        self.goals: dict[int, KnownGoal] = {}
        self.steps: dict[int, KnownStep] = {}
        self.closed: dict[int, str] = {}
        self.entries = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- Help -----------------------------------------------------------------------------------------
    def tick(self):
        self.now += timedelta(hours=7)
        return self.now

    def goal(self, number):
        return Goal.objects.get(pk=list(self.goals)[number % len(self.goals)])

    def step(self, number):
        return ActionStep.objects.get(pk=list(self.steps)[number % len(self.steps)])

    def note(self, step):
        self.steps[step.pk] = KnownStep(step.goal_id, step.effort_hours or Decimal(0))

    def only_while_active(self, goal_id, call):
        """Do it; a closed goal refuses. Gives the result, or None where it was refused."""
        try:
            result = call()
        except GoalIsClosed:
            assert not self.goals[goal_id].is_active
            return None
        assert self.goals[goal_id].is_active
        return result

    def steps_of(self, goal_id):
        return [step for step in self.steps.values() if step.goal == goal_id]

    # --- Goals ----------------------------------------------------------------------------------------
    @initialize()
    def somebody_signs_up(self):
        self.user = UserFactory()

    @rule(first=steps, is_number=st.booleans(), twice=st.booleans())
    def create_goal(self, first, is_number, twice):
        measure = NUMBER if is_number else YES_NO
        data = dict(area="personal", title="Goal", why="", **measure, starts_on=FIRST_DAY, due_on=LAST_DAY)
        form = {"user": self.user, "form_key": uuid4(), "changes": data, "first_step": first, "now": self.tick()}
        goal = create_goal(**form)
        if twice:
            assert create_goal(**form).pk == goal.pk
        self.goals[goal.pk] = KnownGoal(data)
        self.note(goal.steps.get())

    @precondition(lambda self: self.goals)
    @rule(number=some, due_on=days, is_number=st.booleans())
    def update_goal(self, number, due_on, is_number):
        goal = self.goal(number)
        known = self.goals[goal.pk]
        data = dict(
            area="professional",
            title="Changed",
            why="Because",
            starts_on=FIRST_DAY,
            due_on=due_on,
            **(EMPTY_MEASURE | (NUMBER if is_number else YES_NO)),
        )
        now = self.tick()
        changed = {"goal": goal, "changes": data, "reason": WHY, "today": now.date(), "now": now}
        if known.is_active and known.entries and not is_number:
            with pytest.raises(IntegrityError, match="goals_goal_measured"):
                update_goal(**changed)
        elif self.only_while_active(goal.pk, lambda: update_goal(**changed)):
            known.data = data

    @precondition(lambda self: self.goals)
    @rule(number=some, outcome=outcomes)
    def close_goal(self, number, outcome):
        goal = self.goal(number)
        now = self.tick()
        close_goal(goal=goal, outcome=outcome, today=now.date(), now=now)
        self.goals[goal.pk].is_active = False
        self.closed.setdefault(goal.pk, ask(AS_IT_STANDS, goal.pk))

    @precondition(lambda self: self.goals)
    @rule(number=some)
    def reopen_goal(self, number):
        goal = self.goal(number)
        reopen_goal(goal=goal)
        self.goals[goal.pk].is_active = True
        self.closed.pop(goal.pk, None)

    # --- Steps ----------------------------------------------------------------------------------------
    @precondition(lambda self: self.goals)
    @rule(number=some, data=steps, twice=st.booleans())
    def add_step(self, number, data, twice):
        goal, key = self.goal(number), uuid4()
        for _ in range(1 + twice):
            step = self.only_while_active(
                goal.pk, lambda: add_step(goal=goal, changes=data, form_key=key, now=self.tick())
            )
        if step:
            self.note(step)

    @precondition(lambda self: self.steps)
    @rule(number=some, data=steps)
    def update_step(self, number, data):
        step = self.step(number)
        if self.only_while_active(step.goal_id, lambda: update_step(step=step, changes=data, now=self.tick())):
            self.steps[step.pk].effort = data["effort_hours"] or Decimal(0)

    @precondition(lambda self: self.steps)
    @rule(number=some)
    def complete_step(self, number):
        step = self.step(number)
        if self.only_while_active(step.goal_id, lambda: complete_step(step=step, now=self.tick())):
            self.steps[step.pk].state = "done"

    @precondition(lambda self: self.steps)
    @rule(number=some)
    def reopen_step(self, number):
        step = self.step(number)
        if self.only_while_active(step.goal_id, lambda: reopen_step(step=step)):
            self.steps[step.pk].state = "to_do"

    @precondition(lambda self: self.steps)
    @rule(number=some)
    def drop_step(self, number):
        step = self.step(number)
        if self.only_while_active(step.goal_id, lambda: drop_step(step=step, now=self.tick())):
            self.steps[step.pk].state = "dropped"

    @precondition(lambda self: self.steps)
    @rule(number=some, worth=st.integers(1, 5))
    def judge_step(self, number, worth):
        step = self.step(number)
        known = self.steps[step.pk]
        rating = {"worth": worth, "made_at": self.tick()}
        if known.state == "done":
            Evaluation.objects.update_or_create(step=step, defaults=rating)
            known.rated = True
        else:
            with pytest.raises(IntegrityError, match="goals_evaluation_of_done"):
                Evaluation.objects.update_or_create(step=step, defaults=rating)

    # --- Entries -------------------------------------------------------------------------------------
    @precondition(lambda self: any(known.is_number for known in self.goals.values()))
    @rule(number=some, value=st.integers(-5, 20))
    def record_entry(self, number, value):
        ids = [pk for pk, known in self.goals.items() if known.is_number]
        goal = Goal.objects.get(pk=ids[number % len(ids)])
        data = {"value": Decimal(value), "measured_on": FIRST_DAY, "note": ""}
        entry = self.only_while_active(
            goal.pk,
            lambda: record_progress(goal=goal, changes=data, form_key=uuid4(), now=self.tick(), today=FIRST_DAY),
        )
        if entry:
            self.goals[goal.pk].entries.append(entry.pk)
            self.entries += 1

    @precondition(lambda self: any(known.entries for known in self.goals.values()))
    @rule(number=some)
    def remove_entry(self, number):
        ids = [pk for known in self.goals.values() for pk in known.entries]
        entry = ProgressEntry.objects.get(pk=ids[number % len(ids)])
        known = self.goals[entry.goal_id]
        if self.only_while_active(entry.goal_id, lambda: remove_entry(entry=entry, now=self.tick())):
            known.entries.remove(entry.pk)
            known.removed.append(entry.pk)

    @precondition(lambda self: any(known.removed for known in self.goals.values()))
    @rule(number=some)
    def restore_entry(self, number):
        ids = [pk for known in self.goals.values() for pk in known.removed]
        entry = ProgressEntry.objects.get(pk=ids[number % len(ids)])
        known = self.goals[entry.goal_id]
        if known.is_active and not known.is_number:
            with pytest.raises(NotMeasuredByNumber):
                restore_entry(entry=entry)
        elif self.only_while_active(entry.goal_id, lambda: restore_entry(entry=entry)):
            known.removed.remove(entry.pk)
            known.entries.append(entry.pk)

    # --- What always holds ----------------------------------------------------------------------------
    @invariant()
    def the_database_has_nothing_to_object_to(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @precondition(lambda self: self.goals)
    @invariant()
    def no_active_goal_without_an_open_step_goes_unasked(self):
        rows = {row.id: row for row in goal_rows(self.user, FIRST_DAY)}
        assert set(rows) == {pk for pk, known in self.goals.items() if known.is_active}
        for pk, row in rows.items():
            still_open = sum(step.is_open for step in self.steps_of(pk))
            done = sum(step.state == "done" for step in self.steps_of(pk))
            assert (row.steps_open, row.steps_done) == (still_open, done)
            assert (row.next_step is None) == (still_open == 0)

    @invariant()
    def no_closed_goal_changes(self):
        for pk, stood in self.closed.items():
            assert ask(AS_IT_STANDS, pk) == stood

    @invariant()
    def no_entry_leaves_its_history(self):
        assert ProgressEntry.objects.count() == self.entries
        counted = set(ProgressEntry.objects.counted().values_list("pk", flat=True))
        assert counted == {pk for known in self.goals.values() for pk in known.entries}

    @precondition(lambda self: self.goals)
    @invariant()
    def hours_add_up(self):
        mine = ActionStep.objects.for_user(self.user)
        assert (mine.open().aggregate(hours=Sum("effort_hours"))["hours"] or 0) == sum(
            step.effort for step in self.steps.values() if step.is_open
        )

    @invariant()
    def every_step_has_a_place_of_its_own(self):
        places = ActionStep.objects.values_list("goal", "position")
        assert len(set(places)) == len(places) == len(self.steps)

    @precondition(lambda self: self.goals)
    @invariant()
    def done_steps_are_asked_about_until_they_are_rated(self):
        waiting = {pk for pk, step in self.steps.items() if step.state == "done" and not step.rated}
        day = self.now.date()
        found = due_steps(self.user, now=self.now, today=day, week_end=day, weeks_end=day, most=1_000).unrated
        assert ({step.id for step in found.steps}, found.count) == (waiting, len(waiting))

    @invariant()
    def the_history_ends_with_what_is(self):
        for table in ("goals_goal", "goals_actionstep", "goals_evaluation"):
            assert ask(LAST_EVENT_IS_THE_ROW.format(table=table)) == 0


@pytest.mark.django_db
def test_invariants_hold_after_any_sequence_of_operations():
    run_state_machine_as_test(
        GoalsAndSteps,
        settings=settings(
            stateful_step_count=30,
            deadline=None,
            derandomize=bool(os.environ.get("CI")),  # the gate looks at the same runs each time, people at new ones
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
