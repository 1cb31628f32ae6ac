"""What every page of the wizard has in common."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.autosave import AutosaveForm
from careerplan.skills.models import Level
from careerplan.skills.pages import Answers, Page
from careerplan.skills.texts import Text
from careerplan.skills.wizard import Wizard

UNSURE = "unsure"
LEVEL_CHOICES = [(str(level.value), level.label) for level in Level]
STAY = "stay"  # the direction of a page that saves while somebody types
BLANK = ("", None, False)
CHOOSE_ONE = gettext_lazy("Choose one answer.")


class WizardForm(AutosaveForm):
    """The answers of one page.

    Leaving a page back or by "save and close" never asks for more: then `complete` is false and no field is
    required. Whatever is valid is saved in any case; what is not stays in its field with a message.
    """

    prefixes: tuple[str, ...] = ()
    """How the names of fields begin that are made for skills; another one of that kind is refused."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        wizard: Wizard,
        page: Page,
        now: datetime,
        go: str = "next",
        earlier: Mapping[str, Any] | None = None,
    ) -> None:
        """Takes what was posted, the wizard and the page as the rows have them, and where the person goes.

        `earlier`: what the person said elsewhere before; stands in fields that have no answer yet.
        """
        self.wizard, self.page, self.now, self.go = wizard, page, now, go
        self.rows_say = self.stored()
        stored = {name: value for name, value in self.rows_say.items() if value not in BLANK}
        super().__init__(data, initial={**self.rows_say, **self.suggested(), **(earlier or {}), **stored})
        self.add_fields()
        if not self.complete:
            for field in self.fields.values():
                field.required = False
        self.check_conflicts(self.stored_values)

    @property
    def complete(self) -> bool:
        """Whether the page must be answered as a whole."""
        return self.go == "next"

    @property
    def is_autosave(self) -> bool:
        """Whether the page saves by itself, while somebody is still at it: then only what they touched is said."""
        return self.go == STAY

    @property
    def answers(self) -> Answers:
        """What the rows say."""
        return self.wizard.answers

    @property
    def has_needs(self) -> bool:
        """Whether it is known what the target asks for."""
        return bool(self.answers.needs)

    def stored(self) -> dict[str, Any]:
        """The answers so far, by field name."""
        return {}

    @property
    def stored_values(self) -> dict[str, Any]:
        """The stored answers of all fields of the page, also of those that have none."""
        return {name: self.rows_say.get(name) for name in self.fields if name != "shown"}

    def suggested(self) -> dict[str, Any]:
        """What stands in fields that have no answer at all."""
        return {}

    def add_fields(self) -> None:
        """Make the fields that depend on the rows."""

    def clean(self) -> dict[str, Any]:
        """Refuse answers about skills that are not on this page."""
        cleaned = super().clean()
        if any(name.startswith(self.prefixes) and name not in self.fields for name in self.data):
            message = _("One of your answers is for a skill that is not on this page. We did not save it.")
            self.add_error(None, forms.ValidationError(message, code="skill_not_on_page"))
        return cleaned

    def save(self) -> None:
        """Hand what is valid to the service."""

    def skill_fields(self, prefix: str) -> Iterator[tuple[int, Any]]:
        """The valid answers of the fields made for skills: (skill id, answer)."""
        for name, value in self.cleaned_data.items():
            if name.startswith(prefix):
                yield int(name.removeprefix(prefix)), value


def radio(label: Any, choices: Any, *, required: Text = "", **kwargs: Any) -> forms.ChoiceField:
    """One of several, as radio buttons; `required` is the message where nothing is chosen."""
    messages = {"required": required or CHOOSE_ONE, "invalid_choice": CHOOSE_ONE}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(required),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=messages,
        **kwargs,
    )
