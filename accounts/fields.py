"""Form fields for name, email address, password and time zone, shared by all account forms."""

import re
import unicodedata
from typing import Any

import idna
from allauth.account.fields import PasswordField as AllauthPasswordField
from allauth.account.fields import SetPasswordField
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.timezones import known_time_zones, time_zone_choices
from careerplan.core.forms import LineField
from careerplan.core.mail import is_plain_address

EMAIL_LENGTH = 254  # RFC 5321, and the column's width
PASSWORD_LENGTH = 1000  # whole passphrases; the limit only keeps hashing cheap
NAME_LENGTH = User._meta.get_field("name").max_length

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Marks that change the writing direction: a name with one would reorder the text around it.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029]")

TOO_LONG = gettext_lazy("Use %(limit_value)s characters or fewer. You used %(show_value)s.")
UNPRINTABLE = gettext_lazy("This text contains a character that we cannot show. Type it again.")


class NameField(LineField):
    """A person's name in any script, one line, in NFC."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", NAME_LENGTH)
        kwargs.setdefault("label", gettext_lazy("Your name"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(**kwargs)
        self.error_messages |= {"required": _lazy_required("name"), "max_length": TOO_LONG}

    def to_python(self, value: Any) -> str:
        """Return the name; refuse direction marks and invisible names."""
        name = super().to_python(value)
        if DIRECTION.search(name):
            raise ValidationError(UNPRINTABLE, code="control_characters")
        if name and all(unicodedata.category(char) in {"Cf", "Zs", "Mn"} for char in name):
            raise ValidationError(self.error_messages["required"], code="required")
        return name


class EmailField(forms.EmailField):
    """An email address in lower case, with the domain as it is sent to (IDNA 2008, UTS 46): ASCII."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Email address"))
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(max_length=EMAIL_LENGTH, **kwargs)
        self.error_messages |= {
            "required": _lazy_required("email"),
            "invalid": gettext_lazy("Enter an email address, such as name@example.org."),
            "max_length": TOO_LONG,
            "null_characters_not_allowed": UNPRINTABLE,
        }

    def clean(self, value: Any) -> str:
        """Return the normalised address."""
        # Django's own rule follows RFC 822 and lets control characters through between quotes.
        if isinstance(value, str) and CONTROL.search(value.strip()):
            raise ValidationError(UNPRINTABLE, code="control_characters")
        cleaned: str = super().clean(self._in_ascii(value.strip()) if isinstance(value, str) else value)
        if cleaned and not is_plain_address(cleaned):  # we could not write to it
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return cleaned.lower()

    def _in_ascii(self, typed: str) -> str:
        """Return the address with its domain in ASCII. Raises ValidationError for what no mail server takes.

        Before lower-casing: the Kelvin sign would become a "k", and the mail would go to somebody else.
        """
        local, _at, domain = typed.rpartition("@")
        if odd := next((letter for letter in local if not letter.isascii()), ""):
            message = _("An email address cannot have “%(letter)s” before the @. Use plain letters, such as a to z.")
            raise ValidationError(message % {"letter": odd}, code="local_part_not_ascii")
        try:
            written = domain if domain.isascii() else idna.encode(domain, uts46=True, std3_rules=True).decode()
        except idna.IDNAError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return f"{local}@{written}" if local else typed


class _PasswordMixin(forms.CharField):
    """Base of the password fields: no truncation, no trimming, NFKC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASSWORD_LENGTH, **kwargs)
        self.widget.attrs.pop("placeholder", None)
        self.widget.attrs.pop("maxlength", None)  # a browser would silently cut a pasted passphrase
        self.error_messages |= {
            "required": _lazy_required("password"),
            "max_length": TOO_LONG,
            "null_characters_not_allowed": UNPRINTABLE,
        }

    def to_python(self, value: Any) -> str:
        """Return the password in NFKC (NIST SP 800-63B 5.1.1.2), the same from every keyboard."""
        text = super().to_python(value) or ""
        return text if len(text) > PASSWORD_LENGTH else unicodedata.normalize("NFKC", text)


class PasswordField(_PasswordMixin, AllauthPasswordField):
    """An existing password."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Password"))
        kwargs.setdefault("autocomplete", "current-password")
        super().__init__(**kwargs)


class NewPasswordField(_PasswordMixin, SetPasswordField):
    """A new password; set `user` first, because it must not resemble their name or address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("New password"))
        kwargs.setdefault("help_text", PASSWORD_HELP)
        super().__init__(**kwargs)


PASSWORD_HELP = gettext_lazy("At least 12 characters. Try 3 or 4 unrelated words.")


class TimeZoneSelect(forms.Select):
    """A select of cities grouped by area."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Add the current zone to the choices if it has an old name that is not listed."""
        listed = {zone for _group, zones in time_zone_choices() for zone, _label in zones}
        own = [(zone, zone) for zone in value if zone in known_time_zones() - listed]
        self.choices = [("", _("Choose the nearest city")), *own, *time_zone_choices()]
        return super().optgroups(name, value, attrs)


class TimeZoneField(forms.ChoiceField):
    """A time zone. Old names are valid, because browsers report some (Asia/Calcutta, US/Eastern)."""

    widget = TimeZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Time zone"))
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": gettext_lazy("Choose the city nearest to you."),
            "invalid_choice": gettext_lazy("We do not know this time zone. Choose the nearest city."),
        }

    def valid_value(self, value: Any) -> bool:
        return value in known_time_zones()


def _lazy_required(what: str) -> Any:
    return {
        "name": gettext_lazy("Enter your name."),
        "email": gettext_lazy("Enter your email address."),
        "password": gettext_lazy("Enter a password."),
    }[what]
