"""Form base classes: text is cleaned the same way everywhere, and optional fields say so."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from careerplan.core.expired_session import restored_data
from careerplan.core.text import clean_text


def form_data(request: HttpRequest) -> QueryDict | None:
    """Return the data to bind a form to: the POST (even an empty one), or on a GET what the user typed before signing
    in again.

    A view saves only what is posted.
    """
    return request.POST if request.method == "POST" else restored_data(request)


# An optional checkbox gets no mark: leaving it empty is an answer.
TICKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple)


class LineField(forms.CharField):
    """One line of text."""

    multiline = False

    def to_python(self, value: Any) -> str:
        """Return the cleaned text; refuse control characters."""
        text = super().to_python(value) or ""
        if self.max_length and len(text) > self.max_length:
            # No other check matters for a text that is too long; the user can shorten it.
            return text
        return clean_text(text, multiline=self.multiline)


class LongTextField(LineField):
    """Several lines in the person's own words, set in the book face (DESIGN.md section 1)."""

    multiline = True

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "class": "cp-own-input"}))
        super().__init__(**kwargs)


class NumberField(forms.DecimalField):
    """A number; a decimal comma works as well as a point."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Return the number, or None if nothing was typed."""
        if isinstance(value, str) and value.count(",") == 1 and "." not in value:
            value = value.replace(",", ".")
        return super().to_python(value)


def python_value(field: forms.Field, text: str) -> Any:
    """Parse a value as a field does; return the text itself if the field cannot parse it."""
    try:
        return field.to_python(text)
    except ValidationError:
        return text


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class BaseForm(forms.Form):
    """A form rendered by our templates, with a mark on optional fields."""

    use_required_attribute = False  # we show our own messages at the field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            field.plain_label = field.label  # type: ignore[attr-defined]  # for the summary of errors
            # The browser would silently cut a pasted text; the form says what is too long and keeps it.
            field.widget.attrs.pop("maxlength", None)
            if not field.required and field.label and not isinstance(field.widget, TICKS):
                field.label = format_html('{} <span class="cp-optional">{}</span>', field.label, _("(optional)"))
