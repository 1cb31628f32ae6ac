"""Base class of the forms of the wizard."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import AutosaveForm
from careerplan.skills.models import Level
from careerplan.skills.texts import Text
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import Page
from careerplan.skills.wizard.wizard import Wizard

UNSURE = "unsure"
LEVEL_CHOICES = [(str(level.value), level.label) for level in Level]
STAY = "stay"  # direction of an autosave
BLANK = ("", None, False)
CHOOSE_ONE = gettext_lazy("Choose one answer.")


class WizardForm(AutosaveForm):
    """The answers of one page.

    Leaving a page by "Back" or "Save and close" never requires more answers: then `complete` is false and no field is
    required. Valid answers are always saved; invalid ones stay in their field with a message.
    """

    prefixes: tuple[str, ...] = ()
    """Prefixes of the fields for skills or activities; unknown fields with these prefixes are refused."""

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
        """Take the posted data, the wizard, its page, and the button that was pressed.

        `earlier`: answers from elsewhere, shown in fields without an answer.
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
        """Return whether all required answers are needed."""
        return self.go == "next"

    @property
    def is_autosave(self) -> bool:
        """Return whether this is an autosave, which counts only fields that the user touched."""
        return self.go == STAY

    @property
    def answers(self) -> Answers:
        """Return the stored answers of the assessment."""
        return self.wizard.answers

    @property
    def has_needs(self) -> bool:
        """Return whether the needs of the target role are known."""
        return bool(self.answers.needs)

    def stored(self) -> dict[str, Any]:
        """Return the stored answers by field name."""
        return {}

    @property
    def stored_values(self) -> dict[str, Any]:
        """Return the stored answers of all fields of the page, including empty ones."""
        return {name: self.rows_say.get(name) for name in self.fields if name != "shown"}

    def suggested(self) -> dict[str, Any]:
        """Return initial values of fields without an answer."""
        return {}

    def add_fields(self) -> None:
        """Add fields that depend on the assessment."""

    def clean(self) -> dict[str, Any]:
        """Refuse answers to questions that are not on this page."""
        cleaned = super().clean()
        if any(name.startswith(self.prefixes) and name not in self.fields for name in self.data):
            message = _("One of your answers is for a question that is not on this page. We did not save it.")
            self.add_error(None, forms.ValidationError(message, code="question_not_on_page"))
        return cleaned

    def save(self) -> None:
        """Pass valid answers to the service."""

    def skill_fields(self, prefix: str) -> Iterator[tuple[int, Any]]:
        """Yield valid answers of skill fields: (skill id, answer)."""
        for name, value in self.cleaned_data.items():
            if name.startswith(prefix):
                yield int(name.removeprefix(prefix)), value


def radio(label: Any, choices: Any, *, required: Text = "", **kwargs: Any) -> forms.ChoiceField:
    """Return a field with radio buttons; `required` is the message if nothing is chosen."""
    messages = {"required": required or CHOOSE_ONE, "invalid_choice": CHOOSE_ONE}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(required),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=messages,
        **kwargs,
    )
