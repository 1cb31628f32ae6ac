"""What a mentor sees of a second opinion: what was asked, their own answers, and which differences the owner shows.

Nothing here reads an assessment. The owner's level is in OpinionDecision, and read only where the owner shows it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Skill
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.differences import PER_LEVEL
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, OpinionSkill, SecondOpinion

CANNOT_JUDGE = "unsure"
SKILL_COLUMNS = ("key", "name", "meaning", "level_1", "level_2", "level_3", "level_4", "level_5")
SECONDS_A_SKILL = 40


@dataclass(frozen=True, slots=True)
class AskedLevel:
    """One answer to choose from: a sentence, never a number."""

    value: str
    sentence: str
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class AskedSkill:
    """A skill as the mentor rates it. `answer` is a value of its levels; blank without an answer."""

    id: int
    number: int
    name: str
    meaning: str
    levels: tuple[AskedLevel, ...]
    answer: str
    evidence: str

    @property
    def is_answered(self) -> bool:
        return self.answer != ""


@dataclass(frozen=True, slots=True)
class AskedOpinion:
    """A second opinion as the mentor sees it."""

    id: int
    sent_at: datetime | None
    skills: tuple[AskedSkill, ...]

    @property
    def count(self) -> int:
        return len(self.skills)

    @property
    def first_open(self) -> AskedSkill | None:
        """The first skill without an answer; None if all have one."""
        return next((one for one in self.skills if not one.is_answered), None)

    @property
    def rated(self) -> int:
        """How many skills have a level."""
        return sum(one.answer not in ("", CANNOT_JUDGE) for one in self.skills)

    @property
    def not_judged(self) -> int:
        """How many skills the mentor cannot judge."""
        return sum(one.answer == CANNOT_JUDGE for one in self.skills)

    def skill(self, number: int) -> AskedSkill | None:
        """The skill at a place, counted from 1."""
        return next((one for one in self.skills if one.number == number), None)

    def minutes_left(self, number: int) -> int:
        """About how many minutes the skills from this one on take."""
        return max(1, round((self.count - number + 1) * SECONDS_A_SKILL / 60))


def find_asked(mentorship: Mentorship) -> AskedOpinion | None:
    """Return the newest opinion whose answers can change: not opened yet. Three queries."""
    opinions = SecondOpinion.objects.filter(mentorship=mentorship, opened_at=None)
    row = opinions.order_by("-asked_at", "-id").values("id", "sent_at").first()
    if row is None:
        return None
    asked = OpinionSkill.objects.filter(opinion=row["id"]).order_by("position")
    columns = [f"skill__{name}" for name in SKILL_COLUMNS]
    rows = list(asked.values("id", *columns))
    answers = {one.asked_id: one for one in OpinionRating.objects.filter(asked__opinion=row["id"])}
    skills = tuple(
        _asked(number, one["id"], {name: one[f"skill__{name}"] for name in SKILL_COLUMNS}, answers.get(one["id"]))
        for number, one in enumerate(rows, 1)
    )
    return AskedOpinion(row["id"], row["sent_at"], skills)


def _asked(number: int, pk: int, columns: dict[str, str], rating: OpinionRating | None) -> AskedSkill:
    skill = Skill(**columns)
    levels = [AskedLevel(str(level), skill.example(level)) for level in range(1, 6)]
    levels.append(AskedLevel("0", _("None of these yet"), is_apart=True))
    levels.append(AskedLevel(CANNOT_JUDGE, _("I cannot judge this"), is_apart=True))
    answer = "" if rating is None else CANNOT_JUDGE if rating.level is None else str(rating.level)
    return AskedSkill(pk, number, skill.name, skill.meaning, tuple(levels), answer, rating.evidence if rating else "")


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference that the owner wants to talk about: both levels, 0 to 5, and the mentor's own line."""

    name: str
    own: int
    theirs: int
    own_example: str
    their_example: str
    evidence: str

    @property
    def own_at(self) -> int:
        """Where the owner's level is on the line from 0 to 5, in per cent."""
        return PER_LEVEL * self.own

    @property
    def theirs_at(self) -> int:
        """Where the mentor's level is on the line, in per cent."""
        return PER_LEVEL * self.theirs


def shown_differences(mentorship: Mentorship) -> tuple[ShownDifference, ...]:
    """Return the differences of the newest opened opinion that the owner shows to the mentor. One query."""
    newest = SecondOpinion.objects.filter(mentorship=mentorship).opened().values("pk")[:1]
    rows = OpinionDecision.objects.shown().filter(rating__asked__opinion__in=newest)
    skill = "rating__asked__skill"
    columns = [f"{skill}__{name}" for name in SKILL_COLUMNS]
    found = []
    for row in rows.order_by("rating__asked__position").values(
        "own_level", "rating__level", "rating__evidence", *columns
    ):
        of_skill = Skill(**{name: row[f"{skill}__{name}"] for name in SKILL_COLUMNS})
        found.append(
            ShownDifference(
                of_skill.name,
                row["own_level"],
                row["rating__level"],
                of_skill.example(row["own_level"]),
                of_skill.example(row["rating__level"]),
                row["rating__evidence"],
            )
        )
    return tuple(sorted(found, key=lambda one: -abs(one.own - one.theirs)))
