"""Read a typed number, and format numbers, money and hours."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import get_format, number_format
from django.utils.translation import ngettext

# ISO 4217 codes whose sign is understood everywhere; any other currency is shown by its code.
SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "NGN": "₦", "USD": "$"}
MINUTES = 60
# What people put between groups of digits: 1,000 and 1.000, 1 000, 1'000.
GROUP_SIGNS = ",. \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
POINTS = ",."
# A group has three digits, in India two before the last three. The fraction has the other sign of the two.
GROUPED = {
    sign: re.compile(rf"([+-]?[1-9]\d{{0,2}}(?:[{sign}]\d{{2,3}})*[{sign}]\d{{3}})(?:(?!{re.escape(sign)})[.,](\d+))?")
    for sign in GROUP_SIGNS
}
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
GROUP = 3  # digits


def plain_number(text: str) -> str:
    """Return a typed number without signs between groups of digits and with a point before its fraction; a text that is
    no such number as it is.

    One comma or point before three digits is read as the language writes numbers: in English "1,000" is a thousand and
    "1.000" is 1, in German the other way round. "1,5" is 1.5 everywhere.
    """
    text = text.strip()
    group = get_format("THOUSAND_SEPARATOR")
    for sign, pattern in GROUPED.items():
        found = pattern.fullmatch(text)
        if found and (found[2] or text.count(sign) > 1 or sign == group or sign not in POINTS):
            whole = found[1].replace(sign, "")
            return f"{whole}.{found[2]}" if found[2] else whole
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def is_ambiguous(text: str) -> bool:
    """Return whether people of two countries read a plain number differently: "1.250" is 1.25, or 1250."""
    return AMBIGUOUS.fullmatch(text) is not None


def format_number(value: Decimal) -> str:
    """Format a number without trailing zeros: 100, 1.5, 1,016."""
    return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)


def is_percentage(unit: str) -> bool:
    """Return whether what is counted is "%", which no sentence can hold as a word."""
    return unit.strip() == "%"


def format_amount(value: Decimal, unit: str) -> str:
    """Format a number with what it counts: 12 shifts, 50%."""
    space = "" if is_percentage(unit) else " "
    return f"{format_number(value)}{space}{unit.strip()}".strip()


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
