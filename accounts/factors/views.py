"""The page about sign-in and security, and the changes of passkeys, authenticator app, recovery codes and password."""

from typing import Any, ClassVar, cast

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services, session_rows
from accounts.factors.adapter import passkey_context
from accounts.factors.challenges import asks_for_challenge, respond_with_new_passkey_challenge
from accounts.factors.code_forms import SavedCodesForm
from accounts.factors.codes import in_groups
from accounts.factors.queries import is_only_way_in, load_factors
from accounts.models import AuthenticatedRequest
from accounts.openid.queries import openid_account
from accounts.queries import list_signed_in_devices
from accounts.receivers import remember_after_change
from careerplan.core.expired_session import nothing_typed

log = structlog.get_logger(__name__)

SECURITY_PAGE = reverse_lazy("accounts:security")


@require_safe
def security(request: AuthenticatedRequest) -> HttpResponse:
    """Show what the user can sign in with, and where they are signed in."""
    devices = list_signed_in_devices(request.user, session_key=request.session.session_key, now=timezone.now())
    context = {
        "section": "settings",
        "devices": devices,
        "factors": load_factors(request.user),
        "openid": openid_account(request.user),
        **passkey_context(request),
    }
    return render(request, "accounts/security.html", context)


# --- Passkeys ---------------------------------------------------------------------------------------
class AddPasskeyView(webauthn.AddWebAuthnView):
    """Page on which the browser makes a passkey, asked for by our script."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell the script, not the browser, that the password is due: the script opens the page again."""
        asks = asks_for_challenge(request) and request.user.is_authenticated
        if asks and is_reauthentication_required(request, app="allauth.mfa"):
            return JsonResponse({}, status=403)
        return cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_challenge(request):
            return respond_with_new_passkey_challenge(request.user)  # type: ignore[arg-type]
        return cast("HttpResponse", super().post(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the challenge: the script asks for it."""
        context = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        return {**context, "section": "settings", **passkey_context(self.request)}

    def get_success_url(self) -> str:
        return shown_codes_url(self.request) if self.did_generate_recovery_codes else str(SECURITY_PAGE)


class OwnPasskeyMixin:
    """Mixin for one passkey: other people's are not found, before a password is asked for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        get_object_or_404(Authenticator, user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN, pk=kwargs["pk"])
        return cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))  # type: ignore[misc]


class RenamePasskeyView(OwnPasskeyMixin, webauthn.EditWebAuthnView):
    """Page on which a passkey gets the name by which its owner knows it."""

    success_url = SECURITY_PAGE
    extra_context: ClassVar = {"section": "settings"}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        messages.success(self.request, _("Passkey renamed."))
        return cast("HttpResponse", super().form_valid(form))


class RemovePasskeyView(OwnPasskeyMixin, webauthn.RemoveWebAuthnView):
    """Ask, then remove a passkey. The last one that signs in alone stays while there is no password."""

    success_url = SECURITY_PAGE
    extra_context: ClassVar = {"section": "settings"}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if is_only_way_in(self.request.user, self.object.pk):
            messages.error(
                self.request, _("You sign in with this passkey. Set a password or add another passkey first.")
            )
            return redirect(SECURITY_PAGE)
        return cast("HttpResponse", super().form_valid(form))


# --- Authenticator app ------------------------------------------------------------------------------
class AddAppView(totp.ActivateTOTPView):
    """Show the QR code of an authenticator app, and take its first code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "section": "settings", "secret": in_groups(context["form"].secret, " ")}

    def get_success_url(self) -> str:
        return shown_codes_url(self.request) if self.did_generate_recovery_codes else str(SECURITY_PAGE)


class RemoveAppView(totp.DeactivateTOTPView):
    """Ask, then turn off the codes of the authenticator app."""

    success_url = SECURITY_PAGE
    extra_context: ClassVar = {"section": "settings"}


# --- Recovery codes: shown once ---------------------------------------------------------------------
SHOWN_CODES = "recovery_codes_to_save"
"""Session key: the recovery codes that were made here and not saved yet, by the id of their row."""


def shown_codes_url(request: HttpRequest) -> str:
    """Allow this session to see the recovery codes that were just made, until they are saved; return where."""
    row = Authenticator.objects.get(user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    request.session[SHOWN_CODES] = row.pk
    return reverse("mfa_view_recovery_codes")


def load_shown_codes(request: AuthenticatedRequest) -> list[str] | None:
    """Return the recovery codes to save, in groups; None if they were saved or made elsewhere."""
    pk = request.session.get(SHOWN_CODES)
    row = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES, pk=pk).first()
    return [in_groups(code) for code in row.wrap().get_unused_codes()] if row else None


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def save_recovery_codes(request: AuthenticatedRequest) -> HttpResponse:
    """Show new recovery codes, once: until their owner ticks that they are saved."""
    codes = load_shown_codes(request)
    if codes is None:
        messages.info(request, _("We show recovery codes once, when you make them. You can make new recovery codes."))
        return redirect(SECURITY_PAGE)
    form = SavedCodesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        del request.session[SHOWN_CODES]
        messages.success(request, _("Recovery codes saved."))
        return redirect(SECURITY_PAGE)
    return render(request, "accounts/recovery_codes.html", {"form": form, "codes": codes, "section": "settings"})


@require_safe
@reauthentication_required(app="allauth.mfa")
def download_recovery_codes(request: AuthenticatedRequest) -> HttpResponse:
    """Return the new recovery codes as a text file, while they are shown."""
    codes = load_shown_codes(request)
    if codes is None:
        return redirect("mfa_view_recovery_codes")
    text = render_to_string("accounts/recovery_codes.txt", {"codes": codes})
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="careerplan-recovery-codes.txt"'
    return response


class NewRecoveryCodesView(recovery_codes.GenerateRecoveryCodesView):
    """Ask, then make new recovery codes; the old ones stop working."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        factors = load_factors(self.request.user)
        context = super(recovery_codes.GenerateRecoveryCodesView, self).get_context_data(**kwargs)
        return {**context, "section": "settings", "left": factors.recovery_codes_left or 0}

    def get_success_url(self) -> str:
        return shown_codes_url(self.request)


# --- Password ----------------------------------------------------------------------------------------
@nothing_typed
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def remove_password(request: AuthenticatedRequest) -> HttpResponse:
    """Ask, then remove the password of someone who signs in with a passkey."""
    if not load_factors(request.user).can_remove_password:
        messages.error(request, _("Add a passkey that works without a password first."))
        return redirect(SECURITY_PAGE)
    if request.method != "POST":
        return render(request, "accounts/password_remove.html", {"section": "settings"})
    services.remove_password(user=request.user)
    update_session_auth_hash(request, request.user)
    session_rows.make_row(request)  # with its new key
    session_rows.end_elsewhere(request, request.user)
    remember_after_change(None, request, request.user)
    log.info("password_removed", user=request.user.pk)
    get_account_adapter(request).send_notification_mail("account/email/password_removed", request.user)
    messages.success(request, _("Password removed. You sign in with a passkey from now on."))
    return redirect(SECURITY_PAGE)
