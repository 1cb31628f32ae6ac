"""Fields of occupations by what the user can do and would like, for someone without a target."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import hypot, log10

from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.catalogue.fields import FIELD_OF_GROUP, occupation_path
from careerplan.catalogue.interests import interests
from careerplan.skills.interests import suggest_trials
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.match_rows import FieldMatch, OccupationMatches
from careerplan.skills.queries.match_words import CLOSE, LIKED_SOMEWHAT

SHOWN = 6
MARGIN, APART, FURTHEST = 6, 7, 5
"""Per cent of the plot at its edges and between two points, and how many times that a point is moved aside at most."""
STEPS_ASIDE = sorted(product(range(-FURTHEST, FURTHEST + 1), repeat=2), key=lambda step: hypot(*step))
"""Across and down, the shortest first; the first is none."""
LEAST_PLOTTED = 0.001
"""Of the share of the closest field; what is less is at the left edge."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field in the table, with its addresses; `would_like` is blank if the user did not say what they like.

    `number` is its number in the table and the plot.
    """

    number: int
    name: str
    path: str
    can_do: str
    can_do_dots: int
    would_like: str
    would_like_dots: int
    closest: str
    closest_path: str


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """A field in the plot: its number, and where it is in per cent from the left and the top.

    `is_high`: whether it is high in both.
    """

    number: int
    x: str
    y: str
    is_high: bool


@dataclass(frozen=True, slots=True)
class FieldPlot:
    """The plot of the fields, `can do` to the right and `would like` upwards; `close` and `liked` are its lines, where
    these words begin, in per cent.
    """

    points: list[PlotPoint]
    close: str
    liked: str


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
    plot: FieldPlot | None


def field_results(matches: OccupationMatches, likings: Mapping[str, int | None]) -> FieldResults | None:
    """Return the fields; None if the answers say too little."""
    found = [match for match in matches.fields if match.major_group in FIELD_OF_GROUP]
    if not found:
        return None
    rows = [_row(number, match) for number, match in enumerate(found, start=1)]
    return FieldResults(
        headline=Headline(_title(found[0], rows[0]), _lead(found, rows) if matches.has_interests else ""),
        rows=rows[:SHOWN],
        more=rows[SHOWN:],
        trials=[Trial(one.key, one.text, interests()[one.interest].name) for one in suggest_trials(likings)],
        has_interests=matches.has_interests,
        plot=_plot(found[:SHOWN]) if matches.has_interests else None,
    )


def _row(number: int, match: FieldMatch) -> FieldRow:
    field, fit = FIELD_OF_GROUP[match.major_group], match.interest_fit
    return FieldRow(
        number=number,
        name=str(field.name),
        path=reverse("explore:field", args=[field.slug]),
        can_do=match.closeness.label,
        can_do_dots=int(match.closeness),
        would_like=fit.label if fit else "",
        would_like_dots=int(fit or 0),
        closest=match.closest.title,
        closest_path=occupation_path(match.closest.code, match.closest.title),
    )


def _plot(found: list[FieldMatch]) -> FieldPlot:
    """Return the plot of the fields in the table."""
    places: list[tuple[float, float]] = []
    for match in found:
        places.append(_free_place(_across(match.share), _down(match.liking), places))
    points = [
        PlotPoint(number, f"{x:.1f}", f"{y:.1f}", match.meets_both)
        for number, (match, (x, y)) in enumerate(zip(found, places, strict=True), start=1)
    ]
    return FieldPlot(points, close=f"{_across(CLOSE):.1f}", liked=f"{_down(LIKED_SOMEWHAT):.1f}")


def _free_place(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the nearest place where a point hides no other, on its own side of both lines."""
    for across, down in STEPS_ASIDE:
        place = x + across * APART, y + down * APART
        is_free = all(abs(place[0] - other[0]) >= APART or abs(place[1] - other[1]) >= APART for other in taken)
        if is_free and _quarter(*place) == _quarter(x, y):
            return place
    return x, y


def _quarter(x: float, y: float) -> tuple[bool, bool] | None:
    """Return on which sides of the lines a place is; None outside the plot."""
    if not (MARGIN <= x <= 100 - MARGIN and MARGIN <= y <= 100 - MARGIN):
        return None
    return x >= _across(CLOSE), y <= _down(LIKED_SOMEWHAT)


def _across(share: float) -> float:
    """Return where a share of the largest posterior is, in per cent from the left: by its logarithm, as its words."""
    return MARGIN + (100 - 2 * MARGIN) * max(0.0, 1 + log10(max(share, LEAST_PLOTTED)) / -log10(LEAST_PLOTTED))


def _down(liking: float) -> float:
    """Return where a correlation (-1 to 1) is, in per cent from the top."""
    return MARGIN + (100 - 2 * MARGIN) * (1 - liking) / 2


def _title(first: FieldMatch, row: FieldRow) -> str:
    if first.interest_fit is None:
        return _("%(field)s is closest to what you can do") % {"field": row.name}
    if first.meets_both:
        return _("%(field)s is close to what you can do and what you would like to do") % {"field": row.name}
    return _("What you can do and what you would like to do are in different fields")


def _lead(found: list[FieldMatch], rows: list[FieldRow]) -> str:
    """Name the field that the user would like most and the one that is closest to what they can do."""
    liked = max(zip(found, rows, strict=True), key=lambda pair: pair[0].liking)[1].name
    able = max(zip(found, rows, strict=True), key=lambda pair: pair[0].share)[1].name
    if liked == able:
        return _("%(field)s comes first in both.") % {"field": liked}
    words = {"liked": liked, "able": able}
    return _("%(liked)s is what you would like most. %(able)s is closest to what you can do.") % words
