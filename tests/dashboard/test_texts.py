"""The summary that Today starts with."""

import re
from types import SimpleNamespace

import pytest

from careerplan.dashboard.agenda import TITLE_CHARACTERS, summary
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.agenda import DuePeriod, DueSteps
from tests.dashboard.today import DAY, TODAY, steps_on, today_page
from tests.factories.goals import make_goal, only_step

pytestmark = pytest.mark.django_db


def due_steps(counts: dict[str, int]) -> DueSteps:
    step = SimpleNamespace(title="Rehearse", due_on=TODAY)
    return DueSteps({DuePeriod(part): [step] for part in counts}, {DuePeriod(part): n for part, n in counts.items()})


def numbers(sentences: str) -> list[int]:
    return [int(number) for number in re.findall(r"\b\d+\b", sentences)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"week": 1}, [1]),
        ({"overdue": 1, "month": 5}, [1]),
        ({"overdue": 1, "week": 3}, [1, 3]),
        ({"overdue": 13, "week": 1}, [13, 1]),
    ],
)
def test_counts_late_steps_before_those_due_this_week(counts, expected):
    sentences = summary(due_steps(counts))
    assert numbers(sentences) == expected
    assert "“Rehearse”" in sentences


@pytest.mark.parametrize("counts", [{"month": 2}, {"later": 1}])
def test_names_the_next_step_and_its_date_when_nothing_is_due_this_week(counts):
    assert "“Rehearse” on 9 Mar 2027" in summary(due_steps(counts))


def test_without_open_steps_nothing_is_counted():
    assert numbers(summary(due_steps({}))) == []


@pytest.mark.parametrize(
    ("counts", "expected", "first"),
    [
        ({}, [2], "Review of your plan"),
        ({"month": 2}, [2], "Review of your plan"),
        ({"week": 1}, [3], "Rehearse"),
        ({"overdue": 1}, [1, 2], "Rehearse"),
    ],
)
def test_counts_the_review_and_closing_dates_of_this_week(counts, expected, first):
    sentences = summary(due_steps(counts), ["Review of your plan", "Ward manager"])
    assert numbers(sentences) == expected
    assert f"“{first}”" in sentences


def test_starts_with_the_most_urgent_step_and_shortens_its_title(user):
    steps_on(user, 1)
    late = only_step(make_goal(user, step_due_on=TODAY - DAY))
    ActionStep.objects.filter(pk=late.pk).update(title="Ask Dr Osei " * 15)
    sentences = today_page(user).lead
    assert "“Ask Dr Osei Ask" in sentences
    assert len(sentences) < TITLE_CHARACTERS + 80
