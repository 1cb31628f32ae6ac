"""Template tags of reviews: the bar of a review, and the state of a closed goal."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from careerplan.core.templatetags.careerplan import icon
from careerplan.goals.models import Goal
from careerplan.reviews.models import ReviewGoal
from careerplan.reviews.queries.past import PastReview
from careerplan.reviews.texts import review_bar_text

register = template.Library()


@register.simple_tag
def review_bar(past: PastReview) -> SafeString:
    """Draw the goals of the plan at a review: reached, open and on track, open and behind."""
    review = past.review
    label = review_bar_text(review.goals_reached_so_far or 0, review.goals_on_track or 0, past.goals_behind)
    parts = [
        ("c-have", 0, past.reached),
        ("c-part", past.on_track_from, past.on_track),
        ("c-track", past.other_from, past.other),
    ]
    bars = format_html_join(
        "", '<rect class="{}" x="{}%" y="4" width="{}%" height="14"/>', [part for part in parts if part[2]]
    )
    return format_html('<svg class="cp-chart" height="22" role="img" aria-label="{}">{}</svg>', label, bars)


@register.simple_tag
def reviewed_state(row: ReviewGoal) -> SafeString:
    """Show the state of a goal that was closed when it was reviewed, with its icon."""
    sign = icon("x" if row.state == Goal.State.LET_GO else "check-check")
    return format_html('<span class="cp-state">{} {}</span>', sign, row.get_state_display())
