"""The skills section of the document: strengths, gaps, skills to learn, education."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.plan_document.document import Fact, SkillGapRow, SkillsSection, SkillStrength
from careerplan.plan_document.texts import format_day, format_level
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Education, Rating
from careerplan.skills.queries.comparison import GapRow, gap_rows, load_needs


def skills_section(plan: Plan, *, until: datetime) -> SkillsSection | None:
    """Return the newest assessment of that date with the target role of the plan; None if there is none. Four
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
            SkillGapRow(row.name, row.have, row.need, format_level(row.have), format_level(row.need)) for row in gaps
        ),
        more=tuple(fact for fact in _more(inventory, ratings, gaps) if any(fact.lines)),
    )


def _strengths(ratings: list[Rating]) -> tuple[SkillStrength, ...]:
    """Return strengths, those with an example first, as in the results."""
    found = [rating for rating in ratings if rating.verdict == Rating.Verdict.STRENGTH]
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


def _more(inventory: Assessment, ratings: list[Rating], gaps: list[GapRow]) -> list[Fact]:
    said = {row.skill_id for row in gaps}
    wanted = [rating for rating in ratings if rating.wants_to_learn and rating.skill_id not in said]
    said |= {rating.skill_id for rating in wanted}
    weak = [rating for rating in ratings if rating.verdict == Rating.Verdict.WEAKNESS and rating.skill_id not in said]
    facts = [
        Fact(_("Also to learn"), tuple(map(_with_level, wanted))),
        Fact(_("Weaknesses"), tuple(map(_with_level, weak))),
    ]
    education: Education | None = getattr(inventory, "education", None)
    if education:
        have = ", ".join(filter(None, (education.get_level_display(), education.field)))
        facts.append(Fact(_("Education"), (have,)))
        facts.append(Fact(_("Certificates"), tuple(filter(None, education.credentials.splitlines())), is_own=True))
        facts.append(Fact(_("Is my education enough?"), (education.get_enough_display(),)))
        facts.append(
            Fact(_("Education I still need"), tuple(filter(None, education.stated_missing.splitlines())), is_own=True)
        )
    return facts


def _with_level(rating: Rating) -> str:
    if rating.level is None:
        return rating.skill.name
    return f"{rating.skill.name} ({format_level(rating.level)})"
