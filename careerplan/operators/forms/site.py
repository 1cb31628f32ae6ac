"""Forms of the settings of the site, its logo and its legal texts."""

import re
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.dates import days_in_words
from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, LineField, LongTextField
from careerplan.site_settings import colours
from careerplan.site_settings.models import LOGO_BYTES, NAME_LENGTH, NOTICE_LENGTH, TEXT_LENGTH, SignUp, SiteLogo

HEX = re.compile(r"#?([0-9a-fA-F]{6})")
DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
MOST_DOMAINS = 50
in_words = lazy(days_in_words, str)
DAYS = {days: in_words(days) for days in (1, 7, 14, 30)}
LONG_DAYS = {days: in_words(days) for days in (90, 180, 365, 730)}
ASKED = {
    1: gettext_lazy("Asked after 1 year, then deleted"),
    2: gettext_lazy("Asked after 2 years, then deleted"),
    3: gettext_lazy("Asked after 3 years, then deleted"),
    5: gettext_lazy("Asked after 5 years, then deleted"),
}
YEARS = {1: gettext_lazy("1 year"), 2: gettext_lazy("2 years"), 5: gettext_lazy("5 years")}


def number_choice(label: Any, choices: dict[int, Any], *, none: Any = None, help_text: Any = "") -> forms.Field:
    """Build a list of numbers to choose from; `none` is the label of the choice without a number."""
    first = [("", none)] if none is not None else []
    return forms.TypedChoiceField(
        label=label,
        choices=[*first, *choices.items()],
        coerce=int,
        empty_value=None,
        required=none is None,
        help_text=help_text,
        error_messages={"invalid_choice": gettext_lazy("Choose one from the list.")},
    )


class DomainsField(forms.CharField):
    """Domains of email addresses, separated by commas, as a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list
        """Return the domains in lower case, each once. Raises ValidationError."""
        if isinstance(value, list | tuple):
            return list(value)
        parts = [part.strip().lower().lstrip("@") for part in re.split(r"[,\s]+", super().to_python(value) or "")]
        domains = list(dict.fromkeys(part for part in parts if part))
        wrong = [domain for domain in domains if not DOMAIN.fullmatch(domain)]
        if wrong:
            raise ValidationError(
                _("This is not a domain name: %(domain)s.") % {"domain": wrong[0][:60]}, code="domain"
            )
        if len(domains) > MOST_DOMAINS:
            raise ValidationError(_("Enter at most %(n)s domains.") % {"n": MOST_DOMAINS}, code="too_many")
        return domains


class SiteForm(ConflictForm):
    """All settings of the site but the files."""

    SAVED = (
        *("name", "support_address", "colour", "sign_up", "domains", "notice"),
        *("unconfirmed_days", "inactive_years", "email_days", "history_years", "refused_days"),
    )

    name = LineField(
        label=gettext_lazy("Name of the site"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("In the header, in titles and in every email."),
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    support_address = LineField(
        label=gettext_lazy("Support address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Shown in the foot and in every email."),
    )
    colour = LineField(
        label=gettext_lazy("Colour"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Of links and buttons, as 6 hexadecimal digits. The dark theme gets a lighter shade."),
    )
    sign_up = forms.ChoiceField(
        label=gettext_lazy("Who can create an account"), choices=SignUp.choices, widget=forms.RadioSelect
    )
    domains = DomainsField(
        label=gettext_lazy("Domains"),
        max_length=5000,
        required=False,
        help_text=gettext_lazy("For people at certain domains. Separate them with commas."),
    )
    unconfirmed_days = number_choice(gettext_lazy("Sign-ups without confirmation"), DAYS)
    inactive_years = number_choice(gettext_lazy("Inactive accounts"), ASKED, none=gettext_lazy("Kept"))
    email_days = number_choice(gettext_lazy("Subjects of emails that we sent"), LONG_DAYS)
    history_years = number_choice(
        gettext_lazy("Earlier versions of goals, steps and plans"),
        YEARS,
        none=gettext_lazy("As long as the goal, step or plan"),
    )
    refused_days = number_choice(gettext_lazy("Addresses that refused emails"), LONG_DAYS)
    notice = LineField(
        label=gettext_lazy("Announcement on every page"),
        max_length=NOTICE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Such as a time in which the site is closed for an upgrade."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("inactive_years", "history_years")

    def clean_support_address(self) -> str:
        address = str(self.cleaned_data["support_address"])
        if address:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("Enter an email address."), code="invalid") from None
        return address

    def clean_colour(self) -> str:
        """Return `#rrggbb` in lower case. Raises ValidationError where text in it could not be read."""
        typed = str(self.cleaned_data["colour"])
        if not typed:
            return ""
        match = HEX.fullmatch(typed)
        if match is None:
            raise ValidationError(_("Enter a colour such as #0a5478."), code="invalid")
        colour = f"#{match[1].lower()}"
        if not colours.is_readable(colour):
            words = _("Text in this colour is too light to read on white. This shade can be read: %(colour)s.")
            raise ValidationError(words % {"colour": colours.darker(colour)}, code="contrast")
        return colour

    def clean(self) -> dict[str, Any]:
        """Require domains where they decide who may sign up."""
        data = super().clean()
        if data.get("sign_up") == SignUp.DOMAINS and not data.get("domains") and not self.has_error("domains"):
            self.add_error("domains", ValidationError(_("Enter at least one domain."), code="required"))
        return data


PNG = b"\x89PNG\r\n\x1a\n"


class LogoForm(BaseForm):
    """A logo as SVG or PNG."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("SVG or PNG, up to 200 kB. It is shown 28 pixels high."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )

    def clean_logo(self) -> tuple[str, bytes]:
        """Return kind and content. Raises ValidationError for everything that is neither SVG nor PNG."""
        file: UploadedFile[bytes] = self.cleaned_data["logo"]
        if (file.size or 0) > LOGO_BYTES:
            raise ValidationError(_("This file is larger than 200 kB."), code="too_large")
        content = file.read()
        if content.startswith(PNG):
            return SiteLogo.Kind.PNG, content
        if is_svg(content):
            return SiteLogo.Kind.SVG, content
        raise ValidationError(_("This is neither an SVG nor a PNG file."), code="invalid")


def is_svg(content: bytes) -> bool:
    """Return whether this is one SVG picture. A DOCTYPE is refused: its entities can grow without end."""
    elements: list[str] = []
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _attributes: elements.append(name)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except (ExpatError, ValueError, LookupError):  # LookupError: an unknown encoding
        return False
    return elements[0] == "http://www.w3.org/2000/svg svg"


def _refuse_doctype(*_declared: object) -> None:
    raise ValueError("a DOCTYPE")


class LegalTextForm(BaseForm):
    """The next version of a legal text. `after`: the version that the page showed."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    text = LongTextField(
        label=gettext_lazy("Text"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy(
            "Paragraphs, ## headings, - lists, **bold**, [links](https://example.org). Empty: no page."
        ),
    )
    asks_again = forms.BooleanField(
        label=gettext_lazy("Ask everyone who has an account to agree again"), required=False
    )

    def __init__(self, *args: Any, is_agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_agreed:
            del self.fields["asks_again"]
