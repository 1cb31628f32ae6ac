"""A number and what it counts, read from one line."""

import pytest

from careerplan.goals.amount import split_amount


@pytest.mark.parametrize(
    ("text", "number", "counted"),
    [
        ("12 shifts", "12", "shifts"),
        (" 12  late shifts ", "12", "late shifts"),
        ("65%", "65", "%"),
        ("1,5 hours a week", "1,5", "hours a week"),
        ("£400", "400", "£"),
        ("10km", "10", "km"),
        ("-2 errors", "-2", "errors"),
        ("12", "12", ""),
        ("1e5", "1e5", ""),
        ("1.2.3 shifts", "1.2.3", "shifts"),  # no number: the field says so
        ("1,000 shifts", "1,000", "shifts"),
        ("£1,250.50", "1,250.50", "£"),
        ("1 000 shifts", "1 000", "shifts"),
        ("12 3-hour shifts", "12", "3-hour shifts"),
        ("talks", "talks", ""),
        ("", "", ""),
    ],
)
def test_amount_is_split(text, number, counted):
    assert split_amount(text) == (number, counted)
