"""Money and hours as people say them."""

from decimal import Decimal

import pytest

from careerplan.core.numbers import format_hours, format_money


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("85", "GBP", "£85"),
        ("85.00", "GBP", "£85"),
        ("8.5", "EUR", "€8.50"),
        ("1240", "USD", "$1,240"),
        ("85", "CHF", "CHF 85"),
        ("85.5", "", "85.50"),
        ("0", "GBP", "£0"),
    ],
)
def test_money(amount, currency, words):
    assert format_money(Decimal(amount), currency) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("0.5", "30 minutes"),
        ("0.01", "1 minute"),
        ("0.02", "1 minute"),
        ("0.25", "15 minutes"),
        ("1.00", "1 hour"),
        ("1.5", "1.5 hours"),
        ("3.00", "3 hours"),
        ("20", "20 hours"),
        ("0", "0 hours"),
    ],
)
def test_hours(hours, words):
    assert format_hours(Decimal(hours)) == words
