"""Signing in at the OpenID provider, and connecting an account to it."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal.flows.connect import disconnect as disconnect_account
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_list_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import suspended_posts
from accounts.factors.queries import load_factors
from accounts.models import AuthenticatedRequest
from accounts.openid import joining
from accounts.openid.adapter import PROVIDER_ID
from accounts.openid.forms import JoinForm
from accounts.openid.provider import UNUSABLE, OpenIDAdapter
from accounts.reauthentication import signed_in_recently
from accounts.views import SignInView
from accounts.waiting import OPENID_BEGIN
from careerplan.core.post_only import post_only


class CallbackView(OAuth2CallbackView):
    """Come back from the provider."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        """Give the adapter the state of this sign-in, which holds the nonce."""
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


def _run(view: type[OAuth2LoginView] | type[CallbackView], request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = OpenIDAdapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        response: HttpResponse = view.adapter_view(adapter)(request)
    except UNUSABLE as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask, then leave for the provider.

    By a page that goes on by itself: our Content-Security-Policy lets no form lead to another site, which includes the
    redirect after a form.
    """
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, **vars(OPENID_BEGIN))
    if too_many is not None:
        return too_many
    response = _run(OAuth2LoginView, request, provider_id)
    if not isinstance(response, HttpResponseRedirect):
        return response
    provider = get_adapter().get_provider(request, provider_id)
    page = render(request, "accounts/openid_leave.html", {"provider": provider, "url": response.url})
    page.headers["Refresh"] = f"0; url={response.url}"
    return page


@login_not_required
@require_safe
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in, sign up or connect, as the provider says who it is; or do what waited for that."""
    waiting = suspended_posts.waiting_post(request)
    response = _run(CallbackView, request, provider_id)
    if waiting and isinstance(response, HttpResponseRedirect) and request.user.is_authenticated:
        is_confirmed = signed_in_recently(request)
        return suspended_posts.resume_at(request, waiting, response.url, is_confirmed=is_confirmed) or response
    return response


@method_decorator([login_not_required, never_cache], name="dispatch")
class JoinView(SignInView):
    """Ask for the password of the account that has the same address, then sign in and connect both."""

    template_name = "accounts/openid_join.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send away whoever does not come from the provider, or comes too late."""
        login = joining.waiting_login(request)
        if login is None:
            if joining.WAITING in request.session:
                messages.info(request, _("This took longer than 10 minutes. Start again."))
            return redirect("account_login")
        self.waiting = login
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_class(self) -> type[Form]:
        return JoinForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "email": joining.confirmed_address(self.waiting)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        email = joining.confirmed_address(self.waiting)
        return {**super().get_context_data(**kwargs), "email": email, "provider": self.waiting.provider}

    def get_next_url(self) -> str | None:
        url: str | None = self.waiting.get_redirect_url(self.request)
        return url

    def form_valid(self, form: Form) -> HttpResponse:
        """Go on with the sign-in; a second factor may still be asked for."""
        joining.agree(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


@require_safe
def confirm(request: AuthenticatedRequest) -> HttpResponse:
    """Have someone who has neither password nor passkey sign in at the provider again."""
    if not settings.OIDC_NAME:
        return redirect("accounts:security")
    context = {"openid_name": settings.OIDC_NAME, "next": get_next_redirect_url(request) or ""}
    return render(request, "accounts/openid_confirm.html", context)


@post_only(gettext_lazy("Disconnect"), "accounts:security", gettext_lazy("Go to “Sign-in and security”"))
def disconnect(request: AuthenticatedRequest) -> HttpResponse:
    """Disconnect the OpenID account, unless it is the only way to sign in."""
    # Two, if two browsers connected different ones at the same moment.
    connected = get_list_or_404(SocialAccount, user=request.user, provider=PROVIDER_ID)
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    factors = load_factors(request.user)
    if factors.has_password or factors.signs_in_by_passkey:
        for account in connected:
            disconnect_account(request, account)
    else:
        messages.error(request, get_adapter().error_messages["no_password"])
    return redirect("accounts:security")
