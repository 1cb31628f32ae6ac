"""What goes into a document. The same choice makes the page, the PDF and the Word file."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """One part of a plan that can be left out."""

    VISION = "vision", _("Vision")
    DIRECTION = "direction", _("Direction and priorities")
    STANDING = "standing", _("Skills and education")
    TIMELINE = "timeline", _("Timeline of the goals")
    PROFESSIONAL = "professional", _("Professional goals")
    PERSONAL = "personal", _("Personal goals")
    WHY = "why", _("Why each goal matters, and when I would drop it")
    STEPS = "steps", _("Steps to do")
    NEEDS = "needs", _("What the steps take: hours, resources, cost")
    DONE = "done", _("Steps done, and what they were worth")
    CHANGES = "changes", _("Dates and targets that changed, and why")
    CLOSED = "closed", _("Goals reached or let go")
    OPPORTUNITIES = "opportunities", _("Opportunities, and what was decided")
    REVIEWS = "reviews", _("Reviews")


Parts = frozenset[Part]
EVERYTHING: Parts = frozenset(Part)


@dataclass(frozen=True)
class Preset:
    """A choice with a name."""

    label: str | Promise
    parts: Parts


# For whom: a manager gets what can be agreed on at work, and no word of other posts;
# a mentor what one can talk about, without the bookkeeping.
PRESETS: Mapping[str, Preset] = {
    "everything": Preset(_("Everything"), EVERYTHING),
    "manager": Preset(
        _("For my manager"),
        frozenset({Part.TIMELINE, Part.PROFESSIONAL, Part.STEPS, Part.NEEDS, Part.CLOSED}),
    ),
    "mentor": Preset(_("For a mentor"), EVERYTHING - {Part.NEEDS, Part.CHANGES, Part.REVIEWS}),
}
