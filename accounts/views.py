"""Pages of the person: confirming an address, signing out, one's own settings. The rest is allauth's."""

from typing import Any, cast

from allauth.account import views as allauth
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic.edit import FormView

from accounts import services
from accounts.adapter import SETTINGS_PAGE
from accounts.confirmation import Confirmation
from accounts.forms import TYPED_AT_SIGN_UP, ConfirmEmailForm, ProfileForm, ThemeForm
from accounts.models import AuthenticatedRequest
from careerplan.core import expired_session
from careerplan.core.forms import form_data


class SignupView(allauth.SignupView):
    """Signing up; who comes back to use another address finds the rest as it was typed."""

    def get_initial(self) -> dict[str, Any]:
        """What was typed before, if this is a second go."""
        return {**self.request.session.get(TYPED_AT_SIGN_UP, {}), **super().get_initial()}


@method_decorator([login_not_required, never_cache], name="dispatch")
class ConfirmEmailView(allauth.ConfirmEmailVerificationCodeView):
    """The page that asks for the code: after signing up, and after a change of address."""

    _process: Confirmation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Leads away who has no code to enter."""
        self.stage = LoginStageController.enter(request, EmailVerificationStage.key)
        confirmation = Confirmation.resume(request)
        if confirmation is None or (request.user.is_anonymous and not self.stage):
            return self.nothing_to_confirm()
        if confirmation.is_replaced:
            forget_confirmation(request, confirmation)
            messages.info(request, _("A newer sign-up took this one's place. Use its code, or begin again here."))
            return redirect("account_signup")
        self._process = confirmation
        return FormView.dispatch(self, request, *args, **kwargs)

    def nothing_to_confirm(self) -> HttpResponse:
        """A used code, or one from long ago."""
        if self.request.user.is_authenticated:
            messages.info(self.request, _("There is no code to enter any more: it was used, or sent long ago."))
            return redirect(SETTINGS_PAGE)
        messages.info(self.request, _("There is no code to enter any more. Sign in, and we send you a new one."))
        return redirect("account_login")

    @property
    def _action(self) -> str:
        """What the button says; another address is begun anew (`restart`), alike for known and unknown ones."""
        asked = self.request.POST.get("action")
        return "resend" if asked == "resend" and self._process.can_resend else "verify"

    def get_form_class(self) -> type[Form]:
        """A form without fields to send again, else the one with the code."""
        return Form if self._action == "resend" else ConfirmEmailForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form needs to judge a code."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self._action == "verify":
            kwargs["confirmation"] = self._process
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The address, whether the code is alive, what else can be done."""
        return {
            "form": self.get_form(),
            "email": self._process.email,
            "problem": self._process.problem,
            "can_resend": self._process.can_resend,
            "is_sign_up": self.stage is not None,
            **kwargs,
        }

    def form_invalid(self, form: Form) -> HttpResponse:
        """Only a code that was typed and is wrong uses up a try."""
        if form.has_error("code", "incorrect_code"):
            self._process.record_invalid_attempt()
        return cast("HttpResponse", self.render_to_response(self.get_context_data(form=form)))

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        self.request.session.pop(TYPED_AT_SIGN_UP, None)
        with transaction.atomic():
            response: HttpResponse = super()._verify_form_valid(form)
        return response

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        if self._process.resend():
            words = _("A new code is on its way to %(email)s. The one before no longer works.")
            messages.info(self.request, words % {"email": self._process.email})
        else:
            messages.error(
                self.request, _("We sent a code only just now. Wait a little, and look in your spam folder.")
            )
        return redirect(self.passthrough_next_url(self.request.path))


def forget_confirmation(request: HttpRequest, confirmation: Confirmation) -> None:
    """Drop a sign-up that is not to be finished: the session's part, and the user nobody confirmed."""
    if confirmation.user is not None:
        services.discard_unconfirmed(email=confirmation.email)
    confirmation.abort()
    clear_login(request)


@login_not_required
@require_POST
def restart(request: HttpRequest) -> HttpResponse:
    """Begin signing up anew with another address; name and time zone stay typed."""
    confirmation = Confirmation.resume(request)
    if confirmation is not None and request.user.is_anonymous:
        forget_confirmation(request, confirmation)
    return redirect("account_signup")


class SignOutView(allauth.LogoutView):
    """Asks, then signs out; the browser forgets what it kept."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Over https only: browsers ignore the header elsewhere. Cookies stay, other sites may share them."""
        response: HttpResponse = super().post(*args, **kwargs)
        expired_session.delete_last_user_cookie(self.request, response)
        if settings.HTTPS:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedRequest) -> HttpResponse:
    """Name and time zone."""
    user = request.user
    form = ProfileForm(form_data(request), initial={"name": user.name, "time_zone": user.time_zone})
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=user, name=form.cleaned_data["name"], time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("Your name and time zone are saved."))
        return redirect(SETTINGS_PAGE)
    return render(request, "accounts/profile.html", {"form": form, "now": timezone.now(), "section": "settings"})


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: AuthenticatedRequest) -> HttpResponse:
    """Light, dark, or as the device is set."""
    form = ThemeForm(form_data(request), initial={"theme": request.user.theme})
    if request.method == "POST" and form.is_valid():
        services.choose_theme(user=request.user, theme=form.cleaned_data["theme"])
        messages.success(request, _("The appearance is saved."))
        return redirect(SETTINGS_PAGE)
    return render(request, "accounts/appearance.html", {"form": form, "section": "settings"})
