"""A finished assessment as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import SkillGroup
from careerplan.skills.models import Assessment, Education, Level, Rating
from careerplan.skills.radar import Radar, build_radar
from careerplan.skills.words import listed


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One rated skill. `level` is None for "not sure"; `width` is the bar's, in per cent of the scale."""

    skill_id: int
    name: str
    level: int | None
    level_name: str
    evidence: str

    @property
    def width(self) -> int:
        """How long the bar is: 0 to 100 per cent."""
        return 20 * (self.level or 0)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of skills. `average` of the rated ones as text, blank where none is rated."""

    name: str
    average: str
    mean: float | None
    rated: int
    rows: list[LevelRow]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One skill whose level differs from the last time."""

    name: str
    before: int
    after: int

    @property
    def is_up(self) -> bool:
        """Whether it rose."""
        return self.after > self.before

    @property
    def words(self) -> str:
        """Up 1, Down 2."""
        text = _("Up %(n)s") if self.is_up else _("Down %(n)s")
        return text % {"n": abs(self.after - self.before)}


@dataclass(frozen=True, slots=True)
class SinceLast:
    """What changed since the assessment before; `same` skills stayed as they were."""

    previous: Assessment
    changes: list[Change]
    same: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier assessment, to go to."""

    pk: int
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """Everything on the results page."""

    assessment: Assessment
    headline: str
    lead: str
    learn: list[LevelRow]
    groups: list[GroupRow]
    radar: Radar | None
    strengths: list[LevelRow]
    weaknesses: list[LevelRow]
    education: Education | None
    since_last: SinceLast | None
    earlier: list[Earlier]


def results_of(assessment: Assessment) -> Results:
    """The results of one finished assessment. Four queries; one less where it is the first one."""
    ratings = _ratings_of(assessment)
    rows = {rating.pk: _row(rating) for rating in ratings}
    groups = [_group(group, [rows[r.pk] for r in members]) for group, members in _by_group(ratings)]
    strengths = sorted(
        (rows[r.pk] for r in ratings if r.verdict == Rating.Verdict.STRENGTH),
        key=lambda row: (not row.evidence, -(row.level or 0)),
    )
    learn = [rows[r.pk] for r in ratings if r.wants_to_learn]
    earlier = list(
        Assessment.objects.filter(user=assessment.user_id, finished_at__lt=assessment.finished_at).finished()
    )
    return Results(
        assessment=assessment,
        headline=_headline([row.level for row in rows.values() if row.level is not None]),
        lead=_lead([row.name for row in learn], [row.name for row in strengths]),
        learn=sorted(learn, key=lambda row: -1 if row.level is None else row.level),
        groups=groups,
        radar=build_radar([(g.name, g.mean) for g in groups if g.mean is not None and not g.is_own]),
        strengths=strengths,
        weaknesses=[rows[r.pk] for r in ratings if r.verdict == Rating.Verdict.WEAKNESS],
        education=Education.objects.filter(assessment=assessment).first(),
        since_last=_since(earlier[0], ratings) if earlier else None,
        earlier=[Earlier(other.pk, other.finished_at) for other in earlier if other.finished_at],
    )


def _ratings_of(assessment: Assessment) -> list[Rating]:
    """All ratings with skill and group, in the catalogue's order; the person's own skills last."""
    ratings = list(assessment.ratings.select_related("skill__group"))
    return sorted(ratings, key=_order)


def _order(rating: Rating) -> tuple[int, int, str]:
    skill = rating.skill
    return (skill.group.position if skill.group else 10_000, skill.position, skill.name)


def _by_group(ratings: list[Rating]) -> list[tuple[SkillGroup | None, list[Rating]]]:
    """The ratings under their groups; the person's own skills have none."""
    groups = groupby(ratings, key=lambda rating: rating.skill.group)
    return [(group, list(members)) for group, members in groups]


def _row(rating: Rating) -> LevelRow:
    level_name = _("Not sure") if rating.level is None else str(Level(rating.level).label)
    return LevelRow(rating.skill_id, rating.skill.name, rating.level, level_name, rating.evidence)


def _group(group: SkillGroup | None, rows: list[LevelRow]) -> GroupRow:
    """A group with the plain mean of its rated skills; "not sure" counts as no answer."""
    levels = [row.level for row in rows if row.level is not None]
    mean = sum(levels) / len(levels) if levels else None
    average = "" if mean is None else number_format(mean, decimal_pos=1)
    name = group.name if group else _("Skills you added")
    return GroupRow(name, average, mean, len(levels), rows, is_own=group is None)


def _headline(levels: list[int]) -> str:
    """The sentence that counts; the comparison with a target's need comes with the gaps (issue 3)."""
    if not levels:
        return _("You were not sure about any skill yet")
    able = sum(level >= Level.SKILLED for level in levels)
    text = ngettext(
        "You are skilled or better in %(able)s of the %(all)s skill you rated",
        "You are skilled or better in %(able)s of the %(all)s skills you rated",
        len(levels),
    )
    return text % {"able": able, "all": len(levels)}


def _lead(learn: list[str], strengths: list[str]) -> str:
    """What matters now: what they want to learn, and what they can build on."""
    sentences = []
    if learn:
        sentences.append(_("You want to learn %(skills)s.") % {"skills": listed(learn)})
    if strengths:
        text = ngettext("Your strength is %(skills)s.", "Your strengths are %(skills)s.", len(strengths))
        sentences.append(text % {"skills": listed(strengths)})
    return " ".join(sentences) or _("You chose nothing to learn yet. Any skill below can become a goal.")


def _since(previous: Assessment, ratings: list[Rating]) -> SinceLast:
    """The difference from the assessment before, over the skills that both rate."""
    earlier = previous.ratings.values_list("skill_id", "level")
    then = {skill_id: level for skill_id, level in earlier if level is not None}
    both = [
        Change(rating.skill.name, then[rating.skill_id], rating.level)
        for rating in ratings
        if rating.skill_id in then and rating.level is not None
    ]
    changes = [change for change in both if change.before != change.after]
    return SinceLast(previous, changes, len(both) - len(changes))
