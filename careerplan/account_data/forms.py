"""The form that takes a file, and the one that says what becomes of it."""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm


class ImportForm(BaseForm):
    """One file. What is in it is looked at by the services; what they refuse is said at the field (`refuse`)."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy("The .json file that was downloaded here or from another Careerplan."),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("This file is empty."),
        },
    )

    def refuse(self, reason: str) -> None:
        """Say why the file is not taken; nothing was changed."""
        self.errors.pop("file", None)
        self.add_error("file", _("%(reason)s Nothing is changed.") % {"reason": reason})

    @property
    def content(self) -> BinaryIO:
        """What was sent."""
        return cast("BinaryIO", self.cleaned_data["file"])


class WhichPlanForm(BaseForm):
    """Two active plans, one place: which of them is worked on from now on."""

    OWN, BROUGHT = "own", "brought"
    active = forms.ChoiceField(
        label=gettext_lazy("Which plan do you work on from now on?"),
        choices=[
            (OWN, gettext_lazy("The one that is here. The one of the file comes as an archived chapter.")),
            (BROUGHT, gettext_lazy("The one of the file. The one that is here becomes an archived chapter.")),
        ],
        initial=OWN,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,  # sent only where two plans are active
        error_messages={"invalid_choice": gettext_lazy("Choose one of the two.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["active"].label = self.base_fields["active"].label  # one of the two is chosen already

    def replaces_active(self) -> bool:
        """Whether the plan of the file takes the place of the active one."""
        return bool(self.cleaned_data.get("active") == self.BROUGHT)
