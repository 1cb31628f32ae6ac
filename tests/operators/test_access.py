"""The operator's pages exist for operators who signed in with a second step, and for nobody else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.urls import reverse

from careerplan.site_settings.models import TEXT_LENGTH, LegalText
from tests.architecture.routes import OPERATOR
from tests.architecture.test_routes import address
from tests.database import fingerprint, undone
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.passkeys import make_passkey
from tests.operators.conftest import make_operator, window_of

pytestmark = pytest.mark.django_db

POSTED = {
    *("operators:invitation-cancel", "operators:logo-remove", "operators:test-email"),
    *("operations:backup", "operations:backup-check", "operations:keys", "operations:provider"),
    "operations:emails",
}
# There is no row 1.
MISSING = {"operators:person", "operators:act", "operators:invitation-cancel", "operations:backup-check"}


def superuser_without_rights_as_operator():
    return UserFactory(is_superuser=True)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("make", [None, UserFactory, superuser_without_rights_as_operator])
def test_for_everyone_else_no_page_exists(make, method, subtests):
    client = Client()
    if make:
        client = window_of(make())
    before = fingerprint()
    for name in sorted(OPERATOR):
        with subtests.test(name), undone():
            assert getattr(client, method)(address(name)).status_code == 404
    assert fingerprint() == before


def test_a_blocked_operator_is_nobody(operator):
    client = window_of(operator)
    operator.is_active = False
    operator.save()
    assert client.get(reverse("operators:people")).status_code == 404


def test_an_operator_finds_every_page(window, operator, subtests):
    for name in sorted(OPERATOR):
        with subtests.test(name), undone():
            method = window.post if name in POSTED else window.get
            assert method(address(name)).status_code in ({404} if name in MISSING else {200, 302})


def test_a_post_without_the_token_is_refused(operator, subtests):
    client = window_of(operator)
    client.handler.enforce_csrf_checks = True
    before = fingerprint()
    for name in sorted(OPERATOR):
        with subtests.test(name), undone():
            assert client.post(address(name)).status_code in {403, 404, 405}
    assert fingerprint() == before


def test_without_a_second_step_an_operator_is_told_to_add_one():
    answer = window_of(UserFactory(is_staff=True), second_step=False).get(reverse("operators:people"))
    assert (answer.status_code, answer.templates[0].name) == (403, "operators/second_step.html")


def test_a_sign_in_without_the_second_step_asks_for_it(operator):
    client = window_of(operator, second_step=False)
    page = reverse("operators:site")
    asked = client.get(page)
    assert asked.url.startswith(reverse("mfa_reauthenticate") + "?next=")
    secret = Authenticator.objects.get(user=operator, type="totp").wrap()
    code = format_hotp_value(hotp_value(secret_of(secret), counter()))
    assert client.post(asked.url, {"code": code}).url == page
    assert client.get(page).status_code == 200


def secret_of(totp) -> str:
    from accounts.factors.encryption import decrypt

    return decrypt(totp.instance.data["secret"])


def counter() -> int:
    import time

    return int(time.time()) // 30


def test_an_operator_with_a_passkey_only_is_asked_for_it():
    operator = UserFactory(is_staff=True)
    make_passkey(operator)
    asked = window_of(operator, second_step=False).get(reverse("operators:people"))
    assert asked.url.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_without_any_factor_left_an_old_sign_in_opens_nothing(operator, window):
    Authenticator.objects.filter(user=operator).delete()
    assert window.get(reverse("operators:people")).status_code == 403


def test_a_signed_out_operator_is_led_to_sign_in_and_back(operator, window):
    window.get(reverse("operators:people"))
    window.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = window.get(reverse("operators:site"))
    assert answer.url == f"{reverse('account_login')}?next={reverse('operators:site')}"


def test_the_longest_legal_text_survives_a_session_that_ends(operator, window):
    page, text = reverse("operators:legal-text", args=["terms"]), "Όροι χρήσης &\r\n" * (TEXT_LENGTH // 15)
    after = window.get(page).context["form"]["after"].value()
    window.cookies.pop(settings.SESSION_COOKIE_NAME)
    asked = window.post(page, {"text": text, "after": after})
    signed_in = window.post(asked.url, {"login": operator.email, "password": PASSWORD})
    secret = Authenticator.objects.get(user=operator, type="totp").wrap()
    code = format_hotp_value(hotp_value(secret_of(secret), counter()))
    shown = window.post(signed_in.url, {"code": code}, follow=True)
    assert (shown.status_code, shown.request["PATH_INFO"]) == (200, page)
    assert shown.context["form"]["text"].value() == text
    assert not LegalText.objects.exists()


def test_a_signed_out_browser_of_somebody_else_gets_no_hint(user):
    client = window_of(user)
    client.get("/today/")
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert client.get(reverse("operators:people")).status_code == 404


def test_the_menu_leads_operators_there_and_nobody_else(window, signed_in):
    link = f'href="{reverse("operators:people")}"'
    assert link in window.get("/goals/").content.decode()
    assert link not in signed_in.get("/goals/").content.decode()


@pytest.mark.parametrize("name", ["delete", "export", "address", "confirm"])
def test_acts_that_give_an_account_away_ask_who_is_there(operator, user, name):
    client = window_of(operator)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
    session.save()
    asked = client.get(reverse("operators:act", args=[user.pk, name]))
    assert asked.url.startswith("/account/reauthenticate/")


def test_two_operators_see_each_other(operator):
    second = make_operator(name="Ben Ode")
    page = window_of(second).get(reverse("operators:person", args=[operator.pk]))
    assert not {"block", "delete"} & {*page.context["acts"]}
