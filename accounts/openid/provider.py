"""Sign-in at an OpenID Connect provider that the settings name (OIDC_ISSUER): allauth's, checked more strictly.

allauth brings discovery, state and PKCE. Here are a nonce, the check that the provider is the one of the settings, and
that the profile is of the person of the ID token. Of the profile only the address is stored.
"""

from typing import Any

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string

NONCE_LENGTH = 32
DISCOVERY_SECONDS = 300
"""How long what the provider says about itself is kept."""
FAILURE_SECONDS = 10
"""How long it is not asked again after it said nothing of use: each who asks holds a thread."""

UNUSABLE = (requests.RequestException, OAuth2Error)
"""What comes of a provider that does not answer, or answers with an error or with something else than it should."""

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
"""What a provider must say of itself."""


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to the provider. Raises OAuth2Error, or RequestException where it cannot be reached."""

    state: dict[str, Any]  # of the sign-in that comes back; set by the view

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider says about itself."""
        issuer = self.get_provider().app.settings["server_url"]
        config = cache.get(f"openid:{issuer}")
        if config is None:
            try:
                config = self._discover(issuer)
            except UNUSABLE:
                cache.set(f"openid:{issuer}", {}, FAILURE_SECONDS)
                raise
            cache.set(f"openid:{issuer}", config, DISCOVERY_SECONDS)
        if not config:
            raise OAuth2Error("The provider did not answer a moment ago.")
        return dict(config)

    def _discover(self, issuer: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.get_provider().server_url)
            answer.raise_for_status()
            config = answer.json()
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in ENDPOINTS):
            raise OAuth2Error("The provider does not say where it does what.")
        if config["issuer"].rstrip("/") != issuer.rstrip("/"):
            raise OAuth2Error("The provider says that it is another one.")
        return config

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Return the token; its time to live has to be a number."""
        try:
            return super().parse_token(data)
        except (TypeError, ValueError):
            raise OAuth2Error("The provider's token is not as it should be.") from None

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return who signed in, from the ID token and the profile."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("There is no ID token.")
        claims = self._decode_id_token(app, id_token)
        if not constant_time_compare(str(claims.get("nonce", "")), self.state["nonce"]):
            raise OAuth2Error("The ID token is of another sign-in.")
        profile = self._fetch_user_info(token.token)
        if not isinstance(profile, dict) or not claims.get("sub") or profile.get("sub") != claims["sub"]:
            raise OAuth2Error("The profile is of another person than the ID token.")
        self.state["auth_time"] = claims.get("auth_time")
        data = {"userinfo": profile, "id_token": claims}
        return self.get_provider().sociallogin_from_response(request, data)


class OpenIDProvider(OpenIDConnectProvider):
    """The provider of the settings. What a request asks of it beyond a sign-in is ignored."""

    oauth2_adapter_class = OpenIDAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Return the redirect to the provider, with a nonce that the ID token has to repeat."""
        nonce = get_random_string(NONCE_LENGTH)
        kwargs["auth_params"] = {**(kwargs.get("auth_params") or {}), "nonce": nonce}
        kwargs["is_confirmation"] = request.user.is_authenticated  # who is signed in already confirms who they are
        if kwargs["is_confirmation"]:
            # max_age has the provider say when that was; a browser could leave both out.
            kwargs["auth_params"] |= {"prompt": "login", "max_age": "0"}
        response: HttpResponse = super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)
        return response

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address; it is confirmed only if the provider says exactly that."""
        addresses: list[EmailAddress] = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = data["userinfo"].get("email_verified") is True
        return addresses

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what is stored of the profile."""
        return {"email": data["userinfo"].get("email", "")}


provider_classes = [OpenIDProvider]
