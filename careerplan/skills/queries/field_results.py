"""Fields of occupations by what the user can do and would like, for someone without a target."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.catalogue.fields import FIELD_OF_GROUP, occupation_path
from careerplan.catalogue.interests import interests
from careerplan.skills.interests import suggest_trials
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.occupation_matches import FieldMatch, OccupationMatches

SHOWN = 6


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field in the table, with its addresses; `would_like` is blank if the user did not say what they like."""

    name: str
    path: str
    can_do: str
    can_do_dots: int
    would_like: str
    would_like_dots: int
    closest: str
    closest_path: str


@dataclass(frozen=True, slots=True)
class Trial:
    """An activity to try; `kind`: the interest it belongs to."""

    key: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class FieldResults:
    """The fields, those first that are high in both, and activities to try."""

    headline: Headline
    rows: list[FieldRow]
    more: list[FieldRow]
    trials: list[Trial]
    has_interests: bool


def field_results(matches: OccupationMatches, likings: Mapping[str, int | None]) -> FieldResults | None:
    """Return the fields; None if the answers say too little."""
    found = [match for match in matches.fields if match.major_group in FIELD_OF_GROUP]
    if not found:
        return None
    rows = [_row(match) for match in found]
    return FieldResults(
        headline=Headline(_title(found[0], rows[0]), _lead(found, rows) if matches.has_interests else ""),
        rows=rows[:SHOWN],
        more=rows[SHOWN:],
        trials=[Trial(one.key, one.text, interests()[one.interest].name) for one in suggest_trials(likings)],
        has_interests=matches.has_interests,
    )


def _row(match: FieldMatch) -> FieldRow:
    field, fit = FIELD_OF_GROUP[match.major_group], match.interest_fit
    return FieldRow(
        name=str(field.name),
        path=reverse("explore:field", args=[field.slug]),
        can_do=match.closeness.label,
        can_do_dots=int(match.closeness),
        would_like=fit.label if fit else "",
        would_like_dots=int(fit or 0),
        closest=match.closest.title,
        closest_path=occupation_path(match.closest.code, match.closest.title),
    )


def _title(first: FieldMatch, row: FieldRow) -> str:
    if first.interest_fit is None:
        return _("%(field)s is closest to what you can do") % {"field": row.name}
    if first.meets_both:
        return _("%(field)s is close to what you can do and what you would like") % {"field": row.name}
    return _("What you can do and what you would like are in different fields")


def _lead(found: list[FieldMatch], rows: list[FieldRow]) -> str:
    """Name the field that the user would like most and the one that is closest to what they can do."""
    liked = max(zip(found, rows, strict=True), key=lambda pair: pair[0].liking)[1].name
    able = max(zip(found, rows, strict=True), key=lambda pair: pair[0].share)[1].name
    if liked == able:
        return _("%(field)s comes first in both.") % {"field": liked}
    words = {"liked": liked, "able": able}
    return _("%(liked)s is what you would like most. %(able)s is closest to what you can do.") % words
