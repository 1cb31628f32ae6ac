"""Forms of a list that is imported: what each column is, and which items go where."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.imports.lists.columns import ColumnUse, guess_uses
from careerplan.imports.lists.days import which_first
from careerplan.imports.lists.items import ListContent, ListGroup, ListItem
from careerplan.imports.lists.queries import GoalsThere
from careerplan.imports.lists.services import ChosenGroup
from careerplan.imports.lists.table import ListTable

DAY_FIRST, MONTH_FIRST = "day", "month"
NEW, EACH, GOAL = "new", "each", "goal-"
DAYS_FOR_A_GOAL = 90
GONE = gettext_lazy("We did not find this in your file. Choose the file again.")


class ColumnsForm(BaseForm):
    """What each column of the file becomes. Without data, or with a broken choice, it is as we guess it."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, table: ListTable) -> None:
        self.table = table
        guess = guess_uses(table)
        super().__init__(data)
        if not table.has_columns:
            self.uses = list(guess)
        else:
            for number, column in enumerate(table.columns):
                self.fields[f"use-{number}"] = forms.ChoiceField(
                    label=_("“%(name)s” becomes") % {"name": column}, choices=ColumnUse.choices, initial=guess[number]
                )
            self.uses = [self._choice(f"use-{number}", ColumnUse, use) for number, use in enumerate(guess)]
        self._add_order()
        self.initial["shown"] = self.state

    def _choice(self, name: str, known: type[ColumnUse], guess: ColumnUse) -> ColumnUse:
        value = self.data.get(name, guess)
        return known(value) if value in known.values else guess

    def _add_order(self) -> None:
        """Ask which number is the day only where the dates could be read both ways."""
        due = [number for number, use in enumerate(self.uses) if use == ColumnUse.DUE]
        found = which_first(cell for number in due for cell in self.table.column(number))
        self.day_first = found is not False
        if found is None:
            choices = [
                (DAY_FIRST, _("The day first: 3/4/2027 is %(day)s") % {"day": date_format(date(2027, 4, 3))}),
                (MONTH_FIRST, _("The month first: 3/4/2027 is %(day)s") % {"day": date_format(date(2027, 3, 4))}),
            ]
            self.fields["order"] = forms.ChoiceField(
                label=_("Dates"),
                choices=choices,
                initial=DAY_FIRST,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            self.day_first = self.data.get("order", DAY_FIRST) != MONTH_FIRST

    @property
    def order_field(self) -> Any:
        """Return the field that asks which number is the day."""
        return self["order"]

    @property
    def state(self) -> str:
        """Return the choices as a text; the page brings it back, to tell whether they have changed since."""
        return ",".join([*self.uses, DAY_FIRST if self.day_first else MONTH_FIRST])

    @property
    def is_changed(self) -> bool:
        """Return whether the columns differ from those for which the items were shown."""
        return bool(self.data.get("shown", "") != self.state)

    def rows(self) -> list[tuple[str, str, Any]]:
        """Return each column: its name, its first cell that holds anything, and the field."""
        columns = enumerate(self.table.columns) if self.table.has_columns else ()
        return [
            (name, next((cell for cell in self.table.column(number) if cell), ""), self[f"use-{number}"])
            for number, name in columns
        ]


class ItemsForm(BaseForm):
    """Which items are imported, and where those of each group go. Items that are there already are not ticked."""

    def __init__(self, data: QueryDict | None, *, content: ListContent, there: GoalsThere, today: date) -> None:
        super().__init__(data)
        self.content, self.there, self.today = content, there, today
        self.fields["take"] = forms.MultipleChoiceField(
            label=_("What to import"),
            required=False,
            choices=[(str(item.number), item.title) for item in content.items],
            initial=[str(item.number) for item in content.items if not there.has(item.title)],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            error_messages={"invalid_choice": GONE, "invalid_list": GONE},
        )
        for number, group in enumerate(content.groups):
            self._add_group(number, group)

    def _add_group(self, number: int, group: ListGroup) -> None:
        goals = [(f"{GOAL}{pk}", goal.title) for pk, goal in self.there.goals.items()]
        choices: list[Any] = [(NEW, _("A new goal")), (EACH, _("Each one becomes a goal"))]
        if goals:
            choices.append((_("One of your goals"), goals))
        known = self.there.named(group.name) if group.name else None
        where = f"{GOAL}{known.pk}" if known else EACH if group.are_goals else NEW
        self.fields[f"to-{number}"] = forms.ChoiceField(label=_("Where to"), choices=choices, initial=where)
        self.fields[f"name-{number}"] = LineField(
            label=_("The new goal"), max_length=TITLE_LENGTH, required=False, initial=group.name[:TITLE_LENGTH]
        )
        self.fields[f"area-{number}"] = forms.ChoiceField(
            label=_("Area"), choices=Goal.Area.choices, initial=Goal.Area.PROFESSIONAL
        )
        self.fields[f"due-{number}"] = forms.DateField(
            label=_("Due date"),
            required=False,
            widget=DateInput(attrs={"class": "cp-input-date"}),
            initial=group.last_day or self.today + timedelta(days=DAYS_FOR_A_GOAL),
        )
        self.unmark_optional(f"name-{number}", f"due-{number}")

    def sections(self) -> list[dict[str, Any]]:
        """Return each group with its fields and its boxes, each with a hint."""
        boxes = dict(zip((item.number for item in self.content.items), self["take"].subwidgets, strict=True))
        return [
            {
                "group": group,
                "to": self[f"to-{number}"],
                "new": [self[f"name-{number}"], self[f"area-{number}"], self[f"due-{number}"]],
                "rows": [(boxes[item.number], self._hint(item)) for item in group.items],
            }
            for number, group in enumerate(self.content.groups)
        ]

    def _hint(self, item: ListItem) -> str:
        words = [_("You have this already.")] if self.there.has(item.title) else []
        if item.due_on:
            due = _("Due %(day)s, the last day of the month.") if item.names_month else _("Due %(day)s.")
            words.insert(0, due % {"day": date_format(item.due_on, "j M Y")})
        return " ".join(words)

    def clean(self) -> dict[str, Any]:
        """Require a choice, the name and the date of each new goal, and goals that end no earlier than their steps."""
        cleaned = super().clean() or {}
        if "take" in self.errors:
            return cleaned
        if not cleaned.get("take"):
            raise forms.ValidationError(_("Tick at least one thing to import."), code="nothing-ticked")
        for number, group in enumerate(self.content.groups):
            if taken := self._taken(group, cleaned):
                self._check_goal(number, taken, cleaned)
                self._check_days(number, taken, cleaned)
        return cleaned

    def _check_goal(self, number: int, taken: Sequence[ListItem], cleaned: Mapping[str, Any]) -> None:
        where = cleaned.get(f"to-{number}")
        name, due = f"name-{number}", f"due-{number}"
        if where == NEW and not cleaned.get(name) and name not in self.errors:
            reason = _("Name the goal that these steps are for, or choose one of your goals.")
            self.add_error(name, forms.ValidationError(reason, code="required"))
        is_needed = where == NEW or (where == EACH and any(item.due_on is None for item in taken))
        if not is_needed or due in self.errors:
            return
        if not cleaned.get(due):
            self.add_error(due, forms.ValidationError(_("Choose a date for the new goal."), code="required"))
        elif cleaned[due] < self.today:
            self.add_error(due, forms.ValidationError(_("Choose a day that has not passed."), code="past"))

    def _check_days(self, number: int, taken: Sequence[ListItem], cleaned: Mapping[str, Any]) -> None:
        """Refuse steps that are due after the goal they go into; with EACH an item brings its own day."""
        where, due = cleaned.get(f"to-{number}", ""), f"due-{number}"
        goal = self.there.goals[int(where.removeprefix(GOAL))] if where.startswith(GOAL) else None
        due_on = goal.due_on if goal else cleaned.get(due) if where == NEW else None
        last = max((item.due_on for item in taken if item.due_on), default=None)
        if not due_on or not last or last <= due_on or due in self.errors:
            return
        words = {"step": date_format(last), "goal": date_format(due_on)}
        if goal:
            reason = _("A step is due on %(step)s, after this goal's due date, %(goal)s. Move the goal's date first.")
        else:
            reason = _("A step is due on %(step)s, after the goal's due date, %(goal)s. Choose a later day.")
        field = f"to-{number}" if goal else due
        self.add_error(field, forms.ValidationError(reason, code="after-goal", params=words))

    def _taken(self, group: ListGroup, cleaned: Mapping[str, Any]) -> list[ListItem]:
        ticked = set(cleaned.get("take", ()))
        return [item for item in group.items if str(item.number) in ticked]

    def chosen(self) -> list[ChosenGroup]:
        """Return the selection of a valid form."""
        found = []
        for number, group in enumerate(self.content.groups):
            if not (taken := self._taken(group, self.cleaned_data)):
                continue
            where, due_on = self.cleaned_data[f"to-{number}"], self.cleaned_data[f"due-{number}"]
            area = self.cleaned_data[f"area-{number}"]
            if where.startswith(GOAL):
                found.append(ChosenGroup(items=taken, into=int(where.removeprefix(GOAL))))
            elif where == EACH:
                found.append(ChosenGroup(items=taken, is_each=True, area=area, due_on=due_on))
            else:
                title = self.cleaned_data[f"name-{number}"]
                found.append(ChosenGroup(items=taken, title=title, area=area, due_on=due_on))
        return found
