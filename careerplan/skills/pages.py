"""What a page of the wizard is: its stage, its words, when it counts as answered, how long it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.skills import questions as q
from careerplan.skills.models import Assessment, Education, Level, Rating
from careerplan.skills.proposals import is_worth_learning, propose_verdict

WORDS_A_MINUTE = 230  # silent reading of plain prose: Brysbaert 2019, 238; issue 3 asks for 230
SECONDS_A_RATING = 4  # issue 3, "how long the wizard takes"
WORDS_LISTED = 8  # of a skill on the pages that propose: its name, its level, the buttons
SORTING = 5
ANCHORS = (Level.BEGINNER, Level.SKILLED, Level.EXPERT)  # the examples that are shown before a choice


class Stage(models.TextChoices):
    """The named stages, in order."""

    WHERE_YOU_ARE = "where-you-are", gettext_lazy("Where you are")
    WHERE_TO = "where-you-want-to-be", gettext_lazy("Where you want to be")
    EDUCATION = "education", gettext_lazy("Education and training")
    WORK_SKILLS = "work-skills", gettext_lazy("Work skills")
    PEOPLE_SKILLS = "people-skills", gettext_lazy("People skills")
    STRENGTHS = "strengths", gettext_lazy("Strengths and weaknesses")
    LEARN = "skills-to-learn", gettext_lazy("Skills to learn")
    CHECK = "check", gettext_lazy("Check your answers")

    @property
    def number(self) -> int:
        """Its place, from 1."""
        return list(type(self)).index(self) + 1


class Kind(Enum):
    """What is asked on a page; each kind has one form and one template."""

    WHERE_YOU_ARE = "where-you-are"
    WHERE_TO = "where-to"
    EDUCATION = "education"
    RATINGS = "ratings"
    STRENGTHS = "strengths"
    LEARN = "learn"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rows of one assessment say; `ratings` by the skill's id, `skills` those that are asked."""

    assessment: Assessment
    skills: tuple[Skill, ...]
    ratings: Mapping[int, Rating]
    education: Education | None

    def has_rated(self, skills: Iterable[Skill]) -> bool:
        """Whether each has a level or "not sure", given in this assessment."""
        started = self.assessment.started_at
        ratings = [self.ratings.get(skill.pk) for skill in skills]
        return all(rating is not None and rating.confirmed_at >= started for rating in ratings)

    @property
    def levels(self) -> list[Rating]:
        """The ratings that have a level."""
        return [rating for rating in self.ratings.values() if rating.level is not None]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: what it is called, what it asks, and when it counts as answered."""

    key: str
    kind: Kind
    stage: Stage
    title: str
    lead: str
    answered: Callable[[Answers], bool] = field(compare=False)
    skills: tuple[Skill, ...] = ()
    texts: tuple[q.Text, ...] = ()
    choices: int = 0

    @property
    def questions(self) -> int:
        """How many answers it asks for; sorting and choosing count as five, because most are proposed."""
        return self.choices or len(self.skills) or SORTING

    def seconds(self, answers: Answers) -> float:
        """How long somebody needs: the page's own words at reading speed, and 4 s for each rating or choice."""
        words = sum(len(str(text).split()) for text in (self.title, self.lead, *self.texts))
        words += sum(_words_of(skill) for skill in self.skills)
        words += WORDS_LISTED * self._listed(answers)
        return words / WORDS_A_MINUTE * 60 + SECONDS_A_RATING * (len(self.skills) + self.choices)

    def _listed(self, answers: Answers) -> int:
        """How many skills are proposed here; before there are ratings, a fifth of what is asked."""
        if self.kind not in {Kind.STRENGTHS, Kind.LEARN}:
            return 0
        if not answers.levels:
            return len(answers.skills) // 5
        if self.kind is Kind.STRENGTHS:
            return sum(propose_verdict(r.level or 0) != Rating.Verdict.NEITHER for r in answers.levels)
        return sum(is_worth_learning(r.level, r.verdict) for r in answers.levels)


def _words_of(skill: Skill) -> int:
    """The words that are shown for one skill before a choice is made."""
    texts = [skill.name, skill.meaning]
    for level in ANCHORS:
        texts += [str(level.label), skill.example(level)]
    return sum(len(text.split()) for text in texts)
