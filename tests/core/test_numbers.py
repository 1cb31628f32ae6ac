"""Numbers as people type them, money and hours as they say them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.numbers import format_hours, format_money, format_number, plain_number
from tests.each import each


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


@each(
    "language, typed, number",
    [
        ("en-gb", "1,000", "1000"),
        ("en-gb", "1,5", "1.5"),
        ("en-gb", "1,50", "1.50"),
        ("en-gb", "0,500", "0.500"),
        ("en-gb", "1.000", "1.000"),
        ("en-gb", "-12,345,678.9", "-12345678.9"),
        ("en-gb", "12,34,567", "1234567"),
        ("en-gb", "1.234,5", "1234.5"),
        ("en-gb", "1.234.567", "1234567"),
        ("en-gb", " 1 000 ", "1000"),
        ("en-gb", "1'000", "1000"),
        ("en-gb", "1,000,5", "1,000,5"),
        ("en-gb", "1,2,3", "1,2,3"),
        ("en-gb", "12", "12"),
        ("en-gb", "twelve", "twelve"),
        ("de", "1.000", "1000"),
        ("de", "1,000", "1.000"),
        ("de", "1.234,5", "1234.5"),
    ],
)
def test_typed_number_is_read_as_its_language_writes_it(language, typed, number):
    with translation.override(language):
        assert plain_number(typed) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2))
def test_number_as_it_is_shown_is_read_as_it_was(number):
    assert Decimal(plain_number(format_number(number))) == number
