"""Markup of steps that is rendered once for many: it is that of the templates, whatever somebody has typed."""

from datetime import date

import pytest
from django.template import Context
from django.template.loader import render_to_string

from careerplan.goals.forms.step_list import near_days
from careerplan.goals.models import ActionStep
from careerplan.goals.templatetags.step_rows import step_do, step_when
from tests.factories.goals import make_goal

TODAY = date(2027, 3, 12)
# What could end an attribute or an element, and what looks like a place for other words.
TITLE = """Ask "Sam" & 'Ann' <b>\ue000csrf\ue000 {{ step }} 9007199254740991"""


@pytest.mark.parametrize("due_on", [None, date(2027, 3, 13), date(2029, 12, 31)])
@pytest.mark.parametrize("state", ["to_do", "in_progress"])
@pytest.mark.parametrize("is_next", [True, False])
def test_step_of_a_goal_is_that_of_its_templates(due_on, state, is_next):
    for pk, repeats in ((7, ""), (8, "weekly" if due_on else "")):
        step = ActionStep(pk=pk, title=TITLE, due_on=due_on, state=state, repeats=repeats)
        context = {"today": TODAY, "near_days": near_days(TODAY), "csrf_token": "a-token", "is_next": is_next}
        of_step = {"pk": pk, "title": TITLE, "due_on": due_on, "state": state, "repeats": repeats}
        for tag, name in ((step_when, "goals/_row_when.html"), (step_do, "goals/_step_do.html")):
            assert tag(Context(context), step) == render_to_string(name, {**context, **of_step})


def test_words_of_one_person_are_not_kept_for_another(db, user, other_user):
    rows = []
    for person, title in ((user, "Ask <b>Sam</b>"), (other_user, "Ask Ann")):
        goal = make_goal(person, step_due_on=date(2027, 3, 13))
        step = goal.steps.get()
        step.title = title
        context = Context({"today": TODAY, "csrf_token": f"token-{person.pk}"})
        rows.append(f"{step_when(context, step)}{step_do(context, step)}")
    assert "Ask &lt;b&gt;Sam&lt;/b&gt;" in rows[0]
    assert f'"token-{user.pk}"' in rows[0]
    assert "Ann" in rows[1]
    assert "Sam" not in rows[1]
    assert f'"token-{user.pk}"' not in rows[1]
