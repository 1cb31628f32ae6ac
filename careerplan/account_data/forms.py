"""The form that takes a file, and the choice of the active plan."""

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
        """Show at the field why the file cannot be imported."""
        self.errors.pop("file", None)
        self.add_error("file", forms.ValidationError(reason, code="rejected"))

    @property
    def content(self) -> BinaryIO:
        """The uploaded file."""
        return cast("BinaryIO", self.cleaned_data["file"])


class ActivePlanForm(BaseForm):
    """Which plan is active where both the account and the file have one."""

    OWN, IMPORTED = "own", "imported"
    active = forms.ChoiceField(
        label=gettext_lazy("Which plan do you want to work on?"),
        choices=[
            (OWN, gettext_lazy("The plan in this account. The imported plan will be archived.")),
            (IMPORTED, gettext_lazy("The imported plan. The plan in this account will be archived.")),
        ],
        initial=OWN,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,  # sent only where two plans are active
        error_messages={"invalid_choice": gettext_lazy("Choose which plan to work on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["active"].label = self.base_fields["active"].label  # one of the two is chosen already

    def replaces_active(self) -> bool:
        """Tell whether the plan of the file replaces the active one."""
        return bool(self.cleaned_data.get("active") == self.IMPORTED)
