"""Queries of the plan document. Their number does not depend on the length of the plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.core.numbers import format_number
from careerplan.goals.facts import Place, list_facts
from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.goal_page import change_text
from careerplan.goals.texts import share_text
from careerplan.plan_document import texts
from careerplan.plan_document.document import (
    EVERYTHING,
    Document,
    DocumentPart,
    DocumentTimeline,
    DoneStepFacts,
    Fact,
    GoalChange,
    GoalFacts,
    Parts,
    ReviewFacts,
    cleaned,
)
from careerplan.plan_document.sections import opportunities_section, skills_section
from careerplan.planning.queries.plan_content import PlanGoal, load_plan_goals
from careerplan.planning.timeline import SHOWN_LANES, build_timeline
from careerplan.plans.models import Plan
from careerplan.plans.queries import active_plan
from careerplan.reviews.models import Review
from careerplan.reviews.queries.schedule import next_review
from careerplan.reviews.texts import reached_so_far_text, review_lead

__all__ = ["active_plan", "build_document", "count_entries", "is_long", "plans_for_document"]

# A plan with more goals and steps is made into a file by a worker. So many take about a second on the slower of two
# cores, with long texts; the number is known before the work.
IMMEDIATE_ENTRIES = 200

AREAS = {Goal.Area.PROFESSIONAL: DocumentPart.PROFESSIONAL, Goal.Area.PERSONAL: DocumentPart.PERSONAL}


def plans_for_document(user: User) -> QuerySet[Plan]:
    """Return the user's plans, active and archived, with the plan's own facts."""
    return Plan.objects.for_user(user).select_related("target_occupation", "user")


def count_entries(plan: Plan) -> int:
    """Count the goals and steps of a plan. One query."""
    goals = plan.goals.aggregate(goals=Count("pk", distinct=True), steps=Count("steps"))
    return int(goals["goals"] + goals["steps"])


def is_long(plan: Plan) -> bool:
    """Whether a worker makes the files of a plan. One query."""
    return count_entries(plan) > IMMEDIATE_ENTRIES


def build_document(plan: Plan, parts: Parts, now: datetime) -> Document:
    """Return the chosen parts of a plan (from `plans_for_document`); an archived plan as it was when archived.

    At most 15 queries, one fewer without a target occupation.
    """
    today = plan.archived_on or timezone.localdate(now)
    goals = _goals(plan, parts, today)
    shown = [facts for goal, facts in goals if goal.is_active]
    document = Document(
        title=plan.title,
        author=plan.user.name,
        head=texts.heading_line(plan, today),
        as_of=today,
        is_past=not plan.is_active,
        vision=plan.vision if DocumentPart.VISION in parts else "",
        direction=_direction(plan) if DocumentPart.DIRECTION in parts else (),
        closing_notes=plan.closing_notes if DocumentPart.REVIEWS in parts else "",
        skills=skills_section(plan, until=plan.archived_at or now) if DocumentPart.SKILLS in parts else None,
        goals=tuple(shown),
        closed=tuple(facts for goal, facts in goals if not goal.is_active),
        opportunities=opportunities_section(plan, [goal.pk for goal, _facts in goals], today)
        if DocumentPart.OPPORTUNITIES in parts
        else (),
        reviews=_reviews(plan) if DocumentPart.REVIEWS in parts else (),
        next_review=_next_review(plan, today) if DocumentPart.REVIEWS in parts else "",
    )
    document = cleaned(document)
    if DocumentPart.TIMELINE not in parts or not shown:
        return document
    return _with_timeline(document, today)


def _with_timeline(document: Document, today: date) -> Document:
    drawn = build_timeline(document.goals[:SHOWN_LANES], today, count=len(document.goals))
    return replace(document, timeline=DocumentTimeline(drawn, texts.hidden_goals_text(drawn.more)))


def _direction(plan: Plan) -> tuple[Fact, ...]:
    occupation = plan.target_occupation.title if plan.target_occupation else ""
    target = plan.target_role or occupation
    if occupation and occupation != target:
        target = _("%(role)s, as %(occupation)s") % {"role": target, "occupation": occupation}
    hours = ""
    if plan.hours_a_week:
        hours = _("%(hours)s hours a week") % {"hours": format_number(plan.hours_a_week)}
    facts = [
        Fact(_("Stage"), (plan.get_career_stage_display(),)),
        Fact(_("Current role"), (plan.current_role,)),
        Fact(_("Target role"), (target,)),
        Fact(_("Target date"), (texts.target_date_text(plan.horizon, plan.horizon_on, plan.get_horizon_display()),)),
        Fact(_("Priorities"), tuple(plan.priorities), is_own=True),
        Fact(_("Weekly hours"), (hours,)),
    ]
    return tuple(fact for fact in facts if any(fact.lines))


def _goals(plan: Plan, parts: Parts, today: date) -> list[tuple[Goal, GoalFacts]]:
    """Return goals of the chosen areas: open ones by due date, then closed ones, newest first."""
    areas = [area for area, part in AREAS.items() if part in parts]
    chosen = plan.goals.filter(area__in=areas).prefetch_related("skills", "changes")
    if DocumentPart.CLOSED not in parts:
        chosen = chosen.active()
    steps = ActionStep.objects.select_related("evaluation").prefetch_related("resources")
    found = load_plan_goals(chosen, today, steps)
    still_open = [one for one in found if one.goal.is_active]
    dated = [(one.goal.closed_at, one.goal.pk, one) for one in found if one.goal.closed_at]
    closed = [one for _at, _pk, one in sorted(dated, key=lambda row: row[:2], reverse=True)]
    return [(one.goal, _goal(one, plan, parts, today)) for one in (*still_open, *closed)]


def _goal(one: PlanGoal, plan: Plan, parts: Parts, today: date) -> GoalFacts:
    goal, steps, progress, still_open = one.goal, one.steps, one.progress, one.open_steps
    is_running = goal.is_active and plan.is_active
    return GoalFacts(
        title=goal.title,
        when=texts.goal_date(goal),
        starts_on=goal.starts_on,
        due_on=goal.due_on,
        said=texts.goal_sentences(goal, progress, steps, is_past=not plan.is_active),
        pace=share_text(progress.share_done, progress.time_gone) if is_running else (),
        share_done=progress.share_done,
        time_gone=progress.time_gone,
        open_days=tuple(one.open_days),
        own=tuple(
            Fact(fact.label, fact.lines, is_own=fact.is_own)
            for fact in list_facts(goal, Place.DOCUMENT, without_parts=frozenset(EVERYTHING - parts))
        ),
        steps=tuple(
            texts.open_step(step, today, plan.currency, with_needs=DocumentPart.NEEDS in parts)
            for step in still_open
            if DocumentPart.STEPS in parts and goal.is_active
        ),
        done=_done(steps) if DocumentPart.DONE in parts else (),
        changes=tuple(_changes(goal, goal.changes.all())) if DocumentPart.CHANGES in parts else (),
    )


def _done(steps: list[ActionStep]) -> tuple[DoneStepFacts, ...]:
    """Return finished steps, oldest first."""
    found = []
    for step in steps:
        if step.done_on:
            evaluation = getattr(step, "evaluation", None)
            learned = evaluation.learned if evaluation else ""
            found.append(DoneStepFacts(step.done_on, step.title, *texts.evaluation_texts(evaluation), learned))
    return tuple(sorted(found, key=lambda step: step.done_on))


def _changes(goal: Goal, changes: Iterable[Change]) -> Iterable[GoalChange]:
    for change in changes:
        day = timezone.localdate(change.made_at)
        yield GoalChange(day, change_text(goal, change), change.reason_text, change.note)


def _reviews(plan: Plan) -> tuple[ReviewFacts, ...]:
    """Return finished reviews, newest first. One query."""
    found, finished = [], list(plan.reviews.finished().with_unanswered())
    for review, before in zip_longest(finished, finished[1:]):
        previous_on = timezone.localdate(before.finished_at) if before else None
        unanswered: int = review.unanswered  # type: ignore[union-attr]
        lead = f"{reached_so_far_text(review)} {review_lead(review, previous_on, unanswered)}"
        found.append(ReviewFacts(timezone.localdate(review.finished_at), lead, _answers(review)))
    return tuple(found)


def _answers(review: Review) -> tuple[Fact, ...]:
    names = {"went_well": _("Went well"), "obstacles": _("What got in the way"), "next": _("What comes next")}
    return tuple(
        Fact(names[key], (getattr(review, key),), is_own=True) for key in Review.QUESTIONS if getattr(review, key)
    )


def _next_review(plan: Plan, today: date) -> str:
    """Return when the next review is due, as texts. Two queries; none for an archived plan."""
    coming = next_review(plan.user, today) if plan.is_active else None
    return _("Next review: %(day)s.") % {"day": texts.format_day(coming.due_on)} if coming else ""
