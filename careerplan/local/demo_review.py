"""The first review of the demo user, written by the services on its day, and the date of the next one."""

from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import User
from careerplan.reviews import services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review


def make_review(user: User, data: dict[str, Any], shift: timedelta) -> None:
    """Start, answer and finish the review of demo_plan.toml, and set the date of the next one."""
    today = data["on"] + shift
    now = datetime.combine(today, time(20), tzinfo=user.zone)
    review = services.start_review(user=user, now=now, today=today)
    for row in review.goals.all():
        said = services.GoalAnswers(**data["goals"].get(row.title, {}))
        services.answer_goal(row=row, answers=said, now=now, today=today)
    answers = {name: data[name] for name in Review.QUESTIONS}
    services.answer_questions(review=review, answers=answers, now=now)
    services.finish_review(review=review, now=now, today=today)
    services.set_schedule(plan=review.plan, cadence=Cadence.QUARTERLY, next_on=data["next_on"] + shift)
