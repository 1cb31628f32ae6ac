"""Template tags for icons, due labels, dates and numbers. Builtins: no {% load %} needed."""

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import NoReverseMatch
from django.utils import formats, timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from careerplan.core import numbers, sentences
from careerplan.core.addresses import page_url
from careerplan.core.dates import Urgency, days_ago, relative_day, urgency
from careerplan.core.version import version

register = template.Library()

DUE_ICONS = {Urgency.OVERDUE: "circle-alert", Urgency.SOON: "clock"}


class PageURLNode(URLNode):
    """Django's `{% url %}`; an address that holds nothing but ids is put together."""

    def render(self, context: template.Context) -> str:
        """Return the address, or put it into the variable that is named."""
        name, ids = self.view_name.resolve(context), [argument.resolve(context) for argument in self.args]
        if self.kwargs or not all(type(pk) is int for pk in ids):
            return super().render(context)
        try:
            url = page_url(name, *ids)
        except NoReverseMatch:  # Django says how, or leaves the variable empty
            return super().render(context)
        if self.asvar:
            context[self.asvar] = url
            return ""
        return url


@register.tag("url")
def page_url_tag(parser: Parser, token: Token) -> PageURLNode:
    """Parse `{% url %}` as Django does."""
    found = parse_url(parser, token)
    return PageURLNode(found.view_name, found.args, found.kwargs, found.asvar)


@register.simple_tag
@cache  # a page shows the same few icons many times, and rendering one copies a tree
def icon(name: str, label: str = "") -> SafeString:
    """Render a Lucide icon; it is hidden from assistive technology unless it has a label."""
    is_arrow = name.startswith(("arrow-", "chevron-"))
    attributes = {"class": "cp-icon cp-icon--arrow" if is_arrow else "cp-icon", "focusable": "false"}
    attributes |= {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return SafeString(lucide(name, size=20, **attributes))  # the package escapes attributes


# Within them a weekday and a month say which year is meant.
DAYS_WITHOUT_YEAR = 183
# Placeholder of the CSRF token in a cached part of a page; no text of a user can hold it.
CSRF_PLACE = "\ue000csrf\ue000"


@register.simple_tag
def day(value: date, style: str = "year") -> SafeString:
    """Render a date as <time>: `12 Mar 2027`, or with style "weekday" `Fri 12 Mar`."""
    return _day(value, style, translation.get_language() or "")


@register.simple_tag(takes_context=True)
def near_day(context: template.Context, value: date) -> SafeString:
    """Render a date as <time>: `Fri 12 Mar` if it is within half a year of today, else with its year."""
    today = context.get("today") or timezone.localdate()
    style = "weekday" if abs((value - today).days) < DAYS_WITHOUT_YEAR else "year"
    return _day(value, style, translation.get_language() or "")


# Lists show the same dates many times, and formatting one takes longer than looking it up.
@lru_cache(maxsize=4096)
def _day(value: date, style: str, language: str) -> SafeString:
    pattern = "D j M" if style == "weekday" else "j M Y"
    return format_html(
        '<time class="cp-date" datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, pattern)
    )


@register.simple_tag(takes_context=True)
def due(context: template.Context, value: date) -> SafeString:
    """Render a due label: an icon, and how near the date is from today."""
    return _due(value, context.get("today") or timezone.localdate(), translation.get_language() or "")


@lru_cache(maxsize=4096)
def _due(value: date, today: date, language: str) -> SafeString:
    kind = urgency(value, today)
    words = relative_day(value, today)
    if kind is Urgency.LATER:
        return format_html('<span class="cp-due">{}</span>', words)
    words = words[:1].upper() + words[1:] if value == today else words
    return format_html('<span class="cp-due is-{}">{} {}</span>', kind.value, icon(DUE_ICONS[kind]), words)


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: date) -> SafeString:
    """Render how long ago a date was, in the style of a due label."""
    today = context.get("today") or timezone.localdate()
    return format_html('<span class="cp-due">{}</span>', days_ago(value, today))


@register.filter
def figure(value: Decimal) -> str:
    """Format a number without trailing zeros: 100, 1.5, 1,016."""
    return numbers.format_number(value)


@register.filter
def amount(value: Decimal | None, unit: str) -> str:
    """Format a number with what it counts: `{{ goal.target_value|amount:goal.unit }}` is 12 shifts, or 50%."""
    return "" if value is None else numbers.format_amount(value, unit)


@register.filter
def quoted(words: str) -> str:
    """Return somebody's own words between quotation marks."""
    return sentences.quoted(words)


@register.simple_tag
def money(amount: Decimal, currency: str = "") -> str:
    """Format an amount in a currency: `{% money resource.cost goal.plan.currency %}` is £85."""
    return numbers.format_money(amount, currency)


@register.filter
def hours(value: Decimal) -> SafeString:
    """Render hours, number and unit on one line: 30 minutes, 3 hours."""
    return format_html('<span class="cp-nowrap">{}</span>', numbers.format_hours(value))


@register.simple_tag
def product_version() -> str:
    """Return the version of Careerplan."""
    return version()
