"""Signing in with a passkey, the second step after the password, and both again before a sensitive change."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.base import views as allauth
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView

from accounts.factors.adapter import passkey_context
from accounts.factors.challenges import asks_for_challenge, respond_with_challenge
from accounts.factors.code_forms import AppCodeForm, RecoveryCodeForm
from accounts.factors.passkey_forms import SecondStepPasskeyForm
from accounts.factors.queries import Factors, load_factors
from accounts.factors.stages import SecondStepStage
from accounts.forms import next_url
from careerplan.core.post_only import post_only


class SignInPasskeyView(webauthn.LoginWebAuthnView):
    """Sign in with a passkey only. Its button is on the sign-in page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("account_login")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_challenge(request):
            return respond_with_challenge()
        return cast("HttpResponse", super().post(request, *args, **kwargs))

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Say what is wrong on the sign-in page, which still leads to where it would have led."""
        for problem in form.errors.get("credential", []):
            messages.error(self.request, str(problem))
        asked = next_url(self.request)
        return redirect(reverse("account_login") + (f"?{urlencode({'next': asked})}" if asked else ""))


class SecondStepView(FormView):  # type: ignore[type-arg]  # not generic at run time
    """Base of the pages after the password: one form, and the other ways as links."""

    factors: Factors

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        if not self.stage.is_still_allowed():
            return self.stage.abort()  # type: ignore[no-any-return]
        self.factors = load_factors(self.stage.login.user)
        if not self.factors.has_second_step:  # removed in another browser since: start with the password again
            return self.stage.abort()  # type: ignore[no-any-return]
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.stage.login.user}

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        return cast("HttpResponse", self.stage.exit())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "factors": self.factors, **passkey_context(self.request)}


second_step = login_stage_required(stage=SecondStepStage.key, redirect_urlname="account_login")


@method_decorator(second_step, name="dispatch")
class AuthenticateView(SecondStepView):
    """Ask for the code of the authenticator app, or for a passkey where the user has one."""

    template_name = "mfa/authenticate.html"

    def get_form_class(self) -> type[Any]:
        return SecondStepPasskeyForm if "credential" in self.request.POST else AppCodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_challenge(request):
            return respond_with_challenge(self.stage.login.user)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return {
            **context,
            "heading": _("Enter the code from your app") if self.factors.app_since else _("Confirm with your passkey"),
            "code_form": form if isinstance(form, AppCodeForm) else AppCodeForm(user=self.stage.login.user),
            "uses_passkey": bool(self.factors.passkeys) and context["passkeys_possible"],
        }


@method_decorator(second_step, name="dispatch")
class RecoveryCodeView(SecondStepView):
    """Ask for a recovery code."""

    form_class = RecoveryCodeForm
    template_name = "accounts/recovery_code.html"


@login_not_required
@post_only(gettext_lazy("Sign in as someone else"), "account_login", gettext_lazy("Go to sign-in"))
def restart_sign_in(request: HttpRequest) -> HttpResponse:
    """Forget the password of an unfinished sign-in."""
    clear_login(request)
    return redirect("account_login")


class ReauthenticateCodeView(allauth.ReauthenticateView):
    """Ask for a code before a sensitive change."""


class ReauthenticatePasskeyView(webauthn.ReauthenticateWebAuthnView):
    """Ask for a passkey before a sensitive change."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_challenge(request):
            return respond_with_challenge(request.user)  # type: ignore[arg-type]
        return cast("HttpResponse", super().post(request, *args, **kwargs))

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the page again, where allauth would go to the sign-in page."""
        return cast("HttpResponse", self.render_to_response(self.get_context_data(form=form)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the challenge: the script asks for it."""
        context = super(webauthn.ReauthenticateWebAuthnView, self).get_context_data(**kwargs)
        return {**context, **passkey_context(self.request)}
