"""Account pages: access, changes and addresses."""

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from accounts.urls import mfa_urlpatterns, openid_urlpatterns
from tests.factories.accounts import PASSWORD

SETTINGS = "/account/settings/"
ANSWERS = {"name": "Ruth", "time_zone": "Europe/London"}
PUBLIC = [
    "/account/login/",
    "/account/signup/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/password/reset/key/1-abc/",
]
PRIVATE = [
    SETTINGS,
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/delete/",
    "/account/security/",
]
ABSENT = [
    "/account/login/code/",
    "/account/login/code/confirm/",
    "/account/phone/verify/",
    "/account/confirm-email/some-key/",
    "/account/social/login/cancelled/",
    "/account/signup/passkey/",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_open_without_signing_in(db, path):
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_private_pages_ask_to_sign_in(db, path):
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("path", ABSENT)
def test_unused_allauth_pages_are_not_found(signed_in, path):
    assert signed_in.get(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_every_account_address_is_listed_here():
    known = {path.replace("key/1-abc/", "key/") for path in (*PUBLIC, *PRIVATE)}
    known |= {"/account/logout/", "/account/confirm-email/", "/account/password/set/", "/account/signup/restart/"}
    known |= {f"/account/delete/{step}/" for step in ("request", "now", "cancel")}  # tests/accounts/test_deletion.py
    routes = set()
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern).startswith("account/") and not hasattr(pattern, "url_patterns"):
            routes.add(f"/{pattern.pattern}")
        elif str(pattern.pattern) == "account/":
            routes |= {"/account/" + str(child.pattern).lstrip("^") for child in pattern.url_patterns}
    known |= {"/account/" + str(route.pattern) for route in mfa_urlpatterns}  # tests/accounts/factors
    known |= {f"/account/security/sessions/{which}/" for which in ("<int:pk>/end", "end-others")}
    known |= {"/account/" + str(route.pattern) for route in openid_urlpatterns}  # tests/accounts/openid
    known |= {"/account/openid/join/", *(f"/account/security/openid/{act}/" for act in ("disconnect", "confirm"))}
    known |= {"/account/login/recovery-code/", "/account/login/restart/", "/account/security/password/remove/"}
    known |= {"/account/agree/", "/account/invitation/<str:token>/"}  # test_sign_up_rules.py
    assert {route.split("(?P")[0] for route in routes} == known


@pytest.mark.parametrize("path", [*PUBLIC[:2], *PUBLIC[3:4], *PRIVATE, "/account/logout/", "/account/signup/restart/"])
def test_cross_site_form_is_refused(user, path):
    client = Client(enforce_csrf_checks=True)
    if path in {*PRIVATE, "/account/logout/"}:
        client.force_login(user)
    assert client.post(path, {}).status_code == 403


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", SETTINGS])
def test_pages_are_not_cached(signed_in, path):
    assert "no-store" in signed_in.get(path, follow=True)["Cache-Control"]


def test_profile_is_saved(user, signed_in):
    page = signed_in.get(SETTINGS).content.decode()
    assert 'value="Ruth Adeyemi"' in page
    assert '<option value="Europe/London" selected' in page
    response = signed_in.post(SETTINGS, {"name": "Ruth 🦩", "time_zone": "America/New_York"}, follow=True)
    assert response.redirect_chain == [(SETTINGS, 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["success"]
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ruth 🦩", "America/New_York")


def test_old_time_zone_name_stays_selected(user, signed_in):
    signed_in.post(SETTINGS, {"name": "Ruth", "time_zone": "US/Pacific"})
    page = signed_in.get(SETTINGS).content.decode()
    assert '<option value="US/Pacific" selected' in page
    assert ('"Europe/Kyiv"' in page, '"Europe/Kiev"' in page) == (True, False)  # each place once, by its present name


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 100_000}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"time_zone": ""}, "time_zone"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_invalid_profile_changes_nothing_and_keeps_answers(user, signed_in, answers, field):
    response = signed_in.post(SETTINGS, {"name": "Ruth O.", "time_zone": "Asia/Tokyo"} | answers)
    assert set(response.context["form"].errors) == {field}
    page = response.content.decode()
    assert "<title>Error:" in page
    assert ('value="Ruth O."' in page) or field == "name"
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ruth Adeyemi", "Europe/London")


def test_profile_cannot_set_staff_fields(user, signed_in):
    signed_in.post(SETTINGS, {"name": "Ruth", "time_zone": "UTC", "is_staff": "on", "email": "x@example.org"})
    after = User.objects.get()
    assert (after.is_staff, after.is_superuser, after.email) == (False, False, user.email)


@pytest.mark.parametrize(("theme", "attribute"), [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"')])
def test_theme_is_saved_and_set_on_every_page(signed_in, theme, attribute):
    signed_in.post(SETTINGS, {**ANSWERS, "theme": theme})
    page = signed_in.get(SETTINGS).content.decode()
    assert f'<html lang="en-gb" {attribute}>' in page
    signed_in.post(SETTINGS, ANSWERS)
    assert "data-bs-theme" not in signed_in.get(SETTINGS).content.decode()


def test_unknown_theme(user, signed_in):
    response = signed_in.post(SETTINGS, {**ANSWERS, "theme": "pink"})
    assert response.context["form"].has_error("theme", "invalid_choice")
    user.refresh_from_db()
    assert user.theme == ""


def test_reauthentication_accepts_long_passwords(user, signed_in):
    user.set_password("a sentence of one's own, " * 8)
    user.save()
    signed_in.force_login(user)
    path = "/account/reauthenticate/"
    assert signed_in.post(path, {"password": PASSWORD}).status_code == 200
    assert signed_in.post(path, {"password": "a sentence of one's own, " * 8}).status_code == 302
