"""What is read for a document: only what was chosen, archived plans as they were left, always the same few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal
from careerplan.plan_document import queries
from careerplan.plan_document.document import EVERYTHING, PRESETS, DocumentPart
from careerplan.plans.models import Plan
from careerplan.skills.services.answers import TaskChange, save_task_answers
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.finish import finish_assessment
from tests.factories.goals import NOW, make_goal, only_step
from tests.factories.skills import answer_direction, answer_judgement, answer_ratings, make_draft, make_occupation
from tests.goals.test_scale import fill
from tests.plan_document.reading import facts_in

pytestmark = pytest.mark.django_db

# goals, steps with evaluations, resources, entries, skills, changes; inventory with education, ratings; reviews,
# rhythm, open review; opportunities with skills and goals. One more (its needs) where an occupation is aimed at.
QUERIES = 14


def read(plan, parts=EVERYTHING, now=None):
    return queries.build_document(queries.plans_for_document(plan.user).get(pk=plan.pk), parts, now or timezone.now())


@pytest.mark.parametrize(("goals", "steps"), [(1, 1), (30, 300)])
def test_number_of_queries_is_constant(rich_plan, user, goals, steps):
    first = rich_plan.goals.first()
    for number in range(goals - 1):
        goal = make_goal(user, title=f"Goal {number}")
        ActionStep.objects.bulk_create(
            ActionStep(
                goal=goal, title=f"Step {n}", position=n + 2, due_on=first.due_on, due_set_at=NOW, created_at=NOW
            )
            for n in range(steps // goals)
        )
    plan = queries.plans_for_document(user).get(pk=rich_plan.pk)
    with CaptureQueriesContext(connection) as captured:
        document = queries.build_document(plan, EVERYTHING, timezone.now())
    assert len(captured) == QUERIES
    assert len(document.goals) == goals + 1


def test_empty_plan_has_a_document(user):
    plan = Plan.objects.create(user=user, title="Bare", started_on=NOW.date())
    document = read(plan)
    assert (document.title, document.goals, document.skills, document.timeline) == ("Bare", (), None, None)


def test_parts_that_were_not_chosen_are_absent(rich_plan):
    said = " ".join(facts_in(read(rich_plan, PRESETS["manager"].parts)))
    assert "ward12" not in said
    for secret in (
        "Speakto100",
        "nursesstay",
        "Onenight",
        "Wardsfollow",
        "rotacame",
        "Stayclose",
        "Portuguese",
    ):
        assert secret not in said
    assert "Lead12shifts" in said


def test_facts_of_a_goal(rich_plan):
    goal = read(rich_plan).goals[1]
    assert goal.title == "Lead 12 shifts as nurse in charge"
    assert goal.said == ("Professional, since 4 Jan 2027.", "Progress: 3 of 12 shifts on 4 Jan 2027.", goal.said[2])
    assert [fact.lines for fact in goal.own] == [("Wards follow whoever is calm.",)]
    assert goal.steps[0].needs == ("Needed: Dr Osei, respiratory consultant, 85",)
    done = goal.done[0]
    assert (done.worth, done.hours, done.again) == ("3 of 5, partly", "24 hours", "Yes, but differently")
    assert (goal.changes[0].reason, goal.changes[0].note) == ("Life got in the way", "The rota came late.")


def test_facts_of_a_goal_let_go(rich_plan):
    (gone,) = read(rich_plan).closed
    assert (gone.when, gone.pace) == ("Closed 4 Jan 2027", ())
    assert gone.said[-2:] == ("Status: Let go.", "Rated 2 of 5.")
    assert [(fact.label, fact.lines) for fact in gone.own] == [
        ("How it went", ("No time for it.",)),
        ("What I learned", ("Fewer at once.",)),
    ]


def test_facts_of_opportunities(rich_plan):
    still_open, declined = read(rich_plan, now=NOW).opportunities
    assert (still_open.title, still_open.when) == ("Deputy of ward 12", "Closing date: 3 Feb 2027")
    assert still_open.said == ("Northgate.", "No decision yet.")
    said = {fact.label: fact.lines for fact in still_open.own}
    assert said.pop("Skills needed")[0].endswith(": 4 advanced")
    assert said == {
        "Helps": ("Lead 12 shifts as nurse in charge",),
        "Slows down": ("Speak to 100 people without notes",),
        "Fit with the vision": ("Mostly",),
        "Reasons for it": ("A budget.", "The same building."),
        "Reasons against it": ("It ends.",),
    }
    assert (declined.when, declined.own[-1].lines) == ("Declined 4 Jan 2027", ("It is the next rung.",))


def test_opportunity_names_no_excluded_goal(rich_plan):
    document = read(rich_plan, frozenset({DocumentPart.OPPORTUNITIES, DocumentPart.PROFESSIONAL}))
    assert "Speakto100peoplewithoutnotes" not in facts_in(document)
    assert "Lead12shiftsasnurseincharge" in facts_in(document)


def test_archived_plan_is_shown_as_of_its_archiving(user):
    goal = make_goal(user)
    plan = goal.plan
    Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=NOW + timedelta(days=9), closing_notes="Done.")
    document = read(plan, now=NOW + timedelta(days=900))
    assert (document.as_of, document.is_past) == ((NOW + timedelta(days=9)).date(), True)
    assert document.head.endswith("archived 13 Jan 2027.")
    assert document.goals[0].said[-1] == "Not finished when the plan was archived."
    assert document.goals[0].steps[0].note == ""
    assert document.closing_notes == "Done."


def test_plans_of_others_are_not_found(rich_plan, other_user):
    assert not queries.plans_for_document(other_user).exists()


def test_dropped_step_is_absent(user):
    goal = make_goal(user)
    ActionStep.objects.filter(pk=only_step(goal).pk).update(state="dropped")
    assert read(goal.plan).goals[0].steps == ()


def test_300_goals_are_read_in_time(user):
    fill(user, goals=300, steps=3000)
    assert len(read(Goal.objects.filter(plan__user=user).first().plan).goals) == 300


def test_tasks_of_the_target_are_listed_by_how_far_they_are_done(user):
    manager = make_occupation(plural="ward managers")
    for position, text in enumerate(("Draws up the rota", "Plans the budget", "Hires staff")):
        manager.tasks.create(text=text, position=position)
    draft = make_draft(user, now=NOW)
    answer_direction(draft, now=NOW)
    save_direction(assessment=draft, changes={"target_occupation": manager}, now=NOW)
    answers = [TaskChange("never", ""), TaskChange("alone", "Four weeks for 22 nurses."), TaskChange("help", "")]
    save_task_answers(assessment=draft, changes=dict(zip(manager.tasks.all(), answers, strict=True)), now=NOW)
    answer_ratings(draft, now=NOW)
    answer_judgement(draft, now=NOW)
    finish_assessment(assessment=draft, now=NOW, today=NOW.date())
    plan = queries.plans_for_document(user).get(state="active")
    document = queries.build_document(plan, EVERYTHING, NOW)
    assert [fact.lines for fact in document.skills.more][:3] == [
        ("Draws up the rota",),
        ("Hires staff",),
        ("Plans the budget: Four weeks for 22 nurses.",),
    ]
