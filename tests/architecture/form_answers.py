"""What is sent on the page of each form, complete and right: each new form has a line here, or in NO_FORMS."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.first_goals import load_first_goals
from careerplan.goals.services.steps import complete_step
from careerplan.mentoring.models import Mentorship
from careerplan.opportunities.models.weighing import CRITERIA_MAX
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review
from careerplan.second_opinion.models import OpinionDecision
from careerplan.second_opinion.services.asking import withdraw_opinion
from tests.architecture.test_routes import SIGNED_IN
from tests.factories.goals import make_goal, only_step
from tests.factories.opportunities import pursue
from tests.factories.reviews import start
from tests.factories.second_opinions import make_opened_opinion
from tests.factories.skills import make_draft
from tests.operators.test_site_pages import ANSWERS as SITE_ANSWERS

DAY = timedelta(days=1)
OF_ACCOUNT = re.compile("account_(?!data)|mfa_|socialaccount_").match
Answers = dict[str, Any]


def a_goal(objects: dict[str, Any]) -> Goal:
    return Goal.objects.get(pk=objects["goal"].pk)


def of_goal(**answers: Any) -> Callable[..., Answers]:
    return lambda objects, today: answers


def new_goal(objects, today):
    return {
        "area": "personal",
        "title": "Run a marathon",
        "measure_kind": "yes_no",
        "done_when": "I crossed the line",
        "starts_on": today,
        "due_on": today + 300 * DAY,
        "why": "",
        "step_title": "Buy shoes",
        "step_due_on": today + 30 * DAY,
        "form_key": uuid4(),
    }


def first_goals(objects, today):
    answers: Answers = {"hours_a_week": "4"}
    for idea in load_first_goals(objects["goal"].plan.user).offered:
        first = {"title": "Run a marathon", **idea.measure(), "due_on": today + 300 * DAY, "step": idea.steps[0].title}
        answers |= {f"{idea.key}-{name}": value for name, value in {**first, "take": "on"}.items()}
        answers["offer"] = idea.key
    return answers


def edited(objects, today):
    goal = a_goal(objects)
    names = ("area", "measure_kind", "unit", "start_value", "target_value", "starts_on", "due_on")
    return {"title": "Other words", "why": "Because", **{name: getattr(goal, name) for name in names}}


def a_step(objects, today):
    return {"step_title": "Buy shoes", "step_due_on": today + DAY, "form_key": uuid4()}


def judged(objects, today):
    complete_step(step=objects["step"], now=timezone.now())
    return {"worth": "4", "learned": "Ask earlier."}


def more_time(objects, today):
    Goal.objects.filter(pk=objects["goal"].pk).update(stop_on=today, stop_condition="A yes")
    return {"stop_on": today + DAY, "reason": "life"}


def pause(objects, today):
    end = today + 6 * DAY
    return {
        "starts_on": today,
        "ends_on": end,
        "reason": "illness",
        "form_key": uuid4(),
        "shown": f"{today}/{end}",
    }


def catch_up(objects, today):
    step = only_step(make_goal(objects["goal"].plan.user, due_on=today + 3 * DAY, step_due_on=today - DAY))
    return {f"step-{step.pk}": "drop", f"step-{step.pk}-due_on": step.due_on.isoformat(), "confirmed": "on"}


def a_page_of_the_wizard(objects, today):
    make_draft(objects["goal"].plan.user)
    return {"career_stage": "changing", "current_role": "Nurse", "go": "next"}


def advertised(objects):
    """What is ticked of what the advert asks for."""
    skill = objects["own_skill"].pk
    return {f"take_{skill}": "on", f"level_{skill}": 3, "keep": "1"}


OBSTACLE = "I come home tired after a late shift."


def planned_for(model: type[Goal | ActionStep]) -> Callable[..., Answers]:
    def go(objects, today):
        model.objects.update(obstacle=OBSTACLE)
        return {"obstacle_plan": "I will ask Maria to cover the last hour."}

    return go


def under_way(answers: Answers) -> Callable[..., Answers]:
    def go(objects, today):
        Review.objects.all().delete()  # the finished one is of today
        start(objects["goal"].plan.user, timezone.now())
        return answers

    return go


def words(objects, today):
    return {"text": "Would you look at this?", "to": objects["mentorship"].pk, "form_key": uuid4()}


def about_a_review(objects, today):
    Mentorship.objects.update(shows_reviews=True)
    return words(objects, today)


def noted(objects, today):
    coming = objects["mentorship"].meetings.get(held_at=None)
    return {"form_key": coming.key, "text-1": "Ring Maria", "kind-1": "note"}


def asked(objects, today):
    """One of the rated skills, for a mentor who is asked nothing yet."""
    withdraw_opinion(opinion=objects["second_opinion"])
    return {"skills": objects["assessment"].ratings.filter(level__isnull=False).first().skill_id}


def differing(objects, today):
    """The choice where the mentor's level differs."""
    withdraw_opinion(opinion=objects["second_opinion"])
    own = objects["assessment"].ratings.filter(level__gt=1).select_related("skill").first()
    opinion = make_opened_opinion(objects["mentorship"], [own.skill], [1], now=timezone.now())
    objects["second_opinion"] = opinion
    decision = OpinionDecision.objects.get(rating__asked__opinion=opinion)
    return {f"choice-{decision.pk}": "mine"}


def looked_back(objects, today):
    pursue(objects["opportunity"], now=timezone.now() - 100 * DAY)
    return {"outcome_review": "yes", "note": "It was."}


# Made where a form needs something to be there first.
FORMS: dict[str, Callable[..., Answers]] = {
    "calendar_feed:home": lambda objects, today: {"parts": "goals", "steps_as": "todos", "alarm": "1"},
    "goals:new": new_goal,
    "goals:first": first_goals,
    "goals:edit": edited,
    "goals:move": lambda objects, today: {
        **of_goal(reason="life")(objects, today),
        "due_on": a_goal(objects).due_on + DAY,
        "shown_due": a_goal(objects).due_on + DAY,
    },
    "goals:reached": of_goal(closing_note="Well.", final_value="12"),
    "goals:partly-reached": of_goal(closing_note="Half of it.", final_value="6"),
    "goals:let-go": of_goal(closing_note="It is not for me."),
    "goals:stop-rule-later": more_time,
    "goals:goal-if-then-obstacle": lambda objects, today: {"obstacle": OBSTACLE},
    "goals:goal-if-then-plan": planned_for(Goal),
    "goals:step-if-then-obstacle": lambda objects, today: {"obstacle": OBSTACLE},
    "goals:step-if-then-plan": planned_for(ActionStep),
    "goals:record": lambda objects, today: {"value": "7", "measured_on": today, "form_key": uuid4()},
    "goals:step-new": a_step,
    "goals:step-edit": a_step,
    "goals:step-quick": lambda objects, today: {**a_step(objects, today), "goal": a_goal(objects).pk},
    "goals:step-evaluate": judged,
    "plans:edit": lambda objects, today: {
        "title": "Another title",
        "priorities": "",
        "currency": "",
    },
    "plans:pause": pause,
    "plans:catch-up": catch_up,
    "plans:new-plan": lambda objects, today: {
        "plan": Plan.objects.get(state="active").pk,
        "title": "Next",
        "closing_notes": "Well.",
    },
    "opportunities:new": lambda objects, today: {"title": "Sister, ward 4", "form_key": uuid4()},
    "opportunities:edit": lambda objects, today: {
        "title": "Other words",
    },
    "opportunities:weigh": lambda objects, today: {"pros": "Nearer to home"},
    "opportunities:skills": lambda objects, today: {"add": objects["own_skill"].pk, "add_level": 3},
    "opportunities:advert": lambda objects, today: {"text": "Welding is asked for.", **advertised(objects)},
    "opportunities:pursue": lambda objects, today: {"reason": "It is the next rung."},
    "opportunities:decline": lambda objects, today: {"reason": "It is too far away."},
    "opportunities:criteria": lambda objects, today: {
        "name_0": "Pay",
        **{f"weight_{place}": 3 for place in range(CRITERIA_MAX)},
    },
    "skills:page": a_page_of_the_wizard,
    "skills:own": lambda objects, today: {"name": "Welding by hand"},
    "reviews:schedule": lambda objects, today: {"cadence": "monthly", "next_on": today + 9 * DAY},
    "reviews:goal": under_way({"verdict": "behind", "decision": "keep", "note": "Later.", "go": "next"}),
    "reviews:overall": under_way({"went_well": "A lot.", "obstacles": "", "next": "", "go": "next"}),
    "people:invite": lambda objects, today: {
        "name": "Kwame Osei",
        "email": "kwame@example.org",
        "role": "coach",
        "months": "6",
        "line": "Would you?",
        "goals": a_goal(objects).pk,
    },
    "opportunities:look-back": looked_back,
    "goals:steps": lambda objects, today: {"do": "done", "step": objects["step"].pk, "day": today},
    "imports:choose": lambda objects, today: {"text": "Goal;Step\nRun a marathon;Buy shoes"},
    "reminders:settings": lambda objects, today: {"hour": "6", "weekly_maximum": "3", "kinds": "step_due"},
    "opinion:ask": asked,
    "opinion:differ": differing,
    "people:person": lambda objects, today: {"goals": a_goal(objects).pk, "shows_vision": "on"},
    "conversation:comment": words,
    "conversation:comment-review": about_a_review,
    "conversation:reply": words,
    "conversation:edit": words,
    "conversation:make-step": a_step,
    "conversation:change": a_step,
    "conversation:decline": lambda objects, today: {"line": "Not this year."},
    "meeting:sheet": lambda objects, today: {"starts_at": f"{today + DAY}T17:30"},
    "meeting:notes": noted,
    "accounts:settings": lambda objects, today: {"name": "Ruth A.", "time_zone": "Europe/Berlin", "theme": "dark"},
}
SAVES_NOTHING = {"imports:choose"}  # what was read is on the next page
NO_FORMS = {
    "account_data:import": "a file, which is never kept",
    "imports:cv-select": "what is chosen of a file, shown with its contents: tests/imports/test_pick.py",
    "imports:list": "what is chosen of a file, shown with its contents: tests/imports/test_list_pages.py",
    **{name: "passwords and addresses of the account, which are never kept" for name in SIGNED_IN if OF_ACCOUNT(name)},
}
OPERATOR_FORMS: dict[str, Answers] = {
    "operators:act": {"why": "Spam"},
    "operators:invitations": {"email": "new@example.org"},
    "operators:legal-text": {"text": "Rules", "after": "0"},
    "operators:site": SITE_ANSWERS,
}
OPERATOR_NO_FORMS = {"operators:logo": "a file, which is never kept", "operations:ask": "a button"}
