"""Query of "What was worth it": which kinds of step were worth it, and actual against planned hours.

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
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.goals.models import ActionStep, Evaluation, Goal

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
    a title.
    """
    if not title.strip():
        return []
    alike = _counted(user).annotate(alike=TrigramSimilarity("step__title", title)).filter(alike__gte=MIN_SIMILARITY)
    return _as_similar(alike.order_by("-alike", "-step__done_at"))


def rated_steps(goal: Goal) -> list[SimilarStep]:
    """Return the rated steps of a goal, last done first, at most MOST_SIMILAR. One query."""
    of_goal = Evaluation.objects.filter(step__goal=goal, step__state=ActionStep.State.DONE)
    return _as_similar(of_goal.order_by("-step__done_at"))


def _counted(user: User) -> QuerySet[Evaluation]:
    """Return ratings that count: not those of a reopened step until it is done again."""
    return Evaluation.objects.for_user(user).filter(step__state=ActionStep.State.DONE)


def _as_similar(evaluations: QuerySet[Evaluation]) -> list[SimilarStep]:
    found = evaluations.select_related("step")[:MOST_SIMILAR]
    return [
        SimilarStep(title=verdict.step.title, done_on=verdict.step.done_on, evaluation=verdict)
        for verdict in found
        if verdict.step.done_on
    ]
