"""Our adapter for allauth's sign-in at a provider: who may sign up or connect, and what is said if it fails."""

from typing import Any, cast

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import sign_up_rules
from accounts.models import User
from accounts.openid import joining

log = structlog.get_logger(__name__)

PROVIDER_ID = "openid"
NAME_LENGTH = 100  # characters, as in User.name


class OpenIDAccountAdapter(DefaultSocialAccountAdapter):
    """Our changes to allauth's DefaultSocialAccountAdapter."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("Set a password or add a passkey first. Otherwise you could no longer sign in."),
    }

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Return the provider of the settings; none of the database."""
        configured: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        apps = [SocialApp(provider="openid_connect", **config) for config in configured]
        return [app for app in apps if client_id in (None, app.client_id)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let strangers sign up with an address that the provider has confirmed. Others type a password or leave."""
        sociallogin.token = None  # used for the profile already; allauth would write it to the session
        if sociallogin.is_existing:
            return
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            if request.user.is_authenticated and joining.is_connected(request.user, sociallogin):
                joining.refuse_second(request)
                raise ImmediateHttpResponse(redirect("accounts:security"))
            return
        email = joining.confirmed_address(sociallogin)
        if not email:
            log.warning("openid_refused", why="address not confirmed")
            page = {"provider": sociallogin.provider, "problem": "unconfirmed"}
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", page, status=403))
        if joining.has_account(email):
            joining.wait_for_password(request, sociallogin)
            raise ImmediateHttpResponse(redirect("accounts:openid-join"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return whether the address that the provider has confirmed may sign up."""
        return sign_up_rules.is_open_for_address(joining.confirmed_address(sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        log.warning("openid_refused", why=str(error), kind=type(exception).__name__ if exception else "")

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        return {"name": sociallogin.user.name}

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Set the address, and suggest the name of the profile."""
        user = cast("User", sociallogin.user)
        user.email = joining.confirmed_address(sociallogin)
        user.name = " ".join(str(data.get("name") or "").split())[:NAME_LENGTH]
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("accounts:security")
