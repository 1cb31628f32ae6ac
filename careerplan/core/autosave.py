"""Forms on pages that save themselves while someone types (static/js/autosave.js), one field at a time."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from careerplan.core.edit_conflicts import ConflictForm

CONFLICT = "conflict"  # error code of a field with an open conflict


class AutosaveForm(ConflictForm):
    """A form whose valid fields are saved one by one; a field with an open conflict is not valid."""

    def clean(self) -> dict[str, Any]:
        """Remove fields with an open conflict from the cleaned data."""
        cleaned = super().clean() or {}
        for conflict in self.conflicts:
            name = conflict.name.removeprefix(f"{self.prefix}-") if self.prefix else conflict.name
            if name in self.cleaned_data:
                text = _("This changed in another tab. Choose which version to keep.")
                self.add_error(name, ValidationError(text, code=CONFLICT))
        return cleaned

    @property
    def problem(self) -> str:
        """Return the first error as a sentence; blank if there is none, or only conflicts."""
        errors = [error for found in self.errors.as_data().values() for error in found if error.code != CONFLICT]
        return _("Not saved: %(reason)s") % {"reason": errors[0].messages[0]} if errors else ""


def autosave_response(request: HttpRequest, form: AutosaveForm, saved: str) -> JsonResponse:
    """Return the response to an autosave: `saved` is the HTML that says when."""
    conflicts = render_to_string("components/_edit_conflicts.html", {"form": form}, request) if form.conflicts else ""
    return JsonResponse(
        {
            "saved": saved,
            "conflicts": conflicts,
            "problem": form.problem,
            "shown": form["shown"].value(),
            "values": form.replaced,
        }
    )
