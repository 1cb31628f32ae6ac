"""A page of the wizard: stage, texts, when it counts as answered, and how long it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy

from careerplan.catalogue.interests import Activity
from careerplan.catalogue.models import OccupationTask, Skill
from careerplan.skills.models import Level, Rating
from careerplan.skills.texts import Text
from careerplan.skills.wizard.answers import Answers

MOST_SKILLS = 7  # on one page so that a page fits on a phone without a long scroll; as many tasks
# words per minute, silent reading of plain prose: Brysbaert 2019 has 238; the specification asks for 230
WORDS_A_MINUTE = 230
SECONDS_A_RATING = 4  # from the specification of the wizard
WORDS_LISTED = 6  # for each skill on pages with suggestions: its name, its level, the level needed
SORTING = 5
# Examples that are shown before a choice; the others appear on hover or when chosen. Three take a quarter longer
# (tests/skills/test_time.py).
ANCHORS = (Level.BASIC, Level.ADVANCED)
USUAL_WORDS = 4  # beside each scale, where the current occupation is known: "Most registered nurses: 4"
PENDING_WORDS = 160  # five skills as on any other page, before it is known which
FRAME_WORDS = 33  # header and list of stages, read once
NEWS_WORDS = 5  # new on each page: its numbers
SUGGESTION_WORDS = 25  # headings and labels on those pages
CHECK_WORDS, CHECK_WORDS_A_SKILL = 75, 1.5  # the answers on one page, read again
FOLDED_WORDS = 25  # of those, only the headings
Row = TypeVar("Row", Skill, OccupationTask, Activity)


class WizardStage(models.TextChoices):
    """The stages of the wizard, in order."""

    WHERE_YOU_ARE = "where-you-are", gettext_lazy("Where you are")
    WHERE_TO = "where-you-want-to-be", gettext_lazy("Where you want to be")
    TASKS = "tasks", gettext_lazy("What you have done")
    EDUCATION = "education", gettext_lazy("Education and training")
    INTERESTS = "what-you-like", gettext_lazy("What you like")
    ABILITIES = "what-you-can-do", gettext_lazy("What you can do")
    WORK_SKILLS = "work-skills", gettext_lazy("Work skills")
    PEOPLE_SKILLS = "people-skills", gettext_lazy("People skills")
    KNOWLEDGE = "knowledge", gettext_lazy("Knowledge")
    STRENGTHS = "strengths", gettext_lazy("Strengths and weaknesses")
    LEARN = "skills-to-learn", gettext_lazy("Skills to learn")
    CHECK = "check", gettext_lazy("Check your answers")


class PageKind(Enum):
    """The kind of a page; each kind has a form and a template."""

    WHERE_YOU_ARE = "where-you-are"
    WHERE_TO = "where-to"
    TASKS = "tasks"
    EDUCATION = "education"
    INTERESTS = "interests"
    RATINGS = "ratings"
    STRENGTHS = "strengths"
    LEARN = "learn"
    CHECK = "check"


SUGGESTING = {PageKind.STRENGTHS, PageKind.LEARN}


@dataclass(frozen=True, slots=True)
class Page:
    """A page: title, questions, and when it counts as answered."""

    key: str
    kind: PageKind
    stage: WizardStage
    title: str
    lead: str
    answered: Callable[[Answers], bool] = field(compare=False)
    skills: tuple[Skill, ...] = ()
    tasks: tuple[OccupationTask, ...] = ()
    activities: tuple[Activity, ...] = ()
    texts: tuple[Text, ...] = ()
    choices: int = 0

    @property
    def is_pending(self) -> bool:
        """Return whether its questions are still to be chosen, by the answers before it."""
        return self.kind is PageKind.RATINGS and not self.skills

    @property
    def questions(self) -> int:
        """Return its number of questions; sorting and choosing count as five, because most are suggested."""
        return self.choices or len(self.skills) or SORTING

    def seconds(self, answers: Answers) -> float:
        """Return the time needed in seconds: its text at reading speed, and 4 s for each rating or choice."""
        words: float = (
            (PENDING_WORDS if self.is_pending else 0)
            + NEWS_WORDS
            + sum(len(str(text).split()) for text in (self.title, self.lead, *self.texts))
            + sum(len(task.text.split()) for task in self.tasks)
        )
        words += sum(words_of(skill) for skill in self.skills)
        if self.kind is PageKind.RATINGS and answers.assessment.current_role:
            words += USUAL_WORDS * self.questions
        words += WORDS_LISTED * self._listed(answers)
        if self.kind is PageKind.WHERE_YOU_ARE:
            words += FRAME_WORDS
        elif self._is_open(answers):
            words += SUGGESTION_WORDS
        elif self.kind is PageKind.CHECK and answers.assessment.is_quick:
            words += FOLDED_WORDS
        elif self.kind is PageKind.CHECK:
            words += CHECK_WORDS + CHECK_WORDS_A_SKILL * len(answers.skills)
        return words / WORDS_A_MINUTE * 60 + SECONDS_A_RATING * (len(self.skills) + self.choices)

    def _is_open(self, answers: Answers) -> bool:
        """Return whether it lists skills at first; a quick assessment folds them."""
        return self.kind in SUGGESTING and not answers.assessment.is_quick

    def _listed(self, answers: Answers) -> int:
        """Return how many skills are suggested here; before any ratings, a third of the skills asked."""
        if not self._is_open(answers):
            return 0
        if not answers.levels:
            return len(answers.skills) // 3
        if self.kind is PageKind.STRENGTHS:
            return sum(answers.suggested_category(r) != Rating.Category.NEITHER for r in answers.unsorted)
        return sum(map(answers.is_suggested_to_learn, answers.levels))


def words_of(skill: Skill) -> int:
    """Return the words shown for a skill before a choice."""
    texts = [skill.name, skill.meaning, *map(skill.example, ANCHORS)]
    return sum(len(text.split()) for text in texts)


def split_evenly(rows: Sequence[Row], most: int) -> list[tuple[Row, ...]]:
    """Return rows for as few pages as `most` on each allows, all of similar length."""
    pages = -(-len(rows) // most)
    ends = [len(rows) * number // pages for number in range(pages + 1)] if pages else []
    return [tuple(rows[start:end]) for start, end in pairwise(ends)]
