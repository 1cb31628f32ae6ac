"""Occupations to find out more about, for someone without a target."""

from datetime import datetime

from careerplan.skills.models import Assessment
from careerplan.skills.queries.occupation_table import OccupationFacts, catalogue_version, ranked_occupations
from careerplan.skills.queries.result_inputs import load_inputs
from careerplan.skills.queries.skill_gap import CareerTarget
from careerplan.skills.queries.without_lists import without_lists


def occupations_to_explore(assessment: Assessment, *, now: datetime) -> list[OccupationFacts]:
    """Return the occupations closest to a finished assessment, one of each field first; none without figures.

    Where the answers do not tell occupations apart, return related ones and those that the user would like. At most
    four queries.
    """
    version = catalogue_version()
    catalogue = ranked_occupations(version)
    if catalogue is None:
        return []
    nobody = CareerTarget("", None)
    inputs = load_inputs(assessment, catalogue, now=now, goals={}, target=nobody, occupation=None, version=version)
    near = [one.facts for one in (*inputs.matches.like_yours, *inputs.matches.other_field)]
    without = without_lists(inputs, catalogue)
    found = near or (without.occupations if without else [])
    first_of_field = {one.field: one.pk for one in reversed(found)}
    return sorted(found, key=lambda one: first_of_field[one.field] != one.pk)
