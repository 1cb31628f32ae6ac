"""Our adapter for allauth.mfa: names, encryption, and where passkeys work."""

from ipaddress import ip_address
from typing import Any

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.factors import encryption

log = structlog.get_logger(__name__)

SITE_NAME = "Careerplan"


class FactorAdapter(DefaultMFAAdapter):
    """Our changes to allauth's DefaultMFAAdapter."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong or too old. Enter the code that your app shows now."),
        "unverified_email": gettext_lazy("Confirm your email address before you add a second step."),
        "cannot_generate_recovery_codes": gettext_lazy("Add a passkey or an authenticator app first."),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as one element, without an XML declaration, to stand inside a page."""
        from qrcode import QRCode  # noqa: PLC0415  (reads lxml, which most processes never need)
        from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

        code = QRCode(border=4, image_factory=SvgPathImage)
        code.add_data(url)
        return str(code.make_image().to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """Return a name for a passkey whose owner gave none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return SITE_NAME


def are_passkeys_possible(request: HttpRequest) -> bool:
    """Return whether browsers offer passkeys at this address: it has a domain, and is private on the way."""
    host = host_name(request)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return request.is_secure() and not is_number(host)


def host_name(request: HttpRequest) -> str:
    """Return the host of a request without its port."""
    return request.get_host().rsplit(":", 1)[0] if "]" not in request.get_host() else request.get_host()


def is_number(host: str) -> bool:
    """Return whether a host is an IP address, for which no passkey can be made."""
    try:
        ip_address(host.partition("]")[0].strip("["))
    except ValueError:
        return False
    return True


def passkey_context(request: HttpRequest) -> dict[str, Any]:
    """Return what a page with passkeys needs to know about the address it is shown at."""
    return {"passkeys_possible": are_passkeys_possible(request), "host": host_name(request)}
