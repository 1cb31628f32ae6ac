"""What finished reviews say about obstacles: how often they came, and how often the plan for them was used."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import AuthenticatedRequest, User
from careerplan.reviews.models import ReviewGoal


@dataclass(frozen=True)
class ObstacleCounts:
    """Answers in finished reviews: how often it was asked, the obstacle came, and then the plan was used."""

    asked: int
    came: int
    used: int


def count_obstacles(user: User) -> ObstacleCounts:
    """Count the answers of a person. One query."""
    came = Q(obstacle_came=ReviewGoal.YesNo.YES)
    answered = ReviewGoal.objects.for_user(user).filter(review__finished_at__isnull=False).exclude(obstacle_came="")
    counts = answered.aggregate(
        asked=Count("pk"),
        came=Count("pk", filter=came),
        used=Count("pk", filter=came & Q(plan_used=ReviewGoal.YesNo.YES)),
    )
    return ObstacleCounts(**counts)


def obstacle_ledger(request: AuthenticatedRequest) -> SafeString:
    """Return the section for the page of what was worth it; blank before the first answer."""
    counts = count_obstacles(request.user)
    return render_to_string("reviews/_obstacles.html", {"counts": counts}, request)
