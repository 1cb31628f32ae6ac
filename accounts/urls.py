"""URLs of accounts: ours in the namespace `accounts`, and those of django-allauth under its own names.

We leave out allauth's sign-in by code and its first password, because we have neither.
"""

from allauth.account import views as allauth
from django.urls import path, re_path
from django.views.generic.base import RedirectView

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/profile/", views.profile, name="profile"),
    path("settings/appearance/", views.appearance, name="appearance"),
    path("delete/", views.delete_account, name="delete"),
    path("delete/request/", views.request_deletion, name="delete-request"),
    path("delete/now/", views.delete_now, name="delete-now"),
    path("delete/cancel/", views.cancel_deletion, name="delete-cancel"),
    path("signup/restart/", views.restart_sign_up, name="restart"),
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
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
