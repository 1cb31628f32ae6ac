"""Form for the parts in the document, sent with GET so that the URL holds the choice."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from careerplan.core.forms import BaseForm
from careerplan.plan_document.document import PRESETS, SHORT, DocumentPart, Parts

DEFAULT = "short"  # of the presets


class DocumentPartsForm(BaseForm):
    """Reads the choice from the URL: `for` names a preset, each `part` a part. Without both: the short one."""

    part = forms.MultipleChoiceField(
        label=_("Parts to include"),
        choices=DocumentPart.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _("Tick at least one part. The page shows the short document until you do."),
            "invalid_choice": _("One of these parts is no longer available. Tick the parts again."),
        },
    )

    def __init__(self, query: QueryDict, **kwargs: Any) -> None:
        preset = PRESETS.get(query.get("for", DEFAULT))
        if "part" in query or "chosen" in query or preset is None:
            super().__init__(query, **kwargs)
        else:
            super().__init__({"part": sorted(preset.parts)}, **kwargs)

    @property
    def parts(self) -> Parts:
        """Return the chosen parts; those of the short document if none is chosen."""
        return frozenset(map(DocumentPart, self.cleaned_data["part"])) if self.is_valid() else SHORT

    @property
    def preset(self) -> str:
        """Return the name of the preset that was chosen or equals the choice; else blank."""
        if not self.is_valid():
            return ""
        return next((key for key, preset in PRESETS.items() if preset.parts == self.parts), "")

    @property
    def query(self) -> str:
        """Return the query string for this choice, with its question mark; blank for the short document."""
        if self.parts == SHORT:
            return ""
        said = {"for": self.preset} if self.preset else {"part": [part for part in DocumentPart if part in self.parts]}
        return f"?{urlencode(said, doseq=True)}"
