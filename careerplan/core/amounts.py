"""Amounts as people say them: money and hours. Pure functions."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext

# ISO 4217 codes whose sign is understood everywhere; any other currency is shown by its code.
SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "NGN": "₦", "USD": "$"}
MINUTES = 60


def plain_figure(value: Decimal) -> str:
    """A figure without idle zeros: 100, 1.5, 1,016."""
    return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)


def money(amount: Decimal, currency: str = "") -> str:
    """An amount in a currency (ISO 4217, or blank): £85, £8.50, CHF 85; a plain figure where no currency is known."""
    whole = amount == amount.to_integral_value()
    figure = number_format(amount, decimal_pos=0 if whole else 2, force_grouping=True)
    return f"{SIGNS[currency]}{figure}" if currency in SIGNS else f"{currency} {figure}".strip()


def hours_in_words(hours: Decimal) -> str:
    """Hours as one says them: 30 minutes, 1 hour, 1.5 hours."""
    if Decimal(0) < hours < 1:
        minutes = max(1, int((hours * MINUTES).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    # Any figure that is not just one takes the plural.
    return ngettext("%(n)s hour", "%(n)s hours", 1 if hours == 1 else 2) % {"n": plain_figure(hours)}


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of those that are known."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
