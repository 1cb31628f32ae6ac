"""Pages that save themselves while somebody types (static/js/autosave.js), one field at a time."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from careerplan.core.edit_conflicts import ConflictForm

CONFLICT = "conflict"  # code of the error of a field whose version is not chosen yet


class AutosaveForm(ConflictForm):
    """A form of which every valid field is saved; a field with an open conflict counts as not valid."""

    def clean(self) -> dict[str, Any]:
        """Leave fields with an open conflict out of the cleaned data."""
        cleaned = super().clean() or {}
        for conflict in self.conflicts:
            name = conflict.name.removeprefix(f"{self.prefix}-") if self.prefix else conflict.name
            if name in self.cleaned_data:
                text = _("This changed in another tab. Choose which version to keep.")
                self.add_error(name, ValidationError(text, code=CONFLICT))
        return cleaned

    @property
    def problem(self) -> str:
        """The first error as a sentence; blank where there is none, or nothing but conflicts."""
        errors = [error for found in self.errors.as_data().values() for error in found if error.code != CONFLICT]
        return _("Not saved: %(reason)s") % {"reason": errors[0].messages[0]} if errors else ""


def autosave_response(request: HttpRequest, form: AutosaveForm, saved: str) -> JsonResponse:
    """The answer to a page that saved itself: `saved` is the HTML that says when."""
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
