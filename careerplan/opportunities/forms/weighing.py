"""Forms for weighing up: the skills needed, answers about one opportunity, and the user's own criteria."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, LineField, LongTextField
from careerplan.core.sentences import isolate_turned
from careerplan.opportunities.models import Criterion, GoalEffect, Opportunity
from careerplan.opportunities.models.opportunity import ADVERT_LENGTH, WORDS_LENGTH, Score
from careerplan.opportunities.models.weighing import CRITERIA_MAX
from careerplan.opportunities.queries.advert import ProposedFact
from careerplan.opportunities.queries.opportunity_list import SkillMatch
from careerplan.opportunities.queries.weighing import WeighingQuestions
from careerplan.opportunities.services import WeighingAnswers
from careerplan.reading.skill_finder import FoundSkill
from careerplan.skills.models import Level

SkillChoices = Sequence[tuple[str, Sequence[tuple[int, str]]]]
LEVELS = [(level.value, f"{level.value} {level.label}") for level in Level if level]
WEIGHTS = [(n, str(n)) for n in range(1, 6)]
DEFAULT_LEVEL = 3
KNOWN_SCORES = frozenset(map(str, Score.values))


class NeededSkillsForm(ConflictForm):
    """The level needed of each skill, and one more skill."""

    add = forms.TypedChoiceField(label=gettext_lazy("Add a skill"), coerce=int, empty_value=None, required=False)
    add_level = forms.TypedChoiceField(
        label=gettext_lazy("Level needed"),
        choices=LEVELS,
        coerce=int,
        empty_value=None,
        required=False,
        initial=DEFAULT_LEVEL,
    )

    def __init__(
        self, data: Any, *, opportunity: Opportunity, match: SkillMatch, names: dict[int, str], groups: SkillChoices
    ) -> None:
        self.opportunity, self.match = opportunity, match
        current = {f"level_{pk}": level for pk, level in match.levels.items()}
        super().__init__(data, initial=current)
        for pk in match.levels:
            self.fields[f"level_{pk}"] = forms.TypedChoiceField(
                label=isolate_turned(names[pk]),
                choices=[("", _("Not needed")), *LEVELS],
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.unmark_optional("add", "add_level")
        free = [(group, [(pk, name) for pk, name in skills if pk not in match.levels]) for group, skills in groups]
        self.fields["add"].choices = [("", _("Choose a skill")), *[row for row in free if row[1]]]  # type: ignore[attr-defined]
        self.check_conflicts(current)

    @property
    def level_rows(self) -> list[forms.BoundField]:
        """Return the fields of the skills needed so far."""
        return [self[f"level_{pk}"] for pk in self.match.levels]

    def levels(self) -> dict[int, int]:
        """Levels needed, by skill id."""
        data = self.cleaned_data
        levels = {pk: data[f"level_{pk}"] for pk in self.match.levels if data[f"level_{pk}"]}
        return levels | ({data["add"]: data["add_level"] or DEFAULT_LEVEL} if data["add"] else {})


class AdvertForm(BaseForm):
    """The text of a job advert."""

    text = LongTextField(
        label=gettext_lazy("Text of the advert"),
        max_length=ADVERT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": gettext_lazy("Paste the text of the advert, or go back and choose the skills yourself."),
            "max_length": gettext_lazy(
                "The text has more than 20,000 characters. Paste only the part about skills and experience."
            ),
        },
    )


class AdvertSkillsForm(BaseForm):
    """The skills and facts found in an advert, to be ticked. What is sure is ticked already, a guess never."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        found: Sequence[FoundSkill],
        levels: Mapping[int, int],
        facts: Sequence[ProposedFact] = (),
    ) -> None:
        super().__init__(data)
        self.found, self.levels, self.facts = found, levels, facts
        for fact in facts:
            self.fields[f"fact_{fact.field}"] = forms.BooleanField(
                label=fact.label, required=False, initial=fact.is_sure
            )
        for skill in found:
            is_ticked = skill.is_sure and not skill.is_extra and skill.skill_id not in levels
            self.fields[f"take_{skill.skill_id}"] = forms.BooleanField(
                label=isolate_turned(skill.name), required=False, initial=is_ticked
            )
            self.fields[f"level_{skill.skill_id}"] = forms.TypedChoiceField(
                label=_("Level needed"), choices=LEVELS, coerce=int, initial=skill.level
            )

    @property
    def rows(self) -> list[tuple[FoundSkill, forms.BoundField, forms.BoundField, int | None]]:
        """Return each found skill with its two fields, and the level needed so far."""
        return [
            (skill, self[f"take_{skill.skill_id}"], self[f"level_{skill.skill_id}"], self.levels.get(skill.skill_id))
            for skill in self.found
        ]

    @property
    def fact_rows(self) -> list[tuple[ProposedFact, forms.BoundField]]:
        """Return each fact with its field."""
        return [(fact, self[f"fact_{fact.field}"]) for fact in self.facts]

    def taken_facts(self) -> list[ProposedFact]:
        """Return the ticked facts."""
        return [fact for fact in self.facts if self.cleaned_data[f"fact_{fact.field}"]]

    def confirmed(self) -> dict[int, int]:
        """Levels of the ticked skills, by skill id."""
        data = self.cleaned_data
        ids = [skill.skill_id for skill in self.found]
        return {pk: data[f"level_{pk}"] for pk in ids if data[f"take_{pk}"]}


class ScoreSelect(forms.RadioSelect):
    """Scores, and "Not sure": that is saved as no score, and chosen only where somebody chose it."""

    def format_value(self, value: Any) -> list[str]:
        """Return what is chosen: nothing for None."""
        return [] if value is None else [str(value)]


SCORES = [*Score.choices, ("", gettext_lazy("Not sure"))]


def _score_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SCORES, coerce=int, empty_value=None, required=False, widget=ScoreSelect
    )


class WeighUpForm(ConflictForm):
    """Answers about goals, vision, priorities and criteria, and reasons for and against. All are optional."""

    vision_score = _score_field(gettext_lazy("How well does it fit your vision?"))
    pros = LongTextField(
        label=gettext_lazy("Reasons for it"),
        max_length=WORDS_LENGTH,
        required=False,
        help_text=gettext_lazy("One reason per line."),
    )
    cons = LongTextField(
        label=gettext_lazy("Reasons against it"),
        max_length=WORDS_LENGTH,
        required=False,
        help_text=gettext_lazy("One reason per line."),
    )

    def __init__(self, data: Any, *, opportunity: Opportunity, questions: WeighingQuestions) -> None:
        current = {name: getattr(opportunity, name) for name in ("vision_score", "pros", "cons")}
        self.opportunity, self.questions = opportunity, questions
        added: dict[str, forms.Field] = {}
        for question in questions.goals:
            name = f"goal_{question.goal.pk}"
            added[name] = forms.ChoiceField(
                label=isolate_turned(question.goal.title),
                choices=GoalEffect.Effect,
                required=False,
                widget=forms.RadioSelect,
            )
            current[name] = question.effect
        for place, (text, score) in enumerate(questions.priorities):
            added[f"priority_{place}"], current[f"priority_{place}"] = _score_field(isolate_turned(text)), score
        for criterion, score in questions.criteria:
            name = f"criterion_{criterion.pk}"
            added[name], current[name] = _score_field(isolate_turned(criterion.name)), score
        # "Helps" is suggested for a goal that builds a needed skill; nothing is saved until the user saves.
        suggested = {f"goal_{one.goal.pk}": "helps" for one in questions.goals if one.shared and not one.effect}
        unsure = {name: "" for name in self._score_names(current) if current[name] is None and opportunity.weighed_at}
        super().__init__(data, initial={**current, **suggested, **unsure})
        self.fields.update(added)
        self.unmark_optional("vision_score", "pros", "cons")  # all are optional
        self.check_conflicts(current)

    @property
    def goal_rows(self) -> list[tuple[forms.BoundField, list[str], bool]]:
        """Return the fields of the goals, each with the needed skills it builds, and whether the answer is
        suggested.
        """
        return [
            (self[f"goal_{one.goal.pk}"], one.shared, bool(one.shared and not one.effect))
            for one in self.questions.goals
        ]

    @property
    def priority_rows(self) -> list[forms.BoundField]:
        return [self[f"priority_{place}"] for place in range(len(self.questions.priorities))]

    @property
    def criterion_rows(self) -> list[tuple[forms.BoundField, int]]:
        """Fields of the criteria with their weights."""
        return [(self[f"criterion_{criterion.pk}"], criterion.weight) for criterion, _score in self.questions.criteria]

    @staticmethod
    def _score_names(names: Iterable[str]) -> list[str]:
        """Return the names of the fields that are scores."""
        return [name for name in names if name == "vision_score" or name.startswith(("priority_", "criterion_"))]

    def typed_scores(self, typed: Mapping[str, str]) -> WeighingAnswers:
        """Return the scores among answers that are not sent yet. What is no score counts as no answer."""
        scores = {name: int(typed[name]) for name in typed if typed[name] in KNOWN_SCORES}
        priorities, criteria = self.questions.priorities, self.questions.criteria
        return WeighingAnswers(
            vision_score=scores.get("vision_score"),
            priorities={text: scores.get(f"priority_{place}") for place, (text, _saved) in enumerate(priorities)},
            criteria={row.pk: scores.get(f"criterion_{row.pk}") for row, _saved in criteria},
        )

    def answers(self) -> WeighingAnswers:
        """Answers for the service."""
        data, questions = self.cleaned_data, self.questions
        return WeighingAnswers(
            pros=data["pros"],
            cons=data["cons"],
            vision_score=data["vision_score"],
            effects={one.goal.pk: data[f"goal_{one.goal.pk}"] for one in questions.goals},
            priorities={text: data[f"priority_{place}"] for place, (text, _score) in enumerate(questions.priorities)},
            criteria={row.pk: data[f"criterion_{row.pk}"] for row, _score in questions.criteria},
        )


class CriteriaForm(ConflictForm):
    """The user's own criteria: up to CRITERIA_MAX names, each with a weight."""

    def __init__(self, data: Any, *, criteria: Sequence[Criterion]) -> None:
        self.criteria = criteria
        current: dict[str, Any] = {}
        for place in range(CRITERIA_MAX):
            row = criteria[place] if place < len(criteria) else None
            current[f"name_{place}"], current[f"weight_{place}"] = (row.name, row.weight) if row else ("", 3)
        super().__init__(data, initial=current)
        for place in range(CRITERIA_MAX):
            number = {"n": place + 1}
            self.fields[f"name_{place}"] = LineField(
                label=_("Criterion %(n)s") % number,
                max_length=80,
                required=False,
                widget=forms.TextInput(attrs={"class": "cp-own-input"}),
            )
            self.fields[f"weight_{place}"] = forms.TypedChoiceField(
                label=_("Weight of criterion %(n)s") % number, choices=WEIGHTS, coerce=int, initial=3
            )
        self.check_conflicts(current)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and weight of each line."""
        return [(self[f"name_{place}"], self[f"weight_{place}"]) for place in range(CRITERIA_MAX)]

    def clean(self) -> dict[str, Any]:
        """Refuse two criteria of the same name."""
        cleaned = super().clean() or {}
        names: set[str] = set()
        for place in range(CRITERIA_MAX):
            name = cleaned.get(f"name_{place}", "")
            if name and name.casefold() in names:
                message = _("You already have a criterion “%(name)s”. Use a different name.") % {"name": name}
                self.add_error(f"name_{place}", forms.ValidationError(message, code="duplicate"))
            names.add(name.casefold())
        return cleaned

    def changed_criteria(self) -> list[Criterion]:
        """Return unsaved criteria, one per filled line; each has the `pk` of the criterion in that line."""
        data = self.cleaned_data
        return [
            Criterion(
                pk=self.criteria[place].pk if place < len(self.criteria) else None,
                name=data[f"name_{place}"],
                weight=data[f"weight_{place}"],
            )
            for place in range(CRITERIA_MAX)
            if data[f"name_{place}"]
        ]
