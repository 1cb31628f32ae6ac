"""Format numbers, money and hours."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext

# ISO 4217 codes whose sign is understood everywhere; any other currency is shown by its code.
SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "NGN": "₦", "USD": "$"}
MINUTES = 60


def format_number(value: Decimal) -> str:
    """Format a number without trailing zeros: 100, 1.5, 1,016."""
    return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)


def format_money(amount: Decimal, currency: str = "") -> str:
    """Format an amount in a currency (ISO 4217, or blank): £85, £8.50, CHF 85, 85."""
    whole = amount == amount.to_integral_value()
    number = number_format(amount, decimal_pos=0 if whole else 2, force_grouping=True)
    return f"{SIGNS[currency]}{number}" if currency in SIGNS else f"{currency} {number}".strip()


def format_hours(hours: Decimal) -> str:
    """Format hours: 30 minutes, 1 hour, 1.5 hours."""
    if Decimal(0) < hours < 1:
        minutes = max(1, int((hours * MINUTES).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    # Any number but exactly 1 takes the plural.
    return ngettext("%(n)s hour", "%(n)s hours", 1 if hours == 1 else 2) % {"n": format_number(hours)}
