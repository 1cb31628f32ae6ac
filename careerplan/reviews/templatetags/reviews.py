"""Template tags of reviews: the bars of a review and of a goal in it, and the state of a closed goal."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careerplan.core.templatetags.careerplan import icon
from careerplan.goals.models import Goal
from careerplan.reviews.models import ReviewGoal
from careerplan.reviews.queries.past import PastReview, ReviewSummaryRow
from careerplan.reviews.texts import past_review_text, review_bar_text

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
def past_review(past: PastReview) -> str:
    """Say how the plan was doing at a review, and what was done since the one before."""
    return past_review_text(past.review)


@register.simple_tag
def reviewed_state(row: ReviewGoal) -> SafeString:
    """Show the state of a goal that was closed when it was reviewed, with its icon."""
    sign = icon("x" if row.state == Goal.State.LET_GO else "check-check")
    return format_html('<span class="cp-state">{} {}</span>', sign, row.get_state_display())


TRACK = '<rect class="c-track" y="{y}" width="100%" height="8" rx="2"/>'
FILLED = '<rect class="{name}" y="{y}" width="{share}%" height="8" rx="2"/>'


@register.simple_tag
def then_and_now(one: ReviewSummaryRow) -> SafeString:
    """Draw the share of a goal that was done at the review before, and at this one; nothing where it is unknown."""
    if not one.has_bar:
        return SafeString("")
    bars = [("c-have", one.share_now)]
    label = _("%(now)s%% done") % {"now": one.share_now}
    if one.share_before is not None:
        bars.insert(0, ("c-then", one.share_before))
        label = _("%(then)s%% then, %(now)s%% now") % {"then": one.share_before, "now": one.share_now}
    drawn = format_html_join(
        "", TRACK + FILLED, [{"y": 4 + 10 * n, "name": name, "share": share} for n, (name, share) in enumerate(bars)]
    )
    height = 6 + 10 * len(bars)
    return format_html('<svg class="cp-chart" height="{}" role="img" aria-label="{}">{}</svg>', height, label, drawn)
