"""Sections of a document about skills and opportunities."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.opportunities.models import GoalEffect, NeededSkill, Opportunity
from careerplan.plan_document.document import Fact, OpportunityFacts, SkillGapRow, SkillsSection, SkillStrength
from careerplan.plan_document.texts import format_day, level_of_skill, opportunity_date
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Education, Level, Rating, TaskAnswer
from careerplan.skills.queries.comparison import GapRow, gap_rows, load_needs
from careerplan.skills.queries.task_results import asked_tasks
from careerplan.skills.texts import education_text


def skills_section(plan: Plan, *, until: datetime) -> SkillsSection | None:
    """Return the newest assessment of that date with the target role of the plan; None if there is none. At most five
    queries.
    """
    finished = Assessment.objects.for_user(plan.user).finished().filter(finished_at__lte=until)
    inventory = finished.select_related("education").first()
    if inventory is None:
        return None
    ratings = list(inventory.ratings.select_related("skill").order_by("skill__name", "skill_id"))
    gaps = _gaps(plan, ratings)
    return SkillsSection(
        assessed=_("Skills rated on %(day)s.") % {"day": format_day(timezone.localdate(inventory.finished_at))},
        strengths=_strengths(ratings),
        gaps=tuple(
            SkillGapRow(row.name, row.have, row.need, Level(row.have).phrase, Level(row.need).phrase) for row in gaps
        ),
        more=tuple(fact for fact in (*_tasks(plan, inventory), *_more(inventory, ratings, gaps)) if any(fact.lines)),
    )


def _strengths(ratings: list[Rating]) -> tuple[SkillStrength, ...]:
    """Return strengths, those with an example first, as in the results."""
    found = [rating for rating in ratings if rating.category == Rating.Category.STRENGTH]
    found.sort(key=lambda rating: (not rating.evidence, -(rating.level or 0)))
    return tuple(SkillStrength(rating.skill.name, rating.evidence) for rating in found)


def _gaps(plan: Plan, ratings: list[Rating]) -> list[GapRow]:
    """Return gaps to the target role, biggest first. One query; none without a target occupation."""
    if plan.target_occupation_id is None:
        return []
    levels = {rating.skill_id: rating.level for rating in ratings if rating.level is not None}
    needs = load_needs([plan.target_occupation_id])[plan.target_occupation_id]
    rows = gap_rows(levels, needs.values())
    return [row for row in rows if row.gap]


def _tasks(plan: Plan, inventory: Assessment) -> list[Fact]:
    """Return the tasks of the target role by how far the user has done them, as in the results. At most one query."""
    asked = asked_tasks(inventory, plan.target_occupation)
    experience = TaskAnswer.Experience
    labels = {
        _("Tasks not done yet"): (experience.NEVER,),
        _("Tasks done with help"): (experience.WITH_HELP,),
        _("Tasks done"): (experience.ALONE, experience.TAUGHT),
    }
    return [Fact(label, tuple(_task(one) for one in asked if one.experience in of)) for label, of in labels.items()]


def _task(answer: TaskAnswer) -> str:
    return f"{answer.text}: {answer.evidence}" if answer.evidence else answer.text


def _more(inventory: Assessment, ratings: list[Rating], gaps: list[GapRow]) -> list[Fact]:
    said = {row.skill_id for row in gaps}
    wanted = [rating for rating in ratings if rating.wants_to_learn and rating.skill_id not in said]
    said |= {rating.skill_id for rating in wanted}
    weak = [rating for rating in ratings if rating.category == Rating.Category.WEAKNESS and rating.skill_id not in said]
    facts = [
        Fact(_("Also to learn"), tuple(level_of_skill(one.skill.name, one.level) for one in wanted)),
        Fact(_("Weaknesses"), tuple(level_of_skill(one.skill.name, one.level) for one in weak)),
    ]
    education: Education | None = getattr(inventory, "education", None)
    if education:
        facts.append(Fact(_("Education"), (education_text(education.level, education.field),)))
        facts.append(Fact(_("Certificates"), tuple(filter(None, education.credentials.splitlines())), is_own=True))
        facts.append(Fact(_("Is my education enough?"), (education.get_enough_display(),)))
        facts.append(
            Fact(_("Education I still need"), tuple(filter(None, education.stated_missing.splitlines())), is_own=True)
        )
    return facts


def opportunities_section(plan: Plan, goals: Collection[int], today: date) -> tuple[OpportunityFacts, ...]:
    """Return open opportunities by closing date, then decided ones, newest first. Three queries, or one without any.

    `goals` are the ids of goals that may be named, so that excluded goals do not appear here either.
    """
    effects = GoalEffect.objects.filter(goal__in=goals).select_related("goal")
    needed = NeededSkill.objects.select_related("skill")
    parts: list[Prefetch[str, Any, str]] = [Prefetch("needed_skills", needed), Prefetch("effects", effects)]
    found = list(plan.opportunities.prefetch_related(*parts))
    decided = [(one.decided_at, one.pk, one) for one in found if one.decided_at and not one.is_open]
    shown = [one for one in found if one.is_open] + [one for _at, _pk, one in sorted(decided, reverse=True)]
    return tuple(_facts(one) for one in shown)


def _facts(one: Opportunity) -> OpportunityFacts:
    said = [f"{text.rstrip('.')}." for text in (one.organisation, one.summary) if text]
    if one.is_considering:
        said.append(_("No decision yet."))
    elif one.is_open and one.decided_on:
        said.append(_("Pursuing since %(day)s.") % {"day": format_day(one.decided_on)})
    return OpportunityFacts(one.title, opportunity_date(one), tuple(said), _own(one))


def _own(one: Opportunity) -> tuple[Fact, ...]:
    needed = tuple(level_of_skill(row.skill.name, row.level) for row in one.needed_skills.all())
    facts = [
        Fact(_("Link"), (one.link,)),
        Fact(_("Skills needed"), needed),
        Fact(_("Helps"), _goals(one, GoalEffect.Effect.HELPS), is_own=True),
        Fact(_("Slows down"), _goals(one, GoalEffect.Effect.SLOWS_DOWN), is_own=True),
        Fact(_("Fit with the vision"), (one.get_vision_score_display() if one.vision_score else "",)),
        Fact(_("Reasons for it"), tuple(one.pro_lines), is_own=True),
        Fact(_("Reasons against it"), tuple(one.con_lines), is_own=True),
        Fact(_("Reason for the decision"), (one.reason if one.decided_at else "",), is_own=True),
        Fact(_("Was it the right decision?"), (one.get_outcome_review_display() if one.outcome_review else "",)),
        Fact(_("Looking back"), (one.outcome_review_note if one.outcome_review else "",), is_own=True),
    ]
    return tuple(fact for fact in facts if any(fact.lines))


def _goals(one: Opportunity, effect: str) -> tuple[str, ...]:
    return tuple(row.goal.title for row in one.effects.all() if row.effect == effect)
