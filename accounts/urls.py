"""URLs of accounts: ours in the namespace `accounts`, and those of django-allauth under its own names.

We leave out allauth's sign-in by code and its first password, because we have neither.
"""

from allauth.account import views as allauth
from allauth.socialaccount import views as socialaccount
from django.urls import path, re_path
from django.views.generic.base import RedirectView

from accounts import session_views, sign_up_views, views
from accounts.factors import sign_in_views
from accounts.factors import views as factors
from accounts.openid import views as openid
from accounts.openid.adapter import PROVIDER_ID

app_name = "accounts"
urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("delete/", views.delete_account, name="delete"),
    path("delete/request/", views.request_deletion, name="delete-request"),
    path("delete/now/", views.delete_now, name="delete-now"),
    path("delete/cancel/", views.cancel_deletion, name="delete-cancel"),
    path("security/sessions/<int:pk>/end/", session_views.end_session, name="session-end"),
    path("security/sessions/end-others/", session_views.end_other_sessions, name="sessions-end-others"),
    path("signup/restart/", views.restart_sign_up, name="restart"),
    path("invitation/<str:token>/", sign_up_views.open_invitation, name="invitation"),
    path("agree/", sign_up_views.agree, name="agree"),
    path("security/", factors.security, name="security"),
    path("security/openid/disconnect/", openid.disconnect, name="openid-disconnect"),
    path("security/openid/confirm/", openid.confirm, name="openid-confirm"),
    path("openid/join/", openid.JoinView.as_view(), name="openid-join"),
    path("security/password/remove/", factors.remove_password, name="password-remove"),
    path("login/recovery-code/", sign_in_views.RecoveryCodeView.as_view(), name="recovery-code"),
    path("login/restart/", sign_in_views.restart_sign_in, name="sign-in-restart"),
]

allauth_urlpatterns = [
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("confirm-email/", views.ConfirmEmailView.as_view(), name="account_email_verification_sent"),
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("email/", allauth.email, name="account_email"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    # A user without a password, created by an operator, chooses one through the emailed link.
    path("password/set/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

# allauth's own names, because its views lead to each other by them.
mfa_urlpatterns = [
    path("login/confirm/", sign_in_views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", sign_in_views.SignInPasskeyView.as_view(), name="mfa_login_webauthn"),
    path("reauthenticate/code/", sign_in_views.ReauthenticateCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        sign_in_views.ReauthenticatePasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/factors/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    path("security/passkeys/add/", factors.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/rename/", factors.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", factors.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("security/app/add/", factors.AddAppView.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", factors.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("security/recovery-codes/", factors.save_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", factors.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("security/recovery-codes/download/", factors.download_recovery_codes, name="mfa_download_recovery_codes"),
]

# Under the names by which allauth's views lead to them.
openid_urlpatterns = [
    path("openid/login/", openid.begin, {"provider_id": PROVIDER_ID}, name="openid_connect_login"),
    path("openid/login/callback/", openid.come_back, {"provider_id": PROVIDER_ID}, name="openid_connect_callback"),
    path("openid/login/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("openid/signup/", socialaccount.signup, name="socialaccount_signup"),
    path("openid/", RedirectView.as_view(pattern_name="accounts:security"), name="socialaccount_connections"),
]
