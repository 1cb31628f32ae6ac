"""Who may sign up: everyone, people at certain domains, people with an invitation, or nobody.

The settings of the site say which. An invitation counts in each of these but the last.
"""

from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation
from careerplan.core.mail import absolute_url
from careerplan.core.sentences import join_list
from careerplan.site_settings.models import SignUp
from careerplan.site_settings.queries import current_site

SALT = "accounts.invitation"
INVITATION = "invitation"  # session key: the id of the invitation whose link was opened


def invitation_url(invitation: Invitation) -> str:
    """Return the address that opens sign-up for whoever has it."""
    token = signing.dumps(invitation.pk, salt=SALT)
    return absolute_url(reverse("accounts:invitation", kwargs={"token": token}))


def find_invitation(token: str, now: datetime) -> Invitation | None:
    """Return the open invitation of a link."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.open(now).filter(pk=pk).first()


def accept(request: HttpRequest, invitation: Invitation) -> None:
    """Remember in this session that the link was opened."""
    request.session[INVITATION] = invitation.pk


def opened_invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation whose link was opened in this session, while it is open."""
    pk = request.session.get(INVITATION)
    return Invitation.objects.open(timezone.now()).filter(pk=pk).first() if pk else None


def is_open(request: HttpRequest) -> bool:
    """Return whether sign-up shows its form in this session."""
    rule = current_site().sign_up
    if rule == SignUp.INVITED:
        return opened_invitation(request) is not None
    return bool(rule != SignUp.NOBODY)


def is_open_for_address(email: str) -> bool:
    """Return whether an address that is known to be somebody's own may sign up."""
    rule = current_site().sign_up
    if rule == SignUp.NOBODY:
        return False
    if rule == SignUp.EVERYONE or (rule == SignUp.DOMAINS and has_allowed_domain(email)):
        return True
    return Invitation.objects.open(timezone.now()).filter(email=email).exists()


def has_allowed_domain(email: str) -> bool:
    """Return whether an address is at one of the domains of the settings."""
    return email.rpartition("@")[2].lower() in current_site().domains


def check_domain(email: str) -> None:
    """Raise ValidationError where the address is not at one of the domains that may sign up."""
    site = current_site()
    if site.sign_up == SignUp.DOMAINS and not has_allowed_domain(email):
        words = _("Use an address at %(domains)s.") % {"domains": join_list(site.domains)}
        raise ValidationError(words, code="domain")
