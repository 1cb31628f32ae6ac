"""A new chapter: what comes along, what stays behind, and that an archived plan is read and never changed."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal, ProgressEntry, Resource
from careerplan.goals.queries.goal_list import goal_rows
from careerplan.goals.queries.progress import load_evaluation_summary
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.steps import add_step, complete_step, drop_step
from careerplan.planning.services.new_plan import GoalHasNoStep, start_new_plan
from careerplan.planning.services.pauses import end_pause, start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.services import create_due_reminders
from tests.architecture import routes
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def goal(user):
    """A goal with everything that can belong to one."""
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    Goal.objects.update(stop_on=date(2027, 5, 1), stop_condition="six shifts", why="I want to.")
    goal.skills.add(Skill.objects.create(name="Leading", owner=user))
    step = only_step(goal)
    Resource.objects.create(step=step, kind="money", description="Course fee", cost=Decimal(85))
    ProgressEntry.objects.create(goal=goal, measured_on=date(2027, 1, 10), value=3, recorded_at=NOW)
    Change.objects.create(goal=goal, what="target", value_from=10, value_to=12, reason="learned", made_at=NOW)
    done = add_step(goal=goal, changes={"title": "Done before", "due_on": date(2027, 1, 20)}, form_key=uuid4(), now=NOW)
    complete_step(step=done, now=NOW)
    Evaluation.objects.create(step=done, worth=4, made_at=NOW)
    Plan.objects.update(vision="A good ward", hours_a_week=10, priorities=["Home by seven"], currency="GBP")
    return goal


def begin(user, *carried, now=LATER):
    plan = Plan.objects.get(user=user, state="active")
    return start_new_plan(
        plan=plan, title="Next", closing_notes="It went well.", carried={goal.pk for goal in carried}, now=now
    )


def test_old_plan_is_archived_and_new_plan_copies_its_direction(user, goal):
    new = begin(user, goal)
    old = Plan.objects.get(state="archived")
    assert (old.archived_at, old.closing_notes) == (LATER, "It went well.")
    assert (new.title, new.started_on, new.vision, new.hours_a_week) == ("Next", date(2027, 2, 1), "A good ward", 10)
    assert (new.priorities, new.currency) == (["Home by seven"], "GBP")


def test_chosen_goal_is_copied_with_steps_entries_skills_and_stop_rule(user, goal):
    copy = Goal.objects.get(plan=begin(user, goal))
    assert copy.carried_from == goal
    assert copy.form_key != goal.form_key
    same = ("title", "why", "unit", "target_value", "starts_on", "due_on", "stop_on", "stop_condition", "state")
    goal.refresh_from_db()
    assert [getattr(copy, name) for name in same] == [getattr(goal, name) for name in same]
    assert list(copy.skills.all()) == list(goal.skills.all())
    assert list(copy.progress_entries.values_list("measured_on", "value", "recorded_at")) == [
        (date(2027, 1, 10), 3, NOW)
    ]
    step = copy.steps.open().get()
    assert (step.title, step.due_on) == ("Ask for two late shifts", date(2027, 3, 12))
    assert list(step.resources.values_list("description", "cost")) == [("Course fee", Decimal(85))]
    assert goal.steps.count() == 2


def test_new_plan_keeps_which_steps_were_done_and_how_they_were_rated(user, goal):
    done = goal.steps.get(state="done")
    Evaluation.objects.update(learned="Ask early.")
    dropped = add_steps(goal, "Not that")[0]
    drop_step(step=dropped, now=NOW)
    copy = Goal.objects.get(plan=begin(user, goal))
    kept = copy.steps.get(state="done")
    assert (kept.title, kept.done_at, kept.evaluation.learned) == (done.title, done.done_at, "Ask early.")
    assert not copy.steps.filter(title=dropped.title).exists()
    assert load_evaluation_summary(user).total.rated == 1  # the rating is not counted twice


def test_new_plan_keeps_each_time_of_a_repeating_step(user, goal):
    [step] = add_steps(goal, "Practise", due_on=date(2027, 1, 8), repeats="weekly:1:5")
    for at in (NOW, LATER):
        complete_step(step=step, now=at)
    copy = Goal.objects.get(plan=begin(user, goal)).steps.get(title="Practise")
    columns = ("number", "due_on", "outcome", "closed_at")
    kept, before = (list(one.occurrences.order_by("number").values_list(*columns)) for one in (copy, step))
    assert len(kept) == 2
    assert kept == before


def test_unchosen_goal_is_not_copied_or_listed(user, goal):
    begin(user)
    assert not Goal.objects.filter(plan__state="active").exists()
    assert goal_rows(user, date(2027, 2, 1)) == []
    assert create_due_reminders(as_of=datetime(2027, 3, 12, 12, tzinfo=UTC), now=NOW) == 0


def test_sent_reminders_are_not_sent_again_in_a_new_plan(user, goal):
    moment = datetime(2027, 3, 5, 12, tzinfo=UTC)
    assert create_due_reminders(as_of=moment, now=NOW) == 1
    begin(user, goal, now=moment)
    assert create_due_reminders(as_of=moment + timedelta(hours=1), now=NOW) == 0
    assert create_due_reminders(as_of=datetime(2027, 3, 11, 12, tzinfo=UTC), now=NOW) == 1


def test_starting_a_plan_twice_makes_one_plan(user, goal):
    plan = Plan.objects.get()
    first = begin(user, goal)
    again = start_new_plan(plan=plan, title="Other", closing_notes="", carried={goal.pk}, now=LATER)
    assert again == first
    assert (Plan.objects.count(), Goal.objects.count()) == (2, 2)


def test_goal_without_an_open_step_is_refused_and_nothing_is_saved(user, goal):
    complete_step(step=goal.steps.get(title="Ask for two late shifts"), now=NOW)
    with pytest.raises(GoalHasNoStep):
        begin(user, goal)
    assert Plan.objects.get().is_active


def test_closed_goals_and_goals_of_others_are_not_copied(user, other_user, goal):
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    new = begin(user, goal, make_goal(other_user))
    assert not Goal.objects.filter(plan=new).exists()


def test_pause_continues_in_the_new_plan_and_can_be_ended(user, goal):
    data = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 10), "reason": Pause.Reason.LEAVE}
    start_pause(plan=Plan.objects.get(), form_key=uuid4(), changes=data, now=LATER)
    new = begin(user, goal, now=LATER + timedelta(hours=1))
    end_pause(pause=new.pauses.get(), today=date(2027, 2, 6), now=LATER + timedelta(days=5))
    assert Goal.objects.get(plan=new).steps.open().get().due_on == date(2027, 3, 17)


def test_ending_a_copied_pause_restores_only_dates_it_moved(user, goal):
    data = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 14), "reason": Pause.Reason.ILLNESS}
    start_pause(plan=Plan.objects.get(), form_key=uuid4(), changes=data, now=LATER)
    chosen = {"title": "A chosen day", "due_on": date(2027, 3, 1)}
    add_step(goal=goal, changes=chosen, form_key=uuid4(), now=LATER + timedelta(hours=1))
    new = begin(user, goal, now=LATER + timedelta(days=1))
    end_pause(pause=new.pauses.get(), today=date(2027, 2, 5), now=LATER + timedelta(days=4))
    days = dict(ActionStep.objects.filter(goal__plan=new).values_list("title", "due_on"))
    assert days["A chosen day"] == date(2027, 3, 1)
    assert days["Ask for two late shifts"] == date(2027, 3, 16)  # 12 March, and the four days that were used


def test_copied_goal_links_to_its_original(signed_in, user, goal):
    new = begin(user, goal)
    page = signed_in.get(Goal.objects.get(plan=new).get_absolute_url()).content.decode()
    assert f'href="{goal.get_absolute_url()}"' in page
    assert signed_in.get(goal.get_absolute_url()).status_code == 200


def test_ending_a_copied_pause_restores_the_stop_rule_date(user, goal):
    Goal.objects.filter(pk=goal.pk).update(stop_on=date(2027, 3, 20), stop_condition="six shifts")
    data = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 10), "reason": Pause.Reason.LEAVE}
    start_pause(plan=Plan.objects.get(), form_key=uuid4(), changes=data, now=LATER)
    new = begin(user, goal, now=LATER + timedelta(hours=1))
    assert Goal.objects.get(plan=new).stop_on == date(2027, 3, 30)
    end_pause(pause=new.pauses.get(), today=date(2027, 2, 6), now=LATER + timedelta(days=5))
    assert Goal.objects.get(plan=new).stop_on == date(2027, 3, 25)


# Pages of a goal or a step that take no POST.
ONLY_READ = {
    *("goals:detail", "goals:progress", "goals:how-it-went", "goals:step-row"),
    *("goals:goal-if-then-ready", "goals:step-if-then-ready"),
}


class TestArchived:
    @pytest.fixture(autouse=True)
    def _archive(self, user, goal):
        begin(user, goal)

    @pytest.mark.parametrize(
        ("rule", "write"),
        [
            ("goals_goal_readonly", lambda goal: Goal.objects.filter(pk=goal.pk).update(title="New")),
            (
                "goals_goal_readonly",
                lambda goal: Goal.objects.filter(pk=goal.pk).update(state="let_go", closed_at=NOW),
            ),
            ("goals_actionstep_readonly", lambda goal: goal.steps.update(title="New")),
            ("goals_resource_readonly", lambda goal: Resource.objects.filter(step__goal=goal).update(state="arranged")),
            ("goals_evaluation_readonly", lambda goal: Evaluation.objects.filter(step__goal=goal).update(worth=1)),
            ("goals_progressentry_readonly", lambda goal: goal.progress_entries.update(removed_at=NOW)),
            (
                "goals_progressentry_readonly",
                lambda goal: ProgressEntry.objects.create(goal=goal, measured_on=NOW.date(), value=4, recorded_at=NOW),
            ),
            ("goals_change_readonly", lambda goal: goal.changes.update(note="New")),
        ],
    )
    def test_archived_plan_is_not_written(self, goal, rule, write):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            write(goal)

    def test_archived_plan_takes_no_new_goal(self, goal):
        copy = Goal.objects.get(pk=goal.pk)
        copy.pk, copy.form_key = None, uuid4()
        with pytest.raises(IntegrityError, match="goals_goal_readonly"), transaction.atomic():
            copy.save()

    def test_goal_of_an_archived_plan_has_no_actions(self, signed_in, goal):
        page = signed_in.get(goal.get_absolute_url()).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert reverse("plans:earlier-plans") in main
        for text in ("I want to.", "Done before", "Course fee", "Mostly", "10 Jan 2027", "I know more now"):
            assert text in main
        assert "<button" not in main
        assert "<form" not in main

    @pytest.mark.parametrize(
        "name", sorted(name for name, kind in routes.OBJECT_ROUTES.items() if kind in ("goal", "step"))
    )
    def test_actions_on_an_archived_plan_are_404(self, signed_in, goal, name):
        step = goal.steps.get(title="Done before")
        pk = step.pk if routes.OBJECT_ROUTES[name] == "step" else goal.pk
        before = list(Goal.objects.order_by("pk").values_list()), list(ActionStep.objects.order_by("pk").values_list())
        status = signed_in.post(reverse(name, args=[pk])).status_code
        assert status == (405 if name in ONLY_READ else 404)
        assert before == (
            list(Goal.objects.order_by("pk").values_list()),
            list(ActionStep.objects.order_by("pk").values_list()),
        )

    def test_archived_plan_is_listed_and_readable(self, signed_in, goal, django_assert_num_queries):
        listed = signed_in.get(reverse("plans:earlier-plans")).content.decode()
        address = reverse("plans:earlier-plan", args=[goal.plan_id])
        assert address in listed
        with django_assert_num_queries(5):
            page = signed_in.get(address).content.decode()
        for text in ("It went well.", "A good ward", goal.title, "Moved to the next plan."):
            assert text in page

    def test_user_with_archived_plans_can_be_deleted(self, user):
        begin(user, Goal.objects.get(plan__state="active"))
        user.delete()
        assert not Goal.objects.exists()
        for model in (Plan, Goal, ActionStep, Resource, Evaluation):
            assert not model.events.rel.related_model.objects.exists()  # nothing is kept behind their back


def test_own_words_at_the_end_of_a_sentence_have_one_full_stop():
    goal = Goal(measure_kind=Goal.MeasureKind.YES_NO, done_when="I hold the licence.")
    words = render_to_string("goals/_measure_words.html", {"goal": goal})
    assert words.strip().endswith("<bdi>I hold the licence</bdi>.")


def test_new_plan_page_offers_goals_and_a_double_click_makes_one_plan(signed_in, user, goal):
    left = make_goal(user, title="Left behind")
    empty = make_goal(user, title="Without a step")
    complete_step(step=only_step(empty), now=NOW)
    page = signed_in.get(reverse("plans:new-plan"))
    assert "“Without a step” has no open step" in re.sub("</?bdi>", "", page.content.decode())
    form = {"plan": Plan.objects.get().pk, "title": "Next", "closing_notes": "Well.", "goals": [goal.pk]}
    assert signed_in.post(reverse("plans:new-plan"), {**form, "title": ""}).context["form"].errors
    refused = signed_in.post(reverse("plans:new-plan"), {**form, "goals": [empty.pk]})
    assert list(refused.context["form"].errors) == ["goals"]
    for _ in range(2):
        signed_in.post(reverse("plans:new-plan"), form)
    assert Plan.objects.count() == 2
    assert list(Goal.objects.filter(plan__state="active").values_list("title", flat=True)) == [goal.title]
    assert Goal.objects.get(pk=left.pk).plan.state == "archived"
