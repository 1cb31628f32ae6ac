"""Numbers, money and hours as people read them. Pure functions."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# ISO 4217 codes whose sign is understood everywhere; any other currency is shown by its code.
SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "NGN": "₦", "USD": "$"}
MINUTES = 60


def format_number(value: Decimal) -> str:
    """Return a number without trailing zeros: 100, 1.5, 1,016."""
    return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)


def format_money(amount: Decimal, currency: str = "") -> str:
    """Return an amount in a currency (ISO 4217, or blank): £85, £8.50, CHF 85; a plain number without currency."""
    whole = amount == amount.to_integral_value()
    figure = number_format(amount, decimal_pos=0 if whole else 2, force_grouping=True)
    return f"{SIGNS[currency]}{figure}" if currency in SIGNS else f"{currency} {figure}".strip()


def format_hours(hours: Decimal) -> str:
    """Return hours as people say them: 30 minutes, 1 hour, 1.5 hours."""
    if Decimal(0) < hours < 1:
        minutes = max(1, int((hours * MINUTES).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    # Every number except exactly 1 takes the plural.
    return ngettext("%(n)s hour", "%(n)s hours", 1 if hours == 1 else 2) % {"n": format_number(hours)}


def sum_known(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the sum of the known values."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def number_words(number: int) -> str:
    """Return a count for a sentence: words up to twelve, then digits."""
    words = (
        _("none"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
        _("eleven"),
        _("twelve"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def as_sentence(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]
