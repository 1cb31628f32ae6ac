"""Forms of opportunities."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.core.merge import CHOICE, CLASHED, THEIRS, MergingForm, merge, stored_text
from careerplan.goals.forms.base import AsksAboutPast
from careerplan.goals.models import Goal
from careerplan.goals.services import StepData
from careerplan.opportunities.adverts import MOST_CHARACTERS, Proposal
from careerplan.opportunities.models import (
    CRITERIA_MAX,
    LINK_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Criterion,
    GoalEffect,
    Opportunity,
    Score,
)
from careerplan.opportunities.queries import Asked, Match
from careerplan.opportunities.services import CriterionData, NextStep, OpportunityData, Weighing
from careerplan.skills.models import Level

Groups = Sequence[tuple[str, Sequence[tuple[int, str]]]]
LEVELS = [(level.value, f"{level.value} {level.label}") for level in Level if level]
WEIGHTS = [(n, str(n)) for n in range(1, 6)]


class LinkField(LineField):
    """A web address; "www.example.org/post" is taken for https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LINK_LENGTH, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)
        wrong = _lazy_link_error
        self.validators.append(URLValidator(schemes=["http", "https"], message=wrong))

    def to_python(self, value: Any) -> str:
        """The address with its scheme."""
        text = super().to_python(value)
        return f"https://{text}" if text and ":" not in text.split("/", 1)[0] else text


_lazy_link_error = gettext_lazy("Enter a web address that begins with https:// or http://, or leave it empty.")


class FactsForm(AsksAboutPast):
    """What an opportunity is. A closing date in the past is asked about: people write down what is over, too."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Give it a title, such as the name of the post.")},
    )
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=TITLE_LENGTH, required=False)
    link = LinkField(label=gettext_lazy("Link"), required=False)
    closes_on = forms.DateField(
        label=gettext_lazy("Closes"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )
    days_that_may_be_past: tuple[str, ...] = ("closes_on",)


class NoteForm(FactsForm):
    """The short form: a title is enough."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_form_key(self) -> Any:
        """A form that lost its key still saves."""
        return self.cleaned_data["form_key"] or uuid4()

    def answers(self) -> OpportunityData:
        """What was entered, for the service."""
        data = self.cleaned_data
        return OpportunityData(**{name: data[name] for name in ("title", "organisation", "link", "closes_on")})


class EditForm(MergingForm, FactsForm):
    """What is known of an opportunity that is there."""

    summary = LineField(
        label=gettext_lazy("What it is"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("In one line, such as: permanent, band 6, from May."),
    )

    def __init__(self, *args: Any, opportunity: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opportunity = opportunity

    @classmethod
    def of(cls, opportunity: Opportunity, data: QueryDict | None, *, today: date) -> "EditForm":
        """The form showing an opportunity, with what was posted."""
        form = cls(data, opportunity=opportunity, initial=cls.says(opportunity), today=today)
        form.meet(opportunity, cls.says)
        return form

    @staticmethod
    def says(row: Any) -> dict[str, Any]:
        """What an opportunity, or an event of it, answers to the fields of this form."""
        return {name: getattr(row, name) for name in ("title", "organisation", "link", "closes_on", "summary")}

    def answers(self) -> OpportunityData:
        """What was entered, for the service."""
        data = self.cleaned_data
        return OpportunityData(**{name: data[name] for name in OpportunityData(title="").columns()})


class SeenForm(MergingForm):
    """A form of several rows at once. It carries the answers that it showed, for want of a history of them together."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def hold_against(self, now: Mapping[str, Any]) -> None:
        """Hold what was posted against the answers as they are now, by the names of the form's fields."""
        now = dict(now)  # it may be the very answers that the form starts with
        texts = {name: stored_text(self.fields[name], answer) for name, answer in now.items()}
        self.initial["seen"] = urlencode(texts)
        if not self.is_bound:
            return
        data = cast("QueryDict", self.data).copy()
        if data.get(CHOICE) == THEIRS:
            for name in set(data.getlist(CLASHED)) & set(texts):
                data[name] = texts[name]
        if data.get("seen", "") != self.initial["seen"]:
            shown = dict(parse_qsl(data.get("seen", ""), keep_blank_values=True))
            self.meanwhile = merge(self, data, base={**texts, **shown}, now=now)
            data["seen"] = self.initial["seen"]
        self.data = data


def _score_field(label: Any) -> forms.TypedChoiceField:
    """One of five answers, or none."""
    return forms.TypedChoiceField(
        label=label, choices=Score, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )


class WeighForm(SeenForm):
    """Goals, vision, priorities, own criteria; for and against. Nothing in it is required."""

    vision_score = _score_field(gettext_lazy("How close does it bring you to your vision?"))
    pros = LongTextField(
        label=gettext_lazy("For"), max_length=WORDS_LENGTH, required=False, help_text=gettext_lazy("One reason a line.")
    )
    cons = LongTextField(
        label=gettext_lazy("Against"),
        max_length=WORDS_LENGTH,
        required=False,
        help_text=gettext_lazy("One reason a line."),
    )

    def __init__(self, data: Any, *, opportunity: Opportunity, asked: Asked) -> None:
        said = {name: getattr(opportunity, name) for name in ("vision_score", "pros", "cons")}
        self.opportunity, self.asked = opportunity, asked
        added: dict[str, forms.Field] = {}
        for one in asked.goals:
            name = f"goal_{one.goal.pk}"
            added[name] = forms.ChoiceField(
                label=one.goal.title, choices=GoalEffect.Effect, required=False, widget=forms.RadioSelect
            )
            said[name] = one.effect
        for place, (text, score) in enumerate(asked.priorities):
            added[f"priority_{place}"], said[f"priority_{place}"] = _score_field(text), score
        for criterion, score in asked.criteria:
            name = f"criterion_{criterion.pk}"
            added[name], said[name] = _score_field(criterion.name), score
        # A goal that builds what is asked for is proposed to be served; nothing is kept before it is saved.
        proposed = {f"goal_{one.goal.pk}": "serves" for one in asked.goals if one.shared and not one.effect}
        super().__init__(data, initial={**said, **proposed})
        for name, field in added.items():
            self.fields[name] = field
            field.plain_label = field.label  # type: ignore[attr-defined]
        for name in ("vision_score", "pros", "cons"):  # nothing here is required: no need to say it
            self.fields[name].label = self.base_fields[name].label
        self.hold_against(said)

    @property
    def goal_rows(self) -> list[tuple[forms.BoundField, list[str], bool]]:
        """The fields of the goals, each with the skills that it builds and that are asked for, and whether an answer is
        proposed.
        """
        return [
            (self[f"goal_{one.goal.pk}"], one.shared, bool(one.shared and not one.effect)) for one in self.asked.goals
        ]

    @property
    def priority_rows(self) -> list[forms.BoundField]:
        """The fields of the priorities."""
        return [self[f"priority_{place}"] for place in range(len(self.asked.priorities))]

    @property
    def criterion_rows(self) -> list[tuple[forms.BoundField, int]]:
        """The fields of the criteria with their weights."""
        return [(self[f"criterion_{criterion.pk}"], criterion.weight) for criterion, _score in self.asked.criteria]

    def answers(self) -> Weighing:
        """What was said, for the service."""
        data = self.cleaned_data
        return Weighing(
            pros=data["pros"],
            cons=data["cons"],
            vision_score=data["vision_score"],
            effects={one.goal.pk: data[f"goal_{one.goal.pk}"] for one in self.asked.goals},
            priorities={text: data[f"priority_{place}"] for place, (text, _score) in enumerate(self.asked.priorities)},
            criteria={row.pk: data[f"criterion_{row.pk}"] for row, _score in self.asked.criteria},
        )


class SkillsForm(SeenForm):
    """The skills that are needed with their levels, and one more."""

    add = forms.TypedChoiceField(label=gettext_lazy("Another skill"), coerce=int, empty_value=None, required=False)
    add_level = forms.TypedChoiceField(
        label=gettext_lazy("Level needed"), choices=LEVELS, coerce=int, empty_value=None, required=False, initial=3
    )

    def __init__(
        self, data: Any, *, opportunity: Opportunity, match: Match, names: dict[int, str], groups: Groups
    ) -> None:
        self.opportunity, self.match = opportunity, match
        said = {f"level_{pk}": level for pk, level in match.levels.items()}
        super().__init__(data, initial=said)
        for pk in match.levels:
            self.fields[f"level_{pk}"] = forms.TypedChoiceField(
                label=names[pk], choices=[("", _("Not needed")), *LEVELS], coerce=int, empty_value=None, required=False
            )
            self.fields[f"level_{pk}"].plain_label = names[pk]  # type: ignore[attr-defined]
        for name in ("add", "add_level"):
            self.fields[name].label = self.base_fields[name].label
        free = [(group, [(pk, name) for pk, name in skills if pk not in match.levels]) for group, skills in groups]
        self.fields["add"].choices = [("", _("Choose a skill")), *[row for row in free if row[1]]]  # type: ignore[attr-defined]
        self.hold_against(said)

    @property
    def level_rows(self) -> list[forms.BoundField]:
        """The fields of the skills that are needed."""
        return [self[f"level_{pk}"] for pk in self.match.levels]

    def levels(self) -> dict[int, int]:
        """What is needed, by skill id."""
        data = self.cleaned_data
        kept = {pk: data[f"level_{pk}"] for pk in self.match.levels if data[f"level_{pk}"]}
        return kept | ({data["add"]: data["add_level"] or 3} if data["add"] else {})


class AdvertForm(BaseForm):
    """The text of an advert."""

    text = LongTextField(
        label=gettext_lazy("The text of the advert"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": gettext_lazy("Paste the text of the advert, or go back and choose the skills yourself."),
            "max_length": gettext_lazy(
                "This is longer than 20,000 characters. Paste only the part that says what is asked for."
            ),
        },
    )


class ProposalsForm(BaseForm):
    """What was found in an advert, to be confirmed one by one."""

    def __init__(self, data: QueryDict | None, *, proposals: Sequence[Proposal], levels: Mapping[int, int]) -> None:
        super().__init__(data)
        self.proposals = proposals
        for one in proposals:
            # What is needed already is not asked for again, unless its level differs.
            self.fields[f"take_{one.skill_id}"] = forms.BooleanField(label=one.name, required=False, initial=False)
            self.fields[f"level_{one.skill_id}"] = forms.TypedChoiceField(
                label=_("Level needed"), choices=LEVELS, coerce=int, initial=one.level
            )
        self.levels = levels

    @property
    def rows(self) -> list[tuple[Proposal, forms.BoundField, forms.BoundField, int | None]]:
        """Each proposal with its two fields, and the level that is needed already."""
        return [
            (one, self[f"take_{one.skill_id}"], self[f"level_{one.skill_id}"], self.levels.get(one.skill_id))
            for one in self.proposals
        ]

    def confirmed(self) -> dict[int, int]:
        """The levels of what was ticked, by skill id."""
        data = self.cleaned_data
        ids = [one.skill_id for one in self.proposals]
        return {pk: data[f"level_{pk}"] for pk in ids if data[f"take_{pk}"]}


class CriteriaForm(SeenForm):
    """What every opportunity is weighed by: up to six lines, each with how much it counts."""

    def __init__(self, data: Any, *, criteria: Sequence[Criterion]) -> None:
        self.criteria = criteria
        said: dict[str, Any] = {}
        for place in range(CRITERIA_MAX):
            row = criteria[place] if place < len(criteria) else None
            said[f"name_{place}"], said[f"weight_{place}"] = (row.name, row.weight) if row else ("", 3)
        super().__init__(data, initial=said)
        for place in range(CRITERIA_MAX):
            words = {"n": place + 1}
            self.fields[f"name_{place}"] = LineField(
                label=_("Criterion %(n)s") % words,
                max_length=80,
                required=False,
                widget=forms.TextInput(attrs={"class": "cp-own-input"}),
            )
            self.fields[f"weight_{place}"] = forms.TypedChoiceField(
                label=_("How much criterion %(n)s counts") % words, choices=WEIGHTS, coerce=int, initial=3
            )
        self.hold_against(said)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and weight, a line each."""
        return [(self[f"name_{place}"], self[f"weight_{place}"]) for place in range(CRITERIA_MAX)]

    def clean(self) -> dict[str, Any]:
        """A criterion is named once."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for place in range(CRITERIA_MAX):
            name = cleaned.get(f"name_{place}", "")
            if name and name.casefold() in seen:
                self.add_error(f"name_{place}", _("“%(name)s” is there already. Name it once.") % {"name": name})
            seen.add(name.casefold())
        return cleaned

    def answers(self) -> list[CriterionData]:
        """The lines that are filled in; each stands for the criterion that it showed."""
        data = self.cleaned_data
        return [
            CriterionData(
                name=data[f"name_{place}"],
                weight=data[f"weight_{place}"],
                id=self.criteria[place].pk if place < len(self.criteria) else None,
            )
            for place in range(CRITERIA_MAX)
            if data[f"name_{place}"]
        ]


class DecideForm(BaseForm):
    """Why."""

    reason = LongTextField(
        label=gettext_lazy("Why?"),
        max_length=WORDS_LENGTH,
        error_messages={
            "required": gettext_lazy("Say why, in a few words. In 90 days you are asked whether it was right.")
        },
    )


class PursueForm(DecideForm, AsksAboutPast):
    """Why, and what comes next."""

    step_title = LineField(label=gettext_lazy("Next step"), max_length=TITLE_LENGTH, required=False)
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )
    step_goal = forms.ModelChoiceField(
        Goal.objects.none(), label=gettext_lazy("Goal that it belongs to"), required=False, empty_label=None
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    days_that_may_be_past: tuple[str, ...] = ("step_due_on",)

    def __init__(self, data: Any, *, goals: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["step_goal"].queryset = goals  # type: ignore[attr-defined]
        for name in ("step_due_on", "step_goal"):  # asked for with the step
            self.fields[name].label = self.base_fields[name].label

    def clean(self) -> dict[str, Any]:
        """A step has a day and a goal."""
        cleaned = super().clean()
        if cleaned.get("step_title"):
            if not cleaned.get("step_due_on") and "step_due_on" not in self.errors:
                self.add_error("step_due_on", _("Choose the day, or empty the step."))
            if not cleaned.get("step_goal") and "step_goal" not in self.errors:
                self.add_error("step_goal", _("Choose the goal that the step belongs to, or empty the step."))
        return cleaned

    def next_step(self) -> NextStep | None:
        """The step that was named, for the service."""
        data = self.cleaned_data
        if not data["step_title"]:
            return None
        step = StepData(title=data["step_title"], due_on=data["step_due_on"])
        return NextStep(goal=data["step_goal"], step=step, form_key=data["form_key"] or uuid4())


class JudgeForm(BaseForm):
    """Was the decision right?"""

    judgement = forms.ChoiceField(
        label=gettext_lazy("Was it right?"),
        choices=Opportunity.Judgement,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    note = LongTextField(label=gettext_lazy("What do you see now?"), max_length=WORDS_LENGTH, required=False)
