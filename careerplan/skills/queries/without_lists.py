"""What can be shown of occupations where the answers do not tell them apart: those that experts call closely related to
the user's own, and those that the user would like. Neither says what the user can do.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from django.urls import reverse

from careerplan.catalogue.fields import FIELD_OF_GROUP
from careerplan.matching.interests import correlate
from careerplan.skills.interests import score_interests
from careerplan.skills.queries.match_words import InterestFit
from careerplan.skills.queries.occupation_table import OccupationFacts, RankedOccupations
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.training import Training

MOST_RELATED, MOST_FIELDS, MOST_OF_A_FIELD = 5, 3, 2


@dataclass(frozen=True, slots=True)
class LikedField:
    """A field that the user would like, with the occupations in it that they would like most."""

    name: str
    path: str
    interest_fit: InterestFit
    occupations: list[OccupationFacts]


@dataclass(frozen=True, slots=True)
class WithoutLists:
    """What can be shown without lists; `people`: those in the user's own occupation, blank if it is not known.

    `related` are closely related to it and need no years of study first, `liked` are fields, the most liked first.
    `takes_training`: the ids of those that take more preparation than the user has.
    """

    people: str
    related: list[OccupationFacts]
    liked: list[LikedField]
    takes_training: Set[int]

    @property
    def occupations(self) -> list[OccupationFacts]:
        """Return all occupations, each once: the related ones first."""
        found = {one.pk: one for one in self.related}
        found |= {one.pk: one for liked in self.liked for one in liked.occupations}
        return list(found.values())


def without_lists(inputs: ResultInputs, catalogue: RankedOccupations | None) -> WithoutLists | None:
    """Return what can be shown; None if there are lists, or no figures to compare with. Pure."""
    if catalogue is None or inputs.matches.is_enough:
        return None
    current = catalogue.rows.get(inputs.current_id) if inputs.current_id else None
    training = Training(catalogue, current, inputs.education.level if inputs.education else "")
    related = [] if current is None else [row for row in catalogue.related[current] if training.is_in_reach[row]]
    return WithoutLists(
        people="" if current is None else catalogue.facts[current].people,
        related=[catalogue.facts[row] for row in related[:MOST_RELATED]],
        liked=_liked_fields(inputs, catalogue, training),
        takes_training={catalogue.facts[row].pk for row in np.flatnonzero(training.zones_above > 0).tolist()},
    )


def _liked_fields(inputs: ResultInputs, catalogue: RankedOccupations, training: Training) -> list[LikedField]:
    """Return the fields that the user would like at least somewhat on average."""
    scores = score_interests(inputs.likings)
    liked = correlate(catalogue.interests, scores) if catalogue.has_interests else None
    if liked is None:
        return []
    rows: dict[str, list[int]] = {}
    for row in np.argsort(-liked, kind="stable"):
        rows.setdefault(catalogue.facts[row].field, []).append(int(row))
    means = {group: float(liked[found].mean()) for group, found in rows.items() if group in FIELD_OF_GROUP}
    order = sorted(means, key=lambda group: -means[group])
    found = [_liked_field(catalogue, group, means[group], rows[group], training) for group in order]
    return [one for one in found if one.interest_fit >= InterestFit.SOMEWHAT and one.occupations][:MOST_FIELDS]


def _liked_field(
    catalogue: RankedOccupations, group: str, liking: float, rows: Sequence[int], training: Training
) -> LikedField:
    """Return a field; its occupations are given, the most liked first. Those that need no years of study count, and
    those for which the user is prepared come first.
    """
    field = FIELD_OF_GROUP[group]
    near = sorted((row for row in rows if training.is_in_reach[row]), key=lambda row: training.zones_above[row] > 0)
    found = [catalogue.facts[row] for row in near[:MOST_OF_A_FIELD]]
    return LikedField(str(field.name), reverse("explore:field", args=[field.slug]), InterestFit.of(liking), found)
