"""Reads a plan for its document. The number of queries does not depend on how long the plan is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.core.numbers import format_number
from careerplan.goals.facts import Place, list_facts
from careerplan.goals.models import ActionStep, Change, Goal, Progress
from careerplan.goals.queries.goal_history import change_text
from careerplan.goals.queries.progress import progress_from
from careerplan.goals.texts import share_text
from careerplan.plan_document import texts
from careerplan.plan_document.document import (
    Changed,
    Document,
    DoneStep,
    Fact,
    GoalFacts,
    ReviewFacts,
    Timeline,
    cleaned,
)
from careerplan.plan_document.opportunities_section import opportunities_of
from careerplan.plan_document.parts import EVERYTHING, Part, Parts
from careerplan.plan_document.skills_section import standing_of
from careerplan.planning.timeline import MOST_MARKS, SHOWN_LANES, build_timeline
from careerplan.plans.models import Plan
from careerplan.plans.queries import active_plan
from careerplan.reviews.models import Review
from careerplan.reviews.queries import next_review
from careerplan.reviews.texts import reached_so_far_text, review_lead

__all__ = ["active_plan", "document_of", "plans_of"]

AREAS = {Goal.Area.PROFESSIONAL: Part.PROFESSIONAL, Goal.Area.PERSONAL: Part.PERSONAL}


def plans_of(user: User) -> QuerySet[Plan]:
    """The person's plans, active and archived, each with all that a document says of the plan itself."""
    return Plan.objects.for_user(user).select_related("target_occupation", "user")


def document_of(plan: Plan, parts: Parts, now: datetime) -> Document:
    """What was chosen of a plan (of `plans_of`), as it stands now; of an archived one as it was left.

    At most 15 queries, however long the plan; one less where it aims at no occupation.
    """
    today = plan.archived_on or timezone.localdate(now)
    goals = _goals(plan, parts, today)
    shown = [facts for goal, facts in goals if goal.is_active]
    document = Document(
        title=plan.title,
        author=plan.user.name,
        head=texts.head_words(plan, today),
        as_of=today,
        is_past=not plan.is_active,
        vision=plan.vision if Part.VISION in parts else "",
        direction=_direction(plan) if Part.DIRECTION in parts else (),
        closing_notes=plan.closing_notes if Part.REVIEWS in parts else "",
        standing=standing_of(plan, until=plan.archived_at or now) if Part.STANDING in parts else None,
        goals=tuple(shown),
        closed=tuple(facts for goal, facts in goals if not goal.is_active),
        opportunities=opportunities_of(plan, [goal.pk for goal, _facts in goals], today)
        if Part.OPPORTUNITIES in parts
        else (),
        reviews=_reviews(plan) if Part.REVIEWS in parts else (),
        next_review=_next_review(plan, today) if Part.REVIEWS in parts else "",
    )
    document = cleaned(document)
    if Part.TIMELINE not in parts or not shown:
        return document
    return _with_timeline(document, today)


def _with_timeline(document: Document, today: date) -> Document:
    drawn = build_timeline(document.goals[:SHOWN_LANES], today, count=len(document.goals))
    return replace(document, timeline=Timeline(drawn, texts.more_words(drawn.more)))


def _direction(plan: Plan) -> tuple[Fact, ...]:
    occupation = plan.target_occupation.title if plan.target_occupation else ""
    target = plan.target_role or occupation
    if occupation and occupation != target:
        target = _("%(role)s (occupation: %(occupation)s)") % {"role": target, "occupation": occupation}
    hours = ""
    if plan.hours_a_week:
        hours = _("%(hours)s hours a week") % {"hours": format_number(plan.hours_a_week)}
    facts = [
        Fact(_("Stage"), (plan.get_career_stage_display(),)),
        Fact(_("Now"), (plan.current_role,)),
        Fact(_("Target"), (target,)),
        Fact(_("Horizon"), (texts.horizon_words(plan.horizon, plan.horizon_on, plan.get_horizon_display()),)),
        Fact(_("Priorities"), tuple(plan.priorities), is_own=True),
        Fact(_("Time"), (hours,)),
    ]
    return tuple(fact for fact in facts if any(fact.lines))


def _goals(plan: Plan, parts: Parts, today: date) -> list[tuple[Goal, GoalFacts]]:
    """The goals of the sides of life that were chosen: open ones by due date, then closed ones, last closed first."""
    areas = [area for area, part in AREAS.items() if part in parts]
    chosen = plan.goals.filter(area__in=areas)
    if Part.CLOSED not in parts:
        chosen = chosen.active()
    steps = ActionStep.objects.exclude(state=ActionStep.State.DROPPED).select_related("evaluation")
    readings = Progress.objects.counted().order_by("-read_on", "-id")
    with_parts = chosen.prefetch_related(  # type: ignore[type-var]  # each has a type of its own
        Prefetch("steps", queryset=steps.order_by("position").prefetch_related("resources")),
        Prefetch("readings", queryset=readings),
        "skills",
        "changes",
    )
    found = list(with_parts)
    still_open = [goal for goal in found if goal.is_active]
    closed = [goal for _at, _pk, goal in sorted(((g.closed_at, g.pk, g) for g in found if g.closed_at), reverse=True)]
    return [(goal, _goal(goal, plan, parts, today)) for goal in (*still_open, *closed)]


def _goal(goal: Goal, plan: Plan, parts: Parts, today: date) -> GoalFacts:
    steps = list(goal.steps.all())
    progress = progress_from(goal, steps, list(goal.readings.all()), goal.closed_on or today)
    still_open = [step for step in steps if step.is_open]
    is_running = goal.is_active and plan.is_active
    return GoalFacts(
        title=goal.title,
        when=texts.when_words(goal),
        starts_on=goal.starts_on,
        due_on=goal.due_on,
        said=texts.standing_words(goal, progress, steps, is_past=not plan.is_active),
        pace=share_text(progress.share_done, progress.time_gone) if is_running else (),
        share_done=progress.share_done,
        time_gone=progress.time_gone,
        open_days=tuple(sorted(step.due_on for step in still_open)[:MOST_MARKS]),
        own=tuple(
            Fact(fact.label, fact.lines, is_own=fact.is_own)
            for fact in list_facts(goal, Place.DOCUMENT, without_parts=frozenset(EVERYTHING - parts))
        ),
        steps=tuple(
            texts.open_step(step, today, plan.currency, with_needs=Part.NEEDS in parts)
            for step in still_open
            if Part.STEPS in parts and goal.is_active
        ),
        done=_done(steps) if Part.DONE in parts else (),
        changes=tuple(_changes(goal, goal.changes.all())) if Part.CHANGES in parts else (),
    )


def _done(steps: list[ActionStep]) -> tuple[DoneStep, ...]:
    """Finished steps, the first done first."""
    found = []
    for step in steps:
        if step.done_on:
            verdict = getattr(step, "evaluation", None)
            learned = verdict.learned if verdict else ""
            found.append(DoneStep(step.done_on, step.title, *texts.verdict_words(verdict), learned))
    return tuple(sorted(found, key=lambda step: step.done_on))


def _changes(goal: Goal, changes: Iterable[Change]) -> Iterable[Changed]:
    for change in changes:
        day = timezone.localdate(change.made_at)
        yield Changed(day, change_text(goal, change), change.reason_text, change.note)


def _reviews(plan: Plan) -> tuple[ReviewFacts, ...]:
    """The finished reviews, newest first. One query."""
    found, finished = [], list(plan.reviews.finished().with_unanswered())
    for review, before in zip_longest(finished, finished[1:]):
        previous_on = timezone.localdate(before.finished_at) if before else None
        unanswered: int = review.unanswered  # type: ignore[union-attr]
        lead = f"{reached_so_far_text(review)} {review_lead(review, previous_on, unanswered)}"
        found.append(ReviewFacts(timezone.localdate(review.finished_at), lead, _answers(review)))
    return tuple(found)


def _answers(review: Review) -> tuple[Fact, ...]:
    names = {"went_well": _("Went well"), "obstacles": _("Got in the way"), "next": _("Next")}
    return tuple(
        Fact(names[key], (getattr(review, key),), is_own=True) for key in Review.QUESTIONS if getattr(review, key)
    )


def _next_review(plan: Plan, today: date) -> str:
    """When the next review is due, in texts. Two queries; none for an archived plan."""
    coming = next_review(plan.user, today) if plan.is_active else None
    return _("Next review: %(day)s.") % {"day": texts.day_words(coming.due_on)} if coming else ""
