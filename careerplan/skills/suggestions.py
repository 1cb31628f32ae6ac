"""Suggestions of the wizard from the ratings and the levels needed. Pure functions.

`fit.SkillNeed` decides what an occupation needs, so what the wizard calls below the level needed is a gap in the
results.
"""

from collections.abc import Iterable, Mapping

from careerplan.catalogue.models import Skill, SkillKind
from careerplan.catalogue.shipped_data import CORE_SIZE
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Level, Rating

QUICK_SKILLS = CORE_SIZE  # with 12 some targets take over 6 minutes (tests/skills/test_time.py)
LEAST_OF_A_KIND = 3  # people skills have a stage of their own, and every job needs both kinds
FAR_BELOW = 2  # levels


def suggest_category(level: int, need: SkillNeed | None = None) -> Rating.Category:
    """Suggest what a skill may be, for its place on the page; the user decides.

    If the need of the target is known, only a needed skill may be a strength (at 4 or 5, and at or above the level
    needed) or a weakness (two or more levels below it). Without one, 4 and 5 may be strengths, and nothing a weakness:
    nobody needs every skill.
    """
    if need is None:
        return Rating.Category.STRENGTH if level >= Level.ADVANCED else Rating.Category.NEITHER
    if not need.is_needed:
        return Rating.Category.NEITHER
    if level >= max(Level.ADVANCED, need.level):
        return Rating.Category.STRENGTH
    return Rating.Category.WEAKNESS if need.gap(level) >= FAR_BELOW else Rating.Category.NEITHER


def suggest_learning(level: int | None, category: str, need: SkillNeed | None = None) -> bool:
    """Return whether a skill is suggested for learning: marked as a weakness, or below the level needed."""
    if category == Rating.Category.WEAKNESS:
        return True
    if level is None:
        return False
    return need is not None and need.is_needed and need.gap(level) > 0


def select_quick_skills(skills: Iterable[Skill], needs: Mapping[int, SkillNeed]) -> set[int]:
    """Return the ids of the ten skills that matter most for the target, by importance times level needed.

    At least 3 are work skills and 3 people skills. Fewer than ten are filled up with core skills; without needs the
    core skills are used.
    """
    catalogue = [skill for skill in skills if not skill.is_own]
    core = [skill.pk for skill in catalogue if skill.is_core]
    needed = [skill for skill in catalogue if skill.pk in needs and needs[skill.pk].level > 0]
    needed.sort(key=lambda skill: -needs[skill.pk].weight)
    if not needed:
        return set(core)
    people = [skill.pk for skill in needed if skill.kind == SkillKind.PEOPLE]
    work = [skill.pk for skill in needed if skill.kind != SkillKind.PEOPLE]
    chosen = [*people[:LEAST_OF_A_KIND], *work[:LEAST_OF_A_KIND]]
    chosen += [skill.pk for skill in needed if skill.pk not in chosen][: QUICK_SKILLS - len(chosen)]
    return {*chosen, *[pk for pk in core if pk not in chosen][: QUICK_SKILLS - len(chosen)]}
