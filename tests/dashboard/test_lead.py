"""The sentence that Today begins with."""

from types import SimpleNamespace

import pytest

from careerplan.dashboard.words import lead
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.agenda import DueSteps, Part
from tests.dashboard.today import DAY, TODAY, steps_on, today_page
from tests.factories.goals import make_goal, only_step

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "No step is open. Choose a goal and say what comes next."),
        ({"month": 2}, "Nothing is due this week. Next comes “Rehearse”, on 9 Mar 2027."),
        ({"later": 1}, "Nothing is due this week. Next comes “Rehearse”, on 9 Mar 2027."),
        ({"week": 1}, "One thing is due this week. Start with “Rehearse”."),
        ({"overdue": 1, "month": 5}, "One step is late. Start with “Rehearse”."),
        (
            {"overdue": 1, "week": 3},
            "One step is late and three things are due this week. Start with “Rehearse”.",
        ),
        (
            {"overdue": 13, "week": 1},
            "13 steps are late and one thing is due this week. Start with “Rehearse”.",
        ),
    ],
)
def test_the_sentence_says_what_matters_now(counts, sentence):
    step = SimpleNamespace(title="Rehearse", due_on=TODAY)
    assert lead(DueSteps({Part(part): [step] for part in counts}, {Part(p): n for p, n in counts.items()})) == sentence


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "Two things are due this week. Start with “Review of your plan”."),
        ({"month": 2}, "Two things are due this week. Start with “Review of your plan”."),
        ({"week": 1}, "Three things are due this week. Start with “Rehearse”."),
        ({"overdue": 1}, "One step is late and two things are due this week. Start with “Rehearse”."),
    ],
)
def test_the_sentence_counts_the_review_and_what_closes(counts, sentence):
    step = SimpleNamespace(title="Rehearse", due_on=TODAY)
    due = DueSteps({Part(part): [step] for part in counts}, {Part(p): n for p, n in counts.items()})
    assert lead(due, ["Review of your plan", "Ward manager"]) == sentence


def test_the_sentence_begins_with_what_is_most_urgent_and_stays_short(user):
    steps_on(user, 1)
    late = only_step(make_goal(user, step_due_on=TODAY - DAY))
    ActionStep.objects.filter(pk=late.pk).update(title="Ask Dr Osei " * 15)
    words = today_page(user).lead
    assert words.startswith("One step is late and one thing is due this week. Start with “Ask Dr Osei Ask")
    assert len(words) < 140
