"""Finished reviews: their list and their summaries. The number of queries never depends on theirs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal
from careerplan.reviews.queries.goal_pages import review_baseline

SHOWN_REVIEWS = 20  # in the table


@dataclass(frozen=True)
class PastReview:
    """A finished review in the table, with the parts of its bar as a percentage of all goals."""

    review: Review
    day: date
    reached: float
    on_track: float
    other: float

    @property
    def on_track_from(self) -> float:
        """Start of the part for open goals on track."""
        return self.reached

    @property
    def other_from(self) -> float:
        """Start of the part for the other open goals."""
        return round(self.reached + self.on_track, 2)

    @property
    def goals_behind(self) -> int:
        """Number of open goals that are not on track."""
        return (self.review.goals_open or 0) - (self.review.goals_on_track or 0)


def past_reviews(plan: Plan, until: datetime | None = None) -> list[PastReview]:
    """List finished reviews up to `until`, newest first, SHOWN_REVIEWS at most. One query."""
    finished = plan.reviews.finished() if until is None else plan.reviews.finished().filter(finished_at__lte=until)
    return [_past(review) for review in finished[:SHOWN_REVIEWS]]


def _past(review: Review) -> PastReview:
    reached, still_open = review.goals_reached_so_far or 0, review.goals_open or 0
    total = max(1, reached + still_open)
    on_track = review.goals_on_track or 0
    parts = [round(100 * part / total, 2) for part in (reached, on_track, still_open - on_track)]
    return PastReview(review, timezone.localdate(review.finished_at), *parts)


@dataclass(frozen=True)
class ReviewSummaryRow:
    """A goal in a summary, then and now. `before` is its progress at the last review, "" if it was not part of it.

    Shares are in per cent; `share_before` is None where there is no bar to compare with.
    """

    row: ReviewGoal
    before: str
    share_before: int | None

    @property
    def share_now(self) -> int:
        """Return the share done on the day of the review."""
        if self.row.state == Goal.State.REACHED:
            return 100
        return self.row.share_done or 0

    @property
    def has_bar(self) -> bool:
        """Return whether the share on the day of the review is known: not of a goal let go or partly reached."""
        return self.row.is_active or self.row.state == Goal.State.REACHED


@dataclass(frozen=True)
class ReviewSummary:
    """A finished review with the reviews before it. `past` starts with the review itself."""

    review: Review
    day: date
    previous: PastReview | None
    rows: list[ReviewSummaryRow]
    past: list[PastReview]
    to_do: list[ReviewGoal]

    @property
    def decided(self) -> list[ReviewGoal]:
        """Return the goals about which the person decided something or wrote a note."""
        return [one.row for one in self.rows if one.row.decision not in NOTHING_DECIDED or one.row.note]


NOTHING_DECIDED = ("", ReviewGoal.Decision.KEEP)
# Decisions that are carried out on a page of the goal.
DECISIONS_TO_CARRY_OUT = (
    ReviewGoal.Decision.ADJUST,
    ReviewGoal.Decision.SPLIT,
    ReviewGoal.Decision.REACHED,
    ReviewGoal.Decision.LET_GO,
)


def load_summary(review: Review) -> ReviewSummary:
    """Load a finished review as it was. Four queries."""
    past = past_reviews(review.plan, review.finished_at)
    before = review_baseline(review.plan, review.finished_at).before
    rows = list(review.goals.select_related("goal__plan"))
    summary = []
    for row in rows:
        earlier = before.get(row.goal_id) if row.goal_id else None
        summary.append(ReviewSummaryRow(row, earlier.words if earlier else "", earlier.share_done if earlier else None))
    return ReviewSummary(
        review=review,
        day=past[0].day,
        previous=past[1] if len(past) > 1 else None,
        rows=summary,
        past=past,
        # Decisions about goals that are still open.
        to_do=[row for row in rows if row.decision in DECISIONS_TO_CARRY_OUT and row.goal and _is_open(row.goal)],
    )


def _is_open(goal: Goal) -> bool:
    return goal.is_active and goal.plan.is_active
