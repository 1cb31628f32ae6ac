"""Views of an account: confirm an address, sign out, settings, deletion. The others are allauth's."""

from functools import partial
from typing import Any, cast

from allauth.account import views as allauth
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.stages import EmailVerificationStage, LoginStage, LoginStageController
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic.edit import FormView

from accounts import services
from accounts.adapter import SETTINGS_PAGE
from accounts.confirmation import Confirmation
from accounts.emails import deletion_requested_mail
from accounts.factors.adapter import passkey_context
from accounts.forms import SIGN_UP_DRAFT, AccountSettingsForm, ConfirmEmailForm, next_url
from accounts.models import AuthenticatedRequest
from accounts.notices import send_notice
from accounts.tasks import delete_due_accounts
from careerplan.core import expired_session
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.core.tasks import enqueue


class SignupView(allauth.SignupView):
    """Sign up. Starting again with another address keeps the other answers and where they lead."""

    def get_initial(self) -> dict[str, Any]:
        """Return the answers of an earlier attempt in this session."""
        return {**self.request.session.get(SIGN_UP_DRAFT, {}), **super().get_initial()}

    def get_next_url(self) -> str | None:
        return next_url(self.request)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        """Continue an unfinished sign-up; it leads to where the newest link to sign-up leads."""
        stage.login.redirect_url = next_url(request) or stage.login.redirect_url
        stash_login(request, stage.login)
        return cast("HttpResponse | None", super()._redirect_to_pending_stage(request, stage))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "openid_name": settings.OIDC_NAME}


class SignInView(allauth.LoginView):
    """Sign in. It leads to where a sign-up in this session was to lead, unless it says itself."""

    def get_next_url(self) -> str | None:
        return next_url(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**kwargs), **passkey_context(self.request)}
        return {**context, "openid_name": settings.OIDC_NAME}


@method_decorator([login_not_required, never_cache], name="dispatch")
class ConfirmEmailView(allauth.ConfirmEmailVerificationCodeView):
    """Ask for the code, after sign-up and after a change of address."""

    _process: Confirmation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect people who have no code to enter."""
        self.stage = LoginStageController.enter(request, EmailVerificationStage.key)
        confirmation = Confirmation.resume(request)
        if confirmation is None or (request.user.is_anonymous and not self.stage):
            return self.nothing_to_confirm()
        if confirmation.is_replaced:
            discard_confirmation(request, confirmation)
            messages.info(
                request, _("You have since signed up again with this address. Use the newer code, or start again here.")
            )
            return redirect("account_signup")
        self._process = confirmation
        return FormView.dispatch(self, request, *args, **kwargs)

    def nothing_to_confirm(self) -> HttpResponse:
        """Redirect when the code was used or has expired."""
        if self.request.user.is_authenticated:
            messages.info(self.request, _("Your code has been used or has expired."))
            return redirect(SETTINGS_PAGE)
        if not self.request.session.is_empty():  # a message would make a session for whoever opens the address
            messages.info(
                self.request, _("Your code has been used or has expired. Sign in and we will send you a new one.")
            )
        return redirect("account_login")

    @property
    def _action(self) -> str:
        """Return the button that was pressed, "resend" or "verify"."""
        asked = self.request.POST.get("action")
        return "resend" if asked == "resend" and self._process.can_resend else "verify"

    def get_form_class(self) -> type[Form]:
        return Form if self._action == "resend" else ConfirmEmailForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self._action == "verify":
            kwargs["confirmation"] = self._process
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "form": self.get_form(),
            "email": self._process.email,
            "problem": self._process.problem,
            "can_resend": self._process.can_resend,
            "is_sign_up": self.stage is not None,
            **kwargs,
        }

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count a wrong code as an attempt, but not an empty field."""
        if form.has_error("code", "incorrect_code"):
            self._process.record_invalid_attempt()
        return cast("HttpResponse", self.render_to_response(self.get_context_data(form=form)))

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        self.request.session.pop(SIGN_UP_DRAFT, None)
        with transaction.atomic():
            response: HttpResponse = super()._verify_form_valid(form)
        return response

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        if self._process.resend():
            words = _("We sent a new code to %(email)s. Earlier codes no longer work.")
            messages.info(self.request, words % {"email": self._process.email})
        else:
            messages.error(self.request, _("We sent a code less than a minute ago. Check your spam folder."))
        return redirect(self.passthrough_next_url(self.request.path))


def discard_confirmation(request: HttpRequest, confirmation: Confirmation) -> None:
    """Discard an unfinished sign-up: its state in the session and its unconfirmed user."""
    if confirmation.user is not None:
        services.discard_unconfirmed(email=confirmation.email)
    confirmation.abort()
    clear_login(request)


@login_not_required
@post_only(gettext_lazy("Use another address"), "account_signup", gettext_lazy("Go to sign-up"))
def restart_sign_up(request: HttpRequest) -> HttpResponse:
    """Start sign-up again with another address; name and time zone stay filled in."""
    confirmation = Confirmation.resume(request)
    if confirmation is not None and request.user.is_anonymous:
        discard_confirmation(request, confirmation)
    return redirect("account_signup")


class SignOutView(allauth.LogoutView):
    """Ask, then sign out and clear what the browser stored."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Clear cache and storage over https; cookies stay, because other sites may share them."""
        response: HttpResponse = super().post(*args, **kwargs)
        expired_session.delete_last_user_cookie(self.request, response)
        if settings.HTTPS:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show and save name, time zone and appearance; the page leads on to sign-in and data."""
    user = request.user
    form = AccountSettingsForm(
        form_data(request), initial={"name": user.name, "time_zone": user.time_zone, "theme": user.theme}
    )
    if request.method == "POST" and form.is_valid():
        services.update_settings(user=user, **form.cleaned_data)
        messages.success(request, _("Settings saved."))
        return redirect(SETTINGS_PAGE)
    days = services.DELETION_DELAY.days
    context = {"section": "settings", "form": form, "now": timezone.now(), "days": days}
    return render(request, "accounts/settings.html", context)


@require_safe
def delete_account(request: AuthenticatedRequest) -> HttpResponse:
    """Show what deletion means, or when a pending one happens and how to cancel it."""
    return render(request, "accounts/delete.html", {"section": "settings", "days": services.DELETION_DELAY.days})


@post_only(gettext_lazy("Delete my account"), "accounts:delete", gettext_lazy("Go to “Delete your account”"))
@reauthentication_required
def request_deletion(request: AuthenticatedRequest) -> HttpResponse:
    """Request deletion after DELETION_DELAY."""
    was_pending = request.user.is_deletion_pending
    services.request_deletion(user=request.user, now=timezone.now())
    if not was_pending:
        user = request.user
        send_notice("deletion_asked", request=request, user=user, context=deletion_requested_mail(user))
    return redirect("accounts:delete")


@post_only(gettext_lazy("Delete my account now"), "accounts:delete", gettext_lazy("Go to “Delete your account”"))
@reauthentication_required
def delete_now(request: AuthenticatedRequest) -> HttpResponse:
    """Delete the account without waiting, and sign out."""
    services.skip_deletion_delay(user=request.user, now=timezone.now())
    transaction.on_commit(partial(enqueue, delete_due_accounts))
    response = redirect("account_login")
    expired_session.delete_last_user_cookie(request, response)
    logout(request)
    messages.success(request, _("We are deleting your account. You will get an email when it is done."))
    return response


@post_only(gettext_lazy("Keep my account"), "accounts:delete", gettext_lazy("Go to “Delete your account”"))
def cancel_deletion(request: AuthenticatedRequest) -> HttpResponse:
    """Cancel the pending deletion."""
    services.cancel_deletion(user=request.user)
    messages.success(request, _("We will not delete your account. Your reminders are on again."))
    return redirect(SETTINGS_PAGE)
