"""Reviews as tests need them, made by the services as the pages do."""

from datetime import datetime, timedelta

from accounts.models import User
from careerplan.reviews import services
from careerplan.reviews.models import Review
from tests.factories.goals import NOW


def start(user: User, now: datetime = NOW) -> Review:
    """The review of somebody in London or UTC, started at `now`."""
    return services.start_review(user=user, now=now, today=now.date())


def finish(review: Review, now: datetime = NOW) -> Review:
    """The same, finished at `now`."""
    return services.finish_review(review=review, now=now, today=now.date())


def make_finished_review(user: User, now: datetime = NOW) -> Review:
    """A review that was started and finished within five minutes; the person has a goal."""
    return finish(start(user, now), now + timedelta(minutes=5))
