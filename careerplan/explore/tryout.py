"""A few questions about an occupation, without an account: which they are, and what the answers say.

Nothing is stored: the answers are parameters of the address (docs/adr/0021-answers-before-an-account.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from careerplan.catalogue.fields import FIELD_OF_GROUP, occupation_key
from careerplan.catalogue.first_steps import advanced_steps, first_steps
from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.fit import IMPORTANT, LEAST_NEEDED, SkillNeed
from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import GapRow, gap_rows, load_needs
from careerplan.skills.queries.draft import get_draft, latest_assessment
from careerplan.skills.queries.occupation_table import RankedOccupations, ranked_occupations
from careerplan.skills.queries.questions import most_telling
from careerplan.skills.texts import in_sentence, list_names

QUESTIONS = 6
LEAST_ANSWERS = 4
"""Fewer say too little. An occupation with figures of fewer skills has no questions."""
NAMED = 3
"""Strengths and gaps that a result names."""
SECONDS_A_QUESTION = 12.5
"""Reading its texts at 230 words a minute, and 4 seconds to choose (skills/wizard/pages.py)."""
UNSURE = "unsure"
PREFIX = "skill-"
LEVEL_OF_ANSWER: Mapping[str, int | None] = {UNSURE: None} | {str(level.value): level.value for level in Level}
CELL_WIDTH, CELL_GAP = 15.5, 1.4  # per cent, for six cells


class Finding(Enum):
    """Why a skill is named in a result."""

    STRENGTH = gettext_lazy("You have it")
    CLOSE = gettext_lazy("You are close")
    LARGEST_GAP = gettext_lazy("Largest gap")
    NEAREST_GAP = gettext_lazy("Nearest gap")
    GAP = gettext_lazy("Another gap")
    ONLY_GAP = gettext_lazy("Your only gap")

    @property
    def label(self) -> str | Promise:
        """Return the words."""
        return self.value


@dataclass(frozen=True, slots=True)
class NamedSkill:
    """A skill that a result names, with the user's level, the level needed, and the sentences of both."""

    finding: Finding
    skill: Skill
    row: GapRow

    @property
    def is_strength(self) -> bool:
        return self.finding in (Finding.STRENGTH, Finding.CLOSE)

    @property
    def have_words(self) -> str:
        """Return the user's level: "4 advanced"."""
        return Level(self.row.have).phrase

    @property
    def need_words(self) -> str:
        """Return the level needed: "3 skilled"."""
        return Level(self.row.need).phrase

    @property
    def example(self) -> str:
        """Return the sentence of the user's level for a strength, and that of the level needed for a gap."""
        return self.skill.example(Level(self.row.have if self.is_strength else self.row.need))

    @property
    def first_step(self) -> str:
        """Return something to practise, in our own words, for a gap; blank if we have none."""
        if self.is_strength:
            return ""
        if self.row.have >= Level.SKILLED and (advanced := advanced_steps().get(self.skill.key)):
            return advanced.fill_in(skill=in_sentence(self.skill.name)).practice[0]
        known = first_steps().get(self.skill.key)
        return known.practice[0] if known else ""

    @property
    def reason(self) -> str:
        """Return how far the user is from the level needed, as a sentence."""
        if not self.is_strength:
            return ngettext("%(n)s level away.", "%(n)s levels away.", self.row.gap) % {"n": self.row.gap}
        if self.row.have > self.row.need:
            return _("You are above the level needed.")
        if self.row.have == self.row.need:
            return _("You are at the level needed.")
        return _("The level needed is %(level)s.") % {"level": self.need_words}


@dataclass(frozen=True, slots=True)
class TryoutResult:
    """What can be said once enough questions are answered.

    `met` and `gaps` are the answered skills, the most important and the largest first.
    """

    met: list[GapRow]
    gaps: list[GapRow]
    named: list[NamedSkill]
    unanswered: int

    @property
    def count(self) -> int:
        """Return how many questions have an answer."""
        return len(self.met) + len(self.gaps)

    @property
    def has_close(self) -> bool:
        """Return whether a level that counts as met is a little below the one needed."""
        return any(row.have < row.need for row in self.met)

    @property
    def headline(self) -> str:
        """Return how many of the answered skills are at the level needed, as a sentence."""
        return ngettext(
            "You have %(met)s of the %(n)s thing that matters most",
            "You have %(met)s of the %(n)s things that matter most",
            self.count,
        ) % {"met": len(self.met), "n": self.count}

    @property
    def lead(self) -> str:
        """Return what is missing, as a sentence."""
        if not self.gaps:
            return _("You are at the level needed in everything you answered.")
        return _("Still to learn: %(skills)s.") % {"skills": list_names([row.name for row in self.gaps])}

    @property
    def cells(self) -> list[tuple[str, bool]]:
        """Return a cell for each answered skill: where it starts in per cent, and whether the level is met."""
        return [(f"{n * (CELL_WIDTH + CELL_GAP):.1f}", n < len(self.met)) for n in range(self.count)]


@dataclass(frozen=True, slots=True)
class Tryout:
    """The questions about an occupation: its most telling skills, with what it needs of each."""

    occupation: Occupation
    skills: list[Skill]
    needs: list[SkillNeed]

    def read_answers(self, parameters: Mapping[str, str]) -> dict[int, int | None]:
        """Return levels by skill id, None for "not sure". Whatever is not an answer to these questions is ignored."""
        found = {skill.pk: parameters.get(f"{PREFIX}{skill.pk}", "") for skill in self.skills}
        return {pk: LEVEL_OF_ANSWER[answer] for pk, answer in found.items() if answer in LEVEL_OF_ANSWER}

    def missing(self, levels: Mapping[int, int | None]) -> int:
        """Return how many more answers a result needs."""
        return max(0, LEAST_ANSWERS - sum(level is not None for level in levels.values()))

    def first_unanswered(self, levels: Mapping[int, int | None]) -> Skill:
        """Return the first skill without a level."""
        return next(skill for skill in self.skills if levels.get(skill.pk) is None)

    def result(self, levels: Mapping[int, int | None]) -> TryoutResult:
        """Return what the answers say; those that are missing or "not sure" leave the count."""
        known = {pk: level for pk, level in levels.items() if level is not None}
        rows = gap_rows(known, self.needs)
        gaps = [row for row in rows if row.gap]
        weights = {need.skill_id: need.weight for need in self.needs}
        met = sorted((row for row in rows if not row.gap), key=lambda row: -weights[row.skill_id])
        skills = {skill.pk: skill for skill in self.skills}
        named = [NamedSkill(finding, skills[row.skill_id], row) for finding, row in _findings(met, gaps)]
        return TryoutResult(met, gaps, named, len(self.skills) - len(rows))


def _findings(met: list[GapRow], gaps: list[GapRow]) -> list[tuple[Finding, GapRow]]:
    """Return what to name: a strength, the largest gap and the nearest one; more of the others where one is missing."""
    nearest = min(gaps[1:], key=lambda row: row.gap, default=None)
    others = [row for row in gaps[1:] if row is not nearest]
    first = [
        (Finding.STRENGTH if row.have >= row.need else Finding.CLOSE, row) for row in met[: max(1, NAMED - len(gaps))]
    ]
    first += [(Finding.LARGEST_GAP if nearest else Finding.ONLY_GAP, row) for row in gaps[:1]]
    first += [(Finding.NEAREST_GAP, row) for row in gaps[1:] if row is nearest]
    return (first + [(Finding.GAP, row) for row in others])[:NAMED]


def load_tryout(occupation: Occupation) -> Tryout | None:
    """Return the questions about an occupation; None if it needs too few skills, or none is known. Three queries."""
    asked = choose_needs(ranked_occupations(), load_needs([occupation.pk])[occupation.pk])
    if len(asked) < LEAST_ANSWERS:
        return None
    skills = Skill.objects.in_bulk([need.skill_id for need in asked])
    return Tryout(occupation, [skills[need.skill_id] for need in asked], asked)


def choose_needs(catalogue: RankedOccupations | None, needs: Mapping[int, SkillNeed]) -> list[SkillNeed]:
    """Return the needs to ask about: the most telling important ones. Pure.

    Simple work (picking crops, sewing by machine) has fewer important skills on O*NET's scale than there are
    questions. Then the next in importance are asked about, and count as important here.
    """
    chosen = [needs[pk] for pk in most_telling(catalogue, needs, count=QUESTIONS)]
    rest = [need for need in needs.values() if need.level >= LEAST_NEEDED and need not in chosen]
    rest.sort(key=lambda need: (-need.importance, -need.weight, need.skill_id))
    more = [replace(need, importance=max(need.importance, IMPORTANT)) for need in rest]
    return [*chosen, *more[: QUESTIONS - len(chosen)]]


def question_seconds(count: int) -> int:
    """Return about how many seconds a number of questions takes."""
    return round(SECONDS_A_QUESTION * count)


def count_questions(needs: Iterable[SkillNeed]) -> int:
    """Return how many questions there are about an occupation with these needs, 0 if too few."""
    count = sum(need.level >= LEAST_NEEDED for need in needs)
    return min(QUESTIONS, count) if count >= LEAST_ANSWERS else 0


@dataclass(frozen=True, slots=True)
class KeepOffer:
    """What keeping answers would do: `new` of them are not in the draft yet. `has_results`: of an assessment before."""

    new: int
    has_draft: bool
    has_results: bool


def keep_offer(user: User, levels: Mapping[int, int | None]) -> KeepOffer:
    """Return what it would do to keep these answers (levels by skill id). Two or three queries."""
    draft = get_draft(user)
    rated = draft.ratings.filter(confirmed_at__gte=draft.started_at).values_list("skill_id", flat=True) if draft else ()
    has_results = latest_assessment(user) is not None
    return KeepOffer(len(levels.keys() - set(rated)), draft is not None, has_results)


def tryout_path(occupation: Occupation) -> str:
    """Return the address of the questions about an occupation."""
    return reverse("explore:tryout", args=_address(occupation))


def keep_path(occupation: Occupation, levels: Mapping[int, int | None] | None = None) -> str:
    """Return the address that keeps answers in an account, or without any, the occupation as the target role."""
    path = reverse("explore:keep", args=_address(occupation))
    answers = {f"{PREFIX}{pk}": UNSURE if level is None else level for pk, level in (levels or {}).items()}
    return f"{path}?{urlencode(answers)}" if answers else path


def signup_path(occupation: Occupation, levels: Mapping[int, int | None] | None = None) -> str:
    """Return the address of sign-up that leads on to `keep_path`."""
    return f"{reverse('account_signup')}?{urlencode({'next': keep_path(occupation, levels)})}"


def _address(occupation: Occupation) -> list[str]:
    return [FIELD_OF_GROUP[occupation.major_group].slug, occupation_key(occupation.code, occupation.title)]
