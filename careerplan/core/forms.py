"""Base of all forms: cleaned text, numbers as people type them, and the mark of optional fields."""

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.expired_session import restored_data
from careerplan.core.form_errors import use_own_messages
from careerplan.core.numbers import GROUP, is_ambiguous, plain_number
from careerplan.core.text import clean_text


def form_data(request: HttpRequest) -> QueryDict | None:
    """Return the data to bind a form to: a POST, even an empty one; on a GET a post that was saved when the session
    had expired, or None. Views save on POST only.
    """
    return request.POST if request.method == "POST" else restored_data(request)


# An optional checkbox gets no mark: leaving it empty is an answer.
TICKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple)


LIMIT_WORDS = gettext_lazy("{n} of at most {limit} characters")


class LineField(forms.CharField):
    """One line of text."""

    multiline = False

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the first letters decide in which direction the person's words run."""
        return {**super().widget_attrs(widget), "dir": "auto"}

    def to_python(self, value: Any) -> str:
        """Return the cleaned text. Raises ValidationError for control characters."""
        text = super().to_python(value) or ""
        if self.max_length and len(text) > self.max_length:
            # The length is the only error to show: the person can mend it.
            return text
        return clean_text(text, multiline=self.multiline)


class LongTextField(LineField):
    """Several lines in the user's own words, set in the face of a book so that they look unlike ours."""

    multiline = True

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "class": "cp-own-input"}))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let static/js/focus.js say how much of the limit is used."""
        limit = {} if self.max_length is None else {"data-limit": self.max_length, "data-limit-words": LIMIT_WORDS}
        return {**super().widget_attrs(widget), **limit}


MAX_EXPONENT = 30
"""More digits before or after the point than any column has: writing out 1e1000000 would take a megabyte."""


class NumberField(forms.DecimalField):
    """A number as people type it: 1,000 or 1.5 or 1,5 (`plain_number`)."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # of IntegerField, in the stubs
        """Return the number. Raises ValidationError for what is not finite or absurdly long, too.

        Django looks at that in `validate` only, but conflicts and hints read a field before.
        """
        if isinstance(value, str):
            value = plain_number(value)
            self._ask_about_groups(value)
        number = super().to_python(value)
        if number is not None and not (number.is_finite() and _is_short(number)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    def _ask_about_groups(self, text: str) -> None:
        """Raise ValidationError for 1.250 where a number has fewer decimals: in other countries that is 1250."""
        if self.decimal_places is not None and self.decimal_places < GROUP and is_ambiguous(text):
            known = {"whole": text.replace(".", ""), "fraction": text.rstrip("0").rstrip(".")}
            raise ValidationError(_("Enter %(whole)s or %(fraction)s.") % known, code="ambiguous")


def _is_short(number: Decimal) -> bool:
    return abs(number.adjusted()) <= MAX_EXPONENT and len(number.as_tuple().digits) <= MAX_EXPONENT


def python_value(field: forms.Field, text: str) -> Any:
    """Return the value of a text as a field reads it; the text itself where the field cannot."""
    try:
        return field.to_python(text)
    except ValidationError:
        return text


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class BaseForm(forms.Form):
    """Base form: markup is the template's, and optional fields are marked as such."""

    use_required_attribute = False  # we show our own messages at the field
    # Fields whose error is a question with a button of its own: advice, not a mistake.
    QUESTIONS: ClassVar = frozenset({"confirm_past", "confirm_load", "own_or_listed"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # Names of the fields whose label is followed by "(optional)" (components/_optional.html).
        self.marked_optional: set[str] = set()
        for name, field in self.fields.items():
            # A browser would silently cut a pasted text. The form keeps it and says that it is too long.
            field.widget.attrs.pop("maxlength", None)
            if not field.required and field.label and not isinstance(field.widget, TICKS):
                self.marked_optional.add(name)

    def full_clean(self) -> None:
        """Check the fields, also those that a form adds after this class has set it up, with messages of our own."""
        use_own_messages(self.fields)
        super().full_clean()

    @property
    def only_asks(self) -> bool:
        """Return whether the only errors are questions to answer before saving."""
        return bool(self.errors) and set(self.errors) <= self.QUESTIONS

    def unmark_optional(self, *names: str) -> None:
        """Show no "(optional)" at fields whose label or surroundings make it clear."""
        self.marked_optional.difference_update(names)
