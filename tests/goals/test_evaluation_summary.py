"""The summary of ratings adds up, and stays silent on too few."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from careerplan.goals.models import ActionStep, Evaluation
from careerplan.goals.queries.progress import EvaluationTotals, load_evaluation_summary, similar_steps
from careerplan.goals.services.steps import complete_step
from tests.factories.accounts import UserFactory
from tests.factories.goals import NOW, add_steps, make_goal, rate_step

HOURS = st.none() | st.decimals(min_value="0.01", max_value="9999", places=2)
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["", *ActionStep.Kind.values]),
            "planned": HOURS,
            "worth": st.none() | st.integers(1, 5),
            "spent": HOURS | st.just(Decimal(0)),
            "would_repeat": st.sampled_from(["", *Evaluation.WouldRepeat.values]),
        }
    ),
    max_size=12,
)


class TestTheLedgerAddsUp(TestCase):
    @given(STEPS)
    def test_hours_are_summed(self, drawn):
        """Whatever was rated: the sums over the kinds are the sums over the steps."""
        user = UserFactory()
        goal = make_goal(user)
        for one in drawn:
            (step,) = add_steps(goal, "Do", kind=one["kind"], effort_hours=one["planned"])
            if one["worth"]:
                rate_step(step, one["worth"], hours_spent=one["spent"], would_repeat=one["would_repeat"])
        summary = load_evaluation_summary(user)
        rated = [one for one in drawn if one["worth"]]
        timed = [one for one in rated if one["planned"] is not None and one["spent"] is not None]
        assert summary.total == EvaluationTotals(
            rated=len(rated),
            worth=sum(one["worth"] for one in rated),
            answered_repeat=sum(bool(one["would_repeat"]) for one in rated),
            would_repeat=sum(one["would_repeat"] == "yes" for one in rated),
            timed=len(timed),
            hours_planned=sum((one["planned"] for one in timed), Decimal(0)),
            hours_spent=sum((one["spent"] for one in timed), Decimal(0)),
        )
        assert {row.kind for row in summary.rows} == {one["kind"] for one in rated}


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("count", "average", "would_repeat", "ratio"), [(2, None, None, None), (3, "3.7", 67, "1.5")])
def test_fewer_than_three_evaluations_have_no_average(user, count, average, would_repeat, ratio):
    goal = make_goal(user)
    steps = add_steps(goal, "One", "Two", "Three", kind="course", effort_hours=Decimal(10))
    evaluations = [(5, 10, "yes"), (2, 20, "no"), (4, 15, "yes")]
    for step, (worth, spent, answer) in list(zip(steps, evaluations, strict=True))[:count]:
        rate_step(step, worth, hours_spent=Decimal(spent), would_repeat=answer)
    (row,) = load_evaluation_summary(user).rows
    assert row.label == "Take a course"
    assert row.sums.average_worth == (Decimal(average) if average else None)
    assert row.sums.repeat_share == would_repeat
    assert row.sums.hours_ratio == (Decimal(ratio) if ratio else None)


@pytest.mark.parametrize("count", [1, 30])
def test_evaluation_summary_counts_own_steps_with_constant_queries(
    signed_in, user, other_user, django_assert_num_queries, count
):
    for person in (user, other_user):
        for step in add_steps(make_goal(person), *("Practise" for _ in range(count)), kind="practise"):
            rate_step(step)
    with django_assert_num_queries(3):  # user, summary, what got in the way
        response = signed_in.get(reverse("goals:evaluations"))
    assert response.context["summary"].total.rated == count
    assert ("Not enough ratings" in response.content.decode()) is (count == 1)


def test_similar_steps_are_own_and_most_similar_first(user, other_user):
    goal = make_goal(user)
    titles = ["Book the lecture theatre", "Book a lecture theatre for a rehearsal", "Ask Karen for six shifts"]
    for step in add_steps(goal, *titles):
        rate_step(step)
    (unrated,) = add_steps(goal, "Book the lecture theatre again")
    complete_step(step=unrated, now=NOW)
    for step in add_steps(make_goal(other_user), "Book the lecture theatre"):
        rate_step(step)
    found = similar_steps(user, "book the LECTURE theatre")
    assert [step.title for step in found] == titles[:2]
    assert similar_steps(user, "  ") == []


def test_step_form_shows_steps_of_the_goal_then_similar_titles(signed_in, user):
    goal = make_goal(user)
    for step in add_steps(goal, "Teach the inhaler session"):
        rate_step(step, 4, learned="Questions help me more than slides do.")
    new = reverse("goals:step-new", args=[goal.pk])
    shown = signed_in.get(new).content.decode()
    assert "Earlier steps of this goal" in shown
    assert "Questions help me more than slides do." in shown
    failed = signed_in.post(new, {"step_title": "Teach the inhaler session again"}).content.decode()
    assert "Similar steps" in failed
    assert "Teach the inhaler session</p>" in failed


def test_similar_steps_are_fetched_as_a_fragment(signed_in, user):
    for step in add_steps(make_goal(user), "Teach the inhaler session"):
        rate_step(step)
    address = reverse("goals:steps-similar")
    part = signed_in.get(address, {"title": "Teach the inhaler course"}).content.decode()
    assert "Teach the inhaler session" in part
    assert "<html" not in part
    for odd in ("", "x" * 5000, "nul \0", "%"):
        assert "You have not rated any steps like this yet." in signed_in.get(address, {"title": odd}).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_step_form_query_count_is_constant(signed_in, user, django_assert_num_queries, count):
    goal = make_goal(user)
    for step in add_steps(goal, *("Practise" for _ in range(count))):
        rate_step(step)
        step.resources.create(kind="person", description="Karen")
    with django_assert_num_queries(5):  # user, step, its resources, summary, similar steps
        signed_in.get(reverse("goals:step-edit", args=[step.pk]))
