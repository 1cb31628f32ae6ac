"""What the forms of goals share: figures, and dates in the past."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, NumberField

__all__ = ["NUMBER_LIMITS", "NUMBER_WIDGET", "AsksAboutPast", "NumberField"]

NUMBER_LIMITS: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}
NUMBER_WIDGET = {"inputmode": "decimal", "class": "cp-num"}


class AsksAboutPast(BaseForm):
    """A date in the past is asked about, not refused: people write down history too (PRODUCT.md, wrong input)."""

    confirm_past = forms.BooleanField(
        label=gettext_lazy("Yes, I am writing down something that lies in the past."), required=False
    )
    days_that_may_be_past: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.ask_about_past = False

    def clean(self) -> dict[str, Any]:
        """Ask, unless it was confirmed or the day was there before."""
        cleaned = super().clean() or {}
        days = [(name, cleaned.get(name)) for name in self.days_that_may_be_past]
        past = [name for name, day in days if day and day < self.today and day != self.initial.get(name)]
        if past and not cleaned.get("confirm_past"):
            self.ask_about_past = True
            self.add_error("confirm_past", _("A date lies in the past. Is that what you mean?"))
        return cleaned
