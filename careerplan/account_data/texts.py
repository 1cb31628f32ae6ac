"""Texts about the sections of a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.account_data.undo import UndoPreview
from careerplan.core.sentences import join_list

# The sections that pages count, in order.
SECTION_LABELS: Mapping[str, str | Promise] = {
    "plans": gettext_lazy("Plans"),
    "goals": gettext_lazy("Goals"),
    "steps": gettext_lazy("Steps"),
    "progress_entries": gettext_lazy("Progress entries"),
    "opportunities": gettext_lazy("Opportunities"),
    "assessments": gettext_lazy("Assessments"),
    "own_skills": gettext_lazy("Your own skills"),
    "reviews": gettext_lazy("Reviews"),
}


@dataclass(frozen=True)
class SectionCount:
    """The number of rows of a section in a file, and how many of them the account already has."""

    label: str | Promise
    count: int
    present: int = 0

    @property
    def new(self) -> int:
        """Return how many rows the account does not have yet."""
        return self.count - self.present


def section_counts(counts: Mapping[str, int], present: Mapping[str, int] | None = None) -> list[SectionCount]:
    """Return the counts of the sections that pages show."""
    return [
        SectionCount(label, counts[name], (present or {}).get(name, 0))
        for name, label in SECTION_LABELS.items()
        if counts.get(name)
    ]


def reasons_to_stay(preview: UndoPreview) -> list[dict[str, Any]]:
    """Return what stays when an import is undone: its title, and what the owner has changed in it."""
    return [{"title": title or _("Assessment"), "reason": _reason(sections)} for title, sections in preview.kept]


def _reason(sections: Iterable[str]) -> str:
    names = [str(SECTION_LABELS[name]) for name in sections if name in SECTION_LABELS]
    return _("Changed: %(names)s") % {"names": join_list(names)} if names else _("Changed")
