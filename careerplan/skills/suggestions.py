"""Suggestions of the wizard from the ratings and the levels needed. Pure functions.

`fit.SkillNeed` decides what an occupation needs, so what the wizard calls below the level needed is a gap in the
results.
"""

from collections.abc import Iterable, Mapping

from careerplan.catalogue.models import Skill, SkillKind
from careerplan.catalogue.shipped_data import CORE_SIZE
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Level, Rating

LOW = Level.BASIC
QUICK_SKILLS = CORE_SIZE  # with 12 some targets take over 6 minutes (tests/skills/test_time.py)
LEAST_OF_A_KIND = 3  # people skills have a stage of their own, and every job needs both kinds
FAR_BELOW = 2  # levels


def suggest_category(level: int, need: SkillNeed | None = None) -> Rating.Category:
    """Suggest strength for 4 and 5, weakness for 0 and 1, and neither in between.

    If the need of the target is known, only a needed skill can be a strength (at or above the level needed) or a
    weakness (two or more levels below it).
    """
    if need is None:
        if level >= Level.ADVANCED:
            return Rating.Category.STRENGTH
        return Rating.Category.WEAKNESS if level <= Level.BEGINNER else Rating.Category.NEITHER
    if not need.is_needed:
        return Rating.Category.NEITHER
    if level >= max(Level.ADVANCED, need.level):
        return Rating.Category.STRENGTH
    return Rating.Category.WEAKNESS if need.gap(level) >= FAR_BELOW else Rating.Category.NEITHER


def suggest_learning(level: int | None, category: str, need: SkillNeed | None = None) -> bool:
    """Return whether a skill is suggested for learning.

    A weakness is; else a skill below the level needed; without a known need, a skill rated low (0 to 2).
    """
    if category == Rating.Category.WEAKNESS:
        return True
    if level is None:
        return False
    return level <= LOW if need is None else need.is_needed and need.gap(level) > 0


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
