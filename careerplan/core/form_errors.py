"""Error messages of form fields in our own words, and the span of dates that a plan can hold."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.numbers import format_number

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""The same span as in an exported file. What adds years to a date of it, such as a chart, stays inside the calendar."""

MESSAGES: Final[dict[type[forms.Field], dict[str, Promise]]] = {
    forms.CharField: {
        "max_length": gettext_lazy("Use at most %(limit_value)s characters. You entered %(show_value)s."),
    },
    forms.IntegerField: {  # also of decimal numbers
        "max_value": gettext_lazy("Enter %(limit_value)s or less."),
        "min_value": gettext_lazy("Enter %(limit_value)s or more."),
    },
    forms.DecimalField: {
        "invalid": gettext_lazy("Enter a number, such as 35 or 3.5."),
        "max_digits": gettext_lazy("Enter a number with at most %(max)s digits."),
        "max_decimal_places": gettext_lazy("Digits allowed after the decimal point: %(max)s."),
        "max_whole_digits": gettext_lazy("Enter a number with at most %(max)s digits before the decimal point."),
    },
    forms.DateField: {"invalid": gettext_lazy("Enter a date, such as 12 Mar 2027.")},
    forms.ChoiceField: {"invalid_choice": gettext_lazy("Choose one of the answers.")},
}


class GroupedNumbers(BaseValidator):
    """Writes the numbers of a message as pages do: 4,000."""

    def __call__(self, value: Any) -> None:
        try:
            super().__call__(value)
        except ValidationError as error:
            params = error.params or {}
            numbers = {name: one for name, one in params.items() if isinstance(one, int | Decimal)}
            error.params = params | {name: format_number(Decimal(number)) for name, number in numbers.items()}
            raise


class MaxLength(GroupedNumbers, MaxLengthValidator):
    """The greatest length of a text."""


class Maximum(GroupedNumbers, MaxValueValidator):
    """The greatest number."""


class Minimum(GroupedNumbers, MinValueValidator):
    """The least number."""


GROUPED: Final[dict[type[BaseValidator], type[GroupedNumbers]]] = {
    MaxLengthValidator: MaxLength,
    MaxValueValidator: Maximum,
    MinValueValidator: Minimum,
}


def validate_day(value: date) -> None:
    """Refuse a date outside the span that a plan can hold. Raises ValidationError."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(
            _("Enter a date from %(first)s to %(last)s."),
            code="far_date",
            params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
        )


def use_own_messages(fields: Mapping[str, forms.Field]) -> None:
    """Replace Django's messages at fields that have none of their own, write numbers in groups, and bound the dates."""
    for field in fields.values():
        field.validators = [_with_groups(validator) for validator in field.validators]
        for kind, messages in MESSAGES.items():
            if isinstance(field, kind):
                _replace_defaults(field, messages)
        if isinstance(field, forms.DateField) and validate_day not in field.validators:
            field.validators.append(validate_day)


def _with_groups(validator: Callable[[Any], None]) -> Callable[[Any], None]:
    for kind, grouped in GROUPED.items():
        if type(validator) is kind:
            return grouped(validator.limit_value, validator.message)
    return validator


def _replace_defaults(field: forms.Field, messages: Mapping[str, Any]) -> None:
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            defaults |= getattr(kind, "default_error_messages", {})
    for code, message in messages.items():
        if field.error_messages.get(code) is defaults.get(code):
            field.error_messages[code] = message
