"""Query of the changes since the last assessment."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.queries.rated_skills import RatedSkills

MOST_CHANGES = 3
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
class TaskAnswerChange:
    """A task whose answer changed since the last time; `before` and `after` in words, `is_up` if it is done more."""

    text: str
    before: str
    after: str
    is_up: bool


@dataclass(frozen=True, slots=True)
class AssessmentDiff:
    """Changes since the last assessment; `same` skills have not changed, `new` have a level for the first time.

    `before` and `after` are dates; `period` holds both. `tasks` are those answered both times, differently.
    """

    previous: Assessment
    before: str
    after: str
    period: str
    changes: list[LevelChange]
    same: int
    new: int
    tasks: list[TaskAnswerChange]

    @property
    def first_changes(self) -> list[LevelChange]:
        """Return the changes shown at first."""
        return self.changes[:MOST_CHANGES]

    @property
    def more_changes(self) -> list[LevelChange]:
        """Return the changes behind "more changes"."""
        return self.changes[MOST_CHANGES:]

    @property
    def first_tasks(self) -> list[TaskAnswerChange]:
        """Return the tasks shown at first."""
        return self.tasks[:MOST_CHANGES]

    @property
    def more_tasks(self) -> list[TaskAnswerChange]:
        """Return the tasks behind "more changes"."""
        return self.tasks[MOST_CHANGES:]

    @property
    def folded(self) -> int:
        """Return how many changes are behind "more changes"."""
        return len(self.more_changes) + len(self.more_tasks)


@dataclass(frozen=True, slots=True)
class EarlierAssessment:
    """An earlier assessment with a link; `words` is its date."""

    pk: int
    words: str


def diff_assessments(previous: Assessment, assessment: Assessment, rated: RatedSkills) -> AssessmentDiff:
    """Return the changes since the last assessment, over skills rated in both, the largest rise first. Two queries."""
    earlier = previous.ratings.values_list("skill_id", "level")
    then = {skill_id: level for skill_id, level in earlier if level is not None}
    both = [
        LevelChange(rated.names[skill_id], then[skill_id], level)
        for skill_id, level in rated.levels.items()
        if skill_id in then
    ]
    changes = [change for change in both if change.before != change.after]
    changes.sort(key=lambda change: change.before - change.after)
    before, after, period = _period(previous.finished_at, assessment.finished_at)
    return AssessmentDiff(
        previous=previous,
        before=before,
        after=after,
        period=period,
        changes=changes,
        same=len(both) - len(changes),
        new=len(rated.levels) - len(both),
        tasks=_task_changes(previous, assessment),
    )


def _task_changes(previous: Assessment, assessment: Assessment) -> list[TaskAnswerChange]:
    """Return the tasks answered both times, differently: those done more than before first. One query."""
    answers = TaskAnswer.objects.filter(assessment__in=[previous.pk, assessment.pk]).exclude(experience="")
    then: dict[tuple[int, str], str] = {}
    now: dict[tuple[int, str], str] = {}
    for assessment_id, occupation_id, text, experience in answers.values_list(
        "assessment_id", "occupation_id", "text", "experience"
    ):
        (now if assessment_id == assessment.pk else then)[occupation_id, text] = experience
    order = TaskAnswer.Experience.values
    found = []
    for (occupation_id, text), after in now.items():
        before = then.get((occupation_id, text), after)
        if before != after:
            is_up = order.index(after) > order.index(before)
            found.append(TaskAnswerChange(text, _in_words(before), _in_words(after), is_up))
    return sorted(found, key=lambda change: not change.is_up)


def _in_words(experience: str) -> str:
    return str(TaskAnswer.Experience(experience).label).lower()


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
