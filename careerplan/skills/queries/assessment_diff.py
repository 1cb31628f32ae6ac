"""Query of the changes since the last assessment."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from careerplan.skills.models import Assessment, Rating

MOST_CHANGES = 4
DAY, TIME = "j M Y", "G:i"
DAY_AND_TIME = f"{DAY}, {TIME}"


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A skill whose level changed since the last time."""

    name: str
    before: int
    after: int

    @property
    def is_up(self) -> bool:
        """Return whether it rose."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class AssessmentDiff:
    """Changes since the last assessment; `same` skills have not changed, `new` have a level for the first time.

    `before` and `after` are dates; `period` holds both.
    """

    previous: Assessment
    before: str
    after: str
    period: str
    changes: list[LevelChange]
    same: int
    new: int

    @property
    def first_changes(self) -> list[LevelChange]:
        """Return the changes shown at first."""
        return self.changes[:MOST_CHANGES]

    @property
    def more_changes(self) -> list[LevelChange]:
        """Return the changes behind "more changes"."""
        return self.changes[MOST_CHANGES:]


@dataclass(frozen=True, slots=True)
class EarlierAssessment:
    """An earlier assessment with a link; `words` is its date."""

    pk: int
    words: str


def diff_assessments(previous: Assessment, assessment: Assessment, ratings: Iterable[Rating]) -> AssessmentDiff:
    """Return the changes since the last assessment, over skills rated in both, the largest rise first. One query."""
    rated = [rating for rating in ratings if rating.level is not None]
    earlier = previous.ratings.values_list("skill_id", "level")
    then = {skill_id: level for skill_id, level in earlier if level is not None}
    both = [
        LevelChange(rating.skill.name, then[rating.skill_id], rating.level)
        for rating in rated
        if rating.skill_id in then and rating.level is not None
    ]
    changes = [change for change in both if change.before != change.after]
    changes.sort(key=lambda change: change.before - change.after)
    before, after, period = _period(previous.finished_at, assessment.finished_at)
    return AssessmentDiff(previous, before, after, period, changes, len(both) - len(changes), len(rated) - len(both))


def list_earlier(assessment: Assessment, earlier: list[Assessment]) -> list[EarlierAssessment]:
    """Return earlier assessments by date; with the time if two were finished on one day."""
    days = Counter(localdate(one.finished_at) for one in (assessment, *earlier))
    pattern = {day: DAY if number == 1 else DAY_AND_TIME for day, number in days.items()}
    return [EarlierAssessment(one.pk, _words(one.finished_at, pattern[localdate(one.finished_at)])) for one in earlier]


def _period(before: datetime | None, after: datetime | None) -> tuple[str, str, str]:
    """Return two times in words, and both as a period: as dates, or as times on one day."""
    both = {"before": _words(before, DAY), "after": _words(after, DAY)}
    period = _("%(before)s to %(after)s")
    if localdate(before) == localdate(after):
        both = {"before": _words(before, TIME), "after": _words(after, TIME)}
        period = _("%(day)s, %(before)s to %(after)s")
    return both["before"], both["after"], period % {**both, "day": _words(before, DAY)}


def _words(moment: datetime | None, pattern: str) -> str:
    return date_format(localtime(moment), pattern)
