"""Forms for choosing a file and the active plan."""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm


class ImportForm(BaseForm):
    """Import form with one file. The view adds what the services reject to the field (`reject`)."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy("The .json file you exported here or from another Careerplan."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
    )

    def reject(self, reason: str) -> None:
        """Add the reason why the file cannot be imported to the field."""
        self.errors.pop("file", None)
        self.add_error("file", forms.ValidationError(reason, code="rejected"))

    @property
    def content(self) -> BinaryIO:
        """Return the uploaded file."""
        return cast("BinaryIO", self.cleaned_data["file"])

    @property
    def size(self) -> int:
        """Return its bytes."""
        return int(self.cleaned_data["file"].size)


class ActivePlanForm(BaseForm):
    """Choice of the active plan if both the account and the file have one."""

    OWN, IMPORTED = "own", "imported"
    active = forms.ChoiceField(
        label=gettext_lazy("Which plan do you want to work on?"),
        choices=[
            (OWN, gettext_lazy("The plan in this account. The imported plan will be archived.")),
            (IMPORTED, gettext_lazy("The imported plan. The plan in this account will be archived.")),
        ],
        initial=OWN,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,  # sent only if there are two active plans
        error_messages={"invalid_choice": gettext_lazy("Choose which plan to work on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("active")  # one of the two is chosen already

    def replaces_active(self) -> bool:
        """Return whether the plan in the file replaces the active one."""
        return bool(self.cleaned_data.get("active") == self.IMPORTED)
