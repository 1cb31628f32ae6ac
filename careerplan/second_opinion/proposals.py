"""Which skills to ask a second opinion about: what the target needs most, and what strengths rest on. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PROPOSED = 6
MOST_GAPS = 4
"""Of the six; two places are for strengths, because a strength that nobody else sees is worth knowing."""

ALSO_SHOWN = 2
"""Others that the target needs, so that eight are in sight."""


@dataclass(frozen=True, slots=True)
class AskableSkill:
    """A skill with a level in the newest assessment, and what speaks for asking about it.

    `gap` are whole levels missing for the target, `weighted` is what gaps are sorted by (skills.fit).
    """

    skill_id: int
    name: str
    gap: int = 0
    weighted: float = 0.0
    is_needed: bool = False
    is_stale: bool = False
    has_goal: bool = False
    is_strength: bool = False
    is_weakness: bool = False


@dataclass(frozen=True, slots=True)
class SkillToAsk:
    """A skill with the reason to ask about it; blank where there is none."""

    skill_id: int
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposals:
    """All skills that can be asked about: proposed ones, a few others that the target needs, and the rest."""

    proposed: tuple[SkillToAsk, ...]
    needed: tuple[SkillToAsk, ...]
    rest: tuple[SkillToAsk, ...]

    @property
    def all(self) -> tuple[SkillToAsk, ...]:
        """All of them, proposed ones first."""
        return (*self.proposed, *self.needed, *self.rest)


def propose_skills(skills: Sequence[AskableSkill]) -> Proposals:
    """Choose PROPOSED skills: the largest gaps, then strengths, needed ones first, then whatever may be out of date."""
    gaps = sorted((one for one in skills if one.gap), key=lambda one: (-one.weighted, one.name))
    strengths = sorted((one for one in skills if one.is_strength), key=lambda one: (not one.is_needed, one.name))
    stale = [one for one in skills if one.is_needed and one.is_stale]
    needed = [one for one in skills if one.is_needed or one.has_goal]
    weak = [one for one in skills if one.is_weakness]
    largest = gaps[0].skill_id if gaps else None
    order = [*gaps[:MOST_GAPS], *strengths[: PROPOSED - MOST_GAPS], *gaps, *stale, *strengths, *needed, *weak]
    chosen = list({one.skill_id: one for one in order}.values())[:PROPOSED]
    ids = {one.skill_id for one in chosen}
    others = [one for one in skills if one.skill_id not in ids]
    needed_others = [one for one in others if one.is_needed]
    return Proposals(
        tuple(
            SkillToAsk(one.skill_id, one.name, _("Your largest gap") if one.skill_id == largest else _reason(one))
            for one in chosen
        ),
        _without_reason(needed_others[:ALSO_SHOWN]),
        _without_reason([*needed_others[ALSO_SHOWN:], *(one for one in others if not one.is_needed)]),
    )


def _without_reason(skills: Iterable[AskableSkill]) -> tuple[SkillToAsk, ...]:
    return tuple(SkillToAsk(one.skill_id, one.name) for one in skills)


def _reason(skill: AskableSkill) -> str:
    """Return why a skill is proposed: the first of these that is true."""
    if skill.gap and skill.has_goal:
        return _("A gap, and you have a goal for it")
    if skill.gap:
        return ngettext("A gap of %(n)s level", "A gap of %(n)s levels", skill.gap) % {"n": skill.gap}
    if skill.is_strength:
        return _("You count it as a strength")
    if skill.is_stale:
        return _("Needed, and rated over a year ago")
    if skill.has_goal:
        return _("You have a goal for it")
    return _("Needed for your target role") if skill.is_needed else _("You count it as a weakness")
