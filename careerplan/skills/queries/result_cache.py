"""The results of finished assessments, kept in memory: a function of rows that do not change.

A finished assessment is read-only, so its results change only with what is compared: the target or another occupation,
the goals, the catalogue, the names of the user's own skills, the assessments before it, the day, and how texts are
written (language, time zone).
All of these are in the key; nothing has to be invalidated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.utils.timezone import get_current_timezone_name, localdate
from django.utils.translation import get_language

from careerplan.catalogue.models import Occupation
from careerplan.skills.models import Assessment
from careerplan.skills.queries.occupation_table import catalogue_version
from careerplan.skills.queries.results import Results, build_results
from careerplan.skills.queries.skill_gap import CareerTarget, current_target
from careerplan.skills.queries.skill_groups import GoalLink

MOST_KEPT = 64
"""Results a process; each takes about 200 kB."""


@dataclass(frozen=True, slots=True)
class _ResultsKey:
    """Everything that results depend on. `now` is the first visit of the day: older ratings count as old from then."""

    assessment: Assessment
    finished_at: datetime | None
    target: CareerTarget
    occupation: Occupation | None
    goals: tuple[tuple[int, GoalLink], ...]
    task_goals: tuple[tuple[str, GoalLink], ...]
    catalogue: tuple[object, ...]
    skill_names: str | None
    assessments_before: tuple[tuple[int, datetime], ...]
    day: date
    time_zone: str
    language: str | None
    now: datetime = field(compare=False)


def load_results(
    assessment: Assessment,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink],
    task_goals: Mapping[str, GoalLink],
    occupation: Occupation | None = None,
) -> Results:
    """Return the results of a finished assessment as `build_results` does. Three queries if they are kept."""
    skill_names, before = _other_rows(assessment)
    return _results(
        _ResultsKey(
            assessment=assessment,
            finished_at=assessment.finished_at,
            target=current_target(assessment),
            occupation=occupation,
            goals=tuple(goals.items()),
            task_goals=tuple(task_goals.items()),
            catalogue=catalogue_version(),
            skill_names=skill_names,
            assessments_before=before,
            day=localdate(now),
            time_zone=get_current_timezone_name(),
            language=get_language(),
            now=now,
        )
    )


@lru_cache(maxsize=MOST_KEPT)
def _results(key: _ResultsKey) -> Results:
    return build_results(
        key.assessment,
        now=key.now,
        goals=dict(key.goals),
        task_goals=dict(key.task_goals),
        occupation=key.occupation,
        target=key.target,
        version=key.catalogue,
        before=[Assessment(pk=pk, user_id=key.assessment.user_id, finished_at=at) for pk, at in key.assessments_before],
    )


def _other_rows(assessment: Assessment) -> tuple[str | None, tuple[tuple[int, datetime], ...]]:
    """Return a value that changes whenever a name or group of a skill that the results show does, and the finished
    assessments before this one (id and time), newest first: an import or its undo changes them. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(concat_ws('|', s.id, s.name, s.position, g.name, g.position), ',' ORDER BY s.id)),"
            " (SELECT array_agg(a.id ORDER BY a.finished_at DESC, a.id DESC) FROM skills_assessment a"
            " WHERE a.user_id = %(user)s AND a.finished_at < %(finished_at)s),"
            " (SELECT array_agg(a.finished_at ORDER BY a.finished_at DESC, a.id DESC) FROM skills_assessment a"
            " WHERE a.user_id = %(user)s AND a.finished_at < %(finished_at)s)"
            " FROM catalogue_skill s LEFT JOIN catalogue_skillgroup g ON g.id = s.group_id"
            " WHERE s.owner_id IS NULL OR s.owner_id = %(user)s",
            {"user": assessment.user_id, "finished_at": assessment.finished_at},
        )
        skill_names, ids, times = cursor.fetchone()
    return skill_names, tuple(zip(ids or (), times or (), strict=True))
