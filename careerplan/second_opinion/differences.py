"""Where two people differ on a skill, and what that changes in the results. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import LEVEL_MAX

PER_LEVEL = 20  # per cent of the scale


@dataclass(frozen=True, slots=True)
class OpinionDifference:
    """A skill that the owner and the mentor rate differently: levels 0 to 5.

    `need` is the level that the target needs, None if it needs none. `gap_with` is the gap with the mentor's level.
    `effect` is by how much the weighted gap (skills.fit) changes.
    """

    pk: int
    skill_id: int
    name: str
    own: int
    theirs: int
    evidence: str = ""
    need: int | None = None
    gap: int = 0
    gap_with: int = 0
    effect: float = 0.0
    is_largest_gap: bool = False
    choice: str = ""
    level: int | None = None
    is_shown: bool = False

    @property
    def middle(self) -> int | None:
        """A whole level between the two; None if there is none."""
        return (self.own + self.theirs) // 2 if abs(self.own - self.theirs) > 1 else None

    @property
    def is_higher(self) -> bool:
        """Whether the mentor's level is the higher one."""
        return self.theirs > self.own

    @property
    def own_at(self) -> int:
        """Where the owner's level is on the scale, in per cent."""
        return PER_LEVEL * self.own

    @property
    def theirs_at(self) -> int:
        """Where the mentor's level is on the scale, in per cent."""
        return PER_LEVEL * self.theirs

    @property
    def need_at(self) -> int | None:
        """Where the level needed is on the scale, in per cent."""
        return None if self.need is None else PER_LEVEL * self.need

    @property
    def own_anchor(self) -> str:
        """How the owner's label is set: away from the mentor's, where both are close."""
        return _anchor(self.own, self.theirs)

    @property
    def theirs_anchor(self) -> str:
        """How the mentor's label is set."""
        return _anchor(self.theirs, self.own)

    @property
    def need_anchor(self) -> str:
        """How the label of the level needed is set: inside at the end of the line."""
        return "c-end" if self.need == LEVEL_MAX else "c-mid"


def _anchor(level: int, other: int) -> str:
    is_far = abs(level - other) > 1
    if level in (0, LEVEL_MAX):  # a name at an end of the scale stays on the page, unless that takes the other's room
        return ("c-end" if level else "") if is_far else "c-mid"
    if is_far:
        return "c-mid"
    return "c-end" if level < other else ""


def measure_difference(
    base: OpinionDifference, need: SkillNeed | None, *, largest_gap: int | None
) -> OpinionDifference:
    """Return a difference with what it changes; `largest_gap` is the skill (id) with the largest gap."""
    if need is None or not need.is_needed:
        return base
    return OpinionDifference(
        base.pk,
        base.skill_id,
        base.name,
        base.own,
        base.theirs,
        base.evidence,
        need=need.level,
        gap=need.gap(base.own),
        gap_with=need.gap(base.theirs),
        effect=abs(need.weighted_gap(base.own) - need.weighted_gap(base.theirs)),
        is_largest_gap=base.skill_id == largest_gap,
        choice=base.choice,
        level=base.level,
        is_shown=base.is_shown,
    )


def sort_differences(found: Iterable[OpinionDifference]) -> list[OpinionDifference]:
    """Sort by the effect on the results, then by how far both are apart."""
    return sorted(found, key=lambda one: (-one.effect, -abs(one.own - one.theirs), one.name))


def effect_text(one: OpinionDifference, name: str, *, has_target: bool) -> str:
    """Return what the mentor's level would change, as a sentence; `name` is the mentor's first name."""
    values = {"name": name, "n": one.gap, "with": one.gap_with}
    if one.need is None:
        return _("Your target role does not need this skill.") if has_target else higher_text(one, name)
    if one.gap == one.gap_with:
        if one.gap:
            return _("Your gap stays the same with either rating.")
        return _("You have the level needed with either rating.")
    if not one.gap_with:
        if one.is_largest_gap:
            return _("Taking %(name)s’s rating would close your largest gap.") % values
        text = ngettext(
            "Taking %(name)s’s rating would close a gap of %(n)s level.",
            "Taking %(name)s’s rating would close a gap of %(n)s levels.",
            one.gap,
        )
    elif not one.gap:
        text = ngettext(
            "Taking %(name)s’s rating would open a gap of %(with)s level.",
            "Taking %(name)s’s rating would open a gap of %(with)s levels.",
            one.gap_with,
        )
    else:
        text = _("Taking %(name)s’s rating would change your gap from %(n)s to %(with)s.")
    return text % values


def higher_text(one: OpinionDifference, name: str) -> str:
    """Return which of the two puts the owner higher, and by how much."""
    apart = abs(one.own - one.theirs)
    if one.is_higher:
        text = ngettext(
            "%(name)s puts you %(n)s level higher than you do.",
            "%(name)s puts you %(n)s levels higher than you do.",
            apart,
        )
    else:
        text = ngettext(
            "%(name)s puts you %(n)s level lower than you do.",
            "%(name)s puts you %(n)s levels lower than you do.",
            apart,
        )
    return text % {"name": name, "n": apart}


def levels_with(levels: Mapping[int, int], settled: Iterable[OpinionDifference]) -> dict[int, int]:
    """Return levels (by skill id) with those that the owner chose in their place."""
    return {**levels, **{one.skill_id: one.level for one in settled if one.level is not None}}
