"""Which parts of the plan go into the document: a form that is sent with GET, so that an address says it all."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from careerplan.core.forms import BaseForm
from careerplan.plan_document.parts import EVERYTHING, PRESETS, Part, Parts


class ChoiceForm(BaseForm):
    """Reads the choice of an address: `for` names a preset, `part` (once for each) a part; neither means everything."""

    part = forms.MultipleChoiceField(
        label=_("What goes in"),
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _("Tick at least one part. Until then everything is shown."),
            "invalid_choice": _("One of the parts is not known any more. Tick the parts anew."),
        },
    )

    def __init__(self, query: QueryDict, **kwargs: Any) -> None:
        preset = PRESETS.get(query.get("for", "everything"))
        if "part" in query or "chosen" in query or preset is None:
            super().__init__(query, **kwargs)
        else:
            super().__init__({"part": sorted(preset.parts)}, **kwargs)

    @property
    def parts(self) -> Parts:
        """What was chosen; everything where nothing was."""
        return frozenset(map(Part, self.cleaned_data["part"])) if self.is_valid() else EVERYTHING

    @property
    def preset(self) -> str:
        """The name of the preset that was chosen, or that comes to the same; else blank."""
        if not self.is_valid():
            return ""
        return next((key for key, preset in PRESETS.items() if preset.parts == self.parts), "")

    @property
    def query(self) -> str:
        """What leads to the same choice: the query of an address, with its question mark; blank for everything."""
        if self.parts == EVERYTHING:
            return ""
        said = {"for": self.preset} if self.preset else {"part": [part for part in Part if part in self.parts]}
        return f"?{urlencode(said, doseq=True)}"
