"""Queries of progress: entries, chart, pace and forecast of a goal, and "What was worth it" over all finished steps.

The latter says which kinds of step were worth it, and actual against planned hours.
It counts ratings of finished steps in all plans of the user, including archived ones. From n ratings with worths w:
average worth = sum(w) / n. Would do again = "yes" / all answers to the question. Hours: only steps with both planned
and actual hours; ratio = sum(actual) / sum(planned). The sums are weighted by size on purpose: a week that took two
weeks says more than an hour that took two. Below MIN_RATINGS there is no average: one or two ratings say more about
the day than about the kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.core.numbers import format_number
from careerplan.core.text import printable
from careerplan.goals.chart import Chart, draw
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.pace import DatedValue, Pace, forecast, pace_of_number, pace_of_steps, share_of
from careerplan.goals.texts import forecast_text

SHOWN_ENTRIES = 20  # in the table of the goal page; the others are on a page of their own


@dataclass(frozen=True)
class GoalProgress:
    """The section "Progress" of the goal page. Shares in whole per cent; all entries, newest first."""

    state: Pace
    share_done: int
    time_gone: int
    value: Decimal | None
    entries: list[ProgressEntry]
    chart: Chart | None
    newest: ProgressEntry | None
    outlook: str

    @property
    def value_text(self) -> str:
        """Return the current number."""
        return "" if self.value is None else format_number(self.value)

    @property
    def shown_entries(self) -> list[ProgressEntry]:
        """Return the entries in the table of the goal page."""
        return self.entries[:SHOWN_ENTRIES]

    @property
    def first(self) -> ProgressEntry | None:
        """Return the oldest entry that counts."""
        return next((one for one in reversed(self.entries) if one.removed_at is None), None)

    @property
    def counted(self) -> int:
        """Return how many entries count: without the removed ones."""
        return sum(one.removed_at is None for one in self.entries)

    @property
    def is_reached(self) -> bool:
        """Return whether the number is at its target."""
        return self.state is Pace.REACHED


def goal_progress(goal: Goal, steps: list[ActionStep], today: date) -> GoalProgress:
    """Load the progress of a goal with these steps (without dropped ones). One query, none for a yes/no goal."""
    entries = list(goal.progress_entries.order_by("-measured_on", "-id")) if goal.measure_range else []
    return progress_from(goal, steps, entries, today)


def progress_from(goal: Goal, steps: list[ActionStep], entries: list[ProgressEntry], today: date) -> GoalProgress:
    """Return the progress from loaded entries, newest first. No query."""
    gone = goal.share_of_time_gone(today)
    measure_range = goal.measure_range
    if measure_range is None:
        return _of_steps(goal, steps, gone, today)
    counted = [one for one in entries if one.removed_at is None]
    plain = [DatedValue(one.measured_on, one.value) for one in reversed(counted)]
    value = counted[0].value if counted else measure_range.start
    done = measure_range.share_done(value)
    return GoalProgress(
        state=pace_of_number(share_done=done, time_gone=gone, due_on=goal.due_on, today=today),
        share_done=done,
        time_gone=gone,
        value=value,
        entries=entries,
        chart=draw(measure_range, plain, today if goal.is_active else None),
        newest=counted[0] if counted else None,
        outlook=forecast_text(forecast(measure_range, plain, today), measure_range) if goal.is_active else "",
    )


def _of_steps(goal: Goal, steps: list[ActionStep], gone: int, today: date) -> GoalProgress:
    still_open = [step for step in steps if step.is_open]
    days = sorted(step.due_on for step in still_open if step.due_on)
    late = sum(day < today for day in days)
    oldest = days[0] if days else None
    return GoalProgress(
        state=pace_of_steps(late=late, oldest_due_on=oldest, due_on=goal.due_on, today=today),
        share_done=share_of(len(steps) - len(still_open), len(steps)),
        time_gone=gone,
        value=None,
        entries=[],
        chart=None,
        newest=None,
        outlook="",
    )


def newest_entry_value(goal: Goal) -> Decimal | None:
    """Return the newest entry that counts; None if there is none. One query."""
    figures = goal.progress_entries.counted().order_by("-measured_on", "-id").values_list("value", flat=True)
    figure: Decimal | None = figures.first()
    return figure


def newest_value(goal: Goal) -> Decimal:
    """Return the current number: the newest entry that counts, or the start (0 for a yes/no goal). One query."""
    newest = newest_entry_value(goal)
    return newest if newest is not None else goal.start_value or Decimal(0)


MIN_RATINGS = 3
MIN_SIMILARITY = (
    0.2  # least similarity of two titles, 0 to 1 (shared trigrams); lower than for names, because titles are sentences
)
MOST_SIMILAR = 3


@dataclass(frozen=True)
class EvaluationTotals:
    """Sums over ratings."""

    rated: int = 0
    worth: int = 0
    answered_repeat: int = 0
    would_repeat: int = 0
    timed: int = 0  # ratings with both planned and actual hours
    hours_planned: Decimal = Decimal(0)
    hours_spent: Decimal = Decimal(0)

    @property
    def average_worth(self) -> Decimal | None:
        """Return the average, 1 to 5 with one decimal; None if there are not enough ratings."""
        return round(Decimal(self.worth) / self.rated, 1) if self.rated >= MIN_RATINGS else None

    @property
    def average_share(self) -> int:
        """Return the average as a percentage of the highest rating, for a bar."""
        return round(20 * (self.average_worth or 0))

    @property
    def repeat_share(self) -> int | None:
        """Return the share of "yes" answers in per cent; None if there are not enough."""
        return round(100 * self.would_repeat / self.answered_repeat) if self.answered_repeat >= MIN_RATINGS else None

    @property
    def hours_ratio(self) -> Decimal | None:
        """Return actual hours per planned hour, with one decimal; None if there are not enough."""
        if self.timed < MIN_RATINGS or not self.hours_planned:
            return None
        return round(self.hours_spent / self.hours_planned, 1)


@dataclass(frozen=True)
class KindSummary:
    """A kind of step with its sums."""

    kind: str  # from ActionStep.Kind, or blank
    sums: EvaluationTotals

    @property
    def label(self) -> str:
        """Return the name of the kind."""
        return str(ActionStep.Kind(self.kind).label) if self.kind else _("No kind set")


@dataclass(frozen=True)
class EvaluationSummary:
    """Every kind with ratings, most ratings first, and the totals."""

    rows: list[KindSummary]

    @property
    def total(self) -> EvaluationTotals:
        """Return the sum of all rows."""
        return add_up(row.sums for row in self.rows)

    @property
    def with_average(self) -> list[KindSummary]:
        """Return kinds with enough ratings for an average."""
        return [row for row in self.rows if row.sums.average_worth is not None]


@dataclass(frozen=True)
class SimilarStep:
    """A finished step of the user with its rating."""

    title: str
    done_on: date
    evaluation: Evaluation


def add_up(parts: Iterable[EvaluationTotals]) -> EvaluationTotals:
    """Return the sum of several totals."""
    listed = list(parts)
    return EvaluationTotals(
        **{field.name: sum(getattr(part, field.name) for part in listed) for field in fields(EvaluationTotals)}
    )


def load_evaluation_summary(user: User) -> EvaluationSummary:
    """Load the summary of a user. One query."""
    timed = Q(step__effort_hours__isnull=False, hours_spent__isnull=False)
    found = (
        _counted(user)
        .values(kind=F("step__kind"))
        .annotate(
            rated=Count("pk"),
            worths=Sum("worth"),
            answered_repeat=Count("pk", filter=~Q(would_repeat="")),
            would_repeat=Count("pk", filter=Q(would_repeat=Evaluation.WouldRepeat.YES)),
            timed=Count("pk", filter=timed),
            planned=Sum("step__effort_hours", filter=timed, default=Decimal(0)),
            spent=Sum("hours_spent", filter=timed, default=Decimal(0)),
        )
        .order_by("-rated", "kind")
    )
    return EvaluationSummary(
        rows=[
            KindSummary(
                kind=row["kind"],
                sums=EvaluationTotals(
                    rated=row["rated"],
                    worth=row["worths"],
                    answered_repeat=row["answered_repeat"],
                    would_repeat=row["would_repeat"],
                    timed=row["timed"],
                    hours_planned=row["planned"],
                    hours_spent=row["spent"],
                ),
            )
            for row in found
        ]
    )


def similar_steps(user: User, title: str) -> list[SimilarStep]:
    """Return the rated steps of a user with the most similar titles, at most MOST_SIMILAR. One query; none without
    a title. The title may be raw: as it is typed.
    """
    title = printable(title[:TITLE_LENGTH])
    if not title.strip():
        return []
    alike = _counted(user).annotate(alike=TrigramSimilarity("step__title", title)).filter(alike__gte=MIN_SIMILARITY)
    return _as_similar(alike.order_by("-alike", "-step__done_at"))


def rated_steps(goal: Goal) -> list[SimilarStep]:
    """Return the rated steps of a goal, last done first, at most MOST_SIMILAR. One query."""
    of_goal = Evaluation.objects.filter(step__goal=goal, step__state=ActionStep.State.DONE)
    return _as_similar(of_goal.order_by("-step__done_at"))


def _counted(user: User) -> QuerySet[Evaluation]:
    """Return ratings that count: not of a reopened step until it is done again, nor those that a new plan copied."""
    is_copied = Exists(Goal.objects.filter(carried_from=OuterRef("step__goal")))
    return Evaluation.objects.for_user(user).filter(~is_copied, step__state=ActionStep.State.DONE)


def _as_similar(evaluations: QuerySet[Evaluation]) -> list[SimilarStep]:
    found = evaluations.select_related("step")[:MOST_SIMILAR]
    return [
        SimilarStep(title=evaluation.step.title, done_on=evaluation.step.done_on, evaluation=evaluation)
        for evaluation in found
        if evaluation.step.done_on
    ]
