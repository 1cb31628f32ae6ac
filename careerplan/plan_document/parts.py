"""Parts of the document. The same choice makes the page, the PDF and the Word file."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DocumentPart(TextChoices):
    """A part of a plan that can be left out."""

    VISION = "vision", _("Vision")
    DIRECTION = "direction", _("Direction and priorities")
    STANDING = "standing", _("Skills and education")
    TIMELINE = "timeline", _("Goal timeline")
    PROFESSIONAL = "professional", _("Professional goals")
    PERSONAL = "personal", _("Personal goals")
    WHY = "why", _("Why each goal matters, and when I will stop")
    STEPS = "steps", _("Steps to do")
    NEEDS = "needs", _("What the steps need: hours, resources and cost")
    DONE = "done", _("Finished steps and their ratings")
    CHANGES = "changes", _("Dates and targets that changed, and why")
    CLOSED = "closed", _("Goals reached or let go")
    OPPORTUNITIES = "opportunities", _("Opportunities and decisions")
    REVIEWS = "reviews", _("Reviews")


Parts = frozenset[DocumentPart]
EVERYTHING: Parts = frozenset(DocumentPart)


@dataclass(frozen=True)
class PartsPreset:
    """A named choice of parts."""

    label: str | Promise
    parts: Parts


# A manager gets what matters at work, without opportunities elsewhere. A mentor gets what is worth discussing, without
# details.
PRESETS: Mapping[str, PartsPreset] = {
    "everything": PartsPreset(_("Everything"), EVERYTHING),
    "manager": PartsPreset(
        _("For my manager"),
        frozenset(
            {
                DocumentPart.TIMELINE,
                DocumentPart.PROFESSIONAL,
                DocumentPart.STEPS,
                DocumentPart.NEEDS,
                DocumentPart.CLOSED,
            }
        ),
    ),
    "mentor": PartsPreset(
        _("For a mentor"), EVERYTHING - {DocumentPart.NEEDS, DocumentPart.CHANGES, DocumentPart.REVIEWS}
    ),
}
