"""What changed since the assessment before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from careerplan.skills.models import Assessment, Rating

DAY, TIME = "j M Y", "G:i"
DAY_AND_TIME = f"{DAY}, {TIME}"


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One skill whose level differs from the last time."""

    name: str
    before: int
    after: int

    @property
    def is_up(self) -> bool:
        """Whether it rose."""
        return self.after > self.before

    @property
    def words(self) -> str:
        """Up 1, Down 2."""
        text = _("Up %(n)s") if self.is_up else _("Down %(n)s")
        return text % {"n": abs(self.after - self.before)}


@dataclass(frozen=True, slots=True)
class AssessmentDiff:
    """What changed since the assessment before; `same` skills stayed as they were, `new` have a level only now.

    `before` and `after` say when; `period` both of them in one.
    """

    previous: Assessment
    before: str
    after: str
    period: str
    changes: list[LevelChange]
    same: int
    new: int


@dataclass(frozen=True, slots=True)
class EarlierAssessment:
    """An earlier assessment, to go to; `words` say when it was finished."""

    pk: int
    words: str


def diff_assessments(previous: Assessment, assessment: Assessment, ratings: Iterable[Rating]) -> AssessmentDiff:
    """The difference from the assessment before, over the skills that both rate. One query."""
    rated = [rating for rating in ratings if rating.level is not None]
    earlier = previous.ratings.values_list("skill_id", "level")
    then = {skill_id: level for skill_id, level in earlier if level is not None}
    both = [
        LevelChange(rating.skill.name, then[rating.skill_id], rating.level)
        for rating in rated
        if rating.skill_id in then and rating.level is not None
    ]
    changes = [change for change in both if change.before != change.after]
    before, after, period = _period(previous.finished_at, assessment.finished_at)
    return AssessmentDiff(previous, before, after, period, changes, len(both) - len(changes), len(rated) - len(both))


def list_earlier(assessment: Assessment, earlier: list[Assessment]) -> list[EarlierAssessment]:
    """The earlier assessments, by their day; with the time where another one was finished on the same day."""
    days = Counter(localdate(one.finished_at) for one in (assessment, *earlier))
    pattern = {day: DAY if number == 1 else DAY_AND_TIME for day, number in days.items()}
    return [EarlierAssessment(one.pk, _words(one.finished_at, pattern[localdate(one.finished_at)])) for one in earlier]


def _period(before: datetime | None, after: datetime | None) -> tuple[str, str, str]:
    """Two moments in words, and both in one: by their days, or by their times where it is the same day."""
    both = {"before": _words(before, DAY), "after": _words(after, DAY)}
    period = _("%(before)s to %(after)s")
    if localdate(before) == localdate(after):
        both = {"before": _words(before, TIME), "after": _words(after, TIME)}
        period = _("%(day)s, %(before)s to %(after)s")
    return both["before"], both["after"], period % {**both, "day": _words(before, DAY)}


def _words(moment: datetime | None, pattern: str) -> str:
    return date_format(localtime(moment), pattern)
