"""Whether an account is connected to the OpenID provider."""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from accounts.models import User
from accounts.openid.adapter import PROVIDER_ID


@dataclass(frozen=True)
class OpenIDAccount:
    """The provider of the settings, and the address with which the user is connected; blank if it gave none."""

    name: str
    is_connected: bool
    email: str = ""


def openid_account(user: User) -> OpenIDAccount | None:
    """Return the connection of a user; None where the settings name no provider."""
    if not settings.OIDC_NAME:
        return None
    account = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).first()
    return OpenIDAccount(
        settings.OIDC_NAME, account is not None, account.extra_data.get("email", "") if account else ""
    )
