"""First steps suggested for a goal, with what each needs: with a person, by learning, by practice, as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from careerplan.catalogue.first_steps import FirstSteps
from careerplan.catalogue.models import Skill, SkillKind
from careerplan.goals.models import ActionStep, Resource
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.skills.models import Level
from careerplan.skills.texts import in_sentence


class StepIdeaKind(StrEnum):
    """Kind of a suggested step: the lists of first_steps.toml."""

    PERSON = "person"
    LEARN = "learn"
    PRACTICE = "practice"
    EVIDENCE = "evidence"

    @property
    def step_kind(self) -> ActionStep.Kind:
        """Return the kind that the step is saved with."""
        return {
            StepIdeaKind.PERSON: ActionStep.Kind.PEOPLE,
            StepIdeaKind.LEARN: ActionStep.Kind.STUDY,
            StepIdeaKind.PRACTICE: ActionStep.Kind.PRACTISE,
            StepIdeaKind.EVIDENCE: ActionStep.Kind.MAKE,
        }[self]


@dataclass(frozen=True, slots=True)
class StepIdea:
    """A suggested step. `needs` describes a resource of the kind `resource_kind`."""

    kind: StepIdeaKind
    title: str
    resource_kind: Resource.Kind
    needs: str

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Return what it needs, as the services of steps take it."""
        return [{"kind": self.resource_kind, "description": self.needs}]


def step_ideas(
    texts: FirstSteps, first: StepIdeaKind, *, place: int = 0, of_formal: bool = False
) -> tuple[StepIdea, ...]:
    """Return a step of each kind, the `first` kind first.

    `place` chooses among those of a kind, in turn. `of_formal`: for a qualification or a licence.
    """
    needs = _needs_of_formal() if of_formal else _needs()
    lists = {kind: getattr(texts, kind.value) for kind in StepIdeaKind}
    titles = {kind: steps[place % len(steps)] for kind, steps in lists.items()}
    return tuple(StepIdea(kind, titles[kind], *needs[kind]) for kind in _from(first))


def step_ideas_of_own_skill(skill: Skill, level: int) -> tuple[StepIdea, ...]:
    """Return steps for a skill that the user added; `level` 0 to 5."""
    name, needs = {"skill": in_sentence(skill.name)}, _needs()
    if level >= Level.SKILLED:
        practice = _("Ask for a task that needs more %(skill)s than my work does now")
    elif skill.kind == SkillKind.PEOPLE:
        practice = _("Choose one occasion for %(skill)s, and ask a colleague for feedback")
    else:
        practice = _("Choose one task to practise %(skill)s on, and ask someone to check the result")
    titles = {
        StepIdeaKind.PERSON: _("Ask someone who is good at %(skill)s to let me watch"),
        StepIdeaKind.LEARN: _("Compare 2 courses or books on %(skill)s and choose one"),
        StepIdeaKind.PRACTICE: practice,
        StepIdeaKind.EVIDENCE: _("Keep one piece of work that shows %(skill)s, with its date"),
    }
    kinds = _from(first_kind(level))
    return tuple(StepIdea(kind, (titles[kind] % name)[:TITLE_LENGTH], *needs[kind]) for kind in kinds)


def first_kind(level: int) -> StepIdeaKind:
    """Return the kind of step that fits a level (0 to 5) best: a beginner watches someone, others practise."""
    return StepIdeaKind.PERSON if level <= Level.BEGINNER else StepIdeaKind.PRACTICE


def _from(first: StepIdeaKind) -> Sequence[StepIdeaKind]:
    return [first, *(kind for kind in StepIdeaKind if kind is not first)]


def _needs() -> dict[StepIdeaKind, tuple[Resource.Kind, str]]:
    return {
        StepIdeaKind.PERSON: (Resource.Kind.PERSON, _("Someone experienced who has time for me")),
        StepIdeaKind.LEARN: (Resource.Kind.INFORMATION, _("A course, a book or a video")),
        StepIdeaKind.PRACTICE: (Resource.Kind.TIME_OFF, _("2 free hours")),
        StepIdeaKind.EVIDENCE: (Resource.Kind.OTHER, _("A folder for examples of my work")),
    }


def _needs_of_formal() -> dict[StepIdeaKind, tuple[Resource.Kind, str]]:
    return {
        StepIdeaKind.PERSON: (Resource.Kind.PERSON, _("An adviser, or someone who has done it")),
        StepIdeaKind.LEARN: (Resource.Kind.INFORMATION, _("Entry rules, costs and dates")),
        StepIdeaKind.PRACTICE: (Resource.Kind.TIME_OFF, _("2 free hours")),
        StepIdeaKind.EVIDENCE: (Resource.Kind.INFORMATION, _("My certificates and references")),
    }
