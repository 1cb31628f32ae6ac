"""A step that makes a week overfull is asked about, not refused (PRODUCT.md: the week's load before saving)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from careerplan.core.forms import BaseForm
from careerplan.core.templatetags.careerplan import figure
from careerplan.goals.capacity import Overfull
from careerplan.goals.queries import AsksLoad


class AsksAboutLoad(BaseForm):
    """Asks before a week gets more than its hours. Needs `asks_load`; without it nothing is asked."""

    confirm_load = forms.BooleanField(label=gettext_lazy("Yes, save it all the same."), required=False)

    def __init__(self, *args: Any, asks_load: AsksLoad | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_load = asks_load
        self.ask_about_load = False

    def look_at_load(self, hours: Decimal | None, due_on: date | None) -> None:
        """To be called in `clean`: asks about the week that this step would overfill, unless it was confirmed."""
        if self.asks_load is None or due_on is None or self.cleaned_data.get("confirm_load"):
            return
        overfull = self.asks_load(hours, due_on)
        if overfull:
            self.ask_about_load = True
            self.add_error("confirm_load", words(overfull))


def words(overfull: Overfull, *, asks: bool = True) -> str:
    """The question (or, unless it `asks`, only what is so), with the week and the figures."""
    known = {
        "week": date_format(overfull.week, "j M"),
        "hours": figure(overfull.hours),
        "limit": figure(overfull.limit),
    }
    text = _("The week of %(week)s would hold %(hours)s of your %(limit)s hours.") % known
    if overfull.more:
        more = ngettext("%(n)s more week would be overfull.", "%(n)s more weeks would be overfull.", overfull.more)
        text = f"{text} {more % {'n': overfull.more}}"
    return f"{text} {_('Save it all the same?')}" if asks else text
