"""Template tags of goals: pace, due date and icons. Lists show them many times, so they are cached."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careerplan.core.dates import Urgency, relative_day, urgency
from careerplan.core.numbers import format_number
from careerplan.core.templatetags.careerplan import day, due, icon
from careerplan.goals.models import ActionStep, Goal, Resource
from careerplan.goals.pace import Pace
from careerplan.goals.queries.workload import Overload
from careerplan.goals.texts import pace_text, progress_text, share_text, workload_question

register = template.Library()

PACE_ICONS = {
    Pace.ON_TRACK: "check",
    Pace.SLIPPING: "trending-down",
    Pace.BEHIND: "triangle-alert",
    Pace.REACHED: "check-check",
}
RESOURCE_ICONS = {
    Resource.Kind.TIME_OFF: "calendar",
    Resource.Kind.MONEY: "banknote",
    Resource.Kind.COURSE: "book-open",
    Resource.Kind.PERSON: "user-round",
    Resource.Kind.EQUIPMENT: "wrench",
    Resource.Kind.INFORMATION: "info",
    Resource.Kind.OTHER: "paperclip",
}
STATE_ICONS = {Resource.State.NEEDED: "circle", Resource.State.ASKED_FOR: "hourglass", Resource.State.ARRANGED: "check"}


@register.simple_tag
def step_day(step: ActionStep) -> SafeString:
    """Return the due date of a step; without one, the day it was done or "No day yet"."""
    known = step.due_on or step.done_on
    return day(known) if known else format_html('<span class="cp-muted">{}</span>', _("No day yet"))


@register.filter
def without_full_stop(words: str) -> str:
    """Return a person's own words for the end of a sentence of ours, which has its own full stop."""
    return words.rstrip().removesuffix(".")


@register.simple_tag
def pace(state: Pace) -> SafeString:
    """Return the pace of an active goal: icon, then words."""
    return _pace(state, translation.get_language() or "")


@lru_cache(maxsize=64)
def _pace(state: Pace, language: str) -> SafeString:
    sign, words = icon(PACE_ICONS[state]), pace_text(state)
    return format_html('<span class="cp-state is-{}">{} {}</span>', state.value, sign, words)


PACE_BAR = (
    '<div class="cp-pace"><svg class="cp-chart" height="22" aria-hidden="true">'
    '<rect class="c-track" y="6" width="100%" height="10" rx="2"/>'
    '<rect class="c-have" y="6" width="{done}%" height="10" rx="2"/>'
    '<line class="c-need" x1="{gone}%" x2="{gone}%" y1="1" y2="21"/></svg>'
    "<p><span>{done_words}</span><span>{gone_words}</span></p></div>"
)


@register.simple_tag
def pace_bar(done: int, gone: int) -> SafeString:
    """Return share done against share of time used, in per cent, as a bar. The text below it says the same."""
    return _pace_bar(done, gone, translation.get_language() or "")


@lru_cache(maxsize=4096)
def _pace_bar(done: int, gone: int, language: str) -> SafeString:
    done_words, gone_words = share_text(done, gone)
    return format_html(PACE_BAR, done=done, gone=gone, done_words=done_words, gone_words=gone_words)


@register.simple_tag
def closed_state(goal: Goal) -> SafeString:
    """Return the state of a closed goal: icon, then words."""
    sign = icon("x" if goal.state == Goal.State.LET_GO else "check-check")
    return format_html('<span class="cp-state">{} {}</span>', sign, goal.get_state_display())


@register.simple_tag(takes_context=True)
def due_line(context: template.Context, day: date) -> SafeString:
    """Return a due date as a sentence: "Due 30 Apr 2027, in 7 weeks."; with the due label if near or late."""
    today = context.get("today") or timezone.localdate()
    if urgency(day, today) is Urgency.LATER:
        return _later(day, today, translation.get_language() or "")
    return format_html("{} {}", _due(day, "", translation.get_language() or ""), due(context, day))


@lru_cache(maxsize=4096)
def _later(day: date, today: date, language: str) -> SafeString:
    return _due(day, relative_day(day, today), language)


@lru_cache(maxsize=4096)
def _due(day: date, words: str, language: str) -> SafeString:
    shown = format_html('<time class="cp-num" datetime="{}">{}</time>', day.isoformat(), date_format(day, "j M Y"))
    if words:
        return format_html(_("Due {day}, {when}."), day=shown, when=words)
    return format_html(_("Due {day}"), day=shown)


@register.filter
def of_target(value: Decimal, goal: Goal) -> str:
    """Return a number with its target, so that any unit fits: "1 of 12 reports"."""
    return progress_text(value, goal.measure_range, goal.unit) if goal.measure_range else format_number(value)


@register.filter
def kind_icon(resource: Resource) -> SafeString:
    """Return the icon of what a resource is: time off, money, a person and so on."""
    return SafeString(icon(RESOURCE_ICONS[Resource.Kind(resource.kind)]))


@register.filter
def state_icon(resource: Resource) -> SafeString:
    """Return the icon that shows whether a resource is there yet."""
    return SafeString(icon(STATE_ICONS[Resource.State(resource.state)]))


@register.simple_tag
def overload_text(overload: Overload) -> str:
    """Return the statement about a week with more hours than the user has."""
    return workload_question(overload, asks=False)


RING_LENGTH = 169.65  # of the circle, with radius 27


@register.simple_tag
def ring(done: int, words: str) -> SafeString:
    """Render a share in per cent as a ring with the number inside; `words` says it to people who do not see it."""
    filled = round(RING_LENGTH * min(max(done, 0), 100) / 100, 1)
    return format_html(
        '<div class="cp-ring" role="img" aria-label="{}"><svg viewBox="0 0 64 64" aria-hidden="true">'
        '<circle class="c-track-line" cx="32" cy="32" r="27"/>'
        '<circle class="c-have-line" cx="32" cy="32" r="27" stroke-dasharray="{} {}"/></svg>'
        '<p aria-hidden="true"><b>{}%</b></p></div>',
        words,
        filled,
        RING_LENGTH,
        done,
    )
