"""Reviews for tests, made through the services."""

from datetime import datetime, timedelta

from accounts.models import User
from careerplan.reviews import services
from careerplan.reviews.models import Review
from tests.factories.goals import NOW


def start(user: User, now: datetime = NOW) -> Review:
    """Start the review of a person in London or UTC."""
    return services.start_review(user=user, now=now, today=now.date())


def finish(review: Review, now: datetime = NOW) -> Review:
    """Finish a review."""
    return services.finish_review(review=review, now=now, today=now.date())


def make_finished_review(user: User, now: datetime = NOW) -> Review:
    """Make a review that was finished five minutes after its start; the person has a goal."""
    return finish(start(user, now), now + timedelta(minutes=5))
