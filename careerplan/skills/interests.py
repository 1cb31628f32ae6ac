"""Scores of the six interests from what someone answered about activities. Pure functions."""

from collections import defaultdict
from collections.abc import Mapping

from careerplan.catalogue.interests import Activity, activities, interests
from careerplan.matching.interests import score_of
from careerplan.skills.models import Liking

TRIALS = 3


def score_interests(likings: Mapping[str, int | None]) -> dict[int, float]:
    """Return the score (1 to 7) of each interest, by number, that has an answer; `likings` are 1 to 5, by activity.

    Activities without an answer, and those that are no longer in the catalogue, do not count.
    """
    known, found = activities(), defaultdict[int, list[int]](list)
    for key, liking in likings.items():
        if liking is not None and key in known:
            found[known[key].interest].append(liking)
    return {number: score_of(found[number]) for number in sorted(found)}


def suggest_trials(likings: Mapping[str, int | None]) -> list[Activity]:
    """Return activities to try: one of each of the interests that are liked most, none that is disliked.

    Those that the user would like come before those that were not asked.
    """
    scores, neither = score_interests(likings), score_of([Liking.NEITHER])
    liked = sorted((number for number in scores if scores[number] > neither), key=lambda number: -scores[number])

    def liking(activity: Activity) -> int:
        return likings.get(activity.key) or Liking.NEITHER

    return [max(interests()[number].activities, key=liking) for number in liked[:TRIALS]]
