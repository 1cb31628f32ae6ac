"""A plan with everything a document can say."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal
from careerplan.goals.services.goals import ChangeReason, ClosingNotes, close_goal, move_goal
from careerplan.opportunities import services as opportunities
from careerplan.plan_document import queries
from careerplan.plan_document.forms import DocumentPartsForm
from tests.factories.goals import NOW, NOW_ON, add_steps, make_entry, make_goal, only_step, rate_step
from tests.factories.opportunities import decline, make_opportunity
from tests.factories.reviews import make_finished_review
from tests.factories.skills import make_finished_assessment


@pytest.fixture
def rich_plan(user):
    """One goal on either side of life, one let go; steps, resources, an evaluation, a change, an assessment, a review;
    two opportunities.
    """
    make_finished_assessment(user)
    goal = make_goal(user, why="Wards follow whoever is calm.")
    only_step(goal).resources.create(kind="person", description="Dr Osei, respiratory consultant", cost=85)
    make_entry(goal, 3)
    (done,) = add_steps(goal, "Shadow a nurse in charge")
    rate_step(done, 3, learned="One night would have shown me as much.", would_repeat="differently", hours_spent=24)
    why = ChangeReason(reason="life", note="The rota came late.")
    move_goal(goal=goal, due_on=goal.due_on + timedelta(days=10), reason=why, today=NOW_ON, now=NOW)
    make_goal(user, title="Speak to 100 people without notes", area=Goal.Area.PERSONAL, why="I want to be heard.")
    gone = make_goal(user, title="Learn Portuguese until fluent", area=Goal.Area.PERSONAL)
    words = ClosingNotes(closing_note="No time for it.", learned="Fewer at once.", worth=2)
    close_goal(goal=gone, outcome=Goal.State.LET_GO, notes=words, today=NOW_ON, now=NOW)
    make_finished_review(user)
    skill = Skill.objects.catalogue().first()
    open_one = make_opportunity(
        user, "Deputy of ward 12", closes_on=NOW_ON + timedelta(days=30), organisation="Northgate", needs={skill.pk: 4}
    )
    served = {goal.pk: "helps", Goal.objects.get(title__startswith="Speak").pk: "slows_down"}
    said = {"pros": "A budget.\nThe same building.", "cons": "It ends.", "vision_score": 4}
    answers = opportunities.WeighingAnswers(**said, effects=served)
    opportunities.weigh_opportunity(opportunity=open_one, answers=answers, now=NOW)
    decline(make_opportunity(user, "Practice educator", link="https://example.org/educator"))
    plan = goal.plan
    plan.refresh_from_db()
    plan.title, plan.priorities = "Ward manager by autumn", ["Stay close to patients", "Home by seven"]
    plan.vision, plan.current_role = "I run a ward where nurses want to stay.", "Senior staff nurse"
    plan.save()
    return plan


@pytest.fixture
def document_for(user):
    """The document of a plan with the choice of a query, as the pages make it."""

    def make(plan, query=""):
        parts = DocumentPartsForm(QueryDict(query.lstrip("?"))).parts
        return queries.build_document(queries.plans_for_document(user).get(pk=plan.pk), parts, timezone.now())

    return make
